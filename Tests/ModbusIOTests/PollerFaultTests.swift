// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

/// What peers get wrong on the wire, over real sockets: each is counted, named, survived and recovered from.
@Suite struct PollerFaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let name: String
        /// What the peer does with the first requests; it behaves afterwards.
        let steps: @Sendable (PeerRequest) -> [PeerStep]
        /// The counter that must have moved.
        let counter: @Sendable (DeviceStatus) -> Int
        /// Whether the connection must have been given up.
        let reconnects: Bool
        /// Short only where a time-out is what is tested, so that a busy machine does not make one.
        var responseTimeout = Duration.seconds(20)
        var testDescription: String { name }
    }

    static let faults: [Fault] = [
        Fault(
            name: "text instead of Modbus",
            steps: { _ in [.send(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))] },
            counter: { $0.malformedReplies },
            reconnects: true
        ),
        Fault(
            name: "a byte count that promises more than there is",
            steps: { request in
                var reply = request.echoAddresses()
                reply[8] = 0xFA
                return [.send(reply)]
            },
            counter: { $0.malformedReplies },
            reconnects: true
        ),
        Fault(
            name: "a header that promises more than there is",
            steps: { request in
                var reply = request.echoAddresses()
                reply[5] += 100
                return [.send(reply)]
            },
            counter: { $0.malformedReplies },
            reconnects: true
        ),
        Fault(
            name: "more registers than were asked for",
            steps: { [.send($0.reply(Array(repeating: 7, count: $0.count + 1)))] },
            counter: { $0.malformedReplies },
            reconnects: true
        ),
        Fault(
            name: "another unit's reply",
            steps: { request in
                var reply = request.echoAddresses()
                reply[6] &+= 1
                return [.send(reply)]
            },
            counter: { $0.malformedReplies },
            reconnects: true
        ),
        Fault(
            name: "a transaction id that was never sent",
            steps: { request in
                var reply = request.echoAddresses()
                reply[0] ^= 0x80
                return [.send(reply)]
            },
            counter: { $0.malformedReplies },
            reconnects: true
        ),
        Fault(name: "a closed connection", steps: { _ in [.close] }, counter: { _ in 1 }, reconnects: true),
        Fault(
            name: "half a frame, then a closed connection",
            steps: { [.send(Array($0.echoAddresses().prefix(8))), .close] },
            counter: { _ in 1 },
            reconnects: true
        ),
        Fault(
            name: "half a frame, then nothing",
            steps: { [.send(Array($0.echoAddresses().prefix(10)))] },
            counter: { $0.timeouts },
            reconnects: true,
            responseTimeout: .milliseconds(250)
        ),
        Fault(
            name: "nothing at all",
            steps: { _ in [] },
            counter: { $0.timeouts },
            reconnects: false,
            responseTimeout: .milliseconds(250)
        ),
        Fault(
            name: "a reply in two segments",
            steps: { request in
                let reply = request.echoAddresses()
                return [
                    .send(Array(reply.prefix(9))), .pause(milliseconds: 20), .send(Array(reply.dropFirst(9))),
                ]
            },
            counter: { $0.timeouts + $0.malformedReplies == 0 ? 1 : 0 },
            reconnects: false
        ),
        Fault(
            name: "a reply byte by byte",
            steps: { request in
                request.echoAddresses().flatMap { [.send([$0]), .pause(milliseconds: 1)] }
            },
            counter: { $0.timeouts + $0.malformedReplies == 0 ? 1 : 0 },
            reconnects: false
        ),
        Fault(
            name: "a server that is busy",
            steps: { [.send($0.exception(6))] },
            counter: { $0.exceptions },
            reconnects: false
        ),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: faults)
    func survivesAndRecovers(_ fault: Fault) async throws {
        let peer = try ScriptedPeer { request in
            request.number < 2 ? fault.steps(request) : [.send(request.echoAddresses())]
        }
        defer { peer.stop() }
        let limits = RequestLimits(responseTimeout: fault.responseTimeout)
        let site = site(registerMap(5, from: 100, limits: limits), ports: [peer.port])
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        try await poller.polling {
            try await waitUntil("the device is read after its fault") {
                try poller.reading("d0/r4", of: site, at: clock).value == 104 && peer.requests.count > 4
            }
            let status = poller.deviceStatuses()[0]
            #expect(status.link == .up)
            #expect(fault.counter(status) > 0, "\(status)")
            #expect((peer.accepted > 1) == fault.reconnects, "\(peer.accepted) connections")
        }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (UInt8(1), QualityCause.knownBadRange), (2, .knownBadRange), (3, .knownBadRange), (4, .exceptionReply),
            (5, .deviceBusy), (6, .deviceBusy), (8, .exceptionReply), (0x0A, .gatewayTargetFailed),
            (0x0B, .gatewayTargetFailed), (0xFF, .exceptionReply),
        ]
    )
    func namesTheCauseOfEachException(_ code: UInt8, _ cause: QualityCause) async throws {
        let peer = try ScriptedPeer { [.send($0.exception(code))] }
        defer { peer.stop() }
        let site = site(registerMap(1), ports: [peer.port])
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        try await poller.polling {
            try await waitUntil("the exception is noted") { poller.deviceStatuses()[0].exceptions > 0 }
            try await waitUntil("the cause is known") {
                try poller.reading("d0/r0", of: site, at: clock).cause == cause
            }
            let reading = try poller.reading("d0/r0", of: site, at: clock)
            #expect(reading.quality == .bad && reading.value.isNaN)
            #expect(peer.accepted == 1)
        }
    }

    /// Complaints 12 and 13: after a time-out every reply is one behind, or passes for another register's.
    @Test(.timeLimit(.minutes(1))) func aLateReplyIsNeverTakenForTheNextOne() async throws {
        let map = registerMap(2, limits: RequestLimits(oneRequestPerPoint: true, responseTimeout: .milliseconds(200)))
        let peer = try ScriptedPeer { request in
            // Every fourth reply comes after the time-out; each holds address and request number.
            let word = request.address << 12 | UInt16(request.number & 0xFFF)
            let reply = PeerStep.send(request.reply([word]))
            return request.number % 4 == 1 ? [.pause(milliseconds: 500), reply] : [reply]
        }
        defer { peer.stop() }
        let site = site(map, ports: [peer.port])
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        try await poller.polling {
            try await waitUntil("several replies came late") {
                for (name, address) in [("d0/r0", 0), ("d0/r1", 1)] {
                    let reading = try poller.reading(name, of: site, at: clock)
                    guard reading.value.isFinite else { continue }
                    #expect(Int(reading.value) >> 12 == address, "\(name) holds another register's value")
                    #expect(Int(reading.value) & 3 != 1, "\(name) holds a value that came too late")
                }
                return poller.deviceStatuses()[0].lateReplies >= 3
            }
            #expect(poller.deviceStatuses()[0].malformedReplies == 0)
            #expect(peer.accepted == 1)
        }
    }

    @Test(.timeLimit(.minutes(1))) func namesARefusedConnectionAndComesBackWhenThePeerDoes() async throws {
        let first = try ScriptedPeer { [.send($0.echoAddresses())] }
        let site = site(registerMap(3, from: 7), ports: [first.port])
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        try await poller.polling {
            try await waitUntil("it is read") { try poller.reading("d0/r0", of: site, at: clock).isGood }
            first.stop()
            try await waitUntil("it is stale, and why") {
                let reading = try poller.reading("d0/r0", of: site, at: clock)
                return reading.quality == .stale && reading.cause == .connectionRefused && reading.value == 7
            }
            #expect(poller.deviceStatuses()[0].link == .down)
            #expect(poller.deviceStatuses()[0].detail == "connection refused")
            let second = try ScriptedPeer(port: first.port) { [.send($0.reply(Array(repeating: 9, count: $0.count)))] }
            defer { second.stop() }
            try await waitUntil("it is read again") {
                let reading = try poller.reading("d0/r0", of: site, at: clock)
                return reading.isGood && reading.value == 9
            }
            #expect(poller.deviceStatuses()[0].link == .up)
        }
    }

    @Test(.timeLimit(.minutes(1))) func aSiteWithADeadEndpointStartsAllTheSame() async throws {
        let gone = try ScriptedPeer { _ in [] }
        gone.stop()
        let peer = try ScriptedPeer { [.send($0.echoAddresses())] }
        defer { peer.stop() }
        let site = site(registerMap(1, from: 3), ports: [gone.port, peer.port])
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        #expect(poller.readings(at: clock.now()).map(\.cause) == [.notYetRead, .notYetRead])
        #expect(poller.deviceStatuses().map(\.link) == [.connecting, .connecting])
        try await poller.polling {
            try await waitUntil("the living one is read, the dead one named") {
                try poller.reading("d1/r0", of: site, at: clock).value == 3
                    && poller.reading("d0/r0", of: site, at: clock).cause == .connectionRefused
            }
            #expect(poller.deviceStatuses().map(\.link) == [.down, .up])
        }
    }

    /// Complaints 1 to 6, over sockets: the black hole accepts and never answers.
    @Test(.timeLimit(.minutes(1))) func aBlackHoleDoesNotSlowTheOthers() async throws {
        let hole = try ScriptedPeer { _ in [] }
        defer { hole.stop() }
        let peer = try ScriptedPeer { [.send($0.echoAddresses())] }
        defer { peer.stop() }
        let map = registerMap(1, limits: RequestLimits(responseTimeout: .seconds(10)))
        let site = site(map, ports: [hole.port, peer.port], every: .milliseconds(20))
        let poller = try ModbusPoller(site: site, clock: RunningClock(), workers: 1)
        try await poller.polling {
            try await waitUntil("the hole was asked") { !hole.requests.isEmpty }
            let before = peer.requests.count
            let asked = hole.requests.count
            try await waitUntil("fifty more scans of the healthy one") { peer.requests.count >= before + 50 }
            #expect(hole.requests.count <= asked + 1, "fifty scans took no longer than one time-out of 10 s")
        }
    }
}
