// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

/// Complaints 7 to 11: connections that do not come back, and agents that do not start.
@Suite struct ReconnectTests {
    @Test(
        "complaint 7: a gateway that reboots is polled again, however its connection died",
        arguments: [
            VirtualEndpoint.Answer.close, .half, .silence, .malformed,
        ]
    )
    func rebootedGateway(_ death: VirtualEndpoint.Answer) throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 2, interval: 1_000)]]))
        endpoint.run(until: at(10_000)) { _, _ in .reply(after: 5) }
        endpoint.run(until: at(20_000)) { _, _ in death }
        endpoint.isReachable = false
        endpoint.run(until: at(200_000)) { _, _ in death }
        endpoint.isReachable = true
        let before = endpoint.sent.count
        endpoint.run(until: at(202_000)) { _, _ in .reply(after: 5) }
        #expect(endpoint.sent.count - before >= 2, "read within two intervals of its return")
        #expect(endpoint.session.state(ofDevice: 0).link == .up)
    }

    @Test(
        "complaint 8: no length of outage ends the polling, and attempts never lie far apart",
        arguments: [
            (Int64(100), Int64(5_000)), (1_000, 5_000), (5_000, 10_000), (60_000, 120_000),
        ]
    )
    func outagesOfAnyLength(_ interval: Int64, _ longest: Int64) throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 1, interval: interval)]]))
        endpoint.isReachable = false
        endpoint.run(until: at(3_600_000)) { _, _ in .silence }
        let attempts = endpoint.connections
        #expect(zip(attempts, attempts.dropFirst()).allSatisfy { $1 - $0 <= milliseconds(longest) })
        #expect(Set(zip(attempts, attempts.dropFirst()).map { $1 - $0 }).count > attempts.count / 2, "with jitter")
        endpoint.isReachable = true
        endpoint.run(until: at(3_600_000 + 2 * max(interval, 5_000))) { _, _ in .reply(after: 5) }
        #expect(endpoint.session.state(ofDevice: 0).link == .up)
    }

    @Test("complaint 8: a connection attempt that hangs counts as one, too")
    func hangingAttempts() throws {
        let plan = try endpointPlan([[(points: 1, interval: 1_000)]], timeout: 60_000)
        var session = EndpointSession(plan: plan, start: at(0), firstAttempt: at(0), seed: 1)
        var now = at(0)
        var attempts: [MonotonicTime] = []
        while now < at(600_000) {
            switch session.next(at: now) {
            case .connect: attempts.append(now)
            case .wait(let until): now = until
            default: break
            }
        }
        #expect(attempts.count > 120)
        #expect(zip(attempts, attempts.dropFirst()).allSatisfy { $1 - $0 <= milliseconds(5_000) })
    }

    @Test("complaint 9: the agent starts with devices that are not there", .timeLimit(.minutes(1)))
    func startsWithoutDevices() async throws {
        let gone = try ScriptedPeer { _ in [] }
        gone.stop()
        let site = SiteDescription(
            id: "s",
            endpoints: [
                EndpointDescription(id: "refused", host: "127.0.0.1", port: gone.port),
                EndpointDescription(id: "unknown", host: "no-such-host.invalid", port: 502),
            ],
            maps: [registerMap(1)],
            devices: [DeviceDescription(id: "a", endpoint: 0, map: 0), DeviceDescription(id: "b", endpoint: 1, map: 0)]
        )
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        try await poller.polling {
            try await waitUntil("each says why it is not there") {
                poller.readings(at: clock.now()).map(\.cause) == [.connectionRefused, .hostUnknown]
            }
            #expect(poller.endpointMetrics().map(\.isUp) == [false, false])
            #expect(poller.endpointMetrics().map(\.cause) == [.connectionRefused, .hostUnknown])
        }
    }

    @Test("complaint 10: a device switched off and on again and again is polled each time, and its writes leave")
    func switchedOffAndOn() throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 1, interval: 1_000)]]))
        endpoint.writeWorld = WriteSessionTests.obedient()
        for round in 0..<10 {
            let begin = Int64(round) * 20_000
            endpoint.isReachable = false
            endpoint.run(until: at(begin + 10_000)) { _, _ in .close }
            endpoint.isReachable = true
            endpoint.run(until: at(begin + 14_000)) { _, _ in .reply(after: 5) }
            #expect(endpoint.session.state(ofDevice: 0).link == .up, "round \(round)")
            let order = try WriteSessionTests.order(
                "setpoint",
                Double(round),
                accepted: begin + 14_000,
                expires: .max / 2_000_000
            )
            endpoint.session.submit(order, at: endpoint.now)
            endpoint.run(until: at(begin + 20_000)) { _, _ in .reply(after: 5) }
        }
        #expect(WriteSessionTests.ends(endpoint).map(\.result) == Array(repeating: .confirmed, count: 10))
    }

    @Test("complaint 11: the state of socket and device is told apart and told at once", .timeLimit(.minutes(1)))
    func stateOfSocketAndDevice() async throws {
        let peer = try ScriptedPeer { request in
            request.unit == 1 ? [.send(request.echoAddresses())] : [.send(request.exception(0x0B))]
        }
        let site = SiteDescription(
            id: "s",
            cycleInterval: .milliseconds(20),
            endpoints: [EndpointDescription(id: "gateway", host: "127.0.0.1", port: peer.port)],
            maps: [registerMap(1)],
            devices: [1, 2].map {
                DeviceDescription(id: "u\($0)", endpoint: 0, unit: $0, map: 0, intervals: [.fast: .milliseconds(20)])
            }
        )
        let poller = try ModbusPoller(site: site, clock: RunningClock())
        try await poller.polling {
            try await waitUntil("one unit is up, the other down") {
                poller.deviceStatuses().map(\.link) == [.up, .down]
            }
            let metrics = try #require(poller.endpointMetrics().first)
            #expect(metrics.isUp && metrics.devicesUp == 1 && metrics.devicesDown == 1)
            #expect(metrics.exceptions.map(\.code) == [0x0B] && metrics.connections == 1)
            peer.stop()
            try await waitUntil("both are down") { poller.deviceStatuses().map(\.link) == [.down, .down] }
            #expect(!poller.endpointMetrics()[0].isUp)
            let told = poller.takeEvents().filter { $0.kind == "device_link" }.map(\.subject)
            #expect(Set(told) == ["u1", "u2"])
        }
    }
}
