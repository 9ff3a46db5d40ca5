// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

// The adiabatic saturation balance of ASHRAE Fundamentals 2017 chapter 1: equation 33 over liquid water, 35 over ice.
extension MoistAir {
    /// The thermodynamic wet-bulb temperature.
    ///
    /// Solves equation 33 from 0 °C up and equation 35 below, to a micro-kelvin in about five steps.
    ///
    /// Just above freezing both have a solution (at 5 °C and sea level between 32.7 and 37.0 % relative humidity),
    /// since the wick may be wet or frozen. The liquid one is given then: it is what a wetted tower sees, it is the
    /// higher, so free cooling is never promised on ice, and the result rises with humidity. It jumps to 0 °C at the
    /// dry edge of that band; logic that acts on it needs a dead band of 0.5 K there.
    ///
    /// Foggy air has its dry bulb.
    package var wetBulb: Temperature {
        let balance = WetBulbBalance(self)
        let dryBulbCelsius = dryBulb.celsius
        guard isFinite, Saturation.validTemperatures.contains(dryBulb) else { return Temperature(celsius: .nan) }
        let isLiquid = dryBulbCelsius > 0 && balance.overWater(celsius: 0).value <= 0
        let lower = isLiquid ? 0 : Saturation.validTemperatures.lowerBound.celsius
        let upper = isLiquid ? dryBulbCelsius : min(dryBulbCelsius, 0)
        let celsius = BracketedNewton.root(lower: lower, upper: upper, start: upper, tolerance: 1e-6) { celsius in
            isLiquid ? balance.overWater(celsius: celsius) : balance.overIce(celsius: celsius)
        }
        return Temperature(celsius: celsius)
    }

    /// Makes air of a wet bulb: equation 33 from 0 °C up, equation 35 below.
    ///
    /// A wet bulb above the dry bulb counts as saturation, one lower than that of dry air as dry.
    package init(dryBulb: Temperature, wetBulb: Temperature, pressure: Pressure = .standardAtmosphere) {
        let bulb = min(wetBulb, dryBulb).celsius
        let air = dryBulb.celsius
        let saturated = Saturation.humidityRatio(at: Temperature(celsius: bulb), pressure: pressure)
            .kilogramsPerKilogram
        let ratio =
            bulb >= 0
            ? ((2_501 - 2.326 * bulb) * saturated - 1.006 * (air - bulb)) / (2_501 + 1.86 * air - 4.186 * bulb)
            : ((2_830 - 0.24 * bulb) * saturated - 1.006 * (air - bulb)) / (2_830 + 1.86 * air - 2.1 * bulb)
        self.init(
            dryBulb: dryBulb,
            humidityRatio: HumidityRatio(kilogramsPerKilogram: ratio),
            pressure: pressure
        )
    }
}

/// Equations 33 and 35 multiplied out, so that they rise with the wet-bulb temperature; in kJ per kg of dry air.
private struct WetBulbBalance {
    let dryBulbCelsius: Double
    let ratio: Double
    let pascals: Double

    init(_ air: MoistAir) {
        dryBulbCelsius = air.dryBulb.celsius
        ratio = air.humidityRatio.kilogramsPerKilogram
        pascals = air.pressure.pascals
    }

    /// Equation 33, for a bulb wetted by liquid water.
    func overWater(celsius t: Double) -> (value: Double, slope: Double) {
        let saturated = Saturation.humidityRatioCurve(celsius: t, pascals: pascals)
        return (
            (2_501 - 2.326 * t) * saturated.value - 1.006 * (dryBulbCelsius - t)
                - ratio * (2_501 + 1.86 * dryBulbCelsius - 4.186 * t),
            (2_501 - 2.326 * t) * saturated.slope - 2.326 * saturated.value + 1.006 + 4.186 * ratio
        )
    }

    /// Equation 35, for a bulb covered with ice.
    func overIce(celsius t: Double) -> (value: Double, slope: Double) {
        let saturated = Saturation.humidityRatioCurve(celsius: t, pascals: pascals)
        return (
            (2_830 - 0.24 * t) * saturated.value - 1.006 * (dryBulbCelsius - t)
                - ratio * (2_830 + 1.86 * dryBulbCelsius - 2.1 * t),
            (2_830 - 0.24 * t) * saturated.slope - 0.24 * saturated.value + 1.006 + 2.1 * ratio
        )
    }
}
