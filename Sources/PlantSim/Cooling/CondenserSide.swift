// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// Condenser water: pumps, pipes, and what rejects its heat.
///
/// Water goes through pumps to chiller condensers and the economizer in parallel, and back over all tower cells or dry
/// coolers, or through the exchanger on ambient water. A site has one of the three; they stand side by side here
/// rather than in an enum, so that a step changes them in place.
struct CondenserSide: Sendable {
    private(set) var towers: [CoolingTower]
    private(set) var towerOutputs: [CoolingTower.Outputs] = []
    private(set) var dryCoolers: DryCoolerBank?
    private(set) var ambientWater: AmbientIntake?
    private(set) var pumpOutputs: Pump.Outputs
    /// Water to chillers and economizer, in degrees Celsius.
    private(set) var supply: Double
    /// Water back to the towers, in degrees Celsius.
    private(set) var back: Double
    private let id: String
    private var pump: Pump
    private var supplyPipe: PipeDelay
    private var returnPipe: PipeDelay
    private var isFrostStopped: [Bool]

    /// Flow at design, in kilograms per second.
    let designFlow: Double
    private let basinMinimum: Double
    /// Heat capacity of one cell's basin, in joules per kelvin.
    private let basinCapacity: Double

    /// Share of the loop's water that stands in the basins.
    private static let basinShare = 0.75
    /// Flow through the loop's bypass with every machine shut off, as a share of design.
    private static let bypassShare = 0.05
    /// Below this share the drive stops the fan.
    private static let slowestFan = 0.2
    static let start = Temperature(celsius: 22)

    init(
        _ water: CondenserWaterDescription,
        towers descriptions: [CoolingTowerDescription],
        dryCoolers coolers: [DryCoolerDescription] = [],
        ambientWater exchanger: AmbientWaterDescription? = nil,
        ambientSurface: Temperature = start
    ) {
        let fluid = LoopFluid.water
        id = water.id
        let basin = Volume(
            cubicMeters: water.volume.cubicMeters * Self.basinShare / Double(max(descriptions.count, 1))
        )
        towers = descriptions.map {
            CoolingTower($0, basinVolume: basin, initialBasin: Self.start, initialFanSpeed: Ratio(fraction: 0.7))
        }
        isFrostStopped = Array(repeating: false, count: descriptions.count)
        basinCapacity = (fluid.density * fluid.specificHeat).joulesPerCubicMeterKelvin * basin.cubicMeters
        designFlow = fluid.massFlow(water.designFlow).kilogramsPerSecond
        basinMinimum = water.basinMinimum.celsius
        let inBasins = descriptions.isEmpty ? 0 : Self.basinShare
        let pipe = Volume(cubicMeters: water.volume.cubicMeters * (1 - inBasins) / 2)
        supplyPipe = PipeDelay(volume: pipe, temperature: Self.start)
        returnPipe = PipeDelay(volume: pipe, temperature: Self.start)
        pump = Pump(
            designFlow: fluid.massFlow(water.designFlow),
            designHead: Pressure(kilopascals: 200),
            designPower: water.pumpPower,
            initialSpeed: .full
        )
        pumpOutputs = pump.operation(speed: .full)
        supply = Self.start.celsius
        back = Self.start.celsius
        if !coolers.isEmpty { dryCoolers = DryCoolerBank(coolers, initial: Self.start) }
        ambientWater = exchanger.map {
            AmbientIntake(
                $0,
                plantFlow: fluid.massFlow(water.designFlow),
                surface: ambientSurface,
                initial: Self.start
            )
        }
    }

    /// Electrical power of fans, basin heaters and pumps, in watts.
    var power: Double {
        let towers = towerOutputs.reduce(pumpOutputs.power.watts) {
            $0 + $1.fanPower.watts + $1.basinHeaterPower.watts
        }
        return towers + (dryCoolers?.power ?? 0) + (ambientWater?.outputs?.pumpPower.watts ?? 0)
    }

    /// Whether nothing here needs the loads to be kept apart from water that is warmer than theirs: towers are watched
    /// by whoever commands the economizer valve, the others' plates are shut by a differential thermostat.
    var hasThermostat: Bool { towers.isEmpty }

    /// Water into basins and onto pads over the last step, in kilograms per second.
    var makeUp: MassFlow {
        let basins = towerOutputs.reduce(MassFlow.zero) { $0 + $1.water.makeUp }
        return dryCoolers?.outputs.reduce(basins) { $0 + $1.makeUp } ?? basins
    }

    /// What all basins together lack to their full level, in kilograms.
    var lackingWater: Double { towers.reduce(0) { $0 + $1.lackingWater } }

