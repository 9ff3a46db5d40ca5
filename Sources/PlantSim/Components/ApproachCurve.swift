// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// A plate exchanger stated by its approach alone, as plant surveys and hourly models state it.
///
/// `T_hot,leaving - T_cold,entering = a (Q / Q0)^n`, whatever the flows; an approach in proportion to heat (`n` = 1) is
/// that of a constant effectiveness, `n` = 0.8 grants the plates part of what lower flow costs them. Economizers have
/// 1.7 to 2.8 K at design (Lei and Masanet, Resources, Conservation and Recycling 182, 2022).
package struct ApproachCurve: Hashable, Sendable {
    /// Heat at design.
    package let designHeat: Power
    /// Hot fluid leaving minus cold fluid entering at design.
    package let designApproach: TemperatureDifference
    /// The exponent of the heat's share, dimensionless.
    package let exponent: Double

    package init(designHeat: Power, designApproach: TemperatureDifference, exponent: Double) {
        self.designHeat = designHeat
        self.designApproach = designApproach
        self.exponent = exponent
    }

    /// The effectiveness that gives the stated approach.
    ///
    /// Found by bisection on the heat, which falls as the approach grows; never more than the cold stream takes up.
    ///
    /// - Parameters:
    ///   - hotRate: Capacity rate through the plates, in watts per kelvin, above 0.
    ///   - coldRate: The same of the cold stream.
    ///   - difference: Hot minus cold fluid entering, in kelvins; of either sign.
    ///   - cleanliness: Share of the conductance left: the approach grows by its inverse.
    /// - Returns: Heat over the greatest heat that the flows could exchange, 0...1.
    func effectiveness(hotRate: Double, coldRate: Double, difference: Double, cleanliness: Ratio) -> Double {
        let span = abs(difference)
        let greatest = min(hotRate, coldRate) * span
        guard greatest > 0 else { return 0 }
        let approach = designApproach.kelvins / max(cleanliness.fraction, 0.01)
        var low = 0.0
        var high = greatest
        for _ in 0..<48 {
            let heat = (low + high) / 2
            let needed = approach * Libm.pow(heat / designHeat.watts, exponent)
            if heat / hotRate + needed < span { low = heat } else { high = heat }
        }
        return low / greatest
    }
}
