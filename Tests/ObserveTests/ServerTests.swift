// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Observe
import Plant
import Synchronization
import Testing

@Suite("HTTP server", .timeLimit(.minutes(1)))
struct ServerTests {
    static func request(_ target: String, method: String = "GET", headers: [String] = []) -> String {
        let lines = ["\(method) \(target) HTTP/1.1", "Host: x", "Connection: close"] + headers
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    static func status(_ answer: String) -> Int? {
        answer.hasPrefix("HTTP/1.1 ") ? Int(answer.dropFirst(9).prefix(3)) : nil
    }

    @Test func `serves over loopback on a port the kernel chose`() async throws {
        try await withService { address in
            #expect(address.port > 0)
            let answer = try await RawConnection(port: address.port).exchange(Self.request("/-/ready"))
            #expect(Self.status(answer) == 200)
            #expect(answer.hasSuffix("Thermocline is ready: 2 of 4 devices answer.\n"))
        }
    }

    @Test(arguments: [
        ("/metrics", ["content-type: text/plain; version=0.0.4; charset=utf-8", "vary: Accept"]),
        ("/api/v1/status", ["content-type: application/json; charset=utf-8", "cache-control: no-store"]),
        ("/", ["content-security-policy: default-src 'none'", "x-content-type-options: nosniff"]),
    ])
    func `says what it sends`(target: String, fields: [String]) async throws {
        let answer = try await withService { address in
            try await RawConnection(port: address.port).exchange(Self.request(target))
        }
        let head = answer.components(separatedBy: "\r\n\r\n")[0].lowercased()
        for field in fields { #expect(head.contains(field.lowercased())) }
    }

    @Test func `negotiates OpenMetrics`() async throws {
        let answer = try await withService { address in
            let accept = "Accept: application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3"
            return try await RawConnection(port: address.port).exchange(Self.request("/metrics", headers: [accept]))
        }
        #expect(answer.lowercased().contains("content-type: application/openmetrics-text; version=1.0.0"))
        #expect(answer.hasSuffix("# EOF\n"))
    }

    @Test func `answers HEAD with the head of GET`() async throws {
        let (get, head) = try await withService { address in
            let get = try await RawConnection(port: address.port).exchange(Self.request("/-/healthy"))
            let head = try await RawConnection(port: address.port).exchange(
                Self.request("/-/healthy", method: "HEAD")
            )
            return (get, head)
        }
        #expect(Self.status(head) == 200)
        #expect(head.lowercased().contains("content-length: 24\r\n"))
        #expect(head.hasSuffix("\r\n\r\n"))
        #expect(get.lowercased().contains("content-length: 24\r\n"))
    }

    @Test(arguments: [
        ("/nowhere", "GET", 404), ("/api/v1/why", "GET", 400), ("/metrics", "POST", 405), ("/metrics", "DELETE", 405),
        ("/api/v1/command", "POST", 404), ("/metrics", "CONNECT", 405),
    ])
    func `refuses what it does not serve`(target: String, method: String, status: Int) async throws {
        let answer = try await withService { address in
            try await RawConnection(port: address.port).exchange(Self.request(target, method: method))
        }
        #expect(Self.status(answer) == status)
        if status == 405 { #expect(answer.lowercased().contains("allow: get, head\r\n")) }
    }

    @Test func `serves several requests over one connection`() async throws {
        let request = "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n"
        let (first, second) = try await withService { address in
            try await RawConnection(port: address.port).keepAlive(request, then: request)
        }
        #expect(Self.status(first) == 200)
        #expect(Self.status(second) == 200)
    }

    @Test func `gives every page whole while cycles are published`() async throws {
        let latest = ExampleSite.latest()
        try await withService(latest) { address in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for sequence in 1...200 {
                        latest.publish(ExampleSite.record(of: latest.site, sequence: sequence))
                        await Task.yield()
                    }
                }
                for _ in 0..<8 {
                    group.addTask {
                        let answer = try await RawConnection(port: address.port).exchange(Self.request("/metrics"))
                        #expect(answer.hasSuffix("boundary=\"site\"} 2.5e-10\n"))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `says which address is in use`() async throws {
        try await withService { address in
            let second = try ObserveService(
                latest: ExampleSite.latest(),
                listen: ListenAddress("127.0.0.1:\(address.port)"),
                logger: quietLogger
            )
            let error = await #expect(throws: ObserveError.self) { try await second.run() }
            #expect(error?.what == "the address is in use")
            #expect(error?.place == "127.0.0.1:\(address.port)")
        }
    }
}

@Suite("Hostile clients", .timeLimit(.minutes(1)))
struct HostileClientTests {
    static let patient = ServerLimits(idleTimeout: .milliseconds(300), requestTimeout: .milliseconds(300))

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: x\r\nX: " + String(repeating: "a", count: 20_000) + "\r\n\r\n",
        "GET / HTTP/1.1\r\n" + (0..<100).map { "X\($0): a\r\n" }.joined() + "\r\n",
        "GET /" + String(repeating: "a", count: 40_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{0}this is not HTTP\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ])
    func `a head that is too long or is none is refused`(request: String) async throws {
        // Long enough that a loaded machine still gets its good request answered.
        try await withService(limits: ServerLimits(idleTimeout: .seconds(3), requestTimeout: .seconds(10))) { address in
            let answer = try await RawConnection(port: address.port).exchange(request)
            let status = ServerTests.status(answer)
            #expect(status == nil || (400..<500).contains(status ?? 0), "\(answer.prefix(200))")
            let next = try await RawConnection(port: address.port).exchange(ServerTests.request("/-/healthy"))
            #expect(ServerTests.status(next) == 200, "the server lives on")
        }
    }

    @Test(arguments: ["", "GET /metr", "GET /metrics HTTP/1.1\r\nHost: x\r\n"])
    func `a client that never finishes its request is cut off`(beginning: String) async throws {
        let answer = try await withService(limits: Self.patient) { address in
            try await RawConnection(port: address.port).exchange(beginning)
        }
        #expect(ServerTests.status(answer) != 200)
    }

    @Test func `a body that nobody asked for is refused and not waited for`() async throws {
        let head = "GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\nabc"
        let answer = try await withService(limits: ServerLimits(idleTimeout: .seconds(50))) { address in
            try await RawConnection(port: address.port).exchange(head)
        }
        #expect(ServerTests.status(answer) == 413)
    }

    /// Only the order of events counts, not how long they take: whoever holds the one place asks again and again, and
    /// the other, who has asked meanwhile, is answered when the place is free.
    @Test func `no more connections are served at once than allowed`() async throws {
        let log = AnswerLog()
        try await withService(limits: ServerLimits(connections: 1)) { address in
            let (served, isServed) = AsyncStream.makeStream(of: Void.self)
            let (connected, isConnected) = AsyncStream.makeStream(of: Void.self)
            async let holder: Void = RawConnection(port: address.port)
                .repeated("GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n", 200) { round in
                    log.add("holder")
                    guard round == 0 else { return }
                    isServed.finish()
                    for await _ in connected {}
                }
            for await _ in served {}
            let next = try await RawConnection(port: address.port)
            isConnected.finish()
            let answer = try await next.exchange(ServerTests.request("/-/healthy"))
            log.add("next")
            #expect(ServerTests.status(answer) == 200)
            try await holder
        }
        #expect(log.names == Array(repeating: "holder", count: 200) + ["next"])
    }
}

/// Who was answered, in order.
private final class AnswerLog: Sendable {
    private let entries = Mutex<[String]>([])

    var names: [String] { entries.withLock { $0 } }

    func add(_ name: String) { entries.withLock { $0.append(name) } }
}

@Suite("Listen address")
struct ListenAddressTests {
    @Test(arguments: [
        ("127.0.0.1:9750", "127.0.0.1", 9_750, true), ("[::1]:9750", "::1", 9_750, true),
        ("localhost:0", "localhost", 0, true), ("0.0.0.0:80", "0.0.0.0", 80, false),
        ("[fe80::1]:65535", "fe80::1", 65_535, false), ("agent.example:9750", "agent.example", 9_750, false),
        ("127.example.com:1", "127.example.com", 1, false), ("127.255.0.1:1", "127.255.0.1", 1, true),
    ])
    func `reads host and port`(text: String, host: String, port: Int, isLoopback: Bool) throws {
        let address = try ListenAddress(text)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.isLoopback == isLoopback)
        #expect(address.description == text)
    }

    @Test(arguments: [
        ("127.0.0.1", "there is no port"), ("127.0.0.1:", "not a port"), ("127.0.0.1:65536", "not a port"),
        ("127.0.0.1:-1", "not a port"), ("127.0.0.1:9750x", "not a port"), (":9750", "there is no host"),
        ("::1:9750", "in brackets"), ("[::1:9750", "not closed"), ("[127.0.0.1]:1", "not an IPv6 address"),
        ("[::g]:1", "not an IPv6 address"), ("300.1.1.1:80", "neither an address"), ("a b:1", "neither an address"),
        ("", "there is no port"), ("http://127.0.0.1:1", "in brackets"), ("1.2.3:80", "neither an address"),
        ("127.0.0.1:99999999999999999999", "not a port"),
    ])
    func `says what is wrong`(text: String, what: String) {
        let error = #expect(throws: ObserveError.self) { try ListenAddress(text) }
        #expect(error?.what.contains(what) == true, "\(error?.what ?? "")")
        #expect(error?.remedy.contains("127.0.0.1:9750") == true)
    }

    @Test func `is loopback where nobody says otherwise`() {
        #expect(ListenAddress.standard.isLoopback)
    }
}
