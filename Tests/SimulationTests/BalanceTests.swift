// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Simulation
import Testing

@Suite("The balances of a run")
struct BalanceTests {
    /// What went wrong in a day that moved 1,000 J of heat and 100 kg of water.
    struct Day: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let isClosed: Bool
        /// What the objection names; nothing where there is none.
        let named: String?
        let change: @Sendable (inout PlantAccount) -> Void
    }

    static let days = [
        Day(testDescription: "all accounted for", isClosed: true, named: nil) { _ in },
        Day(testDescription: "heat that stays in the water", isClosed: true, named: nil) { account in
            account.storedHeat += 300
            account.balance.rejected -= 300
        },
        Day(testDescription: "heat that got lost", isClosed: false, named: "heat") { $0.balance.rejected -= 2 },
        Day(testDescription: "heat from nowhere", isClosed: false, named: "heat") { $0.balance.exported += 2 },
        Day(testDescription: "water the basins still lack", isClosed: true, named: nil) { account in
            account.balance.makeUp -= 40
            account.lackingWater += 40
        },
        Day(testDescription: "no make-up yet", isClosed: true, named: nil) { account in
            account.balance.makeUp = 0
            account.lackingWater += 100
        },
        Day(testDescription: "water that got lost", isClosed: false, named: "water") { $0.balance.makeUp += 0.2 },
        Day(testDescription: "water lost without make-up", isClosed: false, named: "water") { account in
            account.balance.makeUp = 0
        },
        Day(testDescription: "water within the limit", isClosed: true, named: nil) { $0.balance.drift += 0.05 },
        Day(testDescription: "heat that is no number", isClosed: false, named: "heat") { $0.storedHeat = .nan },
    ]

    @Test("close, or say which does not", arguments: days)
    func judged(day: Day) {
        var account = PlantAccount()
        account.balance.released = 900
        account.balance.machines = 100
        account.balance.rejected = 800
        account.balance.exported = 200
        account.balance.evaporation = 79
        account.balance.drift = 1
        account.balance.blowdown = 20
        account.balance.makeUp = 100
        day.change(&account)
        var closure = BalanceClosure()
        closure.judge(from: PlantAccount(), to: account)
        #expect(closure.isClosed == day.isClosed, "\(closure)")
        #expect(closure.objections.count == (day.named == nil ? 0 : 1), "\(closure.objections)")
        if let named = day.named { #expect(closure.objections.joined().contains("the \(named) balance")) }
    }

    /// Basins of towers fill in bursts and pads hold water: neither may look like a loss.
    @Test("close in water to the last drop", .timeLimit(.minutes(1)), arguments: ["legacy-air", "direct-to-chip"])
    func water(name: String) throws {
        let site = try SiteComparison.site(name)
        let setup = SimulationSetup(
            site: site,
            start: try #require(Timestamp(iso8601: "2026-07-15T12:00:00Z")),
            duration: .seconds(3_600),
            plantStep: .seconds(30),
            controlStep: .seconds(30),
            surroundings: RunSurroundings(air: .climate("phoenix"))
        )
        let result = try Hall.run(.shipped, setup)
        #expect(result.energy.water > 0)
        #expect(result.closure.worstWater < 1e-9)
        #expect(result.isValid, "\(result.closure)")
    }

    /// A pool that takes nearly all heat leaves some hundred watts to the dry cooler: that is cooling at such a size.
    @Test("count the modes of a small site by its own size", .timeLimit(.minutes(1)))
    func smallSite() throws {
        let setup = SimulationSetup(
            site: try SiteComparison.site("pool-28kw"),
            start: try #require(Timestamp(iso8601: "2026-03-01T06:00:00Z")),
            duration: .seconds(19 * 3_600),
            plantStep: .seconds(30),
            controlStep: .seconds(30)
        )
        let modes = try Hall.run(.shipped, setup).modes
        #expect(modes.changes == 0 && modes.free > 18.9, "\(modes)")
    }
}
