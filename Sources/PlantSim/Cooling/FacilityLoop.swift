// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// One facility water loop with its machines: pumps, economizer, chillers, heat export and rejection.
///
/// On the return stand, in this order: recovery exchanger in the branch of CDUs and tanks, mixing with the air
/// handlers' branch, pumps, economizer exchanger, chillers in parallel. The loop is cut at the supply pipe and the
/// condenser loop behind the basins; every watt that leaves one part enters another, so the balance closes.
struct FacilityLoop: Sendable {
    /// What the loads get over a step.
    struct Feed: Sendable {
        /// Facility water at the loads, in degrees Celsius.
        let water: Double
        /// Differential pressure at the loads over that at design, a ratio.
        let pressure: Double
    }

    /// What the loads gave back over a step: heat in watts, water in kilograms per second.
    struct Branches: Sendable {
        var coolantHeat = 0.0
        var coolantFlow = 0.0
        var airHeat = 0.0
        var airFlow = 0.0
    }

    /// Temperatures around the facility water loop over the last step, in degrees Celsius.
    struct LoopTemperatures: Sendable {
        /// At CDUs and air handlers.
        var supply: Double
        /// CDU branch at the recovery exchanger.
        var coolantBranch: Double
        /// Behind heat recovery and mixing, before the economizer.
        var back: Double
        /// Behind the economizer.
        var economized: Double
        /// Behind the chillers.
        var plantLeaving: Double
    }

    /// Which units of the hall hang on this loop.
    let loads: WaterLoopLoads
    private(set) var condenserSide: CondenserSide
    private(set) var heatExport: HeatExport?
    private(set) var chillers: [Chiller]
    private(set) var chillerOutputs: [Chiller.Outputs] = []
    private(set) var loop: LoopTemperatures
    private(set) var pumpOutputs: Pump.Outputs
    private(set) var economizerValve = Actuator(position: .zero, strokeSeconds: 120)
    private(set) var economizerHeat = 0.0
    private(set) var branches = Branches()

    private var economizer: PlateExchanger?
    private let ids: (facilityWater: String, economizer: String?)
    private let thermostat: Bool
    /// Return minus supply that the bypass keeps, in kelvins; nil without one.
    private let returnRise: Double?
    /// What the bypass would pass at design pressure, in kilograms per second.
    private var bypassOpen = 0.0
    /// What it passed over the last step, in kilograms per second.
    private var bypassFlow = 0.0
    private var isReversed = false
    private let economizerFlow: Double
    private let chillerCondenserFlow: Double
    private let facilityFlow: Double
    private var pump: Pump
    private var supplyPipe: PipeDelay
    private var coolantReturnPipe: PipeDelay
    private var airReturnPipe: PipeDelay

    /// Condenser water through the economizer with its valve open, as a share of the loop's design flow.
    private static let economizerShare = 0.5
    /// Shares of facility water in the supply pipe and in the return pipes of CDUs and air handlers, where both are.
    private static let volumeShares = (supply: 0.5, coolant: 0.35, air: 0.15)
    private static let startSupply = 18.0
    /// The lag with which the bypass follows the loads, in seconds; its stroke is no part of the model.
    private static let bypassLag = 60.0
    /// Return minus condenser water, in kelvins, above which the plates open and below which they shut.
    private static let thermostatBand = (on: 2.0, off: 0.5)

