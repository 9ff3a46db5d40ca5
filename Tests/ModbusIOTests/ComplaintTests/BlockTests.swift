// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

/// Complaints 16 to 20: what one bad register does to its block.
@Suite struct BlockTests {
    @Test("complaint 16: one address the device does not know loses no other field", arguments: [UInt8(2), 3])
    func oneUnknownAddress(_ code: UInt8) throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 100, interval: 1_000)]], limits: RequestLimits()))
        endpoint.run(until: at(10_000)) { request, _ in
            let range = request.block.range
            return Int(range.address) <= 63 && 63 < range.end ? .exception(code, after: 1) : .reply(after: 1)
        }
        let last = endpoint.sent.filter { $0.time >= at(9_000) }.flatMap { $0.request.block.points }
        #expect(Set(last) == Set(0..<100).subtracting([63]))
        #expect(endpoint.session.state(ofDevice: 0).exceptions <= 8, "found by halving, then left alone")
    }

    @Test("complaint 17: a hole in the register table costs no point")
    func holeInTheTable() throws {
        let points = [point("a", 0), point("b", 5), point("c", 10)]
        let map = DeviceMap(name: "m", category: .valve, confirmation: .simulated, points: points)
        let plan = try ReadPlanner(limits: map.limits).plan(map, pollClass: .fast)
        #expect(plan.blocks.count == 1, "bridged at first")
        let group = GroupPlan(interval: milliseconds(1_000), reads: plan)
        let device = DevicePlan(device: 0, unit: 1, responseTimeout: milliseconds(100), groups: [group])
        var endpoint = VirtualEndpoint(EndpointPlan(endpoint: 0, devices: [device]))
        endpoint.run(until: at(5_000)) { request, _ in
            let range = request.block.range
            return (1..<range.count).contains { ![0, 5, 10].contains(Int(range.address) + $0) }
                ? .exception(2, after: 1) : .reply(after: 1)
        }
        #expect(
            !endpoint.effects.contains { effect in
                if case .pointsFailed = effect { return true }
                return false
            }
        )
        #expect(endpoint.sent.suffix(3).map(\.request.block.count) == [1, 1, 1])
    }

    @Test("complaint 17: a device that cannot read several registers at once is asked one point at a time")
    func onePointAtATime() throws {
        let limits = RequestLimits(oneRequestPerPoint: true)
        let plan = try ReadPlanner(limits: limits).plan(registerMap(9, limits: limits), pollClass: .fast)
        #expect(plan.blocks.map(\.count) == Array(repeating: 1, count: 9))
    }

    @Test(
        "complaint 18: ranges are read with few requests, weighed against registers nobody wants",
        arguments: [
            // A request costs as much as 29 registers, so a gap of 29 is bridged and one of 30 is not.
            (124, [0, 30], [31]), (124, [0, 31], [1, 1]),
            // The map's own limit holds all the same.
            (10, [0, 12], [1, 1]),
            // Where a read is full, it is divided where the gap is widest.
            (124, [0, 28, 50, 75, 100, 125], [1, 98]), (124, [0, 25, 50, 75, 100, 125], [101, 1]),
        ]
    )
    func fewRequests(_ gap: Int, _ addresses: [Int], _ counts: [Int]) throws {
        let limits = RequestLimits(maximumGap: gap)
        let points = addresses.map { point("r\($0)", UInt16($0)) }
        let map = DeviceMap(name: "m", category: .valve, confirmation: .simulated, limits: limits, points: points)
        #expect(try ReadPlanner(limits: limits).plan(map, pollClass: .fast).blocks.map(\.count) == counts)
    }

    @Test("complaint 18: no division of the points costs less", arguments: 0..<40)
    func cheapestDivision(_ seed: UInt64) throws {
        var random = TestGenerator(seed: seed)
        var address = 0
        let points = (0..<10).map { position in
            address += Int.random(in: 1...70, using: &random)
            return point("p\(position)", UInt16(address))
        }
        let limits = RequestLimits(maximumGap: Int.random(in: 0...124, using: &random))
        let map = DeviceMap(name: "m", category: .valve, confirmation: .simulated, limits: limits, points: points)
        let plan = try ReadPlanner(limits: limits).plan(map, pollClass: .fast)
        let cost = plan.blocks.reduce(0) { $0 + ReadCost.ofRead($1.count, of: .holdingRegister) }
        #expect(cost == cheapest(points.map { Int($0.address) }, limits))
    }

    /// Tries every one of the 512 ways to divide ten points.
    private func cheapest(_ addresses: [Int], _ limits: RequestLimits) -> Int {
        (0..<512).compactMap { cuts -> Int? in
            var cost = 0
            var first = addresses[0]
            for position in 1...addresses.count {
                let isCut = position == addresses.count || cuts >> (position - 1) & 1 == 1
                if !isCut {
                    let joins =
                        addresses[position] - first < 125
                        && addresses[position] - addresses[position - 1] - 1 <= limits.maximumGap
                    guard joins else { return nil }
                    continue
                }
                cost += ReadCost.ofRead(addresses[position - 1] - first + 1, of: .holdingRegister)
                if position < addresses.count { first = addresses[position] }
            }
            return cost
        }.min() ?? 0
    }

    @Test(
        "complaint 19: an exception is named by its own cause and counted by its code",
        arguments: [
            (UInt8(1), QualityCause.exceptionReply), (2, .illegalAddress), (4, .exceptionReply), (6, .deviceBusy),
            (0x0A, .gatewayTargetFailed), (0x0B, .gatewayTargetFailed),
        ]
    )
    func exceptionsAreNamed(_ code: UInt8, _ cause: QualityCause) throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 1, interval: 1_000)]]))
        endpoint.run(until: at(500)) { _, _ in .exception(code, after: 1) }
        #expect(endpoint.session.counters.exceptionCounts == [ExceptionCount(code: code, count: 1)])
        #expect(endpoint.session.state(ofDevice: 0).failure == cause)
        #expect(endpoint.session.connection.link == .up, "whatever it says, the socket is sound")
    }

    @Test("complaint 19: units behind a gateway get the pause that the map asks for between two requests")
    func pausesBetweenUnits() throws {
        var endpoint = VirtualEndpoint(
            try endpointPlan(Array(repeating: [(points: 2, interval: 5_000)], count: 2), pause: 50)
        )
        endpoint.run(until: at(20_000)) { _, _ in .reply(after: 10) }
        let times = endpoint.sent.map { $0.time.nanoseconds / 1_000_000 }
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= 60 })
    }

    @Test("complaint 20: what could be read is good, what could not says why", .timeLimit(.minutes(1)))
    func partialData() async throws {
        let peer = try ScriptedPeer { request in
            let addresses = Int(request.address)..<Int(request.address) + request.count
            return [.send(addresses.contains(2) ? request.exception(2) : request.echoAddresses())]
        }
        defer { peer.stop() }
        let site = site(registerMap(4), ports: [peer.port])
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        try await poller.polling {
            try await waitUntil("three are good, one is known to be bad") {
                poller.readings(at: clock.now()).map(\.cause) == [.none, .none, .knownBadRange, .none]
            }
            #expect(poller.readings(at: clock.now()).map(\.isGood) == [true, true, false, true])
            #expect(poller.takeEvents().contains { $0.kind == "address_unreadable" && $0.message.contains("2...2") })
        }
    }
}
