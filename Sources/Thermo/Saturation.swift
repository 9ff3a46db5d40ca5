// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Water vapour in equilibrium with a plane surface of liquid water or ice.
///
/// Equations 5 and 6 of ASHRAE Handbook Fundamentals 2017 chapter 1 (Hyland and Wexler 1983), valid from
/// -100 to 200 °C. Ice is used up to the triple point at 0.01 °C and liquid water above it: the two curves
/// meet there within 4 µPa, while a change at 0 °C would leave a step that has no inverse.
/// Outside the valid range, and for NaN, every function here returns NaN.
package enum Saturation {
    /// The temperatures for which the saturation equations hold.
    package static let validTemperatures = Temperature(celsius: -100)...Temperature(celsius: 200)

    /// The triple point of water.
    package static let triplePoint = Temperature(celsius: 0.01)

    /// Ratio of the molar masses of water and dry air (ASHRAE Fundamentals 2017 chapter 1, equation 20).
    static let molarMassRatio = 0.621945

    /// The saturation pressure of water vapour over ice (up to 0.01 °C) or liquid water.
    package static func pressure(at temperature: Temperature) -> Pressure {
        Pressure(pascals: curve(celsius: temperature.celsius).pascals)
    }

    /// The saturation pressure over liquid water, also where that is supercooled.
    ///
    /// Below the triple point equation 6 is extrapolated, which is how a chilled-mirror or capacitive sensor that
    /// reports dew point over water sees frost. Valid from -50 to 200 °C.
    package static func pressureOverLiquidWater(at temperature: Temperature) -> Pressure {
        guard temperature.celsius >= -50, temperature <= validTemperatures.upperBound else {
            return Pressure(pascals: .nan)
        }
        return Pressure(pascals: Libm.exp(logPressureOverWater(kelvins: temperature.kelvins).value))
    }

    /// The temperature at which vapour of a pressure is saturated: the dew point, or the frost point below 0.01 °C.
    ///
    /// Inverts ``pressure(at:)`` by Newton's method on ln p against 1/T, which is nearly a straight line. The
    /// handbook's regressions (equations 37 and 38) are shorter but off by some hundredths of a kelvin.
    /// A pressure outside the valid range gives the nearest end of it, so perfectly dry air has -100 °C.
    package static func temperature(at vaporPressure: Pressure) -> Temperature {
        let pascals = vaporPressure.pascals
        guard !pascals.isNaN else { return Temperature(celsius: .nan) }
        if pascals <= pressure(at: validTemperatures.lowerBound).pascals { return validTemperatures.lowerBound }
        if pascals >= pressure(at: validTemperatures.upperBound).pascals { return validTemperatures.upperBound }
        let target = Libm.log(pascals)
        let isIce = pascals <= triplePointPascals
        var kelvins = triplePoint.kelvins
        for _ in 0..<inversionSteps {
            let line = isIce ? logPressureOverIce(kelvins: kelvins) : logPressureOverWater(kelvins: kelvins)
            let next = 1 / (1 / kelvins + (line.value - target) / (line.slope * kelvins * kelvins))
            if abs(next - kelvins) < 1e-9 { return Temperature(kelvins: next) }
            kelvins = next
        }
        return Temperature(kelvins: kelvins)
    }

    /// The humidity ratio of saturated air (equations 20 and 21).
    ///
    /// Infinite at and above the boiling point of `pressure`, where no dry air is left.
    package static func humidityRatio(at temperature: Temperature, pressure: Pressure) -> HumidityRatio {
        let vapor = curve(celsius: temperature.celsius).pascals
        return HumidityRatio(kilogramsPerKilogram: humidityRatio(vaporPascals: vapor, pascals: pressure.pascals))
    }

    /// The specific enthalpy of saturated air (equation 30): what drives heat and mass in a wet cooling tower.
    package static func enthalpy(at temperature: Temperature, pressure: Pressure) -> SpecificEnthalpy {
        let ratio = humidityRatio(at: temperature, pressure: pressure).kilogramsPerKilogram
        return SpecificEnthalpy(joulesPerKilogram: MoistAir.enthalpy(celsius: temperature.celsius, ratio: ratio))
    }

    // The kernel below takes and gives bare numbers: pascals, kelvins, kilograms per kilogram.

    /// The humidity ratio of air with a vapour pressure, both in pascals; infinite where the vapour has it all.
    static func humidityRatio(vaporPascals: Double, pascals: Double) -> Double {
        vaporPascals >= pascals ? .infinity : molarMassRatio * vaporPascals / (pascals - vaporPascals)
    }

    /// Saturation pressure in pascals and its slope in pascals per kelvin; NaN outside the valid range.
    static func curve(celsius: Double) -> (pascals: Double, slope: Double) {
        guard celsius >= validTemperatures.lowerBound.celsius, celsius <= validTemperatures.upperBound.celsius else {
            return (.nan, .nan)
        }
        let kelvins = celsius + 273.15
        let isIce = celsius <= triplePoint.celsius
        let line = isIce ? logPressureOverIce(kelvins: kelvins) : logPressureOverWater(kelvins: kelvins)
        let pascals = Libm.exp(line.value)
        return (pascals, pascals * line.slope)
    }

    /// Humidity ratio of saturated air and its slope per kelvin; infinite from the boiling point on.
    static func humidityRatioCurve(celsius: Double, pascals: Double) -> (value: Double, slope: Double) {
        let vapor = curve(celsius: celsius)
        guard vapor.pascals < pascals else { return (vapor.pascals.isNaN ? .nan : .infinity, .infinity) }
        let dryPascals = pascals - vapor.pascals
        return (
            molarMassRatio * vapor.pascals / dryPascals,
            molarMassRatio * pascals * vapor.slope / (dryPascals * dryPascals)
        )
    }

    /// Saturation pressure at the triple point over ice, in pascals: where the inverse changes curve.
    private static let triplePointPascals = curve(celsius: triplePoint.celsius).pascals

    /// Newton steps in the inversion; three to five are needed.
    private static let inversionSteps = 12

    /// Equation 5: ln of the pressure in pascals over ice, and its slope per kelvin.
    private static func logPressureOverIce(kelvins t: Double) -> (value: Double, slope: Double) {
        let polynomial =
            6.392_524_7
            + t * (-9.677_843e-3 + t * (6.221_570_1e-7 + t * (2.074_782_5e-9 + t * -9.484_024e-13)))
        let slope =
            -9.677_843e-3 + t * (2 * 6.221_570_1e-7 + t * (3 * 2.074_782_5e-9 + t * 4 * -9.484_024e-13))
        return (
            -5_674.535_9 / t + polynomial + 4.163_501_9 * Libm.log(t),
            5_674.535_9 / (t * t) + slope + 4.163_501_9 / t
        )
    }

    /// Equation 6: ln of the pressure in pascals over liquid water, and its slope per kelvin.
    private static func logPressureOverWater(kelvins t: Double) -> (value: Double, slope: Double) {
        let polynomial = 1.391_499_3 + t * (-0.048_640_239 + t * (4.176_476_8e-5 + t * -1.445_209_3e-8))
        let slope = -0.048_640_239 + t * (2 * 4.176_476_8e-5 + t * 3 * -1.445_209_3e-8)
        return (
            -5_800.220_6 / t + polynomial + 6.545_967_3 * Libm.log(t),
            5_800.220_6 / (t * t) + slope + 6.545_967_3 / t
        )
    }
}
