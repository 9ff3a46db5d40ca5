// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// One large water-to-water heat pump from the recovery loop to the district network.
///
/// `COP = 1.4480e12 (ΔT + 177.46)^-4.946`, ΔT = sink leaving - source entering: the regression over 33 machines of 11
/// makers in Jesper, Schlosser, Pag, Walmsley, Schmitt and Vajen, "Large-scale heat pumps", Renewable and Sustainable
/// Energy Reviews 137 (2021) 110646, for sinks up to 100 °C and lifts of 10 to 78 K; lifts outside count as the
/// nearest. Flat from half to full load and 10 % lower at 30 %. Capacity moves by 10 % per minute; 120 s from enable
/// to start, 15 min standstill between stop and start. It trips, until it is disabled, when it runs for 15 s without
/// source or sink flow.
package struct HeatPump: Sendable {
    /// What acts on a heat pump over a step.
    package struct Inputs: Sendable {
        package var isEnabled: Bool
        /// Commanded share of the evaporator capacity.
        package var capacityCommand: Ratio
        package var source: FluidStream
        /// Water from the district network or the sink header.
        package var sinkEntering: Temperature
        package var sinkSetpoint: Temperature
        /// Whether the sink takes heat: its pump runs and its valves are open.
        package var isSinkAvailable: Bool

        package init(
            isEnabled: Bool,
            capacityCommand: Ratio,
            source: FluidStream,
            sinkEntering: Temperature,
            sinkSetpoint: Temperature,
            isSinkAvailable: Bool = true
        ) {
            self.isEnabled = isEnabled
            self.capacityCommand = capacityCommand
            self.source = source
            self.sinkEntering = sinkEntering
            self.sinkSetpoint = sinkSetpoint
            self.isSinkAvailable = isSinkAvailable
        }
    }

    /// What a heat pump did over a step.
    package struct Outputs: Hashable, Sendable {
        package let status: MachineStatus
        /// Heat taken from the source.
        package let sourceHeat: Power
        package let sourceLeaving: Temperature
        /// Heat given to the sink: source heat and power.
        package let sinkHeat: Power
        package let sinkLeaving: Temperature
        /// Flow the sink side needs for its leaving temperature.
        package let sinkFlow: MassFlow
        package let power: Power
        /// Source heat over evaporator capacity.
        package let capacity: Ratio
        /// Sink heat over power, a ratio; nil while it stands.
        package let coefficientOfPerformance: Double?
    }

    package let description: HeatPumpDescription
    /// Share of the efficiency left, 0...1.
    package var condition = Ratio.full
    /// What keeps it from running, other than its own protections.
    package var fault: MachineFault?
    /// Coldest source water it leaves behind; its own limiter reduces capacity there.
    package let sourceMinimum: Temperature
    /// The start sequence with its counters.
    package private(set) var machine: MachineSequence
    private var load = 0.0
    private var lackOfFlow = 0.0

    private static let rampPerSecond = 0.10 / 60
    private static let flowDelay = 15.0

    package init(
        _ description: HeatPumpDescription,
        sourceMinimum: Temperature = Temperature(celsius: 12),
        timing: MachineSequence.Timing = .heatPump
    ) {
        self.description = description
        self.sourceMinimum = sourceMinimum
        machine = MachineSequence(timing)
    }

    /// The published correlation: a ratio of heat to power, for a lift in kelvins moved into 10...78.
    package static func coefficientOfPerformance(lift: TemperatureDifference) -> Double {
        let kelvins = min(max(lift.kelvins, 10), 78)
        return 1.4480e12 * Libm.pow(kelvins + 177.46, -4.946)
    }

    /// Loss of the COP at part load, a factor of 1 from half load up; load 0...1.
    package static func partLoadFactor(_ load: Double) -> Double { load < 0.5 ? 1 - 0.5 * (0.5 - load) : 1 }

    /// Moves on by `dt` seconds.
    package mutating func step(_ inputs: Inputs, dt: Double) -> Outputs {
        let rate = LoopFluid.water.capacityRate(inputs.source.flow).wattsPerKelvin
        let hasFlow = rate > 0 && inputs.isSinkAvailable
        lackOfFlow = hasFlow ? 0 : lackOfFlow + dt
        if machine.status == .running, lackOfFlow >= Self.flowDelay { machine.trip() }
        let least = min(max(description.minimumLoad.fraction, 0.02), 1)
        let isWanted = inputs.isEnabled && inputs.capacityCommand.fraction > 0
        let isRunning = machine.status == .running
        let wants = isWanted && (hasFlow || isRunning)
        machine.step(
            isEnabled: machine.isEnabled(machine.status == .tripped ? inputs.isEnabled : wants, fault),
            wantsToRun: true,
            dt: dt
        )
        let room = rate * max(inputs.source.temperature.celsius - sourceMinimum.celsius, 0)
        let most = min(room / description.evaporatorCapacity.watts, 1)
        if machine.status == .running, hasFlow {
            let target = min(max(inputs.capacityCommand.fraction, least), 1)
            let start = load > 0 ? load : least
            let reach = Self.rampPerSecond * dt
            load = min(start + min(max(target - start, -reach), reach), most)
        } else {
            load = 0
        }
        return outputs(inputs, rate: rate)
    }

    private func outputs(_ inputs: Inputs, rate: Double) -> Outputs {
        let heat = load * description.evaporatorCapacity.watts
        let leaving = max(min(inputs.sinkSetpoint, description.sinkMaximum), inputs.sinkEntering)
        var power = 0.0
        var performance: Double?
        if heat > 0 {
            let ideal = Self.coefficientOfPerformance(lift: leaving - inputs.source.temperature)
            let reached = max(ideal * Self.partLoadFactor(load) * condition.fraction, 1.2)
            power = heat / (reached - 1)
            performance = reached
        }
        let rise = leaving.celsius - inputs.sinkEntering.celsius
        let water = LoopFluid.water.specificHeat.joulesPerKilogramKelvin
        // With no room to warm the sink the flow would be infinite; 0.5 K is the least rise a sink pump can serve.
        let flow = (heat + power) / (water * max(rise, 0.5))
        return Outputs(
            status: machine.status,
            sourceHeat: Power(watts: heat),
            sourceLeaving: Temperature(
                celsius: inputs.source.temperature.celsius - (rate > 0 ? heat / rate : 0)
            ),
            sinkHeat: Power(watts: heat + power),
            sinkLeaving: heat > 0
                ? Temperature(celsius: inputs.sinkEntering.celsius + max(rise, 0.5))
                : inputs.sinkEntering,
            sinkFlow: MassFlow(kilogramsPerSecond: flow),
            power: Power(watts: power),
            capacity: Ratio(fraction: load),
            coefficientOfPerformance: performance
        )
    }
}
