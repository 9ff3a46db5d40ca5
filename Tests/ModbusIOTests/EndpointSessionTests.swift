// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

@Suite struct EndpointSessionTests {
    @Test func readsAtOnceAfterConnectingAndThenOnItsGrid() throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 1, interval: 100)]]))
        endpoint.run(until: at(450)) { _, _ in .reply(after: 1) }
        #expect(endpoint.sent.map { $0.time.nanoseconds / 1_000_000 } == [0, 100, 200, 300, 400])
        #expect(endpoint.session.state(ofDevice: 0).link == .up)
        #expect(endpoint.session.state(ofDevice: 0).overruns == 0)
    }

    @Test func aLongSlowScanDoesNotHoldUpAFastOne() throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 1, interval: 100), (points: 50, interval: 5_000)]]))
        endpoint.run(until: at(4_950)) { _, _ in .reply(after: 20) }
        let device = endpoint.session.state(ofDevice: 0)
        #expect(device.overruns == 0)
        #expect(device.replies == 50 + 50, "50 fast scans of one block, one slow scan of 50 blocks")
        // In 4.95 s a 1-block scan every 100 ms is late by one slow block at most.
        let fast = endpoint.sent.filter { $0.request.block.address == 0 }.map { $0.time.nanoseconds / 1_000_000 }
        #expect(zip(fast, fast.dropFirst()).allSatisfy { $1 - $0 <= 120 })
    }

    @Test func anOverrunSkipsAndIsCountedAndNeverQueues() throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 10, interval: 100)]]))
        endpoint.run(until: at(2_990)) { _, _ in .reply(after: 25) }
        let device = endpoint.session.state(ofDevice: 0)
        // A scan takes 250 ms: two of its successors are skipped, the third starts at 300 ms.
        #expect(device.overruns == 20)
        let starts = endpoint.sent.filter { $0.request.block.address == 0 }.map { $0.time.nanoseconds / 1_000_000 }
        #expect(starts == [0, 300, 600, 900, 1_200, 1_500, 1_800, 2_100, 2_400, 2_700])
    }

    @Test func keepsPausesAfterConnectingAndBetweenRequests() throws {
        var endpoint = VirtualEndpoint(
            try endpointPlan([[(points: 3, interval: 10_000)]], pause: 25, settle: 500)
        )
        endpoint.run(until: at(1_000)) { _, _ in .reply(after: 10) }
        #expect(endpoint.sent.map { $0.time.nanoseconds / 1_000_000 } == [500, 535, 570])
    }

    @Test func aTimeOutIsNotRepeatedWithinItsScanAndLeavesTheConnection() throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 3, interval: 1_000)]]))
        endpoint.run(until: at(900)) { request, _ in request.block.address == 1 ? .silence : .reply(after: 1) }
        #expect(endpoint.sent.map(\.request.block.address) == [0, 1, 2])
        #expect(endpoint.closes == 0)
        let device = endpoint.session.state(ofDevice: 0)
        #expect((device.timeouts, device.replies, device.link) == (1, 2, .up))
        #expect(endpoint.effects.contains(.pointsFailed(group: 0, points: 1..<2, cause: .timeout)))
    }

    @Test func aLateReplyIsCountedAndDoesNotShiftTheNextOnes() throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 3, interval: 1_000)]]))
        endpoint.run(until: at(900)) { request, _ in request.block.address == 0 ? .late(after: 150) : .reply(after: 60)
        }
        let device = endpoint.session.state(ofDevice: 0)
        #expect((device.timeouts, device.lateReplies, device.replies) == (1, 1, 2))
        #expect(endpoint.closes == 0)
    }

    @Test func transactionIdentifiersOfOneEndpointNeverRepeatSoon() throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 100, interval: 1_000)]]))
        endpoint.run(until: at(9_900)) { request, _ in
            request.block.address == 50 ? .close : .reply(after: 1)
        }
        #expect(endpoint.connections.count > 3)
        #expect(Set(endpoint.sent.map(\.request.transaction)).count == endpoint.sent.count)
    }

    @Test func anEndpointThatFallsSilentIsReconnectedAndComesBack() throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 1, interval: 200)]]))
        endpoint.run(until: at(1_000)) { _, _ in .reply(after: 1) }
        endpoint.run(until: at(5_000)) { _, _ in .silence }
        #expect(endpoint.closes >= 1)
        #expect(endpoint.session.state(ofDevice: 0).link == .down)
        #expect(endpoint.session.state(ofDevice: 0).failure == .timeout)
        let asked = endpoint.sent.count
        endpoint.run(until: at(8_000)) { _, _ in .reply(after: 1) }
        #expect(endpoint.sent.count - asked >= 8, "after at most a second of back-off it is polled five times a second")
        #expect(endpoint.session.state(ofDevice: 0).link == .up)
        #expect(endpoint.session.state(ofDevice: 0).failure == .none)
    }

    @Test func halfAFrameEndsTheConnection() throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 2, interval: 1_000)]]))
        endpoint.run(until: at(90)) { _, _ in .half }
        #expect(endpoint.closes == 0, "the rest may still come")
        endpoint.run(until: at(110)) { _, _ in .half }
        #expect(endpoint.closes == 1)
    }

    @Test func nonsenseIsCountedAndEndsTheConnection() throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 2, interval: 1_000)]]))
        endpoint.run(until: at(5)) { _, _ in .malformed }
        let device = endpoint.session.state(ofDevice: 0)
        #expect((device.malformedReplies, device.link, device.failure) == (1, .down, .malformedReply))
    }

    @Test func anEndpointThatRefusesIsTriedRarelyButForEver() throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 1, interval: 1_000)]]))
        endpoint.isReachable = false
        endpoint.run(until: at(60_000)) { _, _ in .silence }
        #expect((60...130).contains(endpoint.connections.count), "\(endpoint.connections.count) attempts in a minute")
        endpoint.isReachable = true
        endpoint.run(until: at(62_000)) { _, _ in .reply(after: 1) }
        #expect(endpoint.session.state(ofDevice: 0).replies >= 1, "back within two intervals")
        #expect(endpoint.session.state(ofDevice: 0).overruns == 0, "what could not be asked is no overrun")
    }

    @Test func refusedAddressesAreFoundAndTheOthersStayGood() throws {
        let plan = try endpointPlan([[(points: 40, interval: 1_000)]], limits: RequestLimits())
        var endpoint = VirtualEndpoint(plan)
        endpoint.run(until: at(20_000)) { request, _ in
            let block = request.block
            let holdsBad = [7, 31].contains { Int(block.address) <= $0 && $0 < block.range.end }
            return holdsBad ? .exception(2, after: 1) : .reply(after: 1)
        }
        let condemned = endpoint.effects.compactMap { effect -> Range<Int>? in
            guard case .pointsFailed(_, let points, .knownBadRange) = effect else { return nil }
            return points
        }
        #expect(condemned == [7..<8, 31..<32], "each is found once and then left alone")
        #expect(endpoint.session.state(ofDevice: 0).link == .up)
        let lastScan = endpoint.sent.filter { $0.time >= at(19_000) }.flatMap { $0.request.block.points }
        #expect(Set(lastScan) == Set(0..<40).subtracting([7, 31]))
    }

    @Test func aBusyDeviceIsAskedAgainAtItsNextScan() throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 1, interval: 1_000)]]))
        endpoint.run(until: at(2_500)) { _, _ in .exception(6, after: 1) }
        #expect(endpoint.sent.count == 3)
        #expect(endpoint.session.state(ofDevice: 0).exceptions == 3)
        #expect(endpoint.effects.contains(.pointsFailed(group: 0, points: 0..<1, cause: .deviceBusy)))
    }

    @Test func theSameSeedGivesTheSameTalk() throws {
        func talk(_ seed: UInt64) throws -> [String] {
            var endpoint = VirtualEndpoint(try endpointPlan([[(points: 3, interval: 100)]]), seed: seed)
            var random = TestGenerator(seed: 9)
            endpoint.run(until: at(20_000)) { _, _ in
                switch Int.random(in: 0..<10, using: &random) {
                case 0: .silence
                case 1: .close
                case 2: .exception(4, after: 2)
                default: .reply(after: 3)
                }
            }
            return endpoint.sent.map { "\($0.time.nanoseconds) \($0.request.transaction) \($0.request.block.address)" }
        }
        #expect(try talk(3) == talk(3))
        #expect(try talk(3) != talk(4))
    }
}

