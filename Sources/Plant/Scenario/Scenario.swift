// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// What goes wrong in and around a simulated site, when, and what must hold all the same.
package struct Scenario: Hashable, Sendable {
    /// What it is about, in one line; empty where the file gives none.
    package let title: String
    package let run: ScenarioRunSettings
    /// What goes wrong with devices, in the order of the file.
    package let faults: [FaultEvent]
    /// What goes wrong with the plant behind them, in the order of the file.
    package let plantFaults: [PlantFaultEvent]
    /// What happens to the world, in the order of the file.
    package let events: [SimulationEvent]
    /// When the agent is gone, in the order of the file.
    package let stops: [AgentStop]
    /// In the order of the file.
    package let expectations: [Expectation]

    package init(
        title: String = "",
        run: ScenarioRunSettings = ScenarioRunSettings(),
        faults: [FaultEvent] = [],
        plantFaults: [PlantFaultEvent] = [],
        events: [SimulationEvent] = [],
        stops: [AgentStop] = [],
        expectations: [Expectation] = []
    ) {
        self.title = title
        self.run = run
        self.faults = faults
        self.plantFaults = plantFaults
        self.events = events
        self.stops = stops
        self.expectations = expectations
    }
}

/// How a scenario is run in virtual time.
package struct ScenarioRunSettings: Hashable, Sendable {
    /// Plant time of the start; nil takes the site's.
    package let start: Timestamp?
    /// Plant time it takes.
    package let duration: Duration
    /// Plant time between two cycles of the controller, which is the plant's step too.
    package let step: Duration
    /// A synthetic climate by its name; nil takes the site's.
    package let climate: String?
    /// Utilisation of all racks; nil gives them their usual work.
    package let utilisation: Ratio?
    package let seed: UInt64

    package init(
        start: Timestamp? = nil,
        duration: Duration = .seconds(7_200),
        step: Duration = .seconds(5),
        climate: String? = nil,
        utilisation: Ratio? = nil,
        seed: UInt64 = 1
    ) {
        self.start = start
        self.duration = duration
        self.step = step
        self.climate = climate
        self.utilisation = utilisation
        self.seed = seed
    }
}

/// The agent is gone for a while: killed, or stopped in order.
package struct AgentStop: Hashable, Sendable {
    /// Plant time between the start of the scenario and the stop.
    package let after: Duration
    /// Plant time until it runs again.
    package let lasts: Duration
    /// Whether it sends what it holds back to the devices' own control before it goes.
    package let isOrderly: Bool
    /// Whether it finds its restart file when it comes back; without one its loops come up advisory, and an operator
    /// promotes them anew.
    package let keepsSnapshot: Bool
    /// Age of the restart file when the agent goes.
    package let snapshotAge: Duration

    package init(after: Duration, lasts: Duration, isOrderly: Bool, keepsSnapshot: Bool, snapshotAge: Duration) {
        self.after = after
        self.lasts = lasts
        self.isOrderly = isOrderly
        self.keepsSnapshot = keepsSnapshot
        self.snapshotAge = snapshotAge
    }
}
