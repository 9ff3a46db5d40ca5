// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

/// Complaints 37 to 41, as far as they concern the wire: writes that are believed without proof.
@Suite struct WriteTests {
    @Test("complaint 37: an error reply to a write is no success", arguments: [UInt8(1), 2, 3, 4, 6, 0x0B])
    func errorReply(_ code: UInt8) throws {
        var endpoint = try WriteSessionTests.idleEndpoint()
        endpoint.writeWorld = { message, _ in message.isRead ? .words([50], after: 2) : .exception(code, after: 2) }
        endpoint.session.submit(try WriteSessionTests.order("setpoint", 50), at: endpoint.now)
        endpoint.run(until: at(2_000)) { _, _ in .reply(after: 1) }
        let end = try #require(WriteSessionTests.ends(endpoint).first)
        #expect(end.result == .refused && end.detail.hasPrefix("exception \(code) "))
    }

    @Test(
        "complaint 37: an acknowledged write that the device does not show was not taken",
        arguments: [
            (UInt16(49), WriteOutcome.Result.notTaken), (50, .confirmed), (51, .notTaken),
        ]
    )
    func acknowledgedIsNotTaken(_ shown: UInt16, _ result: WriteOutcome.Result) throws {
        var endpoint = try WriteSessionTests.idleEndpoint()
        endpoint.writeWorld = { message, _ in .words(message.isRead ? [shown] : [], after: 2) }
        endpoint.session.submit(try WriteSessionTests.order("setpoint", 50), at: endpoint.now)
        endpoint.run(until: at(2_000)) { _, _ in .reply(after: 1) }
        #expect(WriteSessionTests.ends(endpoint).map(\.result) == [result])
        #expect(WriteSessionTests.ends(endpoint).map(\.readBack) == [Double(shown)])
    }

    @Test("complaint 37: a point that cannot be read is proved by its feedback point")
    func feedbackPoint() throws {
        var blind = point("command", 1)
        blind.isReadable = false
        blind.write = WriteBehavior(range: 0...100, function: .singleRegister, feedback: "status", settle: .zero)
        let endpoint = try Self.written(
            [blind, point("status", 9)],
            value: 7
        ) { message in message.isRead ? [7] : [] }
        #expect(endpoint.messages == ["write 6", "read 9"])
        #expect(endpoint.end.result == .confirmed && endpoint.end.readBack == 7)
    }

    @Test("complaint 38: commands given right before the end leave first, so that setpoints return to normal")
    func lastCommandsLeave() throws {
        var endpoint = try WriteSessionTests.idleEndpoint()
        endpoint.writeWorld = WriteSessionTests.obedient()
        endpoint.session.submit(try WriteSessionTests.order("setpoint", 20), at: endpoint.now)
        endpoint.session.submit(try WriteSessionTests.order("speed", 0), at: endpoint.now)
        endpoint.session.beginDrain()
        endpoint.run(until: at(1_000)) { _, _ in .reply(after: 1) }
        #expect(WriteSessionTests.ends(endpoint).map(\.result) == [.confirmed, .confirmed])
        #expect(endpoint.writes.prefix(2).allSatisfy { !$0.message.isRead })
    }

    @Test(
        "complaint 38: a write that fails always says so",
        arguments: [
            VirtualEndpoint.WriteAnswer.silence, .close, .exception(4, after: 2),
        ]
    )
    func failureIsTold(_ answer: VirtualEndpoint.WriteAnswer) throws {
        var endpoint = try WriteSessionTests.idleEndpoint()
        endpoint.writeWorld = { _, _ in answer }
        endpoint.session.submit(try WriteSessionTests.order("setpoint", 50), at: endpoint.now)
        endpoint.run(until: at(5_000)) { _, _ in .reply(after: 1) }
        let ends = WriteSessionTests.ends(endpoint)
        #expect(ends.count == 1 && ends.allSatisfy { $0.result != .confirmed && !$0.detail.isEmpty })
    }

    @Test("complaint 39: one lost reply does not report a device as down")
    func oneLostReply() throws {
        var endpoint = VirtualEndpoint(
            try endpointPlan([[(points: 1, interval: 1_000)], [(points: 1, interval: 1_000)]])
        )
        endpoint.run(until: at(4_990)) { _, _ in .reply(after: 5) }
        endpoint.run(until: at(5_900)) { request, _ in request.unit == 1 ? .silence : .reply(after: 5) }
        #expect(endpoint.session.state(ofDevice: 0).link == .degraded)
        endpoint.run(until: at(7_000)) { _, _ in .reply(after: 5) }
        #expect(endpoint.session.state(ofDevice: 0).link == .up)
    }

