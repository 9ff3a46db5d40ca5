// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Testing
import Thermo

/// The economizer by ASHRAE Guideline 36-2021, 5.20.3, with numbers.
@Suite struct SequenceWaterEconomizerTests {
    private func sequence(_ change: (inout WaterEconomizerParameters) -> Void = { _ in }) -> WaterEconomizer {
        var parameters = WaterEconomizerParameters()
        change(&parameters)
        return WaterEconomizer(
            parameters: parameters,
            designFlow: VolumeFlow(litersPerSecond: 150),
            supplyMinimum: Temperature(celsius: 15)
        )
    }

    /// Saturated air, so that the wet bulb is the dry bulb.
    private func inputs(
        wetBulb: Double = 10,
        upstream: Double = 25,
        downstream: Double = 20,
        flow: Double = 0.150,
        valve: Double = 0,
        isActing: Bool = true,
        chillers: Int = 2,
        towerFull: Bool = false
    ) -> WaterEconomizer.Inputs {
        WaterEconomizer.Inputs(
            dryBulb: LoopTest.good(wetBulb),
            relativeHumidity: LoopTest.good(1),
            dewPoint: LoopTest.good(wetBulb),
            airPressure: LoopTest.good(101_325),
            upstream: LoopTest.good(upstream),
            downstream: LoopTest.good(downstream),
            flow: LoopTest.good(flow),
            valveFeedback: LoopTest.good(valve),
            isActing: isActing,
            runningChillers: chillers,
            isTowerAtFullSpeed: towerFull
        )
    }

    @Test(
        "PHXLWT = wet bulb + exchanger approach x share of flow + tower approach + m (15 - wet bulb)",
        arguments: [
            (10.0, 0.150, 0.0, 14.0), (10.0, 0.075, 0.0, 13.0), (10.0, 0.300, 0.0, 14.0), (10.0, 0.150, 0.5, 16.5),
            (20.0, 0.150, 0.5, 21.5), (5.0, 0.150, -0.2, 7.0),
        ]
    )
    func prediction(wetBulb: Double, flow: Double, tuning: Double, expected: Double) {
        let prediction = PredictedLeavingTemperature(
            exchangerApproach: TemperatureDifference(kelvins: 2),
            towerApproach: TemperatureDifference(kelvins: 2),
            designWetBulb: Temperature(celsius: 15),
            designFlow: VolumeFlow(litersPerSecond: 150)
        )
        let result = prediction.temperature(
            wetBulb: Temperature(celsius: wetBulb),
            flow: VolumeFlow(cubicMetersPerSecond: flow),
            tuning: tuning
        )
        #expect(abs(result.celsius - expected) < 1e-9)
    }

    @Test("enable needs 20 min off, to the second")
    func minimumOff() {
        var economizer = sequence()
        for second in 1...1_199 {
            let result = economizer.step(inputs(), dt: .seconds(1))
            #expect(!result.isOn, "second \(second)")
            if second == 600 { #expect(result.reason.code == "economizer_minimum_off") }
        }
        let result = economizer.step(inputs(), dt: .seconds(1))
        #expect(result.isOn)
        #expect(result.changes.map(\.code).first == "economizer_predicted_benefit")
        #expect(result.changes.first?.text.contains("predicted leaving 14.0 °C") == true)
        #expect(
            result.reason.evidence.contains { $0.name == "predicted_leaving_temperature" && abs($0.value - 14) < 0.01 }
        )
    }

    @Test("enable needs return above PHXLWT by 1.11 K", arguments: [(15.10, false), (15.12, true)])
    func enableOffset(upstream: Double, isOn: Bool) {
        var economizer = sequence()
        var result = economizer.step(inputs(upstream: upstream, downstream: upstream), dt: .seconds(1_200))
        result = economizer.step(inputs(upstream: upstream, downstream: upstream), dt: .seconds(1))
        #expect(result.isOn == isOn)
    }

    @Test("disable needs 20 min on and less than 0.56 K for 2 min")
    func disable() {
        var economizer = sequence()
        _ = economizer.step(inputs(), dt: .seconds(1_200))
        // No benefit from the start: given up at 20 min sharp.
        for second in 1...1_199 {
            let isOn = economizer.step(inputs(downstream: 24.5, valve: 1), dt: .seconds(1)).isOn
            #expect(isOn, "second \(second)")
        }
        let off = economizer.step(inputs(downstream: 24.5, valve: 1), dt: .seconds(1))
        #expect(!off.isOn)
        #expect(off.changes.first?.code == "economizer_no_benefit")
    }

    @Test("a short loss of benefit does not end it", arguments: [(119, true), (120, false)])
    func disableTest(seconds: Int, isOn: Bool) {
        var economizer = sequence()
        _ = economizer.step(inputs(), dt: .seconds(1_200))
        for _ in 0..<30 { _ = economizer.step(inputs(downstream: 20, valve: 1), dt: .seconds(60)) }
        var result = economizer.step(inputs(downstream: 24.5, valve: 1), dt: .seconds(1))
        for _ in 0..<seconds { result = economizer.step(inputs(downstream: 24.5, valve: 1), dt: .seconds(1)) }
        #expect(result.isOn == isOn)
    }

