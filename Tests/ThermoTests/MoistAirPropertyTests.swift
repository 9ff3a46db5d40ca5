// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Thermo

/// Laws that hold for all air, tried on random states; a failure names the state, so it can become a row.
@Suite struct MoistAirPropertyTests {
    private static let count = 4_000

    @Test func wetBulbLiesBetweenDewPointAndDryBulb() {
        forRandomAir { air in
            #expect(air.wetBulb >= air.dewPoint - TemperatureDifference(kelvins: 1e-5), "\(air)")
            #expect(air.wetBulb <= air.dryBulb, "\(air)")
        }
    }

    @Test func moreVaporRaisesWetBulbDewPointAndEnthalpy() {
        forRandomAir { air in
            let wetter = MoistAir(
                dryBulb: air.dryBulb,
                humidityRatio: air.humidityRatio * 1.01,
                pressure: air.pressure
            )
            #expect(wetter.dewPoint > air.dewPoint, "\(air)")
            #expect(wetter.enthalpy > air.enthalpy, "\(air)")
            #expect(wetter.density < air.density, "\(air)")
            #expect(wetter.wetBulb > air.wetBulb || air.relativeHumidity.percent > 98.9, "\(air)")
        }
    }

    @Test func heatingRaisesWetBulbAndKeepsDewPoint() {
        forRandomAir { air in
            let warmer = MoistAir(
                dryBulb: air.dryBulb + TemperatureDifference(kelvins: 0.5),
                humidityRatio: air.humidityRatio,
                pressure: air.pressure
            )
            #expect(warmer.wetBulb > air.wetBulb, "\(air)")
            #expect(warmer.dewPoint == air.dewPoint, "\(air)")
        }
    }

    @Test func wetBulbIsAFixedPointOfItsBalance() {
        forRandomAir { air in
            let again = MoistAir(dryBulb: air.dryBulb, wetBulb: air.wetBulb, pressure: air.pressure)
            expectClose(
                again.humidityRatio.kilogramsPerKilogram,
                air.humidityRatio.kilogramsPerKilogram,
                1e-8,
                "\(air)"
            )
        }
    }

    @Test func dewPointAndVaporPressureInvertEachOther() {
        forRandomAir { air in
            let again = MoistAir(dryBulb: air.dryBulb, dewPoint: air.dewPoint, pressure: air.pressure)
            let error = again.humidityRatio / air.humidityRatio - 1
            // At the triple point the curves over ice and water differ by 6e-9 of the pressure.
            #expect(abs(error) < 1e-8, "\(air)")
        }
    }

    @Test func saturationPressureRisesWithoutAStepAtTheTriplePoint() {
        var previous = Saturation.pressure(at: Temperature(celsius: -0.5))
        for step in 1...1_000 {
            let celsius = -0.5 + Double(step) * 0.001
            let pressure = Saturation.pressure(at: Temperature(celsius: celsius))
            #expect(pressure > previous, "\(celsius)")
            #expect(pressure - previous < Pressure(pascals: 0.06), "\(celsius)")
            expectClose(Saturation.temperature(at: pressure).celsius, celsius, 1e-6, "\(celsius)")
            previous = pressure
        }
    }

    @Test func saturationTemperatureInvertsPressureOverTheWholeRange() {
        for celsius in stride(from: -99.5, through: 199.5, by: 0.5) {
            let pressure = Saturation.pressure(at: Temperature(celsius: celsius))
            expectClose(Saturation.temperature(at: pressure).celsius, celsius, 1e-6, "\(celsius)")
        }
    }

    @Test func saturatedAirIsFoundByItsEnthalpy() {
        for celsius in stride(from: -40.0, through: 60, by: 0.7) {
            for pascals in [70_000.0, 85_000, 101_325] {
                let pressure = Pressure(pascals: pascals)
                let enthalpy = Saturation.enthalpy(at: Temperature(celsius: celsius), pressure: pressure)
                let air = MoistAir.saturated(enthalpy: enthalpy, pressure: pressure)
                expectClose(air.dryBulb.celsius, celsius, 1e-6, "\(celsius) °C, \(pascals) Pa")
                expectClose(air.relativeHumidity.fraction, 1, 1e-9, "\(celsius) °C, \(pascals) Pa")
            }
        }
    }

    @Test func specificHeatIsTheSlopeOfEnthalpy() {
        forRandomAir { air in
            let rise = TemperatureDifference(kelvins: 2)
            let warmer = MoistAir(dryBulb: air.dryBulb + rise, humidityRatio: air.humidityRatio, pressure: air.pressure)
            let slope = (warmer.enthalpy - air.enthalpy).joulesPerKilogram / rise.kelvins
            expectClose(slope, air.specificHeat.joulesPerKilogramKelvin, 1e-6, "\(air)")
        }
    }

    private func forRandomAir(_ body: (MoistAir) -> Void) {
        var generator = SeededGenerator(seed: 20_260_301)
        for _ in 0..<Self.count {
            body(
                MoistAir(
                    dryBulb: Temperature(celsius: .random(in: -35...50, using: &generator)),
                    relativeHumidity: Ratio(fraction: .random(in: 0.005...1, using: &generator)),
                    pressure: Pressure(pascals: .random(in: 70_000...104_000, using: &generator))
                )
            )
        }
    }
}