    @Test(
        "complaint 40: nothing is written on what could not be read or does not permit it",
        arguments: [
            ([UInt16(1)], WriteOutcome.Result.confirmed, ["read 9", "write 6", "read 1"]),
            ([0], .blocked, ["read 9"]), ([0xFFFF], .blocked, ["read 9"]), ([], .refused, ["read 9"]),
        ]
    )
    func precondition(_ shown: [UInt16], _ result: WriteOutcome.Result, _ messages: [String]) throws {
        var setpoint = point("setpoint", 1)
        setpoint.write = WriteBehavior(
            range: 0...100,
            function: .singleRegister,
            precondition: PointCondition(point: "remote", range: 1...1),
            settle: .zero
        )
        let remote = point("remote", 9, sentinels: [Sentinel(bits: 0xFFFF)])
        let endpoint = try Self.written([setpoint, remote], value: 7) { message in
            guard case .read(let range) = message else { return [] }
            return range.address == 9 ? (shown.isEmpty ? nil : shown) : [7]
        }
        #expect(endpoint.messages == messages)
        #expect(endpoint.end.result == result, "\(endpoint.end.detail)")
    }

    @Test("complaint 40: a precondition that the map cannot read permits nothing")
    func unknownPrecondition() {
        var setpoint = point("setpoint", 1)
        setpoint.write = WriteBehavior(
            range: 0...1,
            function: .singleRegister,
            precondition: PointCondition(point: "nowhere", range: 1...1)
        )
        let map = DeviceMap(name: "m", category: .valve, confirmation: .simulated, points: [setpoint])
        let refusal = #expect(throws: WriteRefusal.self) {
            try WriteTarget(map: map, mapPoint: 0, device: 0, settle: 0)
        }
        #expect(refusal?.detail.contains("'nowhere'") == true)
    }

    @Test(
        "complaint 40: a value is written in the unit that the device is set to",
        arguments: [
            (UInt16(0x0400), UInt16(599), WriteOutcome.Result.confirmed), (0, 155, .confirmed), (0x0800, 0, .blocked),
        ]
    )
    func unitOfTheDevice(code: UInt16, word: UInt16, result: WriteOutcome.Result) throws {
        var setpoint = point("setpoint", 1, .signed(bits: 16), unit: "degC", scale: 0.1, scaleFactorAddress: 4)
        setpoint.scaleCodes = ScaleCodes(
            shift: 10,
            width: 2,
            cases: ["degC", "degF"].enumerated().compactMap { code, unit in
                SourceUnit.named(unit).map { .init(code: UInt16(code), unit: $0, scale: 0.1, offset: 0) }
            }
        )
        setpoint.write = WriteBehavior(range: 10...30, function: .singleRegister, settle: .zero)
        let endpoint = try Self.written([setpoint], value: 15.5) { message in
            guard case .read(let range) = message else { return [] }
            return range.address == 4 ? [code] : [word, 0, 0, code]
        }
        #expect(endpoint.end.result == result, "\(endpoint.end.detail)")
        #expect(endpoint.messages == (result == .confirmed ? ["read 4", "write 6", "read 1"] : ["read 4"]))
    }

    @Test("complaint 41: several coils are written with function 15 and read back")
    func multipleCoils() throws {
        var coil = point("enable", 5, .bool, table: .coil)
        coil.write = WriteBehavior(range: 0...1, function: .multipleCoils, settle: .zero)
        let endpoint = try Self.written([coil], value: 1) { $0.isRead ? [1] : [] }
        #expect(endpoint.messages == ["write 15", "read 5"] && endpoint.end.result == .confirmed)
        let stuck = try Self.written([coil], value: 1) { $0.isRead ? [0] : [] }
        #expect(stuck.end.result == .notTaken, "half the coils stuck at 0 with no error")
    }

    /// Writes the first of these points of a device; the closure says what each message shows, nil for an exception 4.
    private static func written(
        _ points: [MapPoint],
        value: Double,
        _ words: @escaping (WriteMessage) -> [UInt16]?
    ) throws -> (messages: [String], end: WriteEnd) {
        var map = DeviceMap(name: "m", category: .valve, confirmation: .simulated, points: points)
        map.limits.responseTimeout = .milliseconds(100)
        var endpoint = try WriteSessionTests.idleEndpoint()
        endpoint.writeWorld = { message, _ in
            words(message).map { .words($0, after: 2) } ?? .exception(4, after: 2)
        }
        let order = WriteOrder(
            point: PointID(device: "d", point: points[0].name),
            value: value,
            target: try WriteTarget(map: map, mapPoint: 0, device: 0, settle: 0),
            accepted: endpoint.now,
            expires: at(60_000)
        )
        endpoint.session.submit(order, at: endpoint.now)
        endpoint.run(until: at(3_000)) { _, _ in .reply(after: 1) }
        let messages = endpoint.writes.map { write in
            switch write.message {
            case .read(let range): "read \(range.address)"
            case .write(let function, _): "write \(function)"
            }
        }
        return (
            messages.reduce(into: []) { if $0.last != $1 { $0.append($1) } },
            try #require(WriteSessionTests.ends(endpoint).first)
        )
    }
}