    /// Heat above 0 °C in basins and pipes, in joules.
    var storedHeat: Double {
        let specificHeat = LoopFluid.water.specificHeat.joulesPerKilogramKelvin
        let pipes = [supplyPipe, returnPipe].reduce(0) { $0 + $1.mass * specificHeat * $1.meanTemperature.celsius }
        return towers.reduce(pipes) { $0 + basinCapacity * $1.basinTemperature.celsius } + (dryCoolers?.storedHeat ?? 0)
    }

    /// Starts a step: what the pumps deliver to machines that open this much of the system.
    ///
    /// - Parameters:
    ///   - openFlow: Flow that the open machines would take at design pressure, in kilograms per second.
    ///   - speed: Commanded pump speed, a ratio.
    ///   - dt: The step in seconds.
    /// - Returns: The flow in kilograms per second.
    mutating func deliver(openFlow: Double, speed: Double, dt: Double) -> Double {
        let openness = max(openFlow / designFlow, Self.bypassShare)
        pumpOutputs = pump.step(
            speedCommand: Ratio(fraction: speed),
            openness: Ratio(fraction: openness),
            dt: dt
        )
        let flow = pumpOutputs.flow.kilogramsPerSecond
        supply = supplyPipe.draw(flow: pumpOutputs.flow, dt: dt).celsius
        return flow
    }

    /// Ends a step: water comes back from the machines with this heat.
    mutating func take(
        heat: Double,
        outdoor: WeatherState,
        commands: LoopCommands,
        board: CommandBoard,
        dt: Double
    ) {
        let flow = pumpOutputs.flow
        let rate = LoopFluid.water.capacityRate(flow).wattsPerKelvin
        let input = heat + pumpOutputs.fluidHeat.watts
        let warm = Temperature(celsius: supply + (rate > 0 ? input / rate : 0))
        let ontoTowers = returnPipe.step(entering: warm, flow: flow, dt: dt)
        back = warm.celsius
        if !towers.isEmpty {
            stepTowers(ontoTowers, outdoor: outdoor, commands: commands, board: board, dt: dt)
            return
        }
        let stream = FluidStream(temperature: ontoTowers, flow: flow)
        if let leaving = dryCoolers?.step(
            water: stream,
            setpoints: commands.coolerSetpoints,
            outdoor: outdoor,
            board: board,
            dt: dt
        ) {
            supplyPipe.feed(leaving)
        } else if let slot = commands.ambientSetpoint,
            let leaving = ambientWater?.step(water: stream, setpoint: board[slot], outdoor: outdoor, dt: dt)
        {
            supplyPipe.feed(leaving)
        } else {
            supplyPipe.feed(ontoTowers)
        }
    }

    private mutating func stepTowers(
        _ ontoTowers: Temperature,
        outdoor: WeatherState,
        commands: LoopCommands,
        board: CommandBoard,
        dt: Double
    ) {
        let flow = pumpOutputs.flow
        let share = MassFlow(kilogramsPerSecond: flow.kilogramsPerSecond / Double(max(towers.count, 1)))
        let isFirst = towerOutputs.isEmpty
        var basins = 0.0
        for index in towers.indices {
            let result = towers[index].step(
                CoolingTower.Inputs(
                    water: FluidStream(temperature: ontoTowers, flow: share),
                    fanSpeedCommand: Ratio(fraction: fanCommand(index, board[commands.towerFans[index]])),
                    outdoor: outdoor
                ),
                dt: dt
            )
            basins += result.leaving.celsius
            if isFirst { towerOutputs.append(result) } else { towerOutputs[index] = result }
        }
        supplyPipe.feed(Temperature(celsius: basins / Double(max(towers.count, 1))))
    }

    /// The cell's own controller: no fan on a basin near freezing, and none below the drive's lowest speed.
    private mutating func fanCommand(_ index: Int, _ command: Double) -> Double {
        let basin = towers[index].basinTemperature.celsius
        isFrostStopped[index] = basin < basinMinimum + (isFrostStopped[index] ? 1 : 0)
        guard !isFrostStopped[index], command >= Self.slowestFan else { return 0 }
        return max(command, towers[index].description.minimumFanSpeed.fraction)
    }
}

extension CondenserSide {
    /// Lets these faults, and no others, be on.
    mutating func apply(_ faults: PlantFaults) {
        pump.available = faults.pumps(id, .condenserPumps)
        for index in towers.indices {
            let id = towers[index].description.id
            towers[index].isFanStopped = faults.isFanStopped(id, .towers)
            towers[index].fillCondition = faults.cleanliness(id)
        }
    }
}
