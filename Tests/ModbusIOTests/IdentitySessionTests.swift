// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

/// The rules of identity in virtual time: what is asked when, and what may be read and written meanwhile.
@Suite struct IdentitySessionTests {
    static let reader = IdentityReader(
        IdentityProbe(table: .holdingRegister, address: 900, type: .unsigned(bits: 16), accepted: ["7"])
    )

    static func isIdentity(_ request: ReadRequest) -> Bool { request.block.address == 900 }

    static func endpoint(_ units: Int = 1, points: Int = 2, interval: Int64 = 1_000) throws -> VirtualEndpoint {
        let groups = Array(repeating: [(points: points, interval: interval)], count: units)
        return VirtualEndpoint(try endpointPlan(groups, identity: reader))
    }

    private func verdicts(_ endpoint: VirtualEndpoint) -> [String] {
        endpoint.effects.compactMap { effect in
            guard case .identified(_, let found, let isNews) = effect else { return nil }
            return "\(found)\(isNews ? " news" : "")"
        }
    }

    @Test func itIsAskedOnceBeforeAnyPointAndNotAgain() throws {
        var endpoint = try Self.endpoint()
        endpoint.run(until: at(5_500)) { request, _ in
            Self.isIdentity(request) ? .identity([7], after: 2) : .reply(after: 2)
        }
        #expect(Self.isIdentity(try #require(endpoint.sent.first).request))
        #expect(endpoint.sent.count { Self.isIdentity($0.request) } == 1)
        #expect(endpoint.sent.count >= 11, "its points are read at once and on their grid")
        let state = endpoint.session.state(ofDevice: 0)
        #expect(state.link == .up && state.identity == .confirmed && state.identityMismatches == 0)
        #expect(verdicts(endpoint) == [""], "the right device is no news")
    }

    @Test func aWrongDeviceIsAskedEveryTenSecondsForNothingElseUntilItIsRight() throws {
        var endpoint = try Self.endpoint()
        endpoint.run(until: at(35_000)) { request, now in
            guard Self.isIdentity(request) else { return .reply(after: 2) }
            return .identity([now < at(25_000) ? 8 : 7], after: 2)
        }
        let asked = endpoint.sent.filter { Self.isIdentity($0.request) }.map { $0.time.nanoseconds / 1_000_000_000 }
        #expect(asked == [0, 10, 20, 30])
        #expect(endpoint.sent.first { !Self.isIdentity($0.request) }.map { $0.time >= at(30_000) } == true)
        #expect(verdicts(endpoint) == ["8 (0x8) news", "8 (0x8)", "8 (0x8)", " news"])
        #expect(endpoint.session.state(ofDevice: 0).link == .up)
        #expect(endpoint.session.state(ofDevice: 0).identityMismatches == 3)
    }

    @Test func aWrongDeviceIsDownThoughItAnswers() throws {
        var endpoint = try Self.endpoint()
        endpoint.run(until: at(3_000)) { _, _ in .identity([8], after: 2) }
        let state = endpoint.session.state(ofDevice: 0)
        #expect(state.link == .down && state.failure == .identityMismatch && state.identity == .mismatch)
        #expect(endpoint.session.connection.link == .up)
    }

    @Test func aNewConnectionAndAUnitThatComesBackAreAskedAgain() throws {
        var endpoint = try Self.endpoint(2)
        var isCut = false
        endpoint.run(until: at(20_000)) { request, now in
            if Self.isIdentity(request) { return .identity([7], after: 2) }
            if now >= at(3_000), !isCut {
                isCut = true
                return .close
            }
            return request.unit == 2 && (at(8_000)..<at(12_000)).contains(now) ? .silence : .reply(after: 2)
        }
        let asked = endpoint.sent.filter { Self.isIdentity($0.request) }
        #expect(asked.count { $0.request.unit == 1 } >= 2)
        let ofSecond = asked.filter { $0.request.unit == 2 }.map(\.time)
        #expect(ofSecond.contains { $0 > at(3_000) && $0 < at(5_000) }, "after the new connection")
        #expect(ofSecond.contains { $0 > at(8_000) }, "after its silence")
        #expect(endpoint.session.state(ofDevice: 1).link == .up)
    }

    @Test(arguments: [UInt8(1), 2, 3])
    func aRefusalLeavesItUnconfirmedButRead(_ code: UInt8) throws {
        var endpoint = try Self.endpoint()
        endpoint.run(until: at(65_000)) { request, _ in
            Self.isIdentity(request) ? .exception(code, after: 2) : .reply(after: 2)
        }
        let state = endpoint.session.state(ofDevice: 0)
        #expect(state.identity == .unconfirmed && state.link == .degraded)
        #expect(endpoint.sent.count { Self.isIdentity($0.request) } == 2, "once a minute")
        #expect(endpoint.sent.count > 100)
        #expect(verdicts(endpoint).first?.hasSuffix(" news") == true && verdicts(endpoint).count == 2)
    }

