// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Where the HTTP server listens: `127.0.0.1:9750`, `[::1]:9750`, `localhost:0`.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// An IPv4 or IPv6 address without brackets, or a host name.
    package let host: String
    /// 0...65535; 0 lets the kernel choose.
    package let port: Int

    /// What is used where nobody says otherwise; reachable from this machine only.
    package static let standard = ListenAddress(host: "127.0.0.1", port: 9_750)

    private init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`, an IPv6 address in brackets.
    ///
    /// - Throws: ``ObserveError`` that says what is wrong with the text.
    package init(_ text: String) throws(ObserveError) {
        func fault(_ what: String) -> ObserveError {
            ObserveError(
                what,
                at: "'\(text.prefix(200))'",
                remedy: "write HOST:PORT, such as 127.0.0.1:9750 or [::1]:9750"
            )
        }
        guard let colon = text.lastIndex(of: ":") else { throw fault("there is no port") }
        let portText = text[text.index(after: colon)...]
        guard !portText.isEmpty, portText.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(portText),
            port <= 65_535
        else { throw fault("'\(portText.prefix(20))' is not a port from 0 to 65535") }
        let hostText = text[..<colon]
        if hostText.first == "[" {
            guard hostText.last == "]" else { throw fault("the bracket is not closed") }
            let inner = String(hostText.dropFirst().dropLast())
            guard inner.contains(":"), Self.isAddress(inner) else { throw fault("'\(inner)' is not an IPv6 address") }
            self.init(host: inner, port: port)
            return
        }
        guard !hostText.isEmpty else { throw fault("there is no host") }
        guard !hostText.contains(":") else { throw fault("an IPv6 address stands in brackets") }
        let host = String(hostText)
        let looksNumeric = host.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
        guard looksNumeric ? Self.isAddress(host) : Self.isName(host) else {
            throw fault("'\(host)' is neither an address nor a host name")
        }
        self.init(host: host, port: port)
    }

    /// The same host with the port that was really bound.
    func bound(toPort port: Int) -> ListenAddress { ListenAddress(host: host, port: port) }

    /// Whether only this machine can reach the address.
    package var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        return host.hasPrefix("127.") && Self.isAddress(host)
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    private static func isAddress(_ text: String) -> Bool { (try? SocketAddress(ipAddress: text, port: 0)) != nil }

    /// Letters, digits, hyphens and dots, at most 253 (RFC 1123, section 2.1).
    private static func isName(_ text: String) -> Bool {
        text.utf8.count <= 253
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."): true
                default: false
                }
            }
    }
}
