// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A state of moist air: dry bulb, humidity ratio and total pressure, from which all else follows.
///
/// Equations of ASHRAE Handbook Fundamentals 2017 chapter 1, moist air as an ideal gas. Against real humid air
/// (-30...50 °C, 80...101 kPa) humidity ratio is right within 0.62 %, dew point within 0.02 K, wet bulb within
/// 0.017 K and enthalpy within 1.3 kJ/kg.
///
/// Nothing here fails or traps. Inputs that only sensor error can explain are moved to the nearest possible state,
/// as each initialiser says. A NaN, or a dry bulb outside ``Saturation/validTemperatures``, gives NaN, never a
/// plausible number; ask ``isFinite`` where that matters.
package struct MoistAir: Hashable, Sendable, Codable {
    package let dryBulb: Temperature
    package let humidityRatio: HumidityRatio
    package let pressure: Pressure

    /// Makes air of a humidity ratio; a negative one counts as dry.
    ///
    /// More vapour than saturation holds is kept and means fog: relative humidity above 1, wet bulb at dry bulb.
    package init(dryBulb: Temperature, humidityRatio: HumidityRatio, pressure: Pressure = .standardAtmosphere) {
        self.dryBulb = dryBulb
        self.humidityRatio = humidityRatio < .zero ? .zero : humidityRatio
        self.pressure = pressure
    }

    /// Makes air of a relative humidity (equations 12 and 20).
    ///
    /// Relative humidity is moved into 0...1, since capacitive sensors read 101 % in fog.
    package init(dryBulb: Temperature, relativeHumidity: Ratio, pressure: Pressure = .standardAtmosphere) {
        let share = relativeHumidity.clamped(to: Ratio.zero...Ratio.full).fraction
        self.init(dryBulb: dryBulb, vaporPressure: Saturation.pressure(at: dryBulb) * share, pressure: pressure)
    }

    /// Makes air of a dew point, which below 0.01 °C is the frost point.
    ///
    /// A dew point above the dry bulb counts as saturation.
    package init(dryBulb: Temperature, dewPoint: Temperature, pressure: Pressure = .standardAtmosphere) {
        let vapor = Saturation.pressure(at: min(dewPoint, dryBulb))
        self.init(dryBulb: dryBulb, vaporPressure: vapor, pressure: pressure)
    }

    /// Makes air from a sensor that reports dew point over liquid water also below freezing.
    ///
    /// At -20 °C frost point such a sensor reads -22.3 °C, so its reading must not be taken for a frost point.
    /// Below -50 °C, where no water stays liquid, the result is NaN. More vapour than saturation holds at the dry
    /// bulb counts as saturation.
    package init(
        dryBulb: Temperature,
        dewPointOverLiquidWater dewPoint: Temperature,
        pressure: Pressure = .standardAtmosphere
    ) {
        let vapor = Saturation.pressureOverLiquidWater(at: dewPoint)
        self.init(
            dryBulb: dryBulb,
            vaporPressure: min(vapor, Saturation.pressure(at: dryBulb)),
            pressure: pressure
        )
    }

    /// Saturated air of a temperature.
    package static func saturated(at temperature: Temperature, pressure: Pressure = .standardAtmosphere) -> MoistAir {
        let ratio = Saturation.humidityRatio(at: temperature, pressure: pressure)
        return MoistAir(dryBulb: temperature, humidityRatio: ratio, pressure: pressure)
    }

    /// Saturated air of an enthalpy: what leaves a wet cooling tower.
    ///
    /// An enthalpy outside those of the valid temperatures gives the nearest of them.
    package static func saturated(
        enthalpy: SpecificEnthalpy,
        pressure: Pressure = .standardAtmosphere
    ) -> MoistAir {
        let target = enthalpy.joulesPerKilogram
        let celsius = BracketedNewton.root(
            lower: Saturation.validTemperatures.lowerBound.celsius,
            upper: Saturation.validTemperatures.upperBound.celsius,
            start: 20,
            tolerance: 1e-8
        ) { celsius in
            let ratio = Saturation.humidityRatioCurve(celsius: celsius, pascals: pressure.pascals)
            return (
                MoistAir.enthalpy(celsius: celsius, ratio: ratio.value) - target,
                1_006 + 1_860 * ratio.value + (2_501_000 + 1_860 * celsius) * ratio.slope
            )
        }
        return saturated(at: Temperature(celsius: celsius), pressure: pressure)
    }

    private init(dryBulb: Temperature, vaporPressure: Pressure, pressure: Pressure) {
        let ratio = Saturation.humidityRatio(vaporPascals: vaporPressure.pascals, pascals: pressure.pascals)
        self.dryBulb = dryBulb
        self.humidityRatio = HumidityRatio(kilogramsPerKilogram: ratio)
        self.pressure = pressure
    }

    /// Whether all three numbers of the state are finite.
    package var isFinite: Bool { dryBulb.isFinite && humidityRatio.isFinite && pressure.isFinite }

    /// The partial pressure of the water vapour (equation 20 solved for it).
    package var vaporPressure: Pressure {
        pressure / (1 + Saturation.molarMassRatio / humidityRatio.kilogramsPerKilogram)
    }

    /// Vapour pressure over saturation pressure at the dry bulb (equation 12); above 1 in fog.
    package var relativeHumidity: Ratio {
        Ratio(fraction: vaporPressure / Saturation.pressure(at: dryBulb))
    }

    /// The dew point, which below 0.01 °C is the frost point.
    ///
    /// Dry air has -100 °C, where the saturation equations end.
    package var dewPoint: Temperature { Saturation.temperature(at: vaporPressure) }

    /// The enthalpy per kilogram of dry air (equation 30).
    package var enthalpy: SpecificEnthalpy {
        let ratio = humidityRatio.kilogramsPerKilogram
        return SpecificEnthalpy(joulesPerKilogram: Self.enthalpy(celsius: dryBulb.celsius, ratio: ratio))
    }

    /// The heat capacity per kilogram of dry air at constant humidity ratio (slope of equation 30).
    package var specificHeat: SpecificHeat {
        SpecificHeat(joulesPerKilogramKelvin: 1_006 + 1_860 * humidityRatio.kilogramsPerKilogram)
    }

    /// The mass of dry air per volume of moist air (the inverse of equation 26).
    package var dryAirDensity: Density {
        let ratio = humidityRatio.kilogramsPerKilogram
        let specificVolume = 287.042 * dryBulb.kelvins * (1 + 1.607_858 * ratio) / pressure.pascals
        return Density(kilogramsPerCubicMeter: 1 / specificVolume)
    }

    /// The mass of air and vapour per volume (equations 11 and 26).
    package var density: Density { dryAirDensity * (1 + humidityRatio.kilogramsPerKilogram) }

    /// Equation 30 in joules per kilogram of dry air, for a humidity ratio in kilograms per kilogram.
    static func enthalpy(celsius: Double, ratio: Double) -> Double {
        1_006 * celsius + ratio * (2_501_000 + 1_860 * celsius)
    }
}
