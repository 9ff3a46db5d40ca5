// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import PlantSim
import Simulation
import SiteFiles
import TestKit
import Testing

/// A shipped site with its simulated plant and the shipped control, cycle by cycle in virtual time.
///
/// Readings are fresh and exact; commands reach the plant at the end of the cycle and are confirmed in the next.
struct VirtualSite {
    var plant: SimulatedSite
    var control: ControlCycle
    private var outcomes: [WriteOutcome] = []
    /// Plant time of one cycle.
    let dt = Duration.seconds(3)
    let authority = Authority(role: .active, epoch: 1)

    init(_ name: String, seed: UInt64 = 1) throws {
        let loaded = SiteFiles.loadSite(
            path: Repository.path("simulators/sites/\(name).yaml"),
            mapDirectories: [Repository.path("devicemaps")]
        )
        let site = try #require(loaded.value, "\(loaded.problems)")
        let start = try #require(site.simulation?.start)
        let simulated = Facility.make(site: site, seed: seed, start: start)
        plant = SimulatedSite(site: site, facility: try #require(simulated.0, "\(simulated.problems)"))
        let made = ControlCycle.make(site: site)
        control = try #require(made.0, "\(made.problems)")
    }

    var site: SiteDescription { plant.site }
    var facility: Facility {
        get { plant.facility }
        set { plant.facility = newValue }
    }
    var image: ProcessImage { plant.image }

    /// Plant time since the start of the simulation.
    var elapsed: Duration { facility.time - (site.simulation?.start ?? facility.time) }

    /// One cycle: the plant moves on, is read, control decides, and the plant takes its commands.
    mutating func step(_ requests: [OperatorRequest] = []) -> ControlOutputs {
        watch()
        let outputs = control.step(
            image,
            dt: dt,
            requests: requests,
            outcomes: outcomes,
            devices: [],
            authority: authority
        )
        outcomes = plant.carryOut(outputs.commands)
        return outputs
    }

    /// One cycle of a plant whose agent is gone.
    mutating func watch() {
        plant.advance(dt)
        plant.read()
    }

    /// Promotes every loop with a complete record.
    func promotions() -> [OperatorRequest] { site.promotions(by: "closed-loop test") }

    /// The usable value of an equipment's point in the newest image.
    func value(_ equipment: String, _ point: String) -> Double? { plant.value(equipment, point) }
}