    /// Builds a loop; nil where it has no facility water or nothing to take its heat.
    ///
    /// - Parameters:
    ///   - plant: What the loop stands in.
    ///   - index: Its position in the plant's water loops.
    ///   - time: The start, which says how warm a lake is.
    init?(_ plant: PlantComposition, loop index: Int, at time: Timestamp) {
        let parts = plant.waterLoops[index]
        guard let water = parts.facilityWater, let condenserWater = parts.condenserWater,
            !(parts.chillers.isEmpty && parts.waterEconomizer == nil)
        else { return nil }
        let fluid = LoopFluid.water
        loads = plant.loads(ofLoop: index)
        let surface = parts.ambientWater.flatMap {
            AmbientWaterBody.surface($0, climate: plant.surroundings.climate, at: time)
        }
        condenserSide = CondenserSide(
            condenserWater,
            towers: parts.coolingTowers,
            dryCoolers: parts.dryCoolers,
            ambientWater: parts.ambientWater,
            ambientSurface: surface ?? Temperature(celsius: 10)
        )
        let units = plant.coolantDistributionUnits
        let ofUnits = units.reduce(.zero) { $0 + $1.designFacilityWaterFlow * 0.5 }
        heatExport = HeatExport(
            plant,
            recovery: parts.heatRecovery,
            coolantFlow: plant.immersionTanks.reduce(ofUnits) {
                $0 + ImmersionTankRating($1).designWaterFlow * 0.5
            }
        )
        let running = parts.chillers.count > 1 ? parts.chillers.count - 1 : 1
        chillers = parts.chillers.enumerated().map {
            Chiller($1, isRunning: $0 < running, waterTemperature: Temperature(celsius: 22))
        }
        economizer = parts.waterEconomizer.map { PlateExchanger($0) }
        ids = (water.id, parts.waterEconomizer?.id)
        let condenserDesign = fluid.massFlow(condenserWater.designFlow).kilogramsPerSecond
        economizerFlow = economizer == nil ? 0 : condenserDesign * (parts.chillers.isEmpty ? 1 : Self.economizerShare)
        chillerCondenserFlow = condenserDesign / Double(max(parts.chillers.count, 1))
        facilityFlow = fluid.massFlow(water.designFlow).kilogramsPerSecond
        pump = Pump(
            designFlow: fluid.massFlow(water.designFlow),
            designHead: water.designHead,
            designPower: water.pumpPower,
            initialSpeed: Ratio(fraction: 0.9)
        )
        pumpOutputs = pump.operation(speed: Ratio(fraction: 0.9))
        thermostat = condenserSide.hasThermostat
        returnRise = water.returnRise?.kelvins
        func pipe(_ share: Double, _ celsius: Double) -> PipeDelay {
            PipeDelay(volume: water.volume * share, temperature: Temperature(celsius: celsius))
        }
        supplyPipe = pipe(Self.volumeShares.supply, Self.startSupply)
        // A loop that is one of two has no pipe for the other's loads.
        let shares: (coolant: Double, air: Double) =
            switch loads {
            case .all: (coolant: Self.volumeShares.coolant, air: Self.volumeShares.air)
            case .liquid: (coolant: 1 - Self.volumeShares.supply, air: 0)
            case .air: (coolant: 0, air: 1 - Self.volumeShares.supply)
            }
        coolantReturnPipe = pipe(shares.coolant, 38)
        airReturnPipe = pipe(shares.air, 28)
        loop = LoopTemperatures(
            supply: Self.startSupply,
            coolantBranch: 38,
            back: 35,
            economized: 35,
            plantLeaving: Self.startSupply
        )
    }

    /// Heat above 0 °C in the water of loop, machines and rejection, in joules.
    var storedHeat: Double {
        let specificHeat = LoopFluid.water.specificHeat.joulesPerKilogramKelvin
        let pipes = [supplyPipe, coolantReturnPipe, airReturnPipe].reduce(0) {
            $0 + $1.mass * specificHeat * $1.meanTemperature.celsius
        }
        let machines = chillers.reduce(0) { $0 + $1.storedHeat }
        return pipes + machines + condenserSide.storedHeat + (heatExport?.storedHeat ?? 0)
    }

    /// Facility water flow over the last step, in kilograms per second.
    var flow: Double { branches.coolantFlow + branches.airFlow + bypassFlow }

    /// Starts a step: what the pumps deliver to loads whose valves open this much of the system.
    ///
    /// - Parameters:
    ///   - openFlow: Water that the open valves would draw at design pressure, in kilograms per second.
    ///   - commands: Where on the board the loop's machines look.
    ///   - board: What was written to them.
    ///   - dt: The step in seconds.
    /// - Returns: What the loads get.
    mutating func deliver(openFlow: Double, commands: LoopCommands, board: CommandBoard, dt: Double) -> Feed {
        pumpOutputs = pump.step(
            speedCommand: Ratio(fraction: board[commands.facilityPump]),
            openness: Ratio(fraction: (openFlow + bypassOpen) / facilityFlow),
            dt: dt
        )
        let next = supplyPipe.draw(flow: .zero, dt: dt).celsius
        return Feed(water: next, pressure: max(pumpOutputs.head / pump.designHead, 0))
    }

