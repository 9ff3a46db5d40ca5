// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Thermo

/// Moist air against published values; tolerances are those of the rounding in the table.
@Suite struct MoistAirTests {
    @Test(arguments: PsychrometricRow.all)
    func agreesWithPsychroLib(_ row: PsychrometricRow) {
        let dryBulb = Temperature(celsius: row.dryBulbCelsius)
        let air = MoistAir(
            dryBulb: dryBulb,
            relativeHumidity: Ratio(percent: row.relativeHumidityPercent),
            pressure: Pressure(pascals: row.pascals)
        )
        expectClose(Saturation.pressure(at: dryBulb).pascals, row.saturationPascals, 0.001)
        expectClose(air.humidityRatio.kilogramsPerKilogram * 1_000, row.humidityRatioGramsPerKilogram, 0.00002)
        expectClose(air.dewPoint.celsius, row.dewPointCelsius, 0.002)
        expectClose(air.wetBulb.celsius, row.wetBulbCelsius, 0.002)
        expectClose(air.enthalpy.joulesPerKilogram / 1_000, row.enthalpyKilojoulesPerKilogram, 0.0002)
        expectClose(air.density.kilogramsPerCubicMeter, row.densityKilogramsPerCubicMeter, 0.00002)
        expectClose(air.relativeHumidity.percent, row.relativeHumidityPercent, 1e-9)
    }

    @Test(arguments: PsychrometricRow.all)
    func anyHumidityMeasureGivesTheSameAir(_ row: PsychrometricRow) {
        let dryBulb = Temperature(celsius: row.dryBulbCelsius)
        let pressure = Pressure(pascals: row.pascals)
        let expected = row.humidityRatioGramsPerKilogram
        let fromDewPoint = MoistAir(
            dryBulb: dryBulb,
            dewPoint: Temperature(celsius: row.dewPointCelsius),
            pressure: pressure
        )
        let fromWetBulb = MoistAir(
            dryBulb: dryBulb,
            wetBulb: Temperature(celsius: row.wetBulbCelsius),
            pressure: pressure
        )
        // A temperature rounded to 0.1 mK moves the ratio by about 1e-5 of itself, and more where it is small.
        expectClose(fromDewPoint.humidityRatio.kilogramsPerKilogram * 1_000, expected, 1e-5 * expected + 1e-5)
        expectClose(fromWetBulb.humidityRatio.kilogramsPerKilogram * 1_000, expected, 1e-5 * expected + 1e-4)
    }

    // Pairs by another formula for supercooled water; the two differ by up to 0.03 K of frost point.
    @Test(arguments: [(-9.0, -10.14), (-12, -13.48), (-20, -22.29)])
    func sensorThatReportsDewOverLiquidWaterIsNotTakenForFrost(frostPoint: Double, dewPoint: Double) {
        let air = MoistAir(
            dryBulb: Temperature(celsius: 20),
            dewPointOverLiquidWater: Temperature(celsius: dewPoint)
        )
        expectClose(air.dewPoint.celsius, frostPoint, 0.04)
    }

    // ASHRAE Fundamentals 2017 chapter 1, equation 3.
    @Test(arguments: [
        (0.0, 101_325.0), (500, 95_460.8), (1_000, 89_874.5), (1_500, 84_555.9), (2_000, 79_495.1),
        (3_050, 69_663.8),
    ])
    func standardAtmosphereFallsWithAltitude(meters: Double, pascals: Double) {
        expectClose(Pressure.standardAtmosphere(altitudeMeters: meters).pascals, pascals, 0.05)
    }

    @Test func wetBulbTakesTheLiquidSolutionWhereIceHasOneToo() {
        // At 5 °C the two overlap between 32.7 and 37.0 % relative humidity.
        expectClose(wetBulb(celsius: 5, percent: 35), 0.182, 0.001)
        expectClose(wetBulb(celsius: 5, percent: 32.7), -0.4, 0.1)
        #expect(wetBulb(celsius: 5, percent: 34) >= 0)
        #expect(wetBulb(celsius: 5, percent: 32.6) < 0)
    }

    @Test func humiditySensorsBeyondTheirRangeReadDryOrSaturated() {
        let dryBulb = Temperature(celsius: 12)
        let fog = MoistAir(dryBulb: dryBulb, relativeHumidity: Ratio(percent: 104))
        #expect(fog == .saturated(at: dryBulb))
        let negative = MoistAir(dryBulb: dryBulb, relativeHumidity: Ratio(percent: -2))
        #expect(negative.humidityRatio == .zero)
        #expect(negative.dewPoint == Saturation.validTemperatures.lowerBound)
        #expect(negative.wetBulb > negative.dewPoint)
        #expect(MoistAir(dryBulb: dryBulb, dewPoint: Temperature(celsius: 14)) == .saturated(at: dryBulb))
        #expect(MoistAir(dryBulb: dryBulb, dewPointOverLiquidWater: Temperature(celsius: 14)) == fog)
        expectClose(MoistAir(dryBulb: dryBulb, wetBulb: Temperature(celsius: 14)).relativeHumidity.fraction, 1, 1e-12)
        #expect(MoistAir(dryBulb: dryBulb, wetBulb: Temperature(celsius: -40)).humidityRatio == .zero)
    }

    @Test func foggyAirHasItsDryBulbAsWetBulb() {
        let saturated = MoistAir.saturated(at: Temperature(celsius: 15))
        let fog = MoistAir(dryBulb: saturated.dryBulb, humidityRatio: saturated.humidityRatio * 1.2)
        #expect(fog.relativeHumidity > .full)
        #expect(fog.wetBulb == fog.dryBulb)
        #expect(fog.dewPoint > fog.dryBulb)
    }

    @Test(arguments: [Double.nan, -101, 201, .infinity])
    func impossibleDryBulbGivesNoPlausibleNumber(celsius: Double) {
        let air = MoistAir(dryBulb: Temperature(celsius: celsius), relativeHumidity: Ratio(percent: 50))
        #expect(!air.isFinite)
        #expect(air.wetBulb.celsius.isNaN)
        #expect(air.dewPoint.celsius.isNaN)
        #expect(!air.enthalpy.isFinite)
    }

    @Test func missingHumidityGivesNoPlausibleNumber() {
        let air = MoistAir(dryBulb: Temperature(celsius: 20), relativeHumidity: Ratio(fraction: .nan))
        #expect(air.wetBulb.celsius.isNaN)
        #expect(air.dewPoint.celsius.isNaN)
        #expect(
            !MoistAir(dryBulb: Temperature(celsius: 20), humidityRatio: HumidityRatio(kilogramsPerKilogram: .nan))
                .isFinite
        )
    }

    @Test func noDryAirIsLeftAtTheBoilingPoint() {
        #expect(Saturation.humidityRatio(at: Temperature(celsius: 99), pressure: .standardAtmosphere).isFinite)
        #expect(!Saturation.humidityRatio(at: Temperature(celsius: 101), pressure: .standardAtmosphere).isFinite)
        expectClose(Saturation.temperature(at: .standardAtmosphere).celsius, 99.97, 0.02)
    }

    private func wetBulb(celsius: Double, percent: Double) -> Double {
        MoistAir(dryBulb: Temperature(celsius: celsius), relativeHumidity: Ratio(percent: percent)).wetBulb.celsius
    }
}
