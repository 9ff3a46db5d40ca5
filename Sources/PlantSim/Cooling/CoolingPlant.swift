// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// The whole cooling plant between the racks and the weather: water loops, machines and heat export.
///
/// On the return of facility water stand, in this order: recovery exchanger in the CDU branch, mixing with the air
/// handlers' branch, pumps, economizer exchanger, chillers in parallel. The loop is cut at the supply pipe and the
/// condenser loop behind the basins; every watt that leaves one part enters another, so the balance closes.
struct CoolingPlant: Sendable {
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

    private(set) var hallSide: HallSide
    private(set) var condenserSide: CondenserSide
    private(set) var heatExport: HeatExport?
    private(set) var chillers: [Chiller]
    private(set) var chillerOutputs: [Chiller.Outputs] = []
    private(set) var loop: LoopTemperatures
    private(set) var pumpOutputs: Pump.Outputs
    private(set) var economizerValve = Actuator(position: .zero, strokeSeconds: 120)
    private(set) var economizerHeat = 0.0
    /// Heat and water since the start.
    private(set) var balance = PlantBalance()

    private let economizer: PlateExchanger?
    private let economizerFlow: Double
    private let chillerCondenserFlow: Double
    private let facilityFlow: Double
    private var pump: Pump
    private var supplyPipe: PipeDelay
    private var coolantReturnPipe: PipeDelay
    private var airReturnPipe: PipeDelay

    /// Condenser water through the economizer with its valve open, as a share of the loop's design flow.
    private static let economizerShare = 0.5
    /// Shares of facility water in the supply pipe and in the return pipes of CDUs and air handlers.
    private static let volumeShares = (supply: 0.5, coolant: 0.35, air: 0.15)
    private static let startSupply = 18.0

    /// - Returns: nil where the site has no complete cooling plant.
    init?(_ plant: PlantComposition, outdoor: WeatherState) {
        guard let water = plant.facilityWater, let condenserWater = plant.condenserWater, !plant.chillers.isEmpty,
            !plant.coolingTowers.isEmpty, !plant.coolantDistributionUnits.isEmpty
        else { return nil }
        let fluid = LoopFluid.water
        hallSide = HallSide(plant, outdoor: outdoor)
        condenserSide = CondenserSide(condenserWater, towers: plant.coolingTowers)
        let units = plant.coolantDistributionUnits
        heatExport = HeatExport(plant, coolantFlow: units.reduce(.zero) { $0 + $1.designFacilityWaterFlow * 0.5 })
        let running = plant.chillers.count > 1 ? plant.chillers.count - 1 : 1
        chillers = plant.chillers.enumerated().map {
            Chiller($1, isRunning: $0 < running, waterTemperature: Temperature(celsius: 22))
        }
        economizer = plant.waterEconomizer.map { PlateExchanger($0) }
        let condenserDesign = fluid.massFlow(condenserWater.designFlow).kilogramsPerSecond
        economizerFlow = economizer == nil ? 0 : condenserDesign * Self.economizerShare
        chillerCondenserFlow = condenserDesign / Double(plant.chillers.count)
        facilityFlow = fluid.massFlow(water.designFlow).kilogramsPerSecond
        pump = Pump(
            designFlow: fluid.massFlow(water.designFlow),
            designHead: water.designHead,
            designPower: water.pumpPower,
            initialSpeed: Ratio(fraction: 0.9)
        )
        pumpOutputs = pump.operation(speed: Ratio(fraction: 0.9))
        func pipe(_ share: Double, _ celsius: Double) -> PipeDelay {
            PipeDelay(volume: water.volume * share, temperature: Temperature(celsius: celsius))
        }
        supplyPipe = pipe(Self.volumeShares.supply, Self.startSupply)
        coolantReturnPipe = pipe(Self.volumeShares.coolant, 38)
        airReturnPipe = pipe(Self.volumeShares.air, 28)
        loop = LoopTemperatures(
            supply: Self.startSupply,
            coolantBranch: 38,
            back: 35,
            economized: 35,
            plantLeaving: Self.startSupply
        )
    }