    @Test func aBusyDeviceIsAskedAgainSoon() throws {
        var endpoint = try Self.endpoint()
        endpoint.run(until: at(5_000)) { request, now in
            guard Self.isIdentity(request) else { return .reply(after: 2) }
            return now < at(1_500) ? .exception(6, after: 2) : .identity([7], after: 2)
        }
        #expect(endpoint.session.state(ofDevice: 0).identity == .confirmed)
        #expect(endpoint.sent.prefix(2).allSatisfy { Self.isIdentity($0.request) })
    }

    @Test func aUnitThatIsSilentToThisQuestionAloneIsFoundAlive() throws {
        var endpoint = try Self.endpoint()
        endpoint.run(until: at(20_000)) { request, _ in Self.isIdentity(request) ? .silence : .reply(after: 2) }
        let state = endpoint.session.state(ofDevice: 0)
        #expect(state.identity == .unconfirmed && state.replies > 10)
        #expect(verdicts(endpoint) == ["no answer news"])
    }

    @Test func unitsThatAreDeadDoNotHoldUpTheIdentityOfOthers() throws {
        var endpoint = try Self.endpoint(16, points: 1, interval: 1_000)
        endpoint.run(until: at(60_000)) { request, _ in
            guard request.unit.isMultiple(of: 2) else { return .silence }
            return Self.isIdentity(request) ? .identity([7], after: 2) : .reply(after: 2)
        }
        for unit in stride(from: UInt8(2), through: 16, by: 2) {
            #expect(endpoint.requests(to: unit, 10_000..<60_000).count >= 45, "unit \(unit)")
        }
    }

    // MARK: Writes

    @Test func aCommandWaitsForTheIdentityAndThenLeaves() throws {
        var endpoint = try Self.endpoint()
        endpoint.writeWorld = WriteSessionTests.obedient()
        endpoint.run(until: at(50)) { _, _ in .silence }
        endpoint.session.submit(try WriteSessionTests.order("setpoint", 42), at: endpoint.now)
        endpoint.run(until: at(3_000)) { request, _ in
            Self.isIdentity(request) ? .identity([7], after: 2) : .reply(after: 2)
        }
        #expect(WriteSessionTests.ends(endpoint).map(\.result) == [.confirmed])
        let answered = try #require(endpoint.sent.last { Self.isIdentity($0.request) }).time
        #expect(endpoint.writes.allSatisfy { $0.time > answered })
    }

    @Test(arguments: [(true, "it says 8 (0x8)"), (false, "exception 2 (illegal data address)")])
    func nothingIsWrittenToADeviceThatIsNotKnownToBeTheRightOne(_ isWrong: Bool, _ words: String) throws {
        var endpoint = try Self.endpoint()
        endpoint.writeWorld = WriteSessionTests.obedient()
        endpoint.run(until: at(2_000)) { request, _ in
            guard Self.isIdentity(request) else { return .reply(after: 2) }
            return isWrong ? .identity([8], after: 2) : .exception(2, after: 2)
        }
        endpoint.session.submit(try WriteSessionTests.order("setpoint", 42), at: endpoint.now)
        endpoint.run(until: at(4_000)) { _, _ in .reply(after: 2) }
        let end = try #require(WriteSessionTests.ends(endpoint).first)
        #expect(endpoint.writes.isEmpty && end.result == .blocked)
        #expect(end.detail.contains("expects 7") && end.detail.contains(words), "\(end.detail)")
    }

    @Test func theLastCommandsBeforeAStopStillGetTheirQuestionAnswered() throws {
        let groups = [[(points: 2, interval: Int64(1_000))]]
        var endpoint = VirtualEndpoint(try endpointPlan(groups, settle: 100, identity: Self.reader))
        endpoint.writeWorld = WriteSessionTests.obedient()
        endpoint.run(until: at(50)) { _, _ in .silence }
        endpoint.session.submit(try WriteSessionTests.order("setpoint", 42), at: endpoint.now)
        endpoint.session.beginDrain()
        endpoint.run(until: at(3_000)) { _, _ in .identity([7], after: 2) }
        #expect(endpoint.sent.count == 1, "nothing is read but what the command needs")
        #expect(WriteSessionTests.ends(endpoint).map(\.result) == [.confirmed])
    }
}
