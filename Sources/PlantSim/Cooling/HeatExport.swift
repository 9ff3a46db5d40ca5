// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// Recovery exchanger, recovery loop, heat pumps and substation.
///
/// Heat that the network does not accept goes over a standby exchanger into condenser water, so that nothing is lost.
/// Without heat pumps the recovery loop warms the taker's water itself (``DirectHandOver``): a pool, a greenhouse, a
/// network of low temperature.
struct HeatExport: Sendable {
    /// The warm side of the exchanger over a step.
    struct Exchange {
        /// Heat taken out of the CDU branch, in watts.
        let heat: Double
        /// CDU branch behind the exchanger, in degrees Celsius.
        let leaving: Double
    }

    private(set) var pumps: [HeatPump]
    private(set) var pumpOutputs: [HeatPump.Outputs] = []
    private(set) var districtOutputs: DistrictSubstation.Outputs?
    private(set) var loopPump: Pump.Outputs
    /// Recovery water behind the exchanger, in degrees Celsius.
    private(set) var warm: Double
    /// Recovery water back from the heat pumps, in degrees Celsius.
    private(set) var cold: Double
    private(set) var valve: Actuator
    /// Heat that heat pumps or the taker took out of the recovery loop over the last step, in watts.
    private(set) var recoveredHeat = 0.0
    private let handOver: DirectHandOver?
    private var exchanger: PlateExchanger
    /// Whether the network takes nothing in spite of its permit.
    private var isRefused = false
    private let ids: (recovery: String, district: String)
    private let district: DistrictSubstation
    private var circulator: Pump
    private var warmPipe: PipeDelay
    private var coldPipe: PipeDelay

    /// Water on each side of the recovery loop, in seconds of its design flow.
    private static let pipeSeconds = 40.0
    private static let start = Temperature(celsius: 30)
    /// The valve of a large plate exchanger, from end to end.
    private static let valveSeconds = 120.0

    /// - Returns: nil where the loop has no recovery exchanger or nobody takes the heat.
    init?(_ plant: PlantComposition, recovery: HeatRecoveryDescription?, coolantFlow: VolumeFlow) {
        guard let recovery, let district = plant.districtHeating else { return nil }
        exchanger = PlateExchanger(recovery, hotDesignFlow: coolantFlow)
        self.district = DistrictSubstation(district)
        ids = (recovery.id, district.id)
        pumps = plant.heatPumps.map { HeatPump($0) }
        handOver = pumps.isEmpty ? DirectHandOver(recovery, district) : nil
        circulator = Pump(
            designFlow: LoopFluid.water.massFlow(recovery.designFlow),
            designHead: Pressure(kilopascals: 120),
            designPower: recovery.pumpPower
        )
        loopPump = circulator.operation(speed: Ratio(fraction: 0))
        let volume = Volume(cubicMeters: recovery.designFlow.cubicMetersPerSecond * Self.pipeSeconds)
        warmPipe = PipeDelay(volume: volume, temperature: Self.start)
        coldPipe = PipeDelay(volume: volume, temperature: Self.start)
        warm = Self.start.celsius
        cold = Self.start.celsius
        valve = Actuator(position: .zero, strokeSeconds: Self.valveSeconds)
    }

    /// Electrical power of heat pumps and recovery pump, in watts.
    var power: Double { pumpOutputs.reduce(loopPump.power.watts) { $0 + $1.power.watts } }

    /// Heat above 0 °C in the recovery loop, in joules.
    var storedHeat: Double {
        let specificHeat = LoopFluid.water.specificHeat.joulesPerKilogramKelvin
        return [warmPipe, coldPipe].reduce(0) { $0 + $1.mass * specificHeat * $1.meanTemperature.celsius }
    }

