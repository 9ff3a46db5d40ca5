// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// The consumers of facility water: CDUs with the racks behind them, air handlers with the hall.
struct HallSide: Sendable {
    /// What came back to the plant over a step.
    struct Outputs: Sendable {
        /// Heat of the CDUs and their water, all together.
        var coolantHeat = 0.0
        var coolantFlow = 0.0
        /// Heat of the air handlers and their water, all together.
        var airHeat = 0.0
        var airFlow = 0.0
        /// Electrical power of the CDUs' pumps.
        var coolantPower = 0.0
        /// The part of it that the coolant takes up.
        var coolantPumpHeat = 0.0
        /// Electrical power of the air handlers' fans.
        var fanPower = 0.0
    }

    private(set) var units: [CoolantDistributionUnit]
    private(set) var handlers: [AirHandler]
    private(set) var hall: HallAir
    /// What each unit did last, empty before the first step.
    private(set) var unitOutputs: [CoolantDistributionUnit.Outputs] = []
    private(set) var handlerOutputs: [AirHandler.Outputs] = []
    private(set) var hallOutputs: HallAir.Outputs?
    private(set) var outputs = Outputs()

    /// Air flow of all handlers at full speed, in cubic metres per second.
    private let designAirFlow: Double

    /// Warming of the air in the racks that the fans are controlled for, in kelvins.
    private static let rackAirRise = 12.0
    /// Air beyond what the racks draw, so that none is drawn twice.
    private static let airMargin = 1.05
    private static let slowestFan = 0.4

    init(_ plant: PlantComposition, outdoor: WeatherState) {
        units = plant.coolantDistributionUnits.map { CoolantDistributionUnit($0) }
        handlers = plant.airHandlers.map { AirHandler($0) }
        designAirFlow = plant.airHandlers.reduce(0) { $0 + $1.designAirFlow.cubicMetersPerSecond }
        let dewPoint = min(max(outdoor.dewPoint.celsius, 6), 17)
        hall = HallAir(
            designAirFlow: VolumeFlow(cubicMetersPerSecond: max(designAirFlow, 1)),
            returnTemperature: Temperature(celsius: 36),
            dewPoint: Temperature(celsius: dewPoint)
        )
    }

    /// Conductance of all valves: the water they would draw at design pressure, in kilograms per second.
    var openFlow: Double {
        var flow = 0.0
        for unit in units {
            flow +=
                LoopFluid.water.massFlow(unit.description.designFacilityWaterFlow).kilogramsPerSecond
                * unit.valvePosition.fraction
        }
        for handler in handlers { flow += handler.designWaterFlow.kilogramsPerSecond * handler.valvePosition.fraction }
        return flow
    }

    /// Heat above 0 °C in coolant, hall air and structure, in joules.
    var storedHeat: Double {
        units.reduce(hall.storedHeat) { sum, unit in
            sum + unit.heatCapacities.supply * unit.coolantSupply.celsius
                + unit.heatCapacities.back * unit.coolantReturn.celsius
        }
    }

    /// Moves on by `dt` seconds.
    ///
    /// - Parameters:
    ///   - heat: Heat into the coolant of each unit and into the air of the hall.
    ///   - water: Facility water at the units, in degrees Celsius.
    ///   - pressure: Differential pressure at the units over that at design, a ratio.
    ///   - outdoor: The air that ventilates the hall.
    ///   - commands: Where on the board the units look.
    ///   - board: What was written to them.
    ///   - dt: The step in seconds.
    mutating func step(
        heat: PlantHeat,
        water: Double,
        pressure: Double,
        outdoor: WeatherState,
        commands: PlantCommands,
        board: CommandBoard,
        dt: Double
    ) {
        outputs = Outputs()
        let isFirst = unitOutputs.isEmpty
        let entering = Temperature(celsius: water)
        let dewPoint = hallOutputs?.dewPoint ?? Temperature(celsius: 9)
        for index in units.indices {
            let result = units[index].step(
                CoolantDistributionUnit.Inputs(
                    supplySetpoint: Temperature(celsius: board[commands.coolantSetpoints[index]]),
                    rackHeat: Power(watts: heat.coolant[index]),
                    facilityWaterEntering: entering,
                    availablePressure: Ratio(fraction: pressure),
                    hallDewPoint: dewPoint
                ),
                dt: dt
            )
            outputs.coolantHeat += result.heat.watts
            outputs.coolantFlow += result.facilityWaterFlow.kilogramsPerSecond
            outputs.coolantPower += result.pumpPower.watts
            outputs.coolantPumpHeat += result.pumpHeat.watts
            if isFirst { unitOutputs.append(result) } else { unitOutputs[index] = result }
        }
        stepAir(heat.air, entering, pressure, outdoor, commands, board, dt)
    }

    private mutating func stepAir(
        _ heat: Double,
        _ water: Temperature,
        _ pressure: Double,
        _ outdoor: WeatherState,
        _ commands: PlantCommands,
        _ board: CommandBoard,
        _ dt: Double
    ) {
        let isFirst = handlerOutputs.isEmpty
        let drawn = heat / (LoopFluid.air.specificHeat.joulesPerKilogramKelvin * Self.rackAirRise)
        let wanted = drawn / LoopFluid.air.density.kilogramsPerCubicMeter * Self.airMargin / max(designAirFlow, 1)
        let fan = Ratio(fraction: min(max(wanted, Self.slowestFan), 1))
        var supply = 0.0
        var flow = 0.0
        for index in handlers.indices {
            let result = handlers[index].step(
                AirHandler.Inputs(
                    supplyAirSetpoint: Temperature(celsius: board[commands.supplyAirSetpoints[index]]),
                    fanSpeedCommand: fan,
                    returnAir: hall.returnTemperature,
                    facilityWaterEntering: water,
                    availablePressure: Ratio(fraction: pressure)
                ),
                dt: dt
            )
            outputs.airHeat += result.heat.watts
            outputs.airFlow += result.facilityWaterFlow.kilogramsPerSecond
            outputs.fanPower += result.fanPower.watts
            supply += result.supplyAir.celsius * result.airFlow.cubicMetersPerSecond
            flow += result.airFlow.cubicMetersPerSecond
            if isFirst { handlerOutputs.append(result) } else { handlerOutputs[index] = result }
        }
        hallOutputs = hall.step(
            HallAir.Inputs(
                heat: Power(watts: heat),
                fanHeat: Power(watts: outputs.fanPower),
                cooling: Power(watts: outputs.airHeat),
                supplyAir: flow > 0 ? Temperature(celsius: supply / flow) : hall.returnTemperature,
                supplyAirFlow: VolumeFlow(cubicMetersPerSecond: flow),
                coilSurface: water,
                outdoor: outdoor
            ),
            dt: dt
        )
    }
}

/// The heat that the load puts into the plant over a step, in watts.
struct PlantHeat: Sendable {
    /// Into the coolant of each CDU.
    var coolant: [Double]
    /// Into the air of the hall: racks, UPS and distribution.
    var air = 0.0
}
