// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Thermo

extension PlantFigure {
    /// CDUs, air handlers, immersion tanks, racks, sensors.
    static let hall = [
        PlantFigure(
            "cdu",
            title: "CDU: a step from 0.4 to 1.2 MW, facility water of 20 °C",
            ordinate: "°C",
            names: ["seconds", "coolant supply", "coolant return", "facility water leaving"]
        ) {
            var unit = CoolantDistributionUnit(ComponentCoolantTests.description)
            _ = ComponentCoolantTests.settled(&unit, ComponentCoolantTests.inputs(heat: 0.4))
            return span(0, 600, by: 10).map { second in
                let heat = second < 60 ? 0.4 : 1.2
                let result = unit.step(ComponentCoolantTests.inputs(heat: heat), dt: second == 0 ? 0.001 : 10)
                return [
                    second, result.coolantSupply.celsius, result.coolantReturn.celsius,
                    result.facilityWaterLeaving.celsius,
                ]
            }
        },
        PlantFigure(
            "air-handler",
            title: "Air handler: facility water it needs to hold 24 °C supply, return air of 36 °C",
            ordinate: "facility water, kg/s",
            across: "fan speed",
            at: span(0.4, 1, by: 0.05),
            curves: [16.0, 18, 20].map { water in ("water of \(Int(water)) °C", { airHandler(fan: $0, water: water) }) }
        ),
        PlantFigure(
            "immersion-tank",
            title: "Immersion tank of 200 kW: loss of its pump at 60 s for 240 s",
            ordinate: "°C",
            names: ["seconds", "chips", "fluid among servers", "fluid to servers"]
        ) {
            var (tank, _) = ComponentImmersionTests.rest(ComponentImmersionTests.inputs())
            return span(0, 900, by: 15).map { second in
                let runs = second < 60 || second >= 300
                let result = tank.step(
                    ComponentImmersionTests.inputs(pump: runs ? 1 : 0),
                    dt: second == 0 ? 0.001 : 15
                )
                return [second, result.chip.celsius, result.tank.celsius, result.supply.celsius]
            }
        },
        PlantFigure(
            "rack",
            title: "Rack of 115 kW: coolant flow falls to a quarter from 10 to 90 s",
            ordinate: "°C; power limit, %",
            names: ["seconds", "cores", "boards", "power limit, %"]
        ) {
            var (rack, _) = ComponentRackThermalTests.rest(ComponentRackThermalTests.inputs())
            return span(0, 180, by: 2).map { second in
                let flow = (10..<90).contains(second) ? 0.25 : 1
                let result = rack.step(ComponentRackThermalTests.inputs(flow: flow), dt: second == 0 ? 0.001 : 2)
                return [second, result.core.celsius, result.board.celsius, result.powerLimit.percent]
            }
        },
        PlantFigure(
            "sensors",
            title: "Sensors: water rises from 20 to 30 °C at 30 s",
            ordinate: "°C",
            names: ["seconds", "truth", "sensor in a well", "one of a pair", "air sensor"]
        ) {
            var well = SimulatedSensor(.pipeTemperature, seed: 1, stream: "well")
            var pair = SimulatedSensor(.pairedTemperature, seed: 1, stream: "pair")
            var air = SimulatedSensor(.airTemperature, seed: 1, stream: "air")
            return span(0, 240, by: 2).map { second in
                let truth = second < 30 ? 20.0 : 30
                return [second, truth, well.step(truth, dt: 2), pair.step(truth, dt: 2), air.step(truth, dt: 2)]
            }
        },
    ]

    private static func airHandler(fan: Double, water: Double) -> Double {
        var handler = AirHandler(ComponentAirTests.description)
        let inputs = AirHandler.Inputs(
            supplyAirSetpoint: Temperature(celsius: 24),
            fanSpeedCommand: Ratio(fraction: fan),
            returnAir: Temperature(celsius: 36),
            facilityWaterEntering: Temperature(celsius: water)
        )
        var outputs = handler.step(inputs, dt: 5)
        for _ in 0..<1_000 { outputs = handler.step(inputs, dt: 5) }
        return outputs.facilityWaterFlow.kilogramsPerSecond
    }
}
