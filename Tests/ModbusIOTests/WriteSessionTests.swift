// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

/// The rules of writes in virtual time: what leaves when, and how each command ends.
@Suite struct WriteSessionTests {
    /// Points of unit 1: a register, a bit that is merged, a bit with a mask, a coil, one that cannot be read.
    static let map: DeviceMap = {
        func writable(_ name: String, _ address: UInt16, _ type: RegisterType, _ write: WriteBehavior) -> MapPoint {
            var made = point(name, address, type, table: type == .bool ? .coil : .holdingRegister)
            made.write = write
            return made
        }
        var blind = writable("blind", 40, .unsigned(bits: 16), WriteBehavior(range: 0...100, function: .singleRegister))
        blind.isReadable = false
        return DeviceMap(
            name: "writes",
            category: .plantController,
            confirmation: .simulated,
            limits: RequestLimits(responseTimeout: .milliseconds(100)),
            points: [
                writable("setpoint", 10, .unsigned(bits: 16), WriteBehavior(range: 0...100, function: .singleRegister)),
                writable("speed", 11, .unsigned(bits: 16), WriteBehavior(range: 0...100, function: .singleRegister)),
                writable("merged_bit", 20, .bit(3), WriteBehavior(range: 0...1, function: .singleRegister)),
                writable("masked_bit", 21, .bit(2), WriteBehavior(range: 0...1, function: .maskRegister)),
                writable("enable", 5, .bool, WriteBehavior(range: 0...1, function: .singleCoil)),
                blind,
            ]
        )
    }()

    static func order(
        _ name: String,
        _ value: Double,
        settle: Int64 = 300,
        accepted: Int64 = 0,
        expires: Int64 = 60_000
    ) throws -> WriteOrder {
        let position = try #require(map.points.firstIndex { $0.name == name })
        return WriteOrder(
            point: PointID(device: "d", point: name),
            value: value,
            target: try WriteTarget(map: map, mapPoint: position, device: 0, settle: milliseconds(settle)),
            accepted: at(accepted),
            expires: at(expires)
        )
    }

    /// A device that takes every write and shows it; a reply takes 2 ms.
    static func obedient(_ registers: [UInt16: UInt16] = [:]) -> (WriteMessage, MonotonicTime) ->
        VirtualEndpoint
        .WriteAnswer
    {
        var registers = registers
        return { message, _ in
            switch message {
            case .read(let range): return .words([registers[range.address] ?? 0], after: 2)
            case .write(let function, let data):
                let words = stride(from: 0, to: data.count - 1, by: 2).map {
                    UInt16(data[$0]) << 8 | UInt16(data[$0 + 1])
                }
                switch function {
                case 5: registers[words[0]] = words[1] == 0xFF00 ? 1 : 0
                case 22: registers[words[0]] = (registers[words[0]] ?? 0) & words[1] | words[2] & ~words[1]
                default: registers[words[0]] = words[1]
                }
                return .words([], after: 2)
            }
        }
    }

