// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// The water a tower cell loses, and the float valve that replaces it in bursts.
///
/// Drift is a share of rated water flow times air share; blowdown is `E/(CoC - 1) - drift`, not below zero, with
/// evaporation `E` and cycles of concentration `CoC` (EnergyPlus Engineering Reference, "Cooling Tower Makeup Water
/// Usage"). The float valve opens when the basin lacks 0.2 L per rated kilowatt (2 cm of level) and fills it at three
/// times the rated losses until nothing lacks. Over any time make-up equals losses less the change of what lacks.
package struct TowerWater: Hashable, Sendable {
    /// Water flows over a step.
    package struct Outputs: Hashable, Sendable {
        package let evaporation: MassFlow
        package let drift: MassFlow
        package let blowdown: MassFlow
        /// Mean flow through the float valve.
        package let makeUp: MassFlow
    }

    /// What the basin lacks to its full level, in kilograms.
    package private(set) var deficitKilograms = 0.0
    private var isFilling = false
    private let cycles: Double
    private let driftAtRating: Double
    private let fillRate: Double
    private let openDeficit: Double

    /// Drift of modern eliminators, share of the water flow.
    private static let driftShare = 5e-6
    /// Heat that evaporates one kilogram, in joules: 25 °C.
    private static let latentHeat = 2.44e6

    package init(cyclesOfConcentration: Double, ratedWaterFlow: MassFlow, ratedHeat: Power) {
        cycles = max(cyclesOfConcentration, 1.01)
        driftAtRating = Self.driftShare * ratedWaterFlow.kilogramsPerSecond
        fillRate = 3 * ratedHeat.watts / Self.latentHeat * cycles / (cycles - 1)
        openDeficit = ratedHeat.kilowatts * 0.2
    }

    /// Moves on by `dt` seconds.
    ///
    /// - Parameters:
    ///   - evaporation: From the fill; condensing vapour counts as none.
    ///   - airShare: Air flow over rated air flow.
    ///   - flows: Whether water runs over the fill.
    ///   - dt: The step in seconds.
    /// - Returns: Flows as means over the step.
    package mutating func step(evaporation: MassFlow, airShare: Double, flows: Bool, dt: Double) -> Outputs {
        let vapor = max(evaporation.kilogramsPerSecond, 0)
        let drift = flows ? driftAtRating * airShare : 0
        let blowdown = max(vapor / (cycles - 1) - drift, 0)
        let losses = vapor + drift + blowdown
        var makeUp = 0.0
        if dt > 0 {
            deficitKilograms += losses * dt
            if deficitKilograms >= openDeficit { isFilling = true }
            if isFilling {
                let filled = min(fillRate * dt, deficitKilograms)
                deficitKilograms -= filled
                makeUp = filled / dt
                if deficitKilograms <= 0 { isFilling = false }
            }
        }
        return Outputs(
            evaporation: MassFlow(kilogramsPerSecond: vapor),
            drift: MassFlow(kilogramsPerSecond: drift),
            blowdown: MassFlow(kilogramsPerSecond: blowdown),
            makeUp: MassFlow(kilogramsPerSecond: makeUp)
        )
    }
}
