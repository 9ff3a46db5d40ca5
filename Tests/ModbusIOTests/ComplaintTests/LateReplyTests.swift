// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

/// Complaints 12 to 15: replies that come late, twice, mixed, or for somebody else.
@Suite struct LateReplyTests {
    @Test("complaint 12: after a time-out the next replies are not one behind")
    func notOneBehind() throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 4, interval: 1_000)]]))
        endpoint.run(until: at(59_990)) { request, now in
            request.block.address == 0 && now < at(30_000) ? .late(after: 150) : .reply(after: 60)
        }
        let device = endpoint.session.state(ofDevice: 0)
        #expect(device.lateReplies == device.timeouts && device.timeouts == 30)
        #expect(device.replies == 30 * 3 + 30 * 4)
        #expect(endpoint.connections.count == 1)
    }

    @Test("complaint 13: a late reply never passes for the registers asked for now", .timeLimit(.minutes(1)))
    func neverForOtherRegisters() async throws {
        // Each reply holds its own address. Every third comes when two later requests have been sent.
        let limits = RequestLimits(oneRequestPerPoint: true, responseTimeout: .milliseconds(150))
        let peer = try ScriptedPeer { request in
            let reply = PeerStep.send(request.echoAddresses())
            return request.number % 3 == 0 ? [.pause(milliseconds: 400), reply] : [reply]
        }
        defer { peer.stop() }
        let site = site(registerMap(3, from: 50, limits: limits), ports: [peer.port])
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        try await poller.polling {
            try await waitUntil("several replies came late") {
                for (position, reading) in poller.readings(at: clock.now()).enumerated() where reading.isGood {
                    #expect(reading.value == Double(50 + position))
                }
                return poller.endpointMetrics()[0].lateReplies >= 3
            }
            #expect(poller.endpointMetrics()[0].malformedReplies.allSatisfy { $0.count == 0 })
        }
    }

    struct Stream: Sendable, CustomTestStringConvertible {
        let name: String
        let steps: @Sendable (PeerRequest) -> [PeerStep]
        let counter: @Sendable (EndpointMetrics) -> Int
        let reconnects: Bool
        var testDescription: String { name }
    }

    private static func fault(_ name: String) -> @Sendable (EndpointMetrics) -> Int {
        { $0.malformedReplies.first { $0.name == name }?.count ?? 0 }
    }

    static let streams: [Stream] = [
        Stream(
            name: "each reply twice",
            steps: { [.send($0.echoAddresses() + $0.echoAddresses())] },
            counter: { $0.duplicateReplies },
            reconnects: false
        ),
        Stream(
            name: "the reply to the request before in front of each reply",
            steps: { request in
                var before = request.echoAddresses()
                let identifier = request.transaction &- 1
                (before[0], before[1]) = (UInt8(identifier >> 8), UInt8(identifier & 0xFF))
                return [.send(request.number == 0 ? [] : before), .send(request.echoAddresses())]
            },
            counter: { $0.duplicateReplies },
            reconnects: false
        ),
        Stream(
            name: "replies to somebody else's requests",
            steps: { request in
                var foreign = request.echoAddresses()
                foreign[0] ^= 0x55
                return [.send(foreign)]
            },
            counter: fault("unknown_transaction"),
            reconnects: true
        ),
        Stream(
            name: "the right transaction of another unit",
            steps: { request in
                var foreign = request.echoAddresses()
                foreign[6] ^= 0x01
                return [.send(foreign)]
            },
            counter: fault("unit"),
            reconnects: true
        ),
        Stream(
            name: "the right transaction of another function",
            steps: { request in
                var foreign = request.echoAddresses()
                foreign[7] = 4
                return [.send(foreign)]
            },
            counter: fault("function"),
            reconnects: true
        ),
        Stream(
            name: "one register too few",
            steps: { [.send($0.reply(Array(repeating: 1, count: $0.count - 1)))] },
            counter: fault("length"),
            reconnects: true
        ),
        Stream(
            name: "one register too many",
            steps: { [.send($0.reply(Array(repeating: 1, count: $0.count + 1)))] },
            counter: fault("length"),
            reconnects: true
        ),
    ]

    @Test(
        "complaint 14: a slow device, another client's replies and a gateway that mixes frames are told apart",
        .timeLimit(.minutes(1)),
        arguments: streams
    )
    func toldApart(_ stream: Stream) async throws {
        let peer = try ScriptedPeer { request in
            request.number < 3 ? stream.steps(request) : [.send(request.echoAddresses())]
        }
        defer { peer.stop() }
        let limits = RequestLimits(responseTimeout: .seconds(20))
        let site = site(registerMap(3, from: 50, limits: limits), ports: [peer.port])
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        try await poller.polling {
            try await waitUntil("it is counted as what it is, and survived") {
                for (position, reading) in poller.readings(at: clock.now()).enumerated() where reading.isGood {
                    #expect(reading.value == Double(50 + position))
                }
                return peer.requests.count > 6 && stream.counter(poller.endpointMetrics()[0]) >= 2
            }
            #expect((poller.endpointMetrics()[0].connections > 1) == stream.reconnects)
        }
    }

    @Test("complaint 15: a device slower than most time-outs loses nothing once its time is known")
    func slowDeviceLosesNothing() throws {
        var device = try endpointPlan([[(points: 1, interval: 2_000)]], timeout: 2_000)
        let slow = device.devices[0]
        device = EndpointPlan(
            endpoint: 0,
            devices: [
                DevicePlan(
                    device: 0,
                    unit: 1,
                    responseTimeout: slow.responseTimeout,
                    timeoutFloor: milliseconds(100),
                    groups: slow.groups
                )
            ]
        )
        var endpoint = VirtualEndpoint(device)
        var random = TestGenerator(seed: 15)
        // Replies of 280 to 420 ms, as a serial line of 9,600 baud gives.
        endpoint.run(until: at(1_999_990)) { _, _ in .reply(after: Int64.random(in: 280...420, using: &random)) }
        #expect(endpoint.session.state(ofDevice: 0).timeouts == 0)
        #expect(endpoint.session.counters.replies == 1_000)
        // Then one silence: the next request leaves long before the map's two seconds are over.
        let before = endpoint.sent.count
        endpoint.run(until: at(2_001_500)) { _, _ in .silence }
        #expect(endpoint.session.state(ofDevice: 0).timeouts == 1 && endpoint.sent.count == before + 1)
    }
}
