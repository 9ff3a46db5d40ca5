// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Thermo

extension PlantFigure {
    /// Weather, waters, loads.
    static let surroundings = [
        PlantFigure(
            "water-bodies",
            title: "Intake temperatures over a year of Stockholm's seasons",
            ordinate: "°C",
            names: ["day of the year", "air", "river", "lake", "deep lake", "sea"]
        ) {
            var bodies = [AmbientWaterBody.Kind.river, .lake, .deepLake, .sea].map {
                AmbientWaterBody($0, initial: Temperature(celsius: 4))
            }
            func air(_ day: Double) -> Double { 7.4 - 9.8 * Libm.cos(2 * .pi * (day - 19) / 365) }
            var rows: [[Double]] = []
            for day in 0...(2 * 365) {
                for index in bodies.indices {
                    bodies[index].step(dryBulb: Temperature(celsius: air(Double(day))), dt: 86_400)
                }
                guard day >= 365, (day - 365) % 5 == 0 else { continue }
                rows.append([Double(day - 365), air(Double(day))] + bodies.map(\.intake.celsius))
            }
            return rows
        },
        PlantFigure(
            "heat-wave",
            title: "A heat wave on a synthetic July of Frankfurt",
            ordinate: "°C",
            names: ["days", "dry bulb", "dry bulb, heat wave", "wet bulb", "wet bulb, heat wave"]
        ) {
            let start = CalendarTime(year: 2_026, month: 7, day: 1).timestamp
            guard let synthetic = SyntheticWeather(climate: "frankfurt", seed: 4, start: start) else { return [] }
            var plain = Weather(synthetic)
            var hot = Weather(synthetic, heatWaves: [HeatWave(start: start + .seconds(2 * 86_400))])
            return span(0, 9, by: 0.125).map { day in
                let time = start + .seconds(day * 86_400)
                let (usual, wave) = (plain.state(at: time), hot.state(at: time))
                return [
                    day, usual.dryBulb.celsius, wave.dryBulb.celsius, usual.wetBulb.celsius, wave.wetBulb.celsius,
                ]
            }
        },
        PlantFigure(
            "loads",
            title: "A day of load from midnight, means of six minutes",
            ordinate: "utilisation",
            names: ["hours", "training", "inference", "half and half"]
        ) {
            let start = CalendarTime(year: 2_026, month: 3, day: 4).timestamp
            var training = TrainingLoad(random: SplitMix64(seed: 4))
            var inference = InferenceLoad(random: SplitMix64(seed: 5))
            var mixed = MixedLoad(trainingShare: Ratio(fraction: 0.5), random: SplitMix64(seed: 6))
            return span(0.1, 24, by: 0.1).map { hour in
                let time = start + .seconds((hour * 3_600).rounded())
                return [
                    hour, training.step(dt: 360), inference.step(to: time, dt: 360), mixed.step(to: time, dt: 360),
                ]
            }
        },
    ]
}