    /// Ends a step: the loads give back water and heat.
    mutating func take(
        _ side: Branches,
        world: SimulatedWorld,
        at time: Timestamp,
        commands: LoopCommands,
        board: CommandBoard,
        dt: Double
    ) {
        branches = side
        stepBypass(pressure: max(pumpOutputs.head / pump.designHead, 0), dt: dt)
        loop.supply = supplyPipe.draw(flow: MassFlow(kilogramsPerSecond: flow), dt: dt).celsius
        let rejected = returnWater(isPermitted: world.isHeatPermitted, at: time, commands, board, dt)
        let condenserHeat = coolWater(commands, board, dt)
        condenserSide.take(
            heat: condenserHeat + rejected,
            outdoor: world.outdoor,
            commands: commands,
            board: board,
            dt: dt
        )
        supplyPipe.feed(Temperature(celsius: loop.plantLeaving))
    }

    /// Opens the bypass as far as the loads' heat needs more water than they draw.
    private mutating func stepBypass(pressure: Double, dt: Double) {
        guard let returnRise else { return }
        let specificHeat = LoopFluid.water.specificHeat.joulesPerKilogramKelvin
        let share = Libm.sqrt(pressure)
        bypassFlow = bypassOpen * share
        let heat = branches.coolantHeat + branches.airHeat
        let lacking = max(heat / (specificHeat * returnRise) - branches.coolantFlow - branches.airFlow, 0)
        let wanted = min(lacking / max(share, 0.1), facilityFlow)
        bypassOpen += min(dt / Self.bypassLag, 1) * (wanted - bypassOpen)
    }

    /// Brings the branches back through pipes, heat recovery and pumps.
    ///
    /// - Returns: Heat of the heat pumps that the network did not accept, in watts.
    private mutating func returnWater(
        isPermitted: Bool,
        at time: Timestamp,
        _ commands: LoopCommands,
        _ board: CommandBoard,
        _ dt: Double
    ) -> Double {
        let specificHeat = LoopFluid.water.specificHeat.joulesPerKilogramKelvin
        let side = branches
        func warmed(_ heat: Double, _ flow: Double) -> Temperature {
            Temperature(celsius: loop.supply + (flow > 0 ? heat / (flow * specificHeat) : 0))
        }
        let coolantFlow = MassFlow(kilogramsPerSecond: side.coolantFlow)
        let airFlow = MassFlow(kilogramsPerSecond: side.airFlow)
        let entering = warmed(side.coolantHeat, side.coolantFlow)
        var branch = coolantReturnPipe.step(entering: entering, flow: coolantFlow, dt: dt)
        let air = airReturnPipe.step(entering: warmed(side.airHeat, side.airFlow), flow: airFlow, dt: dt)
        loop.coolantBranch = branch.celsius
        var rejected = 0.0
        if heatExport != nil {
            let stream = FluidStream(temperature: branch, flow: coolantFlow)
            let result = heatExport?.step(
                branch: stream,
                isPermitted: isPermitted,
                at: time,
                commands: commands,
                board: board,
                dt: dt
            )
            branch = Temperature(celsius: result?.0.leaving ?? branch.celsius)
            rejected = result?.rejected ?? 0
        }
        let ofLoads = FluidStream(temperature: branch, flow: coolantFlow).mixed(
            with: FluidStream(temperature: air, flow: airFlow)
        )
        let bypass = MassFlow(kilogramsPerSecond: bypassFlow)
        let mixed = ofLoads.mixed(with: FluidStream(temperature: Temperature(celsius: loop.supply), flow: bypass))
        let rate = mixed.flow.kilogramsPerSecond * specificHeat
        loop.back = mixed.temperature.celsius + (rate > 0 ? pumpOutputs.fluidHeat.watts / rate : 0)
        return rejected
    }