/// Complaints 1 to 6: one sick device must not harm the healthy ones behind the same endpoint.
@Suite struct SharedEndpointTests {
    private func fiveUnits() throws -> EndpointPlan {
        try endpointPlan(Array(repeating: [(points: 2, interval: 1_000)], count: 5), timeout: 500)
    }

    @Test(arguments: [
        VirtualEndpoint.Answer.silence, .exception(0x0B, after: 400), .exception(0x0A, after: 1),
    ])
    func aDeadUnitIsProbedAndTheOthersKeepTheirRate(_ death: VirtualEndpoint.Answer) throws {
        var endpoint = VirtualEndpoint(try fiveUnits())
        endpoint.run(until: at(60_000)) { request, _ in request.unit == 3 ? death : .reply(after: 20) }
        for unit: UInt8 in [1, 2, 4, 5] {
            #expect(endpoint.requests(to: unit, 2_000..<60_000).count >= 112, "two blocks a second, unit \(unit)")
            #expect(endpoint.session.state(ofDevice: Int(unit) - 1).link == .up)
        }
        let dead = endpoint.session.state(ofDevice: 2)
        #expect(dead.link == .down)
        #expect(dead.replies == 0)
        #expect((8...60).contains(endpoint.requests(to: 3, 2_000..<60_000).count), "it is still asked")
        #expect(endpoint.connections.count == 1)
    }

    @Test func deadUnitsTogetherTakeATenthOfTheTime() throws {
        var endpoint = VirtualEndpoint(try fiveUnits())
        endpoint.run(until: at(100_000)) { request, _ in request.unit > 1 ? .silence : .reply(after: 20) }
        let probes = (2...5).map { endpoint.requests(to: $0, 10_000..<100_000).count }
        #expect(probes.reduce(0, +) <= 20, "\(probes) probes of 500 ms in 90 s")
        #expect(probes.allSatisfy { $0 >= 3 }, "each in its turn: \(probes)")
        #expect(endpoint.connections.count == 1, "the one healthy device keeps the connection")
    }

    @Test func unitsThatComeBackTogetherAreAllFoundAtOnce() throws {
        var endpoint = VirtualEndpoint(try fiveUnits())
        endpoint.run(until: at(30_000)) { request, _ in request.unit > 1 ? .silence : .reply(after: 20) }
        endpoint.run(until: at(36_000)) { _, _ in .reply(after: 20) }
        for unit in 0..<5 { #expect(endpoint.session.state(ofDevice: unit).link == .up, "unit \(unit + 1)") }
    }

    @Test func aGatewayThatIsDeadBehindItsSocketIsReconnected() throws {
        var endpoint = VirtualEndpoint(try fiveUnits())
        endpoint.run(until: at(30_000)) { _, _ in .silence }
        #expect(endpoint.connections.count > 1)
        endpoint.run(until: at(40_000)) { _, _ in .reply(after: 20) }
        for unit in 0..<5 { #expect(endpoint.session.state(ofDevice: unit).link == .up, "unit \(unit + 1)") }
    }
}
