// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a request asks for, as far as an answer depends on it.
package struct WebQuery: Sendable {
    package let method: String
    /// The path as sent, not percent-decoded: no path served here has anything to decode.
    package let path: String
    package let parameters: [WebParameter]
    package let accept: String?
    /// Whether the request announces a body.
    package let hasBody: Bool

    /// Takes a request apart.
    ///
    /// - Parameters:
    ///   - method: The method: `GET`.
    ///   - path: The path without query.
    ///   - query: What stands behind the question mark; nil or empty for none.
    ///   - accept: The Accept field; nil where there is none.
    ///   - hasBody: Whether the request announces a body.
    package init(method: String, path: String, query: String? = nil, accept: String? = nil, hasBody: Bool = false) {
        self.method = method
        self.path = path
        self.accept = accept
        self.hasBody = hasBody
        parameters = (query ?? "").split(separator: "&").map { WebParameter($0) }
    }

    /// The value of the first parameter of this name; nil where there is none.
    func parameter(_ name: String) -> String? { parameters.first { $0.name == name }?.value }
}

/// One `name=value` of a query, percent-decoded.
package struct WebParameter: Hashable, Sendable {
    package let name: String
    /// Nil where the percent-encoding is broken.
    package let value: String?

    fileprivate init(_ text: Substring) {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        name = Self.decoded(halves.first ?? "") ?? ""
        value = halves.count > 1 ? Self.decoded(halves[1]) : ""
    }

    private static func decoded(_ text: Substring) -> String? {
        String(text.map { $0 == "+" ? " " : $0 }).removingPercentEncoding
    }
}
