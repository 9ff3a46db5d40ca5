// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import TestKit
import Testing
import Upstream

@Suite("Remote write into a real Prometheus", .serialized, .timeLimit(.minutes(2)))
struct PrometheusTests {
    let directory: TemporaryDirectory
    let site = RemoteWriteSite.site()
    /// Recent, so that no receiver takes the samples for too old or from the future.
    let start = Timestamp(secondsSinceEpoch: Date().timeIntervalSince1970 - 900).floored(to: .seconds(15))

    init() throws { directory = try TemporaryDirectory() }

    func writer(_ url: String) throws -> RemoteWriter {
        var settings = RemoteWriteSettings(id: "central", url: url)
        settings.firstRetryDelay = .milliseconds(10)
        settings.longestRetryDelay = .milliseconds(50)
        settings.externalLabels = [MetricLabel("region", "north")]
        let clock = ManualClock(start + .seconds(600))
        return try RemoteWriter(
            site: site,
            settings: settings,
            queueDirectory: directory.path("queue"),
            version: "1.2.3",
            clock: clock
        )
    }

    func time(_ step: Int) -> Timestamp { start + .seconds(15 * step) }

    /// Values with digits that any detour over text of fixed length would lose.
    func power(_ step: Int) -> Double { 90_000 / 7.0 + Double(step) / 3 }

    func take(_ writer: RemoteWriter, _ steps: ClosedRange<Int>) {
        for step in steps {
            let time = time(step)
            let kpis = [RemoteWriteSite.pue(1 + Double(step) / 7, at: time)]
            writer.take(RemoteWriteSite.record(site, at: time, power: power(step), kpis: kpis))
        }
    }

    @Test func `what is written is queried back with its labels, times and every digit`() async throws {
        let prometheus = try await PrometheusReceiver(port: freePortBlock(1))
        let writer = try writer(prometheus.url)
        try await RemoteWriterTests.running(writer) {
            take(writer, 0...3)
            try await eventually("all is sent") { writer.status().batchesSent == 4 }
        }
        let found = try await prometheus.stored("thermocline_active_power_watts{device=\"meter-2\"}", until: time(3))
        let series = try #require(found.first)
        #expect(found.count == 1)
        #expect(series.samples == (0...3).map { PrometheusReceiver.Stored(time($0), power($0)) })
        #expect(
            series.metric == [
                "__name__": "thermocline_active_power_watts", "device": "meter-2", "equipment": "rack-2",
                "instance": "lulea-1", "job": "thermocline", "region": "north",
            ]
        )
        let ratio = try await prometheus.stored("thermocline_pue_ratio", until: time(3))
        #expect(ratio.flatMap(\.samples).map(\.value) == (0...3).map { 1 + Double($0) / 7 })
        let count = try await prometheus.value("count({__name__=~\"thermocline_.+\"})", at: time(3))
        #expect(count.hasPrefix("{} => \(writer.status().samplesSent / 4) "))
    }

    @Test func `an outage leaves no hole: what waited on disk arrives in order, after a restart of the agent too`()
        async throws
    {
        let port = try freePortBlock(1)
        let url = "http://127.0.0.1:\(port)/api/v1/write"
        let before = try writer(url)
        try await RemoteWriterTests.running(before) {
            take(before, 0...5)
            try await eventually("the queue grows") {
                before.status().queue.batches == 6 && before.status().failedAttempts > 1
            }
        }
        #expect(before.status().samplesSent == 0)
        #expect(before.status().oldestAge == .seconds(600))

        let after = try writer(url)
        #expect(after.status().queue == before.status().queue, "nothing is lost between two runs")
        let prometheus = try await PrometheusReceiver(port: port)
        try await RemoteWriterTests.running(after) {
            take(after, 6...8)
            try await eventually("all is sent") { after.status().batchesSent == 9 }
        }
        #expect(after.status().queue == .empty)
        #expect(after.status().samplesRejected == 0, "out of order would have been refused")
        let stored = try await prometheus.stored("thermocline_active_power_watts{device=\"meter-1\"}", until: time(8))
        #expect(stored.flatMap(\.samples) == (0...8).map { PrometheusReceiver.Stored(time($0), power($0)) })
    }

    @Test func `a reading that fails is gone at once, not after five minutes`() async throws {
        let prometheus = try await PrometheusReceiver(port: freePortBlock(1))
        let writer = try writer(prometheus.url)
        try await RemoteWriterTests.running(writer) {
            writer.take(RemoteWriteSite.record(site, at: time(0), power: 5))
            writer.take(RemoteWriteSite.record(site, at: time(1), power: nil))
            try await eventually("all is sent") { writer.status().batchesSent == 2 }
        }
        let query = "sum(thermocline_active_power_watts)"
        #expect(try await prometheus.value(query, at: time(0)).hasPrefix("{} => 10 "))
        #expect(try await prometheus.value(query, at: time(1)) == "")
    }

    @Test func `samples that Prometheus refuses are dropped and those behind them arrive`() async throws {
        let prometheus = try await PrometheusReceiver(port: freePortBlock(1))
        let first = try writer(prometheus.url)
        try await RemoteWriterTests.running(first) {
            take(first, 5...5)
            try await eventually("all is sent") { first.status().batchesSent == 1 }
        }
        // A clock set back: what another run sends now is older than what is stored.
        let second = try writer(prometheus.url)
        try await RemoteWriterTests.running(second) {
            take(second, 4...4)
            try await eventually("the old batch is refused") { second.status().samplesRejected > 0 }
            take(second, 6...6)
            try await eventually("the next is taken") { second.status().batchesSent == 1 }
        }
        let stored = try await prometheus.stored("thermocline_active_power_watts{device=\"meter-1\"}", until: time(8))
        #expect(stored.flatMap(\.samples).map(\.value) == [power(5), power(6)])
    }
}
