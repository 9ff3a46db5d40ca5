// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

/// What the poller tells about itself.
@Suite struct EndpointMetricsTests {
    @Test(arguments: [
        (Int64(-1), 0), (0, 0), (500_000, 0), (500_001, 1), (1_000_000, 1), (3_000_000, 3), (10_000_000, 4),
        (10_000_000_000, 13), (10_000_000_001, 14), (.max, 14),
    ])
    func aDurationFallsIntoTheBucketOfItsBound(_ nanoseconds: Int64, _ bucket: Int) {
        var histogram = DurationHistogram()
        histogram.record(nanoseconds: nanoseconds)
        #expect(histogram.buckets.firstIndex(of: 1) == bucket)
        if bucket < DurationHistogram.bounds.count { #expect(nanoseconds <= DurationHistogram.bounds[bucket]) }
        if bucket > 0 { #expect(nanoseconds > DurationHistogram.bounds[bucket - 1]) }
    }

    @Test func bucketsAddUp() {
        var histogram = DurationHistogram()
        for count in 1...100 { histogram.record(nanoseconds: Int64(count) * 1_000_000) }
        #expect(histogram.count == 100 && histogram.cumulative.last == 100)
        #expect(histogram.cumulative[DurationHistogram.boundsInSeconds.firstIndex(of: 0.05) ?? 0] == 50)
        #expect(abs(histogram.sumSeconds - 5.05) < 1e-9 && histogram.maximumNanoseconds == 100_000_000)
    }

    @Test(.timeLimit(.minutes(1))) func countsWhatHappensOnTheWire() async throws {
        let peer = try ScriptedPeer { request in
            switch request.number % 3 {
            case 0: [.send(request.echoAddresses())]
            case 1: [.send(request.exception(6))]
            default: [.send(request.exception(0x55))]
            }
        }
        defer { peer.stop() }
        let site = site(registerMap(2), ports: [peer.port])
        let poller = try ModbusPoller(site: site, clock: RunningClock())
        #expect(poller.endpointMetrics().map(\.link) == [.connecting])
        try await poller.polling { try await waitUntil("nine requests") { peer.requests.count >= 9 } }
        let metrics = try #require(poller.endpointMetrics().first)
        let status = try #require(poller.deviceStatuses().first)
        #expect(metrics.endpoint == "e0" && metrics.connections == 1)
        #expect((metrics.requests, metrics.timeouts) == (status.requests, status.timeouts))
        #expect(metrics.exceptions.map(\.code) == [0, 6])
        #expect(metrics.exceptions.reduce(0) { $0 + $1.count } == status.exceptions)
        #expect(metrics.replies == metrics.roundTrip.count && metrics.replies >= 3)
        #expect(metrics.roundTrip.maximumNanoseconds > 0 && metrics.scanLateness.count > 3)
    }

    @Test(.timeLimit(.minutes(1))) func tellsOfOverrunsAndNotWithoutEnd() async throws {
        let peer = try ScriptedPeer { [.pause(milliseconds: 5), .send($0.echoAddresses())] }
        defer { peer.stop() }
        let limits = RequestLimits(oneRequestPerPoint: true, responseTimeout: .seconds(20))
        let site = site(registerMap(10, limits: limits), ports: [peer.port])
        let poller = try ModbusPoller(site: site, clock: RunningClock())
        try await poller.polling {
            try await waitUntil("many scans are skipped") { poller.endpointMetrics()[0].overruns > 40 }
        }
        let told = poller.takeEvents().filter { $0.kind == "scan_overrun" }
        #expect((1...10).contains(told.count) && told.allSatisfy { $0.subject == "d0" }, "\(told.count)")
        #expect(poller.takeEvents().isEmpty)
    }

    /// Sixteen units behind one socket, every other one silent: what virtual time shows, once over the wire.
    @Test(.timeLimit(.minutes(1))) func halfOfSixteenUnitsDeadOverTheWire() async throws {
        let peer = try ScriptedPeer { $0.unit.isMultiple(of: 2) ? [] : [.send($0.echoAddresses())] }
        defer { peer.stop() }
        let map = registerMap(1, limits: RequestLimits(responseTimeout: .milliseconds(100)))
        let site = SiteDescription(
            id: "s",
            cycleInterval: .milliseconds(20),
            endpoints: [EndpointDescription(id: "gateway", host: "127.0.0.1", port: peer.port)],
            maps: [map],
            devices: (1...16).map { unit in
                let interval: [PollClass: Duration] = [.fast: .milliseconds(200)]
                return DeviceDescription(id: "u\(unit)", endpoint: 0, unit: UInt8(unit), map: 0, intervals: interval)
            }
        )
        let poller = try ModbusPoller(site: site, clock: RunningClock())
        func replies() -> [Int] {
            let asked = peer.requests
            return stride(from: 1, to: 17, by: 2).map { unit in asked.count { Int($0.unit) == unit } }
        }
        try await poller.polling {
            try await waitUntil("the dead are known") { poller.deviceStatuses().count { $0.link == .down } == 8 }
            let before = replies()
            let began = ContinuousClock.now
            try await waitUntil("each healthy unit is read fifteen times more") {
                zip(replies(), before).allSatisfy { $0 - $1 >= 15 }
            }
            // Fifteen readings at 200 ms take 3 s; a tenth may be lost, and a busy machine may take as long again.
            let taken = ContinuousClock.now - began
            #expect(taken < .seconds(7), "took \(taken)")
            #expect(poller.deviceStatuses().map(\.link) == (0..<8).flatMap { _ in [DeviceStatus.Link.up, .down] })
            #expect(poller.endpointMetrics()[0].connections == 1 && peer.accepted == 1)
        }
    }
}
