// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import PlantSim
import Simulation
import Testing

/// The shipped hall on two loops through whole days of Frankfurt's year.
@Suite("A hall on two water loops")
struct TwoLoopRunTests {
    private static func run(_ date: String, step: Duration, permit: Bool) throws -> SimulationResult {
        let trace = try LoadTrace(commaSeparated: "hours,utilisation\n0,0.7857\n1,0.7857\n")
        let setup = SimulationSetup(
            site: try SiteComparison.site("two-loops"),
            start: try #require(Timestamp(iso8601: date)),
            duration: .seconds(86_400),
            plantStep: step,
            controlStep: step,
            facility: FacilitySettings(profile: .trace(trace)),
            surroundings: RunSurroundings(
                air: .climate("frankfurt"),
                events: permit ? [SimulationEvent(after: .zero, kind: .districtPermit(true))] : []
            )
        )
        return try Hall.run(.shipped, setup)
    }

    @Test(
        "goes through a day under control without leaving a limit, and its balances close",
        .timeLimit(.minutes(5)),
        arguments: [("2026-01-15", 10, true), ("2026-07-15", 30, false)]
    )
    func day(date: String, step: Int, permit: Bool) throws {
        let result = try Self.run(date, step: .seconds(step), permit: permit)
        #expect(result.isValid && result.closure.worstHeat < 1e-4, "\(result.closure)")
        #expect(result.violations.map(\.kelvinMinutes) == [0, 0, 0, 0], "\(result.violations)")
        let energy = result.energy
        #expect(result.closure.worstWater < 1e-4, "\(result.closure)")
        let parts = energy.informationTechnology + energy.cooling + energy.heatUpgrade + energy.electrical
        #expect(abs(parts - energy.facility) < 1e-9 * energy.facility)
        let figures = result.keyFigures
        let pue = try #require(figures.pueWithoutHeatUpgrade)
        #expect((1.06...1.11).contains(pue), "\(pue)")
        #expect((figures.wue ?? .nan) < 0.5)
        let erf = try #require(figures.erf)
        #expect(permit ? erf > 0.35 : erf == 0, "\(erf)")
        // No machine starts more often than it may, which is twice an hour at the very most.
        #expect(result.machines.allSatisfy { $0.starts <= 6 }, "\(result.machines)")
    }
}
