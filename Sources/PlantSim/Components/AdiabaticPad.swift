// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// Wetted pads in front of an air inlet: they cool the air towards its wet bulb at the cost of water.
///
/// Direct evaporative cooling along the wet bulb, `T_out = T_db - e w (T_db - T_wb)`, with saturation effectiveness
/// `e` = 0.70 at rated air flow (the direct cooler of EnergyPlus' data centre example; makers claim 0.6 to 0.85)
/// and wetness `w`. Evaporation is the mass balance of the air, `m (w_out - w_in)`; bleed keeps the cycles
/// of concentration, so make-up is `E CoC/(CoC - 1)`. Pads wet with a time constant of 80 s and dry with one of
/// 300 s; what they hold counts as make-up when it evaporates. The unit's own frost protection drains them below 4 °C
/// and lets them be wetted again from 6 °C. Valid for dry bulbs of 4...50 °C.
package struct AdiabaticPad: Hashable, Sendable {
    /// The air behind the pads and the water it took.
    package struct Outputs: Hashable, Sendable {
        package let air: MoistAir
        package let evaporation: MassFlow
        /// Water to the pads: evaporation and bleed.
        package let makeUp: MassFlow
    }

    /// Share of the way to the wet bulb with wet pads.
    package let effectiveness: Ratio
    /// Dissolved solids of the bleed over those of the make-up, a ratio.
    package let cyclesOfConcentration: Double
    /// How wet the pads are, 0...1.
    package private(set) var wetness = Ratio.zero
    /// Whether frost protection has drained the pads.
    package private(set) var isDrained = false

    private static let wettingSeconds = 80.0
    private static let dryingSeconds = 300.0
    private static let drainTemperature = 4.0
    private static let drainHysteresis = 2.0
    /// Below this a pad counts as dry.
    private static let driest = 1e-3

    package init(effectiveness: Ratio = Ratio(fraction: 0.70), cyclesOfConcentration: Double = 3) {
        self.effectiveness = effectiveness.clamped(to: Ratio.zero...Ratio.full)
        self.cyclesOfConcentration = max(cyclesOfConcentration, 1.01)
    }

    /// Moves on by `dt` seconds.
    ///
    /// - Parameters:
    ///   - isWetted: Whether water is asked for.
    ///   - air: The air in front of the pads.
    ///   - wetBulb: Its wet bulb.
    ///   - dryAirFlow: Dry air through the pads.
    ///   - dt: The step in seconds.
    /// - Returns: The air behind the pads and the water it took.
    package mutating func step(
        isWetted: Bool,
        air: MoistAir,
        wetBulb: Temperature,
        dryAirFlow: MassFlow,
        dt: Double
    ) -> Outputs {
        isDrained = air.dryBulb.celsius < Self.drainTemperature + (isDrained ? Self.drainHysteresis : 0)
        let target = isWetted && !isDrained ? 1.0 : 0
        let lag = target > wetness.fraction ? Self.wettingSeconds : Self.dryingSeconds
        var next = wetness.fraction + (target - wetness.fraction) * -Libm.expm1(-dt / lag)
        if target == 0, next < Self.driest { next = 0 }
        wetness = Ratio(fraction: next)
        let depression = (air.dryBulb - wetBulb).kelvins
        guard next > 0, depression > 0 else { return Self.dry(air) }
        let leaving = Temperature(celsius: air.dryBulb.celsius - effectiveness.fraction * next * depression)
        let cooled = MoistAir(dryBulb: leaving, wetBulb: wetBulb, pressure: air.pressure)
        let vapor = (cooled.humidityRatio - air.humidityRatio).kilogramsPerKilogram
        let evaporation = max(vapor, 0) * dryAirFlow.kilogramsPerSecond
        return Outputs(
            air: cooled,
            evaporation: MassFlow(kilogramsPerSecond: evaporation),
            makeUp: MassFlow(
                kilogramsPerSecond: evaporation * cyclesOfConcentration / (cyclesOfConcentration - 1)
            )
        )
    }

    private static func dry(_ air: MoistAir) -> Outputs {
        let none = MassFlow(kilogramsPerSecond: 0)
        return Outputs(air: air, evaporation: none, makeUp: none)
    }
}
