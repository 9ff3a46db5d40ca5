// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Thermo

/// Affine temperatures, linear quantities, and the unit conversions at their edges.
@Suite struct QuantityTests {
    @Test func differenceOfTemperaturesIsNotATemperature() {
        let supply = Temperature(celsius: 15)
        let returned = Temperature(celsius: 20)
        let rise: TemperatureDifference = returned - supply
        #expect(rise.kelvins == 5)
        #expect(supply + rise == returned)
        #expect(returned - rise == supply)
        #expect((rise * 2 / 4).kelvins == 2.5)
        var drifting = supply
        drifting += rise
        #expect(drifting == returned)
    }

    @Test func celsiusSurvivesWithoutTheRoundingOfKelvins() {
        #expect(Temperature(celsius: 18.1).celsius == 18.1)
        #expect(Temperature(celsius: 18.1).kelvins == 291.25)
        expectClose(Temperature(kelvins: 291.25).celsius, 18.1, 1e-12)
    }

    @Test func fieldUnitsConvertToBaseUnitsAndBack() {
        #expect(Power(kilowatts: 132).watts == 132_000)
        #expect(Power(megawatts: 1.25).kilowatts == 1_250)
        #expect(Power(watts: 2_500_000).megawatts == 2.5)
        #expect(Energy(kilowattHours: 2).joules == 7.2e6)
        #expect(Energy(joules: 3.6e6).kilowattHours == 1)
        #expect(VolumeFlow(litersPerMinute: 180).cubicMetersPerSecond == 0.003)
        #expect(VolumeFlow(litersPerSecond: 3).litersPerMinute == 180)
        #expect(VolumeFlow(cubicMetersPerSecond: 0.25).litersPerSecond == 250)
        #expect(Volume(liters: 250).cubicMeters == 0.25)
        #expect(Pressure(kilopascals: 150).pascals == 150_000)
        #expect(Ratio(percent: 42).fraction == 0.42)
        #expect(Ratio(fraction: 0.5).percent == 50)
    }

    @Test func heatBalanceIsWrittenAsTheFieldWritesIt() {
        let rate = MassFlow(kilogramsPerSecond: 10) * SpecificHeat(joulesPerKilogramKelvin: 4_180)
        let heat = rate * TemperatureDifference(kelvins: 5)
        #expect(heat == Power(kilowatts: 209))
        #expect((heat / rate).kelvins == 5)
        let volumetric = Density(kilogramsPerCubicMeter: 1_000) * SpecificHeat(joulesPerKilogramKelvin: 4_180)
        #expect(VolumeFlow(litersPerSecond: 10) * volumetric == rate)
        #expect(
            VolumeFlow(litersPerSecond: 10) * Density(kilogramsPerCubicMeter: 1_000) == MassFlow(kilogramsPerSecond: 10)
        )
        #expect(Power(kilowatts: 3).energy(overSeconds: 1_200) == Energy(kilowattHours: 1))
    }

    @Test func clampingMovesIntoTheRangeAndKeepsNaN() {
        let range = Ratio(percent: 20)...Ratio.full
        #expect(Ratio(percent: 5).clamped(to: range) == Ratio(percent: 20))
        #expect(Ratio(percent: 50).clamped(to: range) == Ratio(percent: 50))
        #expect(Ratio(percent: 130).clamped(to: range) == .full)
        #expect(!Ratio(fraction: .nan).clamped(to: range).isFinite)
        let temperatures = Temperature(celsius: 5)...Temperature(celsius: 20)
        #expect(Temperature(celsius: 1).clamped(to: temperatures) == temperatures.lowerBound)
        #expect(Temperature(celsius: 60).clamped(to: temperatures) == temperatures.upperBound)
        #expect(!Temperature(celsius: .nan).clamped(to: temperatures).isFinite)
    }

    @Test func quantitiesEncodeAsTheirBareNumber() throws {
        let temperatures = [Temperature(celsius: 18.1), Temperature(celsius: -4)]
        let encoded = try JSONEncoder().encode(temperatures)
        #expect(String(decoding: encoded, as: UTF8.self) == "[18.1,-4]")
        #expect(try JSONDecoder().decode([Temperature].self, from: encoded) == temperatures)
        let powers = try JSONEncoder().encode([Power(kilowatts: 1.5)])
        #expect(String(decoding: powers, as: UTF8.self) == "[1500]")
        #expect(try JSONDecoder().decode([Power].self, from: powers) == [Power(watts: 1_500)])
    }
}

/// The wrappers call the function they are named after.
@Suite struct LibmTests {
    @Test func functionsHaveTheirTextbookValues() {
        expectClose(Libm.exp(1), 2.718_281_828_459_045, 1e-15)
        expectClose(Libm.expm1(1e-12), 1e-12, 1e-23)
        expectClose(Libm.log(10), 2.302_585_092_994_046, 1e-15)
        expectClose(Libm.log1p(1e-12), 1e-12, 1e-23)
        expectClose(Libm.log10(1_000), 3, 1e-15)
        expectClose(Libm.pow(2, 10), 1_024, 0)
        expectClose(Libm.sqrt(2), 1.414_213_562_373_095, 1e-15)
        expectClose(Libm.tanh(0.5), 0.462_117_157_260_010, 1e-15)
        expectClose(Libm.sin(.pi / 6), 0.5, 1e-15)
        expectClose(Libm.cos(.pi / 3), 0.5, 1e-15)
        expectClose(Libm.atan2(1, -1), 3 * Double.pi / 4, 1e-15)
    }
}