    /// Moves on by `dt` seconds.
    ///
    /// - Returns: What was done to the CDU branch, and the heat in watts that condenser water has to take.
    mutating func step(
        branch: FluidStream,
        isPermitted: Bool,
        at time: Timestamp,
        commands: LoopCommands,
        board: CommandBoard,
        dt: Double
    ) -> (Exchange, rejected: Double) {
        valve.step(to: Ratio(fraction: board[commands.recoveryValve]), dt: dt)
        // Without heat pumps the release of the taker is wired to the loop's pump.
        let isReleased = handOver == nil || isPermitted
        let speed = isReleased ? board[commands.recoveryPump] : 0
        loopPump = circulator.step(speedCommand: Ratio(fraction: speed), dt: dt)
        let flow = loopPump.flow
        let toPumps = warmPipe.draw(flow: flow, dt: dt)
        let toExchanger = coldPipe.draw(flow: flow, dt: dt)
        let result = exchanger.exchange(
            hot: branch,
            cold: FluidStream(temperature: toExchanger, flow: flow),
            hotShare: valve.position
        )
        warmPipe.feed(result.coldLeaving)
        let taken =
            handOver.map {
                hand($0, FluidStream(temperature: toPumps, flow: flow), isPermitted && !isRefused, at: time)
            }
            ?? stepPumps(entering: toPumps, isPermitted: isPermitted, at: time, commands, board, dt)
        let rate = LoopFluid.water.capacityRate(flow).wattsPerKelvin
        let left = rate > 0 ? toPumps.celsius + (loopPump.fluidHeat.watts - taken) / rate : toPumps.celsius
        coldPipe.feed(Temperature(celsius: left))
        if rate > 0 {
            warm = result.coldLeaving.celsius
            cold = left
        }
        let delivered = handOver == nil ? pumpOutputs.reduce(0) { $0 + $1.sinkHeat.watts } : taken
        recoveredHeat = handOver == nil ? pumpOutputs.reduce(0) { $0 + $1.sourceHeat.watts } : taken
        let accepted = districtOutputs?.acceptedHeat.watts ?? 0
        return (Exchange(heat: result.heat.watts, leaving: result.hotLeaving.celsius), delivered - accepted)
    }

    /// - Returns: Heat taken from the recovery loop, in watts.
    private mutating func hand(
        _ handOver: DirectHandOver,
        _ recovery: FluidStream,
        _ isPermitted: Bool,
        at time: Timestamp
    ) -> Double {
        let result = handOver.exchange(
            recovery,
            back: district.returnTemperature(at: time),
            acceptable: district.acceptableHeat(isPermitted: isPermitted)
        )
        districtOutputs = district.deliver(
            heat: result.heat,
            supply: result.supply,
            isPermitted: isPermitted,
            at: time
        )
        return districtOutputs?.acceptedHeat.watts ?? 0
    }

    /// - Returns: Heat taken from the recovery loop, in watts.
    private mutating func stepPumps(
        entering: Temperature,
        isPermitted: Bool,
        at time: Timestamp,
        _ commands: LoopCommands,
        _ board: CommandBoard,
        _ dt: Double
    ) -> Double {
        let isFirst = pumpOutputs.isEmpty
        // A shut-off valve before each machine: open while it is enabled or runs.
        let open = pumps.indices.count {
            board[commands.heatPumpEnables[$0]] > 0.5 || pumps[$0].machine.status == .running
        }
        let network = district.returnTemperature(at: time)
        var taken = 0.0
        var delivered = 0.0
        var weighted = 0.0
        for index in pumps.indices {
            let isEnabled = board[commands.heatPumpEnables[index]] > 0.5
            let isOpen = isEnabled || pumps[index].machine.status == .running
            let flow = isOpen ? loopPump.flow.kilogramsPerSecond / Double(max(open, 1)) : 0
            let result = pumps[index].step(
                HeatPump.Inputs(
                    // The substation's release is wired to the machines: without permit they stop, and do not trip.
                    isEnabled: isEnabled && isPermitted,
                    capacityCommand: Ratio(fraction: board[commands.heatPumpCapacities[index]]),
                    source: FluidStream(temperature: entering, flow: MassFlow(kilogramsPerSecond: flow)),
                    sinkEntering: network,
                    sinkSetpoint: Temperature(celsius: board[commands.sinkSetpoints[index]]),
                    isSinkAvailable: !isRefused
                ),
                dt: dt
            )
            taken += result.sourceHeat.watts
            delivered += result.sinkHeat.watts
            weighted += result.sinkHeat.watts * result.sinkLeaving.celsius
            if isFirst { pumpOutputs.append(result) } else { pumpOutputs[index] = result }
        }
        let supply = delivered > 0 ? Temperature(celsius: weighted / delivered) : network
        districtOutputs = district.deliver(
            heat: Power(watts: delivered),
            supply: supply,
            isPermitted: isPermitted,
            at: time
        )
        return taken
    }
}

extension HeatExport {
    /// Lets these faults, and no others, be on.
    mutating func apply(_ faults: PlantFaults) {
        for index in pumps.indices {
            let id = pumps[index].description.id
            pumps[index].fault = faults.machine(id, .heatPumps)
            pumps[index].condition = faults.cleanliness(id)
        }
        circulator.available = faults.pumps(ids.recovery, .heatPumps)
        exchanger.cleanliness = faults.cleanliness(ids.recovery)
        valve.jammedAt = faults.valve(ids.recovery, present: valve.position, jammed: valve.jammedAt)
        isRefused = faults.isRefused(ids.district)
    }
}
