// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// The efficiency of a water-cooled centrifugal chiller at the high water temperatures of AI halls.
///
/// `COP = min(14, η (T_evap) / max(8 K, T_cond - T_evap) f(x))`, with evaporation 1.5 K below leaving chilled water
/// and condensation 1.5 K above leaving condenser water. The published bi-quadratic curves end at 8 to 13 °C leaving
/// water and give absurd results beyond, so a constant share of Carnot carries instead; η = 0.61...0.74 for six
/// published centrifugal sets at 6.7 °C leaving, 29.4 °C entering (Modelica Buildings Library,
/// `Chillers.Data.ElectricEIR`). Part load `f(x) = x / EIRFPLR(x)` is that of the set
/// `ElectricEIREnergyPlusTraneCVHF2317kW6.33COPVSD` there.
package enum ChillerCurves {
    /// Water to refrigerant in evaporator and condenser, in kelvins.
    static let pinch = 1.5
    /// The lift below which the machine gains nothing more, in kelvins.
    static let minimumLift = 8.0
    /// The highest COP, a dimensionless ratio.
    static let greatestCOP = 14.0

    /// Gain of the COP at a part load over full load, a factor of 1 at full load; load 0...1.
    package static func partLoadFactor(_ load: Double) -> Double {
        let atFull = 0.09861441 + 0.5297727 + 0.3707229
        let input = 0.09861441 + load * (0.5297727 + 0.3707229 * load)
        return load * atFull / input
    }

    /// The coefficient of performance.
    ///
    /// - Parameters:
    ///   - carnotFraction: Share of the Carnot COP at full load.
    ///   - evaporatorLeaving: Chilled water leaving.
    ///   - condenserLeaving: Condenser water leaving.
    ///   - load: Share of the capacity, above 0.
    /// - Returns: Evaporator heat over power.
    package static func coefficientOfPerformance(
        carnotFraction: Ratio,
        evaporatorLeaving: Temperature,
        condenserLeaving: Temperature,
        load: Double
    ) -> Double {
        let evaporation = evaporatorLeaving.kelvins - pinch
        let lift = max(condenserLeaving.kelvins + pinch - evaporation, minimumLift)
        return min(greatestCOP, carnotFraction.fraction * evaporation / lift * partLoadFactor(load))
    }
}
