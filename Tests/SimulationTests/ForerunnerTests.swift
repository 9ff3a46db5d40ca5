// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import PlantSim
import Simulation
import Testing
import Thermo

/// A run that goes on from its forerunner's plant where that has come through with less.
@Suite("A run with a forerunner")
struct ForerunnerTests {
    /// Holds one speed of all tower fans, and counts how often it is given another plant.
    private struct Stubborn: PlanningController {
        let name = "stubborn"
        let speed: Double
        private(set) var takeovers = 0

        init(speed: Double) { self.speed = speed }

        mutating func step(_ plant: SimulatedSite, dt: Duration) -> [PointValue] {
            plant.site.plant.coolingTowers.compactMap { tower in
                plant.site.index(equipment: tower.id, PointName.fanSpeedCommand).map {
                    PointValue(point: $0, value: takeovers == 0 ? speed : 0.5)
                }
            }
        }

        mutating func takeOver(_ plant: SimulatedSite) { takeovers += 1 }
    }

    private static func result(
        of speed: Double,
        after other: Double? = nil,
        hours: Double
    ) throws -> SimulationResult {
        let setup = try Hall.setup(hours: hours, step: .seconds(30))
        let forerunner = try other.map {
            try #require(SimulationRun.make(setup, controller: Stubborn(speed: $0)).0)
        }
        let made = SimulationRun.make(setup, controller: Stubborn(speed: speed), forerunner: forerunner)
        var run = try #require(made.0)
        let result = run.run()
        return try #require(result)
    }

    @Test("that came through with less is its forerunner's in every figure", .timeLimit(.minutes(1)))
    func better() throws {
        let alone = try Self.result(of: 0.6, hours: 0.2)
        let wasteful = try Self.result(of: 1, hours: 0.2)
        #expect(alone.energy.facility < wasteful.energy.facility)
        #expect(try Self.result(of: 1, after: 0.6, hours: 0.2) == alone)
        #expect(try Self.result(of: 0.6, after: 1, hours: 0.2) == alone)
    }

    @Test("goes on by itself from the plant it took over", .timeLimit(.minutes(1)))
    func takeover() throws {
        let ahead = try Self.result(of: 0.6, hours: 1.1)
        let both = try Self.result(of: 1, after: 0.6, hours: 1.1)
        #expect(both.series.prefix(12) == ahead.series.prefix(12))
        #expect(both.series.last != ahead.series.last)
        #expect(both.isValid, "\(both.closure)")
        #expect(both.hours == ahead.hours)
    }
}
