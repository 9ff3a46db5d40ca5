// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import Synchronization
import TestKit
import Testing
import Upstream

@Suite("Remote write: who sends it", .serialized, .timeLimit(.minutes(1)))
struct RemoteWriteCredentialsTests {
    let directory: TemporaryDirectory
    let site = RemoteWriteSite.site()
    let start = RemoteWriteSite.start

    init() throws { directory = try TemporaryDirectory() }

    var secretFile: String { directory.path("secret") }

    func write(_ secret: String) throws { try secret.write(toFile: secretFile, atomically: true, encoding: .utf8) }

    func writer(
        _ url: String,
        _ credentials: RemoteWriteCredentials,
        report: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws -> RemoteWriter {
        try RemoteWriter(
            site: site,
            settings: RemoteWriteSettings(
                id: "central",
                url: url,
                credentials: credentials,
                firstRetryDelay: .milliseconds(5),
                longestRetryDelay: .milliseconds(20)
            ),
            queueDirectory: directory.path("queue"),
            version: "1",
            clock: ManualClock(start),
            report: report
        )
    }

    func take(_ writer: RemoteWriter, _ step: Int) {
        writer.take(RemoteWriteSite.record(site, at: start + .seconds(15 * step), power: 1))
    }

    /// The example of RFC 7617 clause 2, and a token as RFC 6750 clause 2.1 shows it.
    @Test(arguments: [
        ("open sesame\n", "Aladdin", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("mF_9.B5f-4.1JqM\r\n", "", "Bearer mF_9.B5f-4.1JqM"),
    ])
    func `a request carries the secret of the file`(secret: String, user: String, header: String) async throws {
        try write(secret)
        let receiver = try await ScriptedReceiver([])
        let credentials: RemoteWriteCredentials =
            user.isEmpty ? .bearer(tokenFile: secretFile) : .basic(user: user, passwordFile: secretFile)
        let writer = try writer(receiver.url, credentials)
        let requests = try await RemoteWriterTests.running(writer) {
            take(writer, 0)
            return try await receiver.requests(1)
        }
        #expect(requests.first?.headers.filter { $0.first == "authorization" } == [["authorization", header]])
    }

    @Test func `a secret that is rotated is used from the next request on`() async throws {
        try write("old")
        let receiver = try await ScriptedReceiver([])
        let writer = try writer(receiver.url, .bearer(tokenFile: secretFile))
        let headers = try await RemoteWriterTests.running(writer) {
            take(writer, 0)
            let first = try await receiver.requests(1)
            try write("new")
            take(writer, 1)
            return try await (first + receiver.requests(1)).flatMap(\.headers).filter { $0.first == "authorization" }
        }
        #expect(headers == [["authorization", "Bearer old"], ["authorization", "Bearer new"]])
    }

    @Test(
        arguments: [
            (nil, "cannot be read"), ("", "is empty"), ("\n", "is empty"), ("a\nb", "more than one line"),
            (String(repeating: "x", count: 20_000), "larger than"),
        ] as [(String?, String)]
    )
    func `samples wait for a usable secret, and nothing is sent without`(content: String?, problem: String) async throws
    {
        if let content { try write(content) }
        let events = Mutex<[Event]>([])
        let receiver = try await ScriptedReceiver([])
        let writer = try writer(receiver.url, .bearer(tokenFile: secretFile)) { event in
            events.withLock { $0.append(event) }
        }
        let requests = try await RemoteWriterTests.running(writer) {
            take(writer, 0)
            try await eventually("it is tried twice") { writer.status().failedAttempts >= 2 }
            let status = writer.status()
            #expect(status.lastProblem.contains(secretFile))
            #expect(status.lastProblem.contains(problem), "\(status.lastProblem)")
            #expect(status.queue.batches == 1)
            try write("late\n")
            let requests = try await receiver.requests(1)
            try await eventually("it is taken") { writer.status().batchesSent == 1 }
            return requests
        }
        #expect(requests.first?.headers.contains(["authorization", "Bearer late"]) == true)
        #expect(events.withLock { $0.map(\.kind) } == ["remote_write_failing", "remote_write_restored"])
        #expect(events.withLock { $0.allSatisfy { $0.subject == "central" } })
    }
}
