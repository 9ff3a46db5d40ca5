// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// The consumers of facility water: CDUs with the racks behind them, immersion tanks, air handlers with the hall; and
/// the handlers that cool the hall with outdoor air.
struct HallSide: Sendable {
    /// What came back to the plant over a step.
    struct Outputs: Sendable {
        /// Heat of CDUs and tanks and their water, all together.
        var coolantHeat = 0.0
        var coolantFlow = 0.0
        /// Heat of the air handlers and their water, all together.
        var airHeat = 0.0
        var airFlow = 0.0
        /// Heat that outdoor air carried off, sensible.
        var outdoorHeat = 0.0
        /// Electrical power of the CDUs' and tanks' pumps.
        var coolantPower = 0.0
        /// The part of it that the coolant takes up.
        var coolantPumpHeat = 0.0
        /// Electrical power of the fans of all air handlers.
        var fanPower = 0.0
    }

    private(set) var units: [CoolantDistributionUnit]
    private(set) var tanks: [ImmersionTank]
    private(set) var handlers: [AirHandler]
    private(set) var outdoorHandlers: [OutdoorAirHandler]
    private(set) var hall: HallAir
    /// What each unit did last, empty before the first step.
    private(set) var unitOutputs: [CoolantDistributionUnit.Outputs] = []
    private(set) var tankOutputs: [ImmersionTank.Outputs] = []
    private(set) var handlerOutputs: [AirHandler.Outputs] = []
    private(set) var outdoorOutputs: [OutdoorAirHandler.Outputs] = []
    private(set) var hallOutputs: HallAir.Outputs?
    private(set) var outputs = Outputs()

    /// Air flow of all handlers at full speed, in cubic metres per second.
    private let designAirFlow: Double

    /// Warming of the air in the racks that the fans are controlled for, in kelvins.
    private static let rackAirRise = 12.0
    /// Air beyond what the racks draw, so that none is drawn twice.
    private static let airMargin = 1.05
    private static let slowestFan = 0.4
    /// A surface that dries no air and cools nothing, in degrees Celsius: stands for a coil that is not there.
    private static let noCoil = 60.0

    init(_ plant: PlantComposition, outdoor: WeatherState) {
        units = plant.coolantDistributionUnits.map { CoolantDistributionUnit($0) }
        tanks = plant.immersionTanks.map { ImmersionTank(ImmersionTankRating($0)) }
        handlers = plant.airHandlers.map { AirHandler($0) }
        outdoorHandlers = plant.outdoorAirHandlers.map {
            OutdoorAirHandler(
                OutdoorAirHandlerRating(id: $0.id, designAirFlow: $0.designAirFlow, fanPower: $0.fanPower),
                initialSpeed: Ratio(fraction: 0.6)
            )
        }
        let chilledFlow = plant.airHandlers.reduce(0) { $0 + $1.designAirFlow.cubicMetersPerSecond }
        designAirFlow = plant.outdoorAirHandlers.reduce(chilledFlow) { $0 + $1.designAirFlow.cubicMetersPerSecond }
        let dewPoint = min(max(outdoor.dewPoint.celsius, 6), 17)
        hall = HallAir(
            designAirFlow: VolumeFlow(cubicMetersPerSecond: max(designAirFlow, 1)),
            returnTemperature: Temperature(celsius: 36),
            dewPoint: Temperature(celsius: dewPoint)
        )
    }

    /// Conductance of the valves of some loads: the water they would draw at design pressure, in kilograms per second.
    func openFlow(of loads: WaterLoopLoads) -> Double {
        var flow = 0.0
        for unit in units where loads.hasLiquid {
            flow +=
                LoopFluid.water.massFlow(unit.description.designFacilityWaterFlow).kilogramsPerSecond
                * unit.valvePosition.fraction
        }
        for index in tanks.indices where loads.hasLiquid {
            // Before its first step a tank's valve stands at what it starts with.
            let position = tankOutputs.isEmpty ? 0.3 : tankOutputs[index].valvePosition.fraction
            flow += LoopFluid.water.massFlow(tanks[index].rating.designWaterFlow).kilogramsPerSecond * position
        }
        for handler in handlers where loads.hasAir {
            flow += handler.designWaterFlow.kilogramsPerSecond * handler.valvePosition.fraction
        }
        return flow
    }

