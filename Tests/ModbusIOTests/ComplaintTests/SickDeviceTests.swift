// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

/// Complaints 1 to 6 of users of other programs: one sick device harms the healthy ones.
@Suite struct SickDeviceTests {
    /// Sixteen units, one block and one reading a second each; time-outs may fall to 250 ms, as they do by default.
    private func sixteenUnits(timeout: Int64) throws -> EndpointPlan {
        let fixed = try endpointPlan(Array(repeating: [(points: 1, interval: 1_000)], count: 16), timeout: timeout)
        let devices = fixed.devices.map { device in
            DevicePlan(
                device: device.device,
                unit: device.unit,
                responseTimeout: device.responseTimeout,
                timeoutFloor: milliseconds(250),
                groups: device.groups
            )
        }
        return EndpointPlan(endpoint: 0, devices: devices)
    }

    struct Death: Sendable, CustomTestStringConvertible {
        let name: String
        /// In milliseconds.
        let timeout: Int64
        let answer: VirtualEndpoint.Answer
        /// When they die, in milliseconds.
        var from: Int64 = 0
        var testDescription: String { name }
    }

    static let deaths: [Death] = [
        Death(name: "silent from the start, 100 ms", timeout: 100, answer: .silence),
        Death(name: "silent from the start, 500 ms", timeout: 500, answer: .silence),
        Death(name: "silent from the start, 1 s", timeout: 1_000, answer: .silence),
        Death(name: "silent together after a minute, 1 s", timeout: 1_000, answer: .silence, from: 60_000),
        Death(name: "replies that come too late", timeout: 300, answer: .late(after: 700)),
        Death(name: "the gateway says so after 900 ms", timeout: 1_000, answer: .exception(0x0B, after: 900)),
        Death(name: "the gateway says so at once", timeout: 1_000, answer: .exception(0x0A, after: 1)),
    ]

    @Test(
        "complaint 1: of 16 units 8 are dead; the others keep 90 % of their readings, with no long gap",
        arguments: deaths
    )
    func halfOfSixteenDead(_ death: Death) throws {
        var endpoint = VirtualEndpoint(try sixteenUnits(timeout: death.timeout))
        let end: Int64 = 200_000
        endpoint.run(until: at(end)) { request, now in
            let isDead = request.unit.isMultiple(of: 2) && now >= at(death.from)
            return isDead ? death.answer : .reply(after: 20)
        }
        for unit: UInt8 in stride(from: 1, to: 17, by: 2) {
            let times = endpoint.requests(to: unit, 0..<end).map { $0.time.nanoseconds / 1_000_000 }
            let first = try #require(times.first)
            #expect(Double(times.count) >= 0.9 * Double((end - first) / 1_000), "unit \(unit): \(times.count)")
            let gap = zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? 0
            #expect(gap <= 2 * 1_000 + death.timeout, "unit \(unit): \(gap) ms without a reading")
            #expect(endpoint.session.state(ofDevice: Int(unit) - 1).link == .up)
        }
        let asked = stride(from: 2, to: 17, by: 2).map { endpoint.requests(to: UInt8($0), death.from..<end).count }
        #expect(asked.allSatisfy { $0 >= 3 }, "each dead one is asked in its turn: \(asked)")
        #expect(stride(from: 1, to: 16, by: 2).allSatisfy { endpoint.session.state(ofDevice: $0).link == .down })
        #expect(endpoint.connections.count == 1, "exceptions and time-outs of a unit never cost the socket")
    }

    @Test("complaint 1: the dead together take at most a tenth of the endpoint's time")
    func deadTakeATenth() throws {
        var endpoint = VirtualEndpoint(try sixteenUnits(timeout: 1_000))
        endpoint.run(until: at(500_000)) { request, _ in request.unit.isMultiple(of: 2) ? .silence : .reply(after: 20) }
        let probes = stride(from: 2, to: 17, by: 2).map { endpoint.requests(to: UInt8($0), 50_000..<500_000).count }
        #expect(probes.reduce(0, +) <= 46, "\(probes) time-outs of 1 s in 450 s")
        #expect((probes.max() ?? 0) - (probes.min() ?? 0) <= 1, "in rotation: \(probes)")
    }

