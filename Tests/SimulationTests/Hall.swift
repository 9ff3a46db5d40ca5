// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import PlantSim
import Simulation
import SiteFiles
import TestKit
import Testing

/// The 10 MW hall in the air and under the load of a test.
enum Hall {
    static func site() throws -> SiteDescription { try #require(loaded.value, "\(loaded.problems)") }

    /// Read once: a debug build takes half a second over it.
    private static let loaded = SiteFiles.loadSite(
        path: Repository.path("simulators/sites/hall-10mw.yaml"),
        mapDirectories: [Repository.path("devicemaps")]
    )

    /// A day of synthetic weather from `date`, at 85 % of nominal power unless said otherwise.
    static func setup(
        _ climate: String = "stockholm",
        from date: String = "2026-04-10",
        hours: Double,
        step: Duration = .seconds(10),
        seed: UInt64 = 1,
        isSteady: Bool = true,
        events: [SimulationEvent] = []
    ) throws -> SimulationSetup {
        SimulationSetup(
            site: try site(),
            start: try #require(Timestamp(iso8601: date)),
            duration: .seconds(hours * 3_600),
            seed: seed,
            plantStep: step,
            controlStep: step,
            facility: isSteady ? try steady() : FacilitySettings(),
            surroundings: RunSurroundings(air: .climate(climate), events: events)
        )
    }

    /// A utilisation at which the racks draw 85 % of their nominal power.
    private static func steady() throws -> FacilitySettings {
        let trace = try LoadTrace(commaSeparated: "hours,utilisation\n0,0.7857\n1,0.7857\n")
        return FacilitySettings(profile: .trace(trace))
    }

    static func run(_ controller: SimulatedController, _ setup: SimulationSetup) throws -> SimulationResult {
        var run = try #require(controller.run(setup).0)
        let result = run.run()
        return try #require(result)
    }

    /// Hours of a scenario: a few here, whole days with THERMOCLINE_SCENARIO_HOURS=24.
    static let scenarioHours: Double = {
        let text = ProcessInfo.processInfo.environment["THERMOCLINE_SCENARIO_HOURS"]
        return min(240, max(1, text.flatMap { Double($0) } ?? 2))
    }()
}