    /// Heat above 0 °C in water, coolant, hall air and structure, in joules.
    var storedHeat: Double {
        let specificHeat = LoopFluid.water.specificHeat.joulesPerKilogramKelvin
        let pipes = [supplyPipe, coolantReturnPipe, airReturnPipe].reduce(0) {
            $0 + $1.mass * specificHeat * $1.meanTemperature.celsius
        }
        let machines = chillers.reduce(0) { $0 + $1.storedHeat }
        return pipes + machines + hallSide.storedHeat + condenserSide.storedHeat + (heatExport?.storedHeat ?? 0)
    }

    /// Facility water flow over the last step, in kilograms per second.
    var flow: Double { hallSide.outputs.coolantFlow + hallSide.outputs.airFlow }

    /// Water into the basins over the last step, in cubic metres per second.
    var makeUpFlow: Double {
        let kilograms = condenserSide.towerOutputs.reduce(MassFlow.zero) { $0 + $1.water.makeUp }
        return LoopFluid.water.volumeFlow(kilograms).cubicMetersPerSecond
    }

    /// Electrical power of the groups that have a meter, in watts.
    var powers: CoolingPowers {
        var powers = CoolingPowers()
        powers.chillers = chillerOutputs.reduce(0) { $0 + $1.power.watts }
        powers.towers = condenserSide.power
        powers.facilityPumps = pumpOutputs.power.watts
        powers.coolantUnits = hallSide.outputs.coolantPower
        powers.airHandlers = hallSide.outputs.fanPower
        powers.heatUpgrade = heatExport?.power ?? 0
        return powers
    }

    /// Starts the balance anew.
    mutating func forgetBalance() { balance = PlantBalance() }

    /// Moves on by `dt` seconds.
    mutating func step(
        heat: PlantHeat,
        world: SimulatedWorld,
        at time: Timestamp,
        commands: PlantCommands,
        board: CommandBoard,
        dt: Double
    ) {
        let openness = hallSide.openFlow / facilityFlow
        pumpOutputs = pump.step(
            speedCommand: Ratio(fraction: board[commands.facilityPump]),
            openness: Ratio(fraction: openness),
            dt: dt
        )
        let next = supplyPipe.draw(flow: .zero, dt: dt).celsius
        hallSide.step(
            heat: heat,
            water: next,
            pressure: max(pumpOutputs.head / pump.designHead, 0),
            outdoor: world.outdoor,
            commands: commands,
            board: board,
            dt: dt
        )
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
        balance.add(self, heat: heat, dt: dt)
    }

    /// Brings the branches back through pipes, heat recovery and pumps.
    ///
    /// - Returns: Heat of the heat pumps that the network did not accept, in watts.
    private mutating func returnWater(
        isPermitted: Bool,
        at time: Timestamp,
        _ commands: PlantCommands,
        _ board: CommandBoard,
        _ dt: Double
    ) -> Double {
        let specificHeat = LoopFluid.water.specificHeat.joulesPerKilogramKelvin
        let side = hallSide.outputs
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
        let mixed = FluidStream(temperature: branch, flow: coolantFlow).mixed(
            with: FluidStream(temperature: air, flow: airFlow)
        )
        let rate = mixed.flow.kilogramsPerSecond * specificHeat
        loop.back = mixed.temperature.celsius + (rate > 0 ? pumpOutputs.fluidHeat.watts / rate : 0)
        return rejected
    }

    /// Sends the return through economizer and chillers.
    ///
    /// - Returns: Heat that condenser water takes from them, in watts.
    private mutating func coolWater(_ commands: PlantCommands, _ board: CommandBoard, _ dt: Double) -> Double {
        economizerValve.step(to: Ratio(fraction: board[commands.economizerValve]), dt: dt)
        let position = economizerValve.position.fraction
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
                hotShare: economizerValve.position
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