    @Test("complaint 2: a unit pulled off the line stalls nobody and is back when it is plugged in")
    func unpluggedUnit() throws {
        var endpoint = VirtualEndpoint(try endpointPlan(Array(repeating: [(points: 1, interval: 1_000)], count: 3)))
        endpoint.run(until: at(60_000)) { request, now in
            let isOut = request.unit == 2 && now >= at(10_000) && now < at(40_000)
            return isOut ? .silence : .reply(after: 20)
        }
        for unit: UInt8 in [1, 3] { #expect(endpoint.requests(to: unit, 0..<60_000).count >= 59) }
        let back = endpoint.requests(to: 2, 40_000..<60_000)
        #expect(back.count >= 17 && endpoint.session.state(ofDevice: 1).link == .up, "\(back.count)")
    }

    @Test("complaint 3: broken units do not stretch a poll of ten minutes")
    func pollsAreNotStretched() throws {
        let units = Array(repeating: [(points: 20, interval: Int64(600_000))], count: 12)
        var endpoint = VirtualEndpoint(try endpointPlan(units, timeout: 3_000))
        endpoint.run(until: at(7_200_000)) { request, _ in request.unit > 2 ? .silence : .reply(after: 50) }
        for unit: UInt8 in [1, 2] {
            #expect(endpoint.requests(to: unit, 0..<7_200_000).count == 12 * 20)
            #expect(endpoint.session.state(ofDevice: Int(unit) - 1).overruns == 0)
        }
    }

    @Test(
        "complaint 4: one failed read leaves the connection that others share",
        arguments: [
            VirtualEndpoint.Answer.silence, .exception(4, after: 5), .exception(0x0B, after: 5), .late(after: 120),
        ]
    )
    func failedReadLeavesTheConnection(_ failure: VirtualEndpoint.Answer) throws {
        var endpoint = VirtualEndpoint(try endpointPlan(Array(repeating: [(points: 3, interval: 1_000)], count: 4)))
        endpoint.run(until: at(29_990)) { request, _ in
            request.unit == 3 && request.block.address == 1 ? failure : .reply(after: 5)
        }
        #expect(endpoint.connections.count == 1 && endpoint.closes == 0)
        for device in [0, 1, 3] { #expect(endpoint.session.state(ofDevice: device).replies == 90) }
    }

    @Test("complaint 5: a time-out follows the device's own replies, down to the map's floor and up to its ceiling")
    func timeoutsFollowTheDevice() {
        var history = ResponseHistory(floor: milliseconds(100), ceiling: milliseconds(1_000))
        #expect(history.timeout == milliseconds(1_000), "a device that has said nothing yet gets all the time there is")
        for _ in 0..<50 { history.replied(after: milliseconds(5)) }
        #expect(history.timeout == milliseconds(100))
        history.timedOut()
        history.timedOut()
        #expect(history.timeout <= milliseconds(200), "one lost reply does not bring the old time-out back")
        for _ in 0..<10 { history.timedOut() }
        #expect(history.timeout == milliseconds(1_000), "but a row of them does")
        history.repliedLate(after: milliseconds(300))
        for _ in 0..<50 { history.replied(after: milliseconds(300)) }
        #expect((milliseconds(600)...milliseconds(700)).contains(history.timeout), "\(history.timeout)")
    }

    @Test("complaint 5: requests to a device that is down do not queue up")
    func noDoomedRequests() throws {
        var endpoint = VirtualEndpoint(
            try endpointPlan([[(points: 40, interval: 1_000)], [(points: 1, interval: 1_000)]])
        )
        endpoint.run(until: at(60_000)) { request, _ in request.unit == 1 ? .silence : .reply(after: 5) }
        #expect(endpoint.requests(to: 1, 2_000..<60_000).count <= 60, "one probe at a time")
        #expect(endpoint.session.state(ofDevice: 0).overruns == 0, "what is not asked is no overrun")
    }

    @Test("complaint 6: 1,400 points of a slow device are read in its own time, the fast ones among them in theirs")
    func manyPointsOfASlowDevice() throws {
        let plan = try endpointPlan(
            [[(points: 10, interval: 1_000), (points: 1_400, interval: 30_000)]],
            timeout: 2_000,
            limits: RequestLimits(maximumRegistersPerRead: 10)
        )
        var endpoint = VirtualEndpoint(plan)
        endpoint.run(until: at(120_000)) { _, _ in .reply(after: 150) }
        let fast = endpoint.sent.filter { $0.request.block.address == 0 }.map { $0.time.nanoseconds / 1_000_000 }
        #expect(zip(fast, fast.dropFirst()).allSatisfy { $1 - $0 <= 1_200 })
        #expect(endpoint.session.state(ofDevice: 0).overruns == 0)
        #expect(endpoint.session.counters.replies >= 4 * 140)
    }
}
