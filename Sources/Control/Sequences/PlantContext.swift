// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// How the plant makes its cooling, told from what is proven.
package enum CoolingMode: String, CaseIterable, Sendable, Codable {
    /// The economizer is off.
    case fullMechanical = "full_mechanical"
    /// The economizer pre-cools the return water, chillers do the rest.
    case partialMechanical = "partial_mechanical"
    /// The economizer carries the load alone.
    case freeCooling = "free_cooling"
}

/// What the loops of one cycle tell those after them.
///
/// Each field is set by the loop named there and read by later ones; before that loop has run in the cycle, and on a
/// site without it, the field has the value of the cycle before or its first value.
package struct PlantContext: Hashable, Sendable, Codable {
    /// Heat export: heat goes to the district network, so rejection stands by.
    package var isExporting = false
    /// Heat export: export is being given up, so rejection must take the heat over before it is cut.
    package var isTransferring = false
    /// Heat export: heat drawn from the return water at present.
    package var exportedHeat = Power.zero
    /// Economizer: it is on, as decided where the loop acts, as proven where it does not.
    package var isEconomizerOn = false
    /// Economizer: its valve is proven open, or throttled only because its water is too cold.
    package var isEconomizerOpen = false
    /// Economizer: predicted leaving temperature; nil where the weather or the loop is not known.
    package var predictedLeavingTemperature: Temperature?
    /// Economizer: outdoor wet bulb; nil where it is not known.
    package var wetBulb: Temperature?
    /// Economizer: how the plant cools at present.
    package var coolingMode = CoolingMode.fullMechanical
    /// Chiller staging: machines proven running, or not known to stand.
    package var runningChillers = 0
    /// Chiller staging: a machine is told to run, so condenser water must flow.
    package var isChillerWanted = false
    /// Chiller staging: load over the capacity of the running machines.
    package var chillerLoadRatio: Ratio?
    /// Cooling tower: the fans are at full speed.
    package var isTowerAtFullSpeed = false

    package init() {}
}
