// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

/// Complaints 26 to 30: pauses, connection limits, overruns and speeds.
@Suite struct TimingTests {
    @Test("complaint 26: the first request waits for the pause behind connecting, every time it connects")
    func pauseBehindConnecting() throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 1, interval: 1_000)]], pause: 30, settle: 700))
        endpoint.run(until: at(30_000)) { _, now in now.nanoseconds % 7 == 0 ? .close : .reply(after: 5) }
        for connection in endpoint.connections {
            let first = endpoint.sent.first { $0.time >= connection }
            if let first { #expect(first.time - connection >= milliseconds(700)) }
        }
    }

    @Test(
        "complaint 27: one connection is enough for all units, points and writes of an endpoint",
        .timeLimit(.minutes(1))
    )
    func oneConnection() async throws {
        let served = try ServedSample(limits: ServerLimits(connections: 1))
        let map = WritePollerTests.map
        let site = SiteDescription(
            id: "s",
            cycleInterval: .milliseconds(20),
            endpoints: [EndpointDescription(id: "e", host: "127.0.0.1", port: served.port)],
            maps: [map],
            devices: [UInt8(0), 1].map { DeviceDescription(id: "u\($0)", endpoint: 0, unit: $0, map: 0) }
        )
        let poller = try ModbusPoller(site: site, clock: RunningClock())
        try await poller.polling {
            try await waitUntil("both are up") { poller.deviceStatuses().allSatisfy { $0.link == .up } }
            poller.submit([try WritePollerTests.command("u1/pump_enable", 1)])
            try await waitUntil("the write has ended") { poller.takeOutcomes().map(\.result) == [.confirmed] }
            #expect(poller.endpointMetrics()[0].connections == 1)
            #expect(poller.endpointMetrics()[0].connectionLosses == 0)
        }
    }

    @Test("complaint 29: what does not fit into its interval skips, is counted and told, and is never late by more")
    func overruns() throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 10, interval: 1_000)]], pause: 100))
        endpoint.run(until: at(100_000)) { _, _ in .reply(after: 50) }
        // Ten requests of 150 ms in each second: every other scan is skipped.
        let device = endpoint.session.state(ofDevice: 0)
        #expect((48...50).contains(device.overruns), "\(device.overruns)")
        #expect(endpoint.session.counters.overruns == device.overruns)
        let told = endpoint.effects.compactMap { effect -> Int? in
            guard case .overrun(0, let skipped) = effect else { return nil }
            return skipped
        }
        #expect(told.reduce(0, +) == device.overruns)
        let starts = endpoint.sent.filter { $0.request.block.address == 0 }.map { $0.time.nanoseconds / 1_000_000 }
        #expect(starts.allSatisfy { $0 % 1_000 == 0 }, "on its grid, not ever later: \(starts.suffix(3))")
    }

    @Test("complaint 29: how late scans begin is measured")
    func lateness() throws {
        var endpoint = VirtualEndpoint(
            try endpointPlan([[(points: 1, interval: 1_000), (points: 60, interval: 60_000)]], timeout: 1_000)
        )
        endpoint.run(until: at(58_990)) { _, _ in .reply(after: 30) }
        let lateness = endpoint.session.counters.scanLateness
        #expect(lateness.count == 58, "every scan that was due on the grid")
        #expect(lateness.maximumNanoseconds <= milliseconds(30), "one reply of the slow scan at most")
    }

    @Test("complaint 30: each class is read at its own pace")
    func classesHaveTheirPace() throws {
        var endpoint = VirtualEndpoint(
            try endpointPlan([
                [(points: 1, interval: 1_000), (points: 2, interval: 5_000), (points: 4, interval: 60_000)]
            ])
        )
        endpoint.run(until: at(299_990)) { _, _ in .reply(after: 5) }
        #expect(endpoint.sent.count == 300 + 2 * 60 + 4 * 5)
    }

    @Test("complaint 6: a thousand devices are not asked in the same moment", arguments: [100, 1_000])
    func phasesAreSpread(_ count: Int) {
        var buckets = Array(repeating: 0, count: 20)
        for position in 0..<count { buckets[Int(ScanGrid.phase(position, offset: 0.1) * 20)] += 1 }
        #expect((buckets.max() ?? 0) <= count / 20 + 2)
    }
}