    /// What the economizer's valve lets through: nothing where a thermostat sees condenser water too warm to cool.
    private var economizerPosition: Double {
        mutating get {
            guard thermostat else { return economizerValve.position.fraction }
            let difference = loop.back - condenserSide.supply
            isReversed = difference < (isReversed ? Self.thermostatBand.on : Self.thermostatBand.off)
            return isReversed ? 0 : economizerValve.position.fraction
        }
    }

    /// Sends the return through economizer and chillers.
    ///
    /// - Returns: Heat that condenser water takes from them, in watts.
    private mutating func coolWater(_ commands: LoopCommands, _ board: CommandBoard, _ dt: Double) -> Double {
        economizerValve.step(to: Ratio(fraction: board[commands.economizerValve]), dt: dt)
        let position = economizerPosition
        // A shut-off valve before each machine: open while it is enabled or runs.
        func isOpen(_ index: Int) -> Bool {
            board[commands.chillerEnables[index]] > 0.5 || chillers[index].machine.status == .running
        }
        let open = chillers.indices.count(where: isOpen)
        // The cold side of the economizer is shut only where its hot side is.
        let economizerOpen = economizerFlow * min(position * 4, 1)
        let chillersOpen = chillerCondenserFlow * Double(open)
        let delivered = condenserSide.deliver(
            openFlow: economizerOpen + chillersOpen,
            speed: board[commands.condenserPump],
            dt: dt
        )
        let perOpenFlow = delivered / max(economizerOpen + chillersOpen, 1e-9)
        let cold = Temperature(celsius: condenserSide.supply)
        let facility = MassFlow(kilogramsPerSecond: flow)
        var water = FluidStream(temperature: Temperature(celsius: loop.back), flow: facility)
        economizerHeat = 0
        if let economizer, economizerOpen > 0 {
            let result = economizer.exchange(
                hot: water,
                cold: FluidStream(
                    temperature: cold,
                    flow: MassFlow(kilogramsPerSecond: economizerOpen * perOpenFlow)
                ),
                hotShare: Ratio(fraction: position)
            )
            economizerHeat = result.heat.watts
            water.temperature = result.hotLeaving
        }
        loop.economized = water.temperature.celsius
        let isFirst = chillerOutputs.isEmpty
        var leaving = 0.0
        var condenserHeat = economizerHeat
        for index in chillers.indices {
            let share = isOpen(index) ? 1 / Double(max(open, 1)) : 0
            let condenser = share > 0 ? MassFlow(kilogramsPerSecond: chillerCondenserFlow * perOpenFlow) : .zero
            let result = chillers[index].step(
                Chiller.Inputs(
                    isEnabled: board[commands.chillerEnables[index]] > 0.5,
                    leavingSetpoint: Temperature(celsius: board[commands.chillerSetpoints[index]]),
                    chilledWater: FluidStream(temperature: water.temperature, flow: facility * share),
                    condenserWater: FluidStream(temperature: cold, flow: condenser)
                ),
                dt: dt
            )
            leaving += share * result.chilledWaterLeaving.celsius
            let rate = LoopFluid.water.capacityRate(condenser).wattsPerKelvin
            condenserHeat += rate * (result.condenserWaterLeaving.celsius - cold.celsius)
            if isFirst { chillerOutputs.append(result) } else { chillerOutputs[index] = result }
        }
        // With every chiller shut off the water goes round them.
        loop.plantLeaving = open > 0 ? leaving : water.temperature.celsius
        return condenserHeat
    }
}

extension FacilityLoop {
    /// Lets these faults, and no others, be on.
    mutating func apply(_ faults: PlantFaults) {
        condenserSide.apply(faults)
        heatExport?.apply(faults)
        for index in chillers.indices {
            let id = chillers[index].description.id
            chillers[index].fault = faults.machine(id, .chillers)
            chillers[index].condition = faults.cleanliness(id)
        }
        pump.available = faults.pumps(ids.facilityWater, .facilityPumps)
        economizerValve.jammedAt = faults.valve(
            ids.economizer,
            present: economizerValve.position,
            jammed: economizerValve.jammedAt
        )
        economizer?.cleanliness = faults.cleanliness(ids.economizer)
    }
}