    /// Heat above 0 °C in coolant, hall air and structure, in joules.
    var storedHeat: Double {
        let ofUnits = units.reduce(hall.storedHeat) { sum, unit in
            sum + unit.heatCapacities.supply * unit.coolantSupply.celsius
                + unit.heatCapacities.back * unit.coolantReturn.celsius
        }
        return tanks.reduce(ofUnits) { $0 + $1.storedHeat }
    }

    /// Moves on by `dt` seconds.
    ///
    /// - Parameters:
    ///   - heat: Heat into the coolant of each unit, into each tank and into the air of the hall.
    ///   - feeds: Facility water at CDUs and tanks, and at air handlers; nil where there is none.
    ///   - outdoor: The air that ventilates the hall.
    ///   - commands: Where on the board the units look.
    ///   - board: What was written to them.
    ///   - dt: The step in seconds.
    mutating func step(
        heat: PlantHeat,
        feeds: (liquid: FacilityLoop.Feed?, air: FacilityLoop.Feed?),
        outdoor: WeatherState,
        commands: PlantCommands,
        board: CommandBoard,
        dt: Double
    ) {
        outputs = Outputs()
        let isFirst = unitOutputs.isEmpty
        let entering = Temperature(celsius: feeds.liquid?.water ?? Self.noCoil)
        let pressure = feeds.liquid?.pressure ?? 0
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
        let toRoom = stepTanks(heat, entering, pressure, commands, board, dt)
        let chilled = Temperature(celsius: feeds.air?.water ?? Self.noCoil)
        stepAir(heat.air + toRoom, chilled, feeds.air?.pressure ?? 0, outdoor, commands, board, dt)
    }

    /// What goes back to the water loop of some loads after a step.
    func branches(of loads: WaterLoopLoads) -> FacilityLoop.Branches {
        var branches = FacilityLoop.Branches()
        if loads.hasLiquid { (branches.coolantHeat, branches.coolantFlow) = (outputs.coolantHeat, outputs.coolantFlow) }
        if loads.hasAir { (branches.airHeat, branches.airFlow) = (outputs.airHeat, outputs.airFlow) }
        return branches
    }

