// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What surrounds one run of the simulated plant, where that is not what the site says.
package struct RunSurroundings: Hashable, Sendable {
    /// Where the outdoor air comes from.
    package enum Air: Hashable, Sendable {
        /// The climate of the site description.
        case site
        /// A synthetic climate by its name.
        case climate(String)
        /// A year from a file.
        case series(WeatherSeries)
    }

    package var air: Air
    /// What happens during the run; nil takes the events of the site.
    package var events: [SimulationEvent]?

    package init(air: Air = .site, events: [SimulationEvent]? = nil) {
        self.air = air
        self.events = events
    }

    /// The climates that can be named.
    package static var climates: [String] { SimulatedWorld.climates }
}
