// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What goes back for a request.
package struct WebAnswer: Sendable {
    /// The HTTP status code.
    package var status: Int
    package var contentType: String
    package var body: [UInt8]
    /// The methods allowed here, for an answer 405; empty elsewhere.
    package var allow = ""
    /// The request field the answer depends on besides the target; empty for none.
    package var vary = ""

    package init(status: Int = 200, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    static func text(_ text: String, status: Int = 200) -> WebAnswer {
        WebAnswer(status: status, contentType: "text/plain; charset=utf-8", body: Array((text + "\n").utf8))
    }

    /// An answer in JSON with its keys sorted.
    static func json(_ value: some Encodable, status: Int = 200) -> WebAnswer {
        guard let body = try? JSONText.encode(value) else {
            return .failure(500, "the answer cannot be written as JSON", hint: "report this with the agent's version")
        }
        return WebAnswer(status: status, contentType: "application/json; charset=utf-8", body: body)
    }

    /// An error: what is wrong, and what to do about it.
    static func failure(_ status: Int, _ error: String, hint: String) -> WebAnswer {
        let body = (try? JSONText.encode(ErrorReport(error: error, hint: hint))) ?? []
        return WebAnswer(status: status, contentType: "application/json; charset=utf-8", body: body)
    }
}

/// The body of every answer that is an error.
package struct ErrorReport: Hashable, Sendable, Codable {
    package let error: String
    package let hint: String

    package init(error: String, hint: String) {
        self.error = error
        self.hint = hint
    }
}

/// JSON as every surface writes it: sorted keys, numbers that JSON does not know as words.
package enum JSONText {
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }
}
