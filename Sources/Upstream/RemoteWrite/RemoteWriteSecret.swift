// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant

/// Turns credentials into the header that carries them.
///
/// The secret is never part of a message, and is kept no longer than the request it goes with.
enum RemoteWriteSecret {
    /// The largest file that is taken for a secret, in bytes.
    private static let largestFile = 16_384

    /// The value of the `Authorization` header; blocks in the file system.
    ///
    /// - Throws: ``RemoteWriteProblem`` where the file has no secret in it that a header can carry.
    static func authorization(_ credentials: RemoteWriteCredentials) throws(RemoteWriteProblem) -> String {
        switch credentials {
        case .bearer(let file):
            return "Bearer " + (try secret(in: file))
        case .basic(let user, let file):
            return "Basic " + Data("\(user):\(try secret(in: file))".utf8).base64EncodedString()
        }
    }

    /// The one line of a file, without its end.
    private static func secret(in path: String) throws(RemoteWriteProblem) -> String {
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            data = try handle.read(upToCount: largestFile + 1) ?? Data()
        } catch {
            throw RemoteWriteProblem(
                "the secret cannot be read: \(error.localizedDescription)",
                at: path,
                remedy: "give the agent's user a readable file with the secret in one line"
            )
        }
        guard data.count <= largestFile else { throw unusable("is larger than \(largestFile) bytes", path) }
        var line = data[...]
        while let last = line.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { line.removeLast() }
        guard !line.isEmpty else { throw unusable("is empty", path) }
        guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), let text = String(validating: line, as: UTF8.self) else {
            throw unusable("has more than one line of text", path)
        }
        return text
    }

    private static func unusable(_ what: String, _ path: String) -> RemoteWriteProblem {
        RemoteWriteProblem("the file of the secret \(what)", at: path, remedy: "put the secret into it, in one line")
    }
}
