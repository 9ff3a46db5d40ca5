// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Thermo

extension PlantFigure {
    /// Towers, dry coolers, pads, outdoor air, ambient water.
    static let rejection = [
        PlantFigure(
            "tower-approach",
            title: "Cooling tower: approach over wet bulb at rated water, air and range of 5.56 K",
            ordinate: "approach, K",
            across: "wet bulb, °C",
            at: span(-10, 26, by: 2),
            curves: [
                ("Merkel", { merkelApproach(wetBulb: $0) }),
                (
                    "YorkCalc",
                    {
                        YorkTower.approach(
                            wetBulb: Temperature(celsius: $0),
                            range: TemperatureDifference(kelvins: 5.56)
                        ).kelvins
                    }
                ),
            ]
        ),
        PlantFigure(
            "tower-fan",
            title: "Cooling tower: leaving water over fan speed, 20 °C wet bulb, 30 °C onto the fill",
            ordinate: "leaving water, °C",
            across: "fan speed",
            at: span(0, 1, by: 0.05),
            curves: [
                ("full water flow", { towerLeaving(fan: $0, flow: 1) }),
                ("60 % water flow", { towerLeaving(fan: $0, flow: 0.6) }),
                ("30 % water flow", { towerLeaving(fan: $0, flow: 0.3) }),
            ]
        ),
        PlantFigure(
            "dry-cooler",
            title: "Dry cooler of 2.93 MW: heat over air temperature, coolant in at 46.1 °C",
            ordinate: "heat, MW",
            across: "dry bulb, °C (wet bulb 8 K below)",
            at: span(5, 44, by: 1.5),
            curves: [
                ("fans 100 %", { dryCooler(dryBulb: $0, fan: 1, pads: false) }),
                ("fans 100 %, pads wet", { dryCooler(dryBulb: $0, fan: 1, pads: true) }),
                ("fans 60 %", { dryCooler(dryBulb: $0, fan: 0.6, pads: false) }),
                ("fans 30 %", { dryCooler(dryBulb: $0, fan: 0.3, pads: false) }),
                ("fans off", { dryCooler(dryBulb: $0, fan: 0, pads: false) }),
            ]
        ),
        PlantFigure(
            "adiabatic-pads",
            title: "Pads wetted for 10 minutes: air of 35 °C dry bulb, 21 °C wet bulb",
            ordinate: "air behind the pads, °C",
            names: ["minutes", "behind the pads", "wet bulb"]
        ) {
            var pad = AdiabaticPad()
            return span(0, 40, by: 1).map { minute in
                let wetted = minute <= 10
                let result = ComponentAdiabaticPadTests.step(&pad, wetted: wetted, dt: minute == 0 ? 0 : 60)
                return [minute, result.air.dryBulb.celsius, 21]
            }
        },
        PlantFigure(
            "outdoor-air",
            title: "Outdoor-air handler: supply air over damper position, hall air of 36 °C",
            ordinate: "supply air, °C",
            across: "outdoor damper position",
            at: span(0, 1, by: 0.05),
            curves: [-10.0, 0, 10, 20].map { dryBulb in
                (
                    "outdoors \(Int(dryBulb)) °C",
                    {
                        ComponentOutdoorAirTests.rest(
                            damper: $0,
                            outdoor: ComponentDryCoolerTests.air(dryBulb)
                        ).supplyAir.dryBulb.celsius
                    }
                )
            }
        ),
        PlantFigure(
            "ambient-water",
            title: "Ambient water: heat over intake, plant water of 26 °C; 28 °C and 6 K permitted",
            ordinate: "heat, MW",
            across: "intake, °C",
            at: span(0, 28, by: 0.5),
            curves: [
                ("full intake", { ComponentAmbientWaterTests.rest(intake: $0).heat.megawatts }),
                ("70 % pump speed", { ComponentAmbientWaterTests.rest(intake: $0, pump: 0.7).heat.megawatts }),
                (
                    "plant water 34 °C",
                    { ComponentAmbientWaterTests.rest(plant: 34, intake: $0).heat.megawatts }
                ),
            ]
        ),
    ]

    /// Approach of a Merkel fill whose range is the rated one.
    private static func merkelApproach(wetBulb: Double) -> Double {
        let fill = TowerFill(ComponentTowerTests.description)
        var low = 5.56
        var high = 40.0
        for _ in 0..<60 {
            let span = (low + high) / 2
            let leaving = fill.exchange(
                water: FluidStream(temperature: Temperature(celsius: wetBulb + span), flow: fill.ratedWaterFlow),
                airShare: 1,
                outdoor: ComponentDryCoolerTests.air(wetBulb + 4, wetBulb: wetBulb),
                condition: 1
            ).leaving
            if wetBulb + span - leaving.celsius < 5.56 { low = span } else { high = span }
        }
        return low - 5.56
    }

    private static func towerLeaving(fan: Double, flow: Double) -> Double {
        let fill = TowerFill(ComponentTowerTests.description)
        return fill.exchange(
            water: FluidStream(temperature: Temperature(celsius: 30), flow: fill.ratedWaterFlow * flow),
            airShare: fan,
            outdoor: ComponentDryCoolerTests.air(24, wetBulb: 20),
            condition: 1
        ).leaving.celsius
    }

    private static func dryCooler(dryBulb: Double, fan: Double, pads: Bool) -> Double {
        var description = ComponentDryCoolerTests.description
        if pads { description.padEffectiveness = Ratio(fraction: 0.7) }
        return ComponentDryCoolerTests.rest(
            description,
            fan: fan,
            pads: pads,
            outdoor: ComponentDryCoolerTests.air(dryBulb, wetBulb: dryBulb - 8)
        ).heat.megawatts
    }
}
