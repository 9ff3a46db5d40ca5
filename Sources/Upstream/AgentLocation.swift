// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation

/// Where an agent answers.
package enum AgentLocation: Hashable, Sendable, CustomStringConvertible {
    /// An HTTP server, without a path: `http://127.0.0.1:9750`.
    case url(String)
    /// The path of a Unix domain socket.
    case socket(path: String)

    /// Reads a URL with scheme http or https, a host, and nothing behind the port but a slash.
    ///
    /// - Throws: ``AgentClientError`` that says what is wrong with the text.
    package init(url text: String) throws(AgentClientError) {
        guard let parts = URLComponents(string: text), parts.scheme == "http" || parts.scheme == "https",
            let host = parts.host, !host.isEmpty, parts.path.isEmpty || parts.path == "/",
            parts.query == nil, parts.fragment == nil, parts.user == nil
        else {
            throw AgentClientError(
                .refused,
                "this is not the address of an agent",
                at: "'\(text.prefix(200))'",
                remedy: "write http://HOST:PORT, such as http://127.0.0.1:9750"
            )
        }
        self = .url(text.hasSuffix("/") ? String(text.dropLast()) : text)
    }

    package var description: String {
        switch self {
        case .url(let text): text
        case .socket(let path): path
        }
    }

    /// The URL of a page there, as AsyncHTTPClient takes it; nil where a socket's path cannot be one.
    func url(ofPage page: String) -> String? {
        switch self {
        case .url(let base): base + page
        case .socket(let path): URL(httpURLWithSocketPath: path, uri: page)?.absoluteString
        }
    }
}