    /// Connected and idle: the one scan is over, the next one far away.
    static func idleEndpoint() throws -> VirtualEndpoint {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 1, interval: 100_000)]]))
        endpoint.run(until: at(10)) { _, _ in .reply(after: 1) }
        return endpoint
    }

    static func ends(_ endpoint: VirtualEndpoint) -> [WriteEnd] {
        endpoint.effects.compactMap { effect in
            guard case .writeEnded(let end) = effect else { return nil }
            return end
        }
    }

    @Test func aWriteOvertakesTheReadsThatAreDue() throws {
        var endpoint = VirtualEndpoint(try endpointPlan([[(points: 20, interval: 10_000)]], pause: 5))
        endpoint.writeWorld = Self.obedient()
        endpoint.run(until: at(40)) { _, _ in .reply(after: 10) }
        let before = endpoint.sent.count
        endpoint.session.submit(try Self.order("setpoint", 42, accepted: 40), at: endpoint.now)
        endpoint.run(until: at(5_000)) { _, _ in .reply(after: 10) }
        #expect(
            endpoint.writes.map(\.message) == [
                .write(function: 6, data: [0, 10, 0, 42]),
                .read(RegisterRange(table: .holdingRegister, address: 10, count: 1)),
            ]
        )
        let firstRead = try #require(endpoint.sent.dropFirst(before).first)
        #expect(endpoint.writes.allSatisfy { $0.time < firstRead.time })
        let end = try #require(Self.ends(endpoint).first)
        #expect((end.result, end.readBack, end.value) == (.confirmed, 42, 42))
        #expect(endpoint.sent.count == 20, "the scan goes on behind it")
        #expect(
            endpoint.effects.contains(.pointRead(device: 0, mapPoint: 0, value: DecodedValue(value: 42, cause: .none)))
        )
    }

    @Test(arguments: [
        ("merged_bit", 1.0, [UInt16(20): UInt16(0x8001)], ["read 20", "write 6 00148009", "read 20"]),
        ("merged_bit", 0.0, [20: 0xFFFF], ["read 20", "write 6 0014FFF7", "read 20"]),
        ("masked_bit", 1.0, [21: 0x8001], ["write 22 0015FFFB0004", "read 21"]),
        ("enable", 1.0, [:], ["write 5 0005FF00", "read 5"]),
        ("blind", 7.0, [:], ["write 6 00280007"]),
    ])
    func sendsWhatTheMapAsksFor(
        _ name: String,
        _ value: Double,
        _ registers: [UInt16: UInt16],
        _ messages: [String]
    ) throws {
        var endpoint = try Self.idleEndpoint()
        endpoint.writeWorld = Self.obedient(registers)
        endpoint.session.submit(try Self.order(name, value), at: endpoint.now)
        endpoint.run(until: at(1_000)) { _, _ in .reply(after: 1) }
        #expect(endpoint.writes.map { text($0.message) } == messages)
        #expect(Self.ends(endpoint).map(\.result) == [.confirmed])
    }

    private func text(_ message: WriteMessage) -> String {
        switch message {
        case .read(let range): "read \(range.address)"
        case .write(let function, let data):
            "write \(function) " + data.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
        }
    }

    @Test func aNewerCommandTakesThePlaceOfOneThatWaits() throws {
        var endpoint = try Self.idleEndpoint()
        endpoint.writeWorld = Self.obedient()
        for value in [1.0, 2, 3] { endpoint.session.submit(try Self.order("setpoint", value), at: endpoint.now) }
        endpoint.session.submit(try Self.order("speed", 9), at: endpoint.now)
        endpoint.run(until: at(1_000)) { _, _ in .reply(after: 1) }
        let ends = Self.ends(endpoint).map { "\($0.point.point) \(Int($0.value)) \($0.result.rawValue)" }
        #expect(ends == ["setpoint 1 blocked", "setpoint 2 blocked", "setpoint 3 confirmed", "speed 9 confirmed"])
    }

    @Test func theQueueOfAnEndpointIsBounded() throws {
        var endpoint = try Self.idleEndpoint()
        let position = try #require(Self.map.points.firstIndex { $0.name == "setpoint" })
        let target = try WriteTarget(map: Self.map, mapPoint: position, device: 0, settle: 0)
        for number in 0..<300 {
            let order = WriteOrder(
                point: PointID(device: "d", point: "p\(number)"),
                value: 1,
                target: target,
                accepted: at(0),
                expires: at(1)
            )
            endpoint.session.submit(order, at: endpoint.now)
        }
        endpoint.run(until: at(20)) { _, _ in .reply(after: 1) }
        #expect(Self.ends(endpoint).filter { $0.detail.contains("256 commands wait") }.count == 44)
    }

    @Test func aCommandThatExpiredBeforeItsTurnIsNotSent() throws {
        var endpoint = try Self.idleEndpoint()
        endpoint.session.submit(try Self.order("setpoint", 5, expires: 9), at: endpoint.now)
        endpoint.run(until: at(500)) { _, _ in .reply(after: 1) }
        #expect(endpoint.writes.isEmpty)
        let end = try #require(Self.ends(endpoint).first)
        #expect(end.result == .blocked && end.detail.contains("expired"))
    }

    @Test func readsBackAgainUntilTheDeviceHasSettled() throws {
        var endpoint = try Self.idleEndpoint()
        endpoint.writeWorld = { message, time in
            guard message.isRead else { return .words([], after: 2) }
            return .words([time < at(200) ? 30 : 50], after: 2)
        }
        endpoint.session.submit(try Self.order("setpoint", 50), at: endpoint.now)
        endpoint.run(until: at(2_000)) { _, _ in .reply(after: 1) }
        let end = try #require(Self.ends(endpoint).first)
        #expect((end.result, end.readBack) == (.confirmed, 50))
        #expect((200...245).contains(end.duration / 1_000_000))
        #expect(endpoint.writes.filter { !$0.message.isRead }.count == 1, "it is written once")
    }

    @Test func aWriteThatNeverShowsIsNotTaken() throws {
        var endpoint = try Self.idleEndpoint()
        endpoint.writeWorld = { message, _ in .words(message.isRead ? [30] : [], after: 2) }
        endpoint.session.submit(try Self.order("setpoint", 31), at: endpoint.now)
        endpoint.run(until: at(2_000)) { _, _ in .reply(after: 1) }
        let end = try #require(Self.ends(endpoint).first)
        #expect((end.result, end.readBack) == (.notTaken, 30), "one count too few is not the value")
        #expect((300...360).contains(end.duration / 1_000_000), "it had its settle time")
    }

    @Test func otherPointsAreWrittenWhileOneSettles() throws {
        var endpoint = try Self.idleEndpoint()
        endpoint.writeWorld = { message, _ in
            if case .read(let range) = message { return .words([range.address == 10 ? 0 : 9], after: 2) }
            return .words([], after: 2)
        }
        endpoint.session.submit(try Self.order("setpoint", 50, settle: 5_000), at: endpoint.now)
        endpoint.session.submit(try Self.order("speed", 9), at: endpoint.now)
        endpoint.run(until: at(10_000)) { _, _ in .reply(after: 1) }
        let ends = Self.ends(endpoint).map { "\($0.point.point) \($0.result.rawValue)" }
        #expect(ends == ["speed confirmed", "setpoint not_taken"])
    }

    @Test func anExceptionRefusesAndIsNamed() throws {
        var endpoint = try Self.idleEndpoint()
        endpoint.writeWorld = { _, _ in .exception(3, after: 2) }
        endpoint.session.submit(try Self.order("setpoint", 50), at: endpoint.now)
        endpoint.run(until: at(2_000)) { _, _ in .reply(after: 1) }
        let end = try #require(Self.ends(endpoint).first)
        #expect(end.result == .refused && end.detail == "exception 3 (illegal data value)")
        #expect(endpoint.writes.count == 1)
    }

    @Test(arguments: [(true, WriteOutcome.Result.confirmed), (false, .noReply)])
    func afterAnUnansweredWriteTheReadBackDecides(_ wasTaken: Bool, _ result: WriteOutcome.Result) throws {
        var endpoint = try Self.idleEndpoint()
        endpoint.writeWorld = { message, _ in message.isRead ? .words([wasTaken ? 50 : 30], after: 2) : .silence }
        endpoint.session.submit(try Self.order("setpoint", 50), at: endpoint.now)
        endpoint.run(until: at(2_000)) { _, _ in .reply(after: 1) }
        #expect(Self.ends(endpoint).map(\.result) == [result])
        #expect(endpoint.session.state(ofDevice: 0).timeouts == 1)
    }

    @Test func aDeviceThatFallsSilentEndsItsWrites() throws {
        var endpoint = try Self.idleEndpoint()
        for name in ["setpoint", "speed", "enable"] {
            endpoint.session.submit(try Self.order(name, 1), at: endpoint.now)
        }
        endpoint.run(until: at(3_000)) { _, _ in .silence }
        #expect(Self.ends(endpoint).map(\.result) == [.noReply, .noReply, .noReply])
        #expect(endpoint.writes.count <= 4, "a dead device must not eat the time of others")
    }

    @Test func whereTheEndpointIsDownACommandEndsAtOnce() throws {
        var endpoint = try Self.idleEndpoint()
        endpoint.writeWorld = { _, _ in .close }
        endpoint.isReachable = false
        for name in ["setpoint", "speed"] { endpoint.session.submit(try Self.order(name, 1), at: endpoint.now) }
        endpoint.run(until: at(12)) { _, _ in .reply(after: 1) }
        #expect(Self.ends(endpoint).map(\.detail) == ["endpoint down", "endpoint down"])
        endpoint.session.submit(try Self.order("enable", 1), at: endpoint.now)
        endpoint.run(until: at(13)) { _, _ in .reply(after: 1) }
        #expect(Self.ends(endpoint).map(\.result) == [.noReply, .noReply, .noReply])
    }

    @Test func whileDrainingAllWritesLeaveBeforeAnythingIsReadBack() throws {
        var endpoint = try Self.idleEndpoint()
        endpoint.writeWorld = Self.obedient()
        for name in ["setpoint", "speed", "enable"] {
            endpoint.session.submit(try Self.order(name, 1), at: endpoint.now)
        }
        endpoint.session.beginDrain()
        endpoint.run(until: at(1_000)) { _, _ in .reply(after: 1) }
        #expect(endpoint.writes.map(\.message.isRead) == [false, false, false, true, true, true])
        #expect(Self.ends(endpoint).allSatisfy { $0.result == .confirmed })
        #expect(!endpoint.session.hasWrites)
    }

    @Test(arguments: [("setpoint", 101.0), ("setpoint", .nan), ("enable", 2.0), ("setpoint", -1.0)])
    func valuesOutsideTheWriteRangeAreRefused(_ name: String, _ value: Double) throws {
        #expect(try Self.order(name, 0).target.refusal(of: value) != nil)
    }
}