    /// - Returns: Heat that the tanks lose to the hall, in watts.
    private mutating func stepTanks(
        _ heat: PlantHeat,
        _ water: Temperature,
        _ pressure: Double,
        _ commands: PlantCommands,
        _ board: CommandBoard,
        _ dt: Double
    ) -> Double {
        let isFirst = tankOutputs.isEmpty
        var lost = 0.0
        for index in tanks.indices {
            let result = tanks[index].step(
                ImmersionTank.Inputs(
                    serverHeat: Power(watts: heat.coolant[units.count + index]),
                    facilityWaterEntering: water,
                    supplySetpoint: Temperature(celsius: board[commands.tankSetpoints[index]]),
                    availablePressure: Ratio(fraction: pressure),
                    roomAir: hall.returnTemperature
                ),
                dt: dt
            )
            outputs.coolantHeat += result.heat.watts
            outputs.coolantFlow += result.facilityWaterFlow.kilogramsPerSecond
            outputs.coolantPower += result.pumpPower.watts
            outputs.coolantPumpHeat += result.pumpHeat.watts
            lost += result.roomHeat.watts
            if isFirst { tankOutputs.append(result) } else { tankOutputs[index] = result }
        }
        return lost
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
        stepOutdoorAir(fan, outdoor, commands, board, dt)
        var supply = 0.0
        var flow = 0.0
        for index in handlers.indices {
            let result = handlers[index].step(
                AirHandler.Inputs(
                    supplyAirSetpoint: Temperature(celsius: board[commands.supplyAirSetpoints[index]]),
                    fanSpeedCommand: handlers[index].description.fanControl == .constant ? .full : fan,
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
        for result in outdoorOutputs {
            supply += result.supplyAir.dryBulb.celsius * result.airFlow.cubicMetersPerSecond
            flow += result.airFlow.cubicMetersPerSecond
        }
        hallOutputs = hall.step(
            HallAir.Inputs(
                heat: Power(watts: heat),
                fanHeat: Power(watts: outputs.fanPower),
                cooling: Power(watts: outputs.airHeat + outputs.outdoorHeat),
                supplyAir: flow > 0 ? Temperature(celsius: supply / flow) : hall.returnTemperature,
                supplyAirFlow: VolumeFlow(cubicMetersPerSecond: flow),
                coilSurface: handlers.isEmpty ? Temperature(celsius: Self.noCoil) : water,
                outdoor: outdoor
            ),
            dt: dt
        )
    }

    /// The handlers' own mixing control: the dampers go where outdoor and hall air together give the supply setpoint.
    ///
    /// Outdoor air is let in as long as it is the colder one.
    private mutating func stepOutdoorAir(
        _ fan: Ratio,
        _ outdoor: WeatherState,
        _ commands: PlantCommands,
        _ board: CommandBoard,
        _ dt: Double
    ) {
        let isFirst = outdoorOutputs.isEmpty
        let back = hall.returnTemperature
        let room = MoistAir(
            dryBulb: back,
            humidityRatio: hall.humidity,
            pressure: outdoor.pressure
        )
        for index in outdoorHandlers.indices {
            let fanRise =
                isFirst ? 0 : (outdoorOutputs[index].supplyAir.dryBulb - outdoorOutputs[index].mixedAir.dryBulb).kelvins
            let wanted = board[commands.outdoorAirSetpoints[index]] - fanRise
            let share = (back.celsius - wanted) / max((back - outdoor.dryBulb).kelvins, 0.1)
            let isColder = outdoor.dryBulb < back
            let result = outdoorHandlers[index].step(
                OutdoorAirHandler.Inputs(
                    damperCommand: isColder ? OutdoorAirHandler.damper(outdoorShare: Ratio(fraction: share)) : .zero,
                    fanSpeedCommand: fan,
                    returnAir: room,
                    outdoor: outdoor
                ),
                dt: dt
            )
            let rate = result.dryAirFlow.kilogramsPerSecond * result.mixedAir.specificHeat.joulesPerKilogramKelvin
            outputs.outdoorHeat += rate * (back - result.mixedAir.dryBulb).kelvins
            outputs.fanPower += result.fanPower.watts
            if isFirst { outdoorOutputs.append(result) } else { outdoorOutputs[index] = result }
        }
    }
}

extension HallSide {
    /// Lets these faults, and no others, be on.
    mutating func apply(_ faults: PlantFaults) {
        for index in units.indices {
            let id = units[index].description.id
            units[index].availablePumps = faults.pumps(id, .coolantUnits)
            units[index].exchanger.cleanliness = faults.cleanliness(id)
            let unit = units[index]
            units[index].jammedValve = faults.valve(id, present: unit.valvePosition, jammed: unit.jammedValve)
        }
        for index in handlers.indices {
            let id = handlers[index].description.id
            handlers[index].isFanStopped = faults.isFanStopped(id, .airHandlers)
            handlers[index].coil.cleanliness = faults.cleanliness(id)
            let unit = handlers[index]
            handlers[index].jammedValve = faults.valve(id, present: unit.valvePosition, jammed: unit.jammedValve)
        }
    }
}

/// The heat that the load puts into the plant over a step, in watts.
struct PlantHeat: Sendable {
    /// Into the coolant of each CDU, then into each immersion tank.
    var coolant: [Double]
    /// Into the air of the hall: racks, UPS and distribution.
    var air = 0.0
}
