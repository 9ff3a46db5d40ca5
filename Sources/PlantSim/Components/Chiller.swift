// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// One water-cooled chiller with its own controls: start sequence, soft loading, leaving-water control, protections.
///
/// Efficiency by ``ChillerCurves``, or in the box of its maker's curves by those (``ChillerMapCurve``). Without them
/// capacity is that of the rated point at every temperature, which understates the machine where water is warmer.
/// Water contents after the regression of the Modelica Buildings Library (`ElectricEIR` data): 1e-7 Q - 0.0094 m³
/// (condenser) and 1e-7 Q - 0.0075 m³ (evaporator), Q in W.
///
/// The compressor starts 45 s after the enable when its restart inhibit allows (3 starts are free, one more is
/// granted every 20 min: defaults of Trane's CVGF), loads by 20 % and unloads by 60 % of its capacity per minute
/// towards the load that brings leaving water to its setpoint. At its minimum load it runs on until the water is 2 K
/// too cold, rests, and starts again at 2 K too warm. It trips, until it is disabled, below 2.5 °C leaving, above 45
/// °C condenser leaving, or when a water flow falls below 10 % of nominal for 15 s.
package struct Chiller: Sendable {
    /// What acts on a chiller over a step.
    package struct Inputs: Sendable {
        package var isEnabled: Bool
        package var leavingSetpoint: Temperature
        package var chilledWater: FluidStream
        package var condenserWater: FluidStream

        package init(
            isEnabled: Bool,
            leavingSetpoint: Temperature,
            chilledWater: FluidStream,
            condenserWater: FluidStream
        ) {
            self.isEnabled = isEnabled
            self.leavingSetpoint = leavingSetpoint
            self.chilledWater = chilledWater
            self.condenserWater = condenserWater
        }
    }

    /// What a chiller did over a step.
    package struct Outputs: Hashable, Sendable {
        package let status: MachineStatus
        package let chilledWaterLeaving: Temperature
        package let condenserWaterLeaving: Temperature
        /// Heat taken up in the evaporator.
        package let evaporatorHeat: Power
        /// Heat given off in the condenser: evaporator heat and power.
        package let condenserHeat: Power
        package let power: Power
        /// Evaporator heat over capacity.
        package let load: Ratio
        /// Evaporator heat over power, a ratio; nil while the compressor stands.
        package let coefficientOfPerformance: Double?
    }

    package let description: ChillerDescription
    /// Share of the efficiency left, 0...1: below 1 with lost refrigerant or fouled tubes.
    package var condition = Ratio.full
    /// What keeps it from running, other than its own protections.
    package var fault: MachineFault?
    /// The start sequence with its counters.
    package private(set) var machine: MachineSequence
    private var evaporator: MixedVolume
    private var condenser: MixedVolume
    private var load = 0.0
    private var lackOfFlow = 0.0
    private let nominalFlow: Double
    private let map: ChillerMapCurve?

    private static let loadingPerSecond = 0.20 / 60
    private static let unloadingPerSecond = 0.60 / 60
    private static let restBand = 2.0
    private static let freezeLimit = 2.5
    private static let pressureLimit = 45.0
    private static let flowShare = 0.10
    private static let flowDelay = 15.0

    /// - Parameters:
    ///   - description: Capacity and efficiency.
    ///   - isRunning: Whether it starts in operation, at half load, rather than standing.
    ///   - waterTemperature: Both waters at the start.
    package init(
        _ description: ChillerDescription,
        isRunning: Bool = false,
        waterTemperature: Temperature = Temperature(celsius: 20)
    ) {
        self.description = description
        map = description.curves.map { ChillerMapCurve($0, minimumLoad: description.minimumLoad) }
        let watts = description.capacity.watts
        evaporator = MixedVolume(
            volume: Volume(cubicMeters: max(1e-7 * watts - 0.0075, 1e-8 * watts)),
            temperature: waterTemperature
        )
        condenser = MixedVolume(
            volume: Volume(cubicMeters: max(1e-7 * watts - 0.0094, 1e-8 * watts)),
            temperature: waterTemperature
        )
        nominalFlow = max(4e-5 * watts - 0.6, 1e-5 * watts)
        machine = MachineSequence(.chiller, isRunning: isRunning)
        load = isRunning ? 0.5 : 0
    }

    /// Heat above 0 °C in the machine's water, in joules.
    package var storedHeat: Double { evaporator.storedHeat + condenser.storedHeat }

    /// Moves on by `dt` seconds.
    package mutating func step(_ inputs: Inputs, dt: Double) -> Outputs {
        let isAllowed = protect(inputs, dt: dt)
        let excess = evaporator.temperature.celsius - setpoint(inputs)
        if machine.status == .running, load <= minimum, excess < -Self.restBand { machine.rest() }
        machine.step(
            isEnabled: machine.isEnabled(inputs.isEnabled && (isAllowed || machine.status == .tripped), fault),
            wantsToRun: excess > Self.restBand,
            dt: dt
        )
        let chilledRate = LoopFluid.water.capacityRate(inputs.chilledWater.flow)
        let condenserRate = LoopFluid.water.capacityRate(inputs.condenserWater.flow)
        adjustLoad(inputs, rate: chilledRate.wattsPerKelvin, dt: dt)
        let heat = load * description.capacity.watts
        let power = load > 0 ? electricity(heat, inputs, rate: condenserRate.wattsPerKelvin) : 0
        return Outputs(
            status: machine.status,
            chilledWaterLeaving: evaporator.step(
                entering: inputs.chilledWater.temperature,
                rate: chilledRate,
                heat: Power(watts: -heat),
                dt: dt
            ),
            condenserWaterLeaving: condenser.step(
                entering: inputs.condenserWater.temperature,
                rate: condenserRate,
                heat: Power(watts: heat + power),
                dt: dt
            ),
            evaporatorHeat: Power(watts: heat),
            condenserHeat: Power(watts: heat + power),
            power: Power(watts: power),
            load: Ratio(fraction: load),
            coefficientOfPerformance: power > 0 ? heat / power : nil
        )
    }

    private var minimum: Double { min(max(description.minimumLoad.fraction, 0.02), 1) }

    private func setpoint(_ inputs: Inputs) -> Double {
        max(inputs.leavingSetpoint, description.leavingWaterMinimum).celsius
    }

    /// Watches the protections; trips the machine, or clears a trip once it is disabled.
    ///
    /// - Returns: Whether there is enough water flow to start.
    private mutating func protect(_ inputs: Inputs, dt: Double) -> Bool {
        let flow = min(
            inputs.chilledWater.flow.kilogramsPerSecond,
            inputs.condenserWater.flow.kilogramsPerSecond
        )
        let hasFlow = flow >= Self.flowShare * nominalFlow
        lackOfFlow = hasFlow ? 0 : lackOfFlow + dt
        if machine.status == .running {
            let isCold = evaporator.temperature.celsius < Self.freezeLimit
            let isHot = condenser.temperature.celsius > Self.pressureLimit
            if isCold || isHot || lackOfFlow >= Self.flowDelay { machine.trip() }
        }
        return hasFlow || machine.status == .running
    }

    private mutating func adjustLoad(_ inputs: Inputs, rate: Double, dt: Double) {
        guard machine.status == .running else {
            load = 0
            return
        }
        let demand = rate * (inputs.chilledWater.temperature.celsius - setpoint(inputs))
        let target = min(max(demand / description.capacity.watts, minimum), max(available(inputs), minimum))
        let move = min(max(target - load, -Self.unloadingPerSecond * dt), Self.loadingPerSecond * dt)
        load = max(load + move, minimum)
    }

    /// The most it can give now, over its capacity.
    private func available(_ inputs: Inputs) -> Double {
        map?.available(leaving: evaporator.temperature, condenserEntering: inputs.condenserWater.temperature) ?? 1
    }

    /// Compressor power in watts; condenser leaving and power follow from each other, so three times around.
    private func electricity(_ heat: Double, _ inputs: Inputs, rate: Double) -> Double {
        let chilled = evaporator.temperature
        var power = heat / 8
        for _ in 0..<3 {
            let leaving = inputs.condenserWater.temperature.celsius + (heat + power) / max(rate, 1)
            let performance = ChillerCurves.coefficientOfPerformance(
                carnotFraction: description.carnotFraction,
                evaporatorLeaving: chilled,
                condenserLeaving: rate > 0 ? Temperature(celsius: leaving) : condenser.temperature,
                load: load
            )
            let mapped =
                map?.coefficientOfPerformance(
                    leaving: chilled,
                    condenserEntering: inputs.condenserWater.temperature,
                    load: load / max(available(inputs), minimum),
                    outside: performance
                ) ?? performance
            power = heat / max(mapped * condition.fraction, 0.5)
        }
        return power
    }
}
