// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import TestKit
import Testing
import Upstream

@Suite("Remote write: sending and sending again", .serialized, .timeLimit(.minutes(1)))
struct RemoteWriterTests {
    let directory: TemporaryDirectory
    let site = RemoteWriteSite.site()
    let start = RemoteWriteSite.start

    init() throws { directory = try TemporaryDirectory() }

    func settings(_ url: String) -> RemoteWriteSettings {
        RemoteWriteSettings(
            id: "central",
            url: url,
            firstRetryDelay: .milliseconds(5),
            longestRetryDelay: .milliseconds(20)
        )
    }

    var queueDirectory: String { directory.path("queue") }

    func writer(
        _ settings: RemoteWriteSettings,
        report: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws -> RemoteWriter {
        try RemoteWriter(
            site: site,
            settings: settings,
            queueDirectory: queueDirectory,
            version: "1.2.3",
            clock: ManualClock(start),
            report: report
        )
    }

    /// Runs a writer while `body` runs, then closes it as a graceful stop does.
    static func running<Result: Sendable>(
        _ writer: RemoteWriter,
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        async let run: Void = writer.run()
        do {
            let result = try await body()
            writer.close()
            await run
            return result
        } catch {
            writer.close()
            await run
            throw error
        }
    }

    func take(_ writer: RemoteWriter, _ steps: [Int]) {
        for step in steps {
            writer.take(RemoteWriteSite.record(site, at: start + .seconds(15 * step), power: Double(step)))
        }
    }

    /// The power readings of each request, one of each meter.
    func powers(_ requests: [ScriptedReceiver.Request]) async throws -> [[Double]] {
        var powers: [[Double]] = []
        for request in requests { powers.append(try await request.samples("thermocline_active_power_watts")) }
        return powers
    }

    @Test func `a request carries the headers of the specification and who sends it`() async throws {
        let receiver = try await ScriptedReceiver([])
        let writer = try writer(settings(receiver.url))
        let requests = try await Self.running(writer) {
            take(writer, [0])
            return try await receiver.requests(1)
        }
        let request = try #require(requests.first)
        let expected = [
            ["content-encoding", "snappy"], ["content-type", "application/x-protobuf"],
            ["x-prometheus-remote-write-version", "0.1.0"], ["user-agent", "thermocline/1.2.3"],
        ]
        for header in expected { #expect(request.headers.contains(header), "\(header)") }
        #expect(!request.headers.contains { $0.first == "authorization" })
        #expect(request.path == "/api/v1/write")
        #expect(try await powers([request]) == [[0, 0]])
    }

    @Test(
        "a batch is sent again until it is taken, and nothing overtakes it",
        arguments: [["503", "500"], ["429", "429/1"], ["301", "502"]]
    )
    func again(answers: [String]) async throws {
        let receiver = try await ScriptedReceiver(answers)
        let writer = try writer(settings(receiver.url))
        let requests = try await Self.running(writer) {
            take(writer, [1, 2])
            return try await receiver.requests(4)
        }
        #expect(try await powers(requests) == [[1, 1], [1, 1], [1, 1], [2, 2]])
        #expect(requests.map(\.body)[0] == requests.map(\.body)[2])
        let status = writer.status()
        #expect(status.failedAttempts == 2)
        #expect(status.samplesRejected == 0)
    }

    @Test("a batch that is refused for good is dropped and counted", arguments: ["400", "401", "404", "422"])
    func refused(answer: String) async throws {
        let receiver = try await ScriptedReceiver([answer])
        let writer = try writer(settings(receiver.url))
        let requests = try await Self.running(writer) {
            take(writer, [1])
            let first = try await receiver.requests(1)
            try await eventually("the batch is dropped") { writer.status().samplesRejected > 0 }
            #expect(writer.status().lastProblem == "\(receiver.url): HTTP \(answer): out of order sample")
            take(writer, [2])
            let second = try await receiver.requests(1)
            try await eventually("the next is taken") { writer.status().batchesSent == 1 }
            return first + second
        }
        #expect(try await powers(requests) == [[1, 1], [2, 2]])
        let status = writer.status()
        #expect(status.failedAttempts == 0)
        #expect(status.queue == .empty)
        #expect(status.lastProblem == "")
    }

    @Test func `a receiver that never answers is given up after the time limit and tried again`() async throws {
        let receiver = try await ScriptedReceiver(["hang"])
        var settings = settings(receiver.url)
        settings.requestTimeLimit = .milliseconds(200)
        let writer = try writer(settings)
        let answers = try await Self.running(writer) {
            take(writer, [1])
            return try await receiver.requests(2).map(\.answer)
        }
        #expect(answers == ["hang", "200"])
        #expect(writer.status().failedAttempts == 1)
    }

    @Test func `many samples go in several requests of bounded size`() async throws {
        let receiver = try await ScriptedReceiver([])
        var settings = settings(receiver.url)
        settings.batchSamples = 10
        let writer = try writer(settings)
        try await Self.running(writer) {
            take(writer, [1])
            try await eventually("all is sent") {
                writer.status().batchesSent > 1 && writer.status().queue.batches == 0
            }
        }
        let status = writer.status()
        #expect(status.batchesSent == (status.samplesSent + 9) / 10)
        let expected = RecordSampler.count(site, RemoteWriteSite.record(site, at: start))
        #expect(status.samplesSent == expected)
    }

    @Test func `one cycle in each step of the sampling grid is taken, late ones too`() async throws {
        let receiver = try await ScriptedReceiver([])
        let writer = try writer(settings(receiver.url))
        let requests = try await Self.running(writer) {
            for seconds in [0, 1, 14, 16, 29, 30, 44, 45, 300] {
                writer.take(RemoteWriteSite.record(site, at: start + .seconds(seconds), power: Double(seconds)))
            }
            return try await receiver.requests(5)
        }
        #expect(try await powers(requests).map(\.first) == [0, 16, 30, 45, 300])
    }

    @Test func `nobody waits for a writer that does not run, and what it misses is counted`() throws {
        let writer = try writer(settings("http://127.0.0.1:1/api/v1/write"))
        take(writer, Array(0..<40))
        #expect(writer.status().cyclesSkipped == 24)
    }

    @Test func `a full disk loses samples, counts them, and says so`() async throws {
        let receiver = try await ScriptedReceiver([])
        let writer = try writer(settings(receiver.url))
        try FileManager.default.removeItem(atPath: queueDirectory)
        try await Self.running(writer) {
            take(writer, [1])
            try await eventually("the loss is counted") { writer.status().samplesNotWritten > 0 }
            #expect(writer.status().lastProblem.hasPrefix(queueDirectory))
        }
    }

    @Test func `the measurements name every loss from the start`() throws {
        let measurements = try writer(settings("http://127.0.0.1:1/api/v1/write")).status().measurements
        let names = measurements.map { measurement in
            measurement.name + measurement.labels.map { "{\($0.name)=\"\($0.value)\"}" }.joined()
        }
        #expect(names.count == Set(names).count)
        for reason in ["over_budget", "damaged", "rejected", "not_written"] {
            #expect(names.contains("remote_write_samples_dropped{reason=\"\(reason)\"}"))
        }
        #expect(measurements.allSatisfy { $0.value == 0 })
    }
}

extension RecordSampler {
    static func count(_ site: SiteDescription, _ record: CycleRecord) -> Int {
        var sampler = RecordSampler(site: site)
        return sampler.samples(of: record).count
    }
}