    @Test(
        "m is learnt at each disable: long runs trust the tower more, short ones at full fans less",
        arguments: [(3_601, true, -0.02), (3_600, true, 0.0), (1_500, true, 0.02), (1_500, false, 0.0)]
    )
    func tuning(run: Int, towerFull: Bool, expected: Double) {
        var economizer = sequence()
        _ = economizer.step(inputs(), dt: .seconds(1_200))
        var left = run
        while left > 240 {
            _ = economizer.step(inputs(valve: 1, towerFull: towerFull), dt: .seconds(60))
            left -= 60
        }
        // The last stretch without benefit: first seen, 2 min, then over.
        while left > 0 {
            let step = min(left, left > 120 ? left - 120 : left)
            let result = economizer.step(inputs(downstream: 25, valve: 1, towerFull: towerFull), dt: .seconds(step))
            left -= step
            #expect(result.isOn == (left > 0))
        }
        #expect(abs(economizer.tuning - expected) < 1e-12)
    }

    @Test func theValveTakesItsTravelTime() {
        var economizer = sequence()
        _ = economizer.step(inputs(), dt: .seconds(1_199))
        let first = economizer.step(inputs(), dt: .seconds(1)).valveCommand ?? -1
        #expect(first > 0 && first < 0.01)
        var last = first
        for _ in 0..<298 { last = economizer.step(inputs(), dt: .seconds(1)).valveCommand ?? -1 }
        #expect(last < 1)
        for _ in 0..<2 { last = economizer.step(inputs(), dt: .seconds(1)).valveCommand ?? -1 }
        #expect(abs(last - 1) < 1e-9)
    }

    @Test func theValveShutsInPartWhereTheWaterIsTooCold() {
        var economizer = sequence { $0.minimumOff = .zero }
        for _ in 0..<10 { _ = economizer.step(inputs(downstream: 20), dt: .seconds(60)) }
        var result = economizer.step(inputs(downstream: 14, valve: 1), dt: .seconds(300))
        #expect(result.valveCommand == 0.5)
        result = economizer.step(inputs(downstream: 12, valve: 1), dt: .seconds(300))
        #expect(result.valveCommand == 0)
        #expect(result.isOn)
    }

    @Test(
        "the mode follows economizer and proven chillers",
        arguments: [
            (0.0, 2, CoolingMode.fullMechanical), (1.0, 1, .partialMechanical), (1.0, 0, .freeCooling),
            (0.0, 0, .fullMechanical),
        ]
    )
    func mode(valve: Double, chillers: Int, expected: CoolingMode) {
        var economizer = sequence()
        let result = economizer.step(inputs(valve: valve, isActing: false, chillers: chillers), dt: .seconds(1))
        #expect(result.mode == expected)
    }

    @Test func anAdvisoryEconomizerSaysWhatItWouldDoAndStaysWhatThePlantIs() {
        var economizer = sequence()
        for _ in 0..<40 {
            let result = economizer.step(inputs(isActing: false), dt: .seconds(60))
            #expect(result.mode == .fullMechanical)
            #expect(!result.isOn)
        }
        let result = economizer.step(inputs(isActing: false), dt: .seconds(60))
        #expect(result.valveCommand == 1)
        #expect(result.changes.isEmpty)
        #expect(economizer.tuning == 0)
    }

    @Test func withoutWeatherItIsNotEnabledAndAnEnabledOneStays() {
        var economizer = sequence()
        var lost = inputs()
        lost.dryBulb = LoopTest.bad()
        for _ in 0..<60 { #expect(!economizer.step(lost, dt: .seconds(60)).isOn) }
        #expect(economizer.step(lost, dt: .seconds(1)).reason.code == "economizer_weather_unknown")
        let isOn = economizer.step(inputs(), dt: .seconds(1)).isOn
        #expect(isOn)
        lost.valveFeedback = LoopTest.good(1)
        lost.downstream = LoopTest.bad()
        for _ in 0..<60 { #expect(economizer.step(lost, dt: .seconds(60)).isOn) }
    }

    @Test func theDewPointStandsInForALostHumidity() {
        var economizer = sequence()
        var input = inputs(wetBulb: 8)
        input.relativeHumidity = LoopTest.bad()
        let result = economizer.step(input, dt: .seconds(1))
        #expect(abs((result.wetBulb?.celsius ?? 0) - 8) < 0.01)
    }

    @Test func nearFreezingSmallChangesOfTheWetBulbAreNotFollowed() {
        var economizer = sequence()
        let first = economizer.step(inputs(wetBulb: 0.3), dt: .seconds(1)).wetBulb
        let second = economizer.step(inputs(wetBulb: -0.1), dt: .seconds(1)).wetBulb
        let third = economizer.step(inputs(wetBulb: -0.3), dt: .seconds(1)).wetBulb
        #expect(first == second)
        #expect((third?.celsius ?? 9) < -0.2)
    }
}
