// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Testing

@Suite("Modes of loops")
struct CycleModeTests {
    static let complete = record()

    private static func record(
        site: String = "test-site",
        loops: [String] = ["economizer"],
        signedBy: String = "A. Engineer",
        date: String = "2026-02-27",
        checks: [CommissioningCheck] = [CommissioningCheck(what: "agent stopped, fans went to 100 %", isPassed: true)]
    ) -> CommissioningRecord {
        CommissioningRecord(site: site, loops: loops, signedBy: signedBy, date: date, checks: checks)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let record: CommissioningRecord?
        let missing: [String]
    }

    static let cases: [Case] = [
        Case(testDescription: "a complete record", record: complete, missing: []),
        Case(testDescription: "no record", record: nil, missing: ["commissioning record"]),
        Case(testDescription: "another site", record: record(site: "other"), missing: ["'other'"]),
        Case(testDescription: "another loop", record: record(loops: ["towers"]), missing: ["towers, not economizer"]),
        Case(testDescription: "no signature", record: record(signedBy: " "), missing: ["signed"]),
        Case(testDescription: "no date", record: record(date: "yesterday"), missing: ["'yesterday'"]),
        Case(testDescription: "no checks", record: record(checks: []), missing: ["no checks"]),
        Case(
            testDescription: "a failed check among passed ones, and another site",
            record: record(
                site: "other",
                checks: [
                    CommissioningCheck(what: "valve strokes", isPassed: true),
                    CommissioningCheck(what: "lease expires", isPassed: false),
                ]
            ),
            missing: ["'other'", "lease expires"]
        ),
    ]

    @Test("automatic needs a record that says all of it", arguments: cases)
    func promotion(_ row: Case) {
        var modes = LoopModes(site: "test-site", loops: ["economizer", "towers"])
        #expect(modes[0] == .advisory, "a new loop is advisory")
        let (reply, changed) = modes.request(loop: "economizer", mode: .automatic, record: row.record, obstacle: nil)
        #expect(reply.accepted == row.missing.isEmpty)
        #expect(changed == (row.missing.isEmpty ? 0 : nil))
        #expect(modes[0] == (row.missing.isEmpty ? .automatic : .advisory))
        #expect(modes[1] == .advisory)
        for part in row.missing { #expect(reply.message.contains(part), "\(reply.message)") }
    }

    @Test("down is possible at any time, without a record")
    func demotion() {
        var modes = LoopModes(site: "test-site", loops: ["economizer"])
        _ = modes.request(loop: "economizer", mode: .automatic, record: Self.complete, obstacle: nil)
        #expect(modes.entries[0].record == Self.complete)
        for mode in [LoopMode.advisory, .off] {
            let (reply, changed) = modes.request(loop: "economizer", mode: mode, record: nil, obstacle: "standby")
            #expect(reply.accepted && changed == 0)
            #expect(modes[0] == mode && modes.entries[0].record == nil)
        }
    }

    @Test("an agent that may not write promotes nothing, and says why")
    func obstacle() {
        var modes = LoopModes(site: "test-site", loops: ["economizer"])
        let (reply, _) = modes.request(
            loop: "economizer",
            mode: .automatic,
            record: Self.complete,
            obstacle: "this agent is on standby"
        )
        #expect(!reply.accepted && reply.message.contains("standby"))
    }

    @Test("an unknown loop and the mode hand are refused with what to do")
    func refusals() {
        var modes = LoopModes(site: "test-site", loops: ["economizer"])
        let unknown = modes.request(loop: "boiler", mode: .off, record: nil, obstacle: nil).reply
        #expect(!unknown.accepted && unknown.message.contains("economizer"))
        let hand = modes.request(loop: "economizer", mode: .hand, record: nil, obstacle: nil).reply
        #expect(!hand.accepted && hand.message.contains("points"))
    }
}
