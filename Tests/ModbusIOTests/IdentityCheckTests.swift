// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

/// What is known of a unit's identity, driven by events.
@Suite struct IdentityCheckTests {
    enum Step: Sendable {
        case right
        case wrong
        case refused(isLasting: Bool)
        case silence
        case missed
        case heard
        case begin
    }

    @Test(arguments: [
        ([Step](), DeviceIdentity.State.awaited), ([.right], .confirmed), ([.wrong], .mismatch),
        ([.wrong, .right], .confirmed), ([.right, .begin], .awaited), ([.wrong, .begin], .awaited),
        ([.refused(isLasting: true)], .unconfirmed), ([.refused(isLasting: false)], .awaited),
        ([.refused(isLasting: false), .refused(isLasting: false), .refused(isLasting: false)], .unconfirmed),
        ([.silence, .heard], .awaited), ([.silence, .silence, .heard], .unconfirmed),
        ([.silence, .silence, .begin, .heard], .awaited), ([.refused(isLasting: true), .right], .confirmed),
        ([.refused(isLasting: true), .wrong], .mismatch), ([.wrong, .silence, .silence], .mismatch),
    ])
    func aVerdictFollowsWhatWasAnswered(_ steps: [Step], _ state: DeviceIdentity.State) {
        #expect(after(steps).state == state)
    }

    @Test(
        arguments: [
            ([Step](), Int64(0)), ([.right], Int64.max), ([.wrong], 10_000), ([.refused(isLasting: true)], 60_000),
            ([.refused(isLasting: false)], 500), ([.silence], 500), ([.refused(isLasting: true), .silence], 60_000),
        ] as [([Step], Int64)]
    )
    func itIsAskedAgainAfterAModestTime(_ steps: [Step], _ milliseconds: Int64) {
        #expect(after(steps).dueAt == (milliseconds == .max ? .never : at(milliseconds)))
    }

    /// A unit that is silent to this question alone must not look dead for ever.
    @Test func oneThatIsDownIsAskedForAPointTurnAndTurnAbout() {
        var check = after([])
        var asked: [Bool] = []
        for _ in 0..<6 {
            asked.append(check.isAskedFirst)
            if check.isAskedFirst { check.silent(at: at(0), interval: 1) } else { check.missed(at: at(0)) }
        }
        #expect(asked == [true, true, false, true, false, true])
    }

    @Test func withoutRegistersEverythingIsPermittedAndNothingIsAsked() {
        var check = IdentityCheck(isNeeded: false)
        check.begin(at: at(0))
        check.silent(at: at(0), interval: 1)
        #expect(check.state == nil && check.permitsReads && check.dueAt == .never && !check.isAskedFirst)
    }

    private func after(_ steps: [Step]) -> IdentityCheck {
        var check = IdentityCheck(isNeeded: true)
        check.begin(at: at(0))
        for step in steps {
            switch step {
            case .right: check.answered(isAccepted: true, at: at(0))
            case .wrong: check.answered(isAccepted: false, at: at(0))
            case .refused(let isLasting): check.refused(isLasting: isLasting, at: at(0), interval: milliseconds(500))
            case .silence: check.silent(at: at(0), interval: milliseconds(500))
            case .missed: check.missed(at: at(0))
            case .heard: check.heard(at: at(0))
            case .begin: check.begin(at: at(0))
            }
        }
        return check
    }
}

@Suite struct IdentityReaderTests {
    private static let text = IdentityProbe(
        table: .holdingRegister,
        address: 8,
        type: .string(registers: 4),
        accepted: ["ACME", "Apex"]
    )

    private static func words(_ text: String) -> [UInt16] {
        let bytes = Array(text.utf8) + Array(repeating: 0, count: max(0, 8 - text.utf8.count))
        return (0..<4).map { UInt16(bytes[2 * $0]) << 8 | UInt16(bytes[2 * $0 + 1]) }
    }

    @Test(arguments: [
        ("ACME 70", true, "'ACME 70'"), ("Apex", true, "'Apex'"), ("acme", false, "'acme'"),
        ("", false, "an empty text"),
        ("AC\u{1B}[2J", false, "'AC\u{FFFD}[2J'"),
    ])
    func aTextIsKnownByItsPrefix(_ answer: String, _ isAccepted: Bool, _ shown: String) {
        let reader = IdentityReader(Self.text)
        let judged = reader.judge(Self.words(answer))
        #expect(judged.isAccepted == isAccepted && reader.shown(judged) == shown)
        #expect(reader.expected == "'ACME' or 'Apex'")
        #expect(reader.block.range == RegisterRange(table: .holdingRegister, address: 8, count: 4))
    }

    @Test(arguments: [(UInt16(0x5C01), true), (0x5C02, false)])
    func aNumberIsKnownByItsValueAndShownInBothBases(_ word: UInt16, _ isAccepted: Bool) {
        let probe = IdentityProbe(
            table: .holdingRegister,
            address: 100,
            type: .unsigned(bits: 16),
            accepted: (0..<9).map { String(0x5C01 + 2 * $0) }
        )
        let reader = IdentityReader(probe)
        let judged = reader.judge([word])
        #expect(judged.isAccepted == isAccepted)
        #expect(reader.shown(judged) == (isAccepted ? "23553 (0x5C01)" : "23554 (0x5C02)"))
        #expect(reader.expected.hasSuffix("or 3 more"))
    }
}
