// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// Drives tower fans and condenser water pumps by the cooling mode; all cells run alike.
///
/// Full mechanical: the fans hold the condenser water supply at the chilled water setpoint plus a lift that grows
/// with chiller load, less the range. Partial mechanical: full speed, since every kelvin there saves compressor work,
/// until the chillers idle and the supply falls below its setpoint by ``CoolingTowerParameters/partialOffset``: that
/// is then held. Free cooling: the fans hold the facility water supply, and stop at the slowest speed with water that
/// is still too cold. With nothing to reject they stand by: at the slowest speed while heat is exported, so that they
/// are proven when export ends, else off. While export is being given up they run at full speed.
///
/// Where fans stop although more heat arrives than natural draught takes, one keeps turning at the slowest speed.
///
/// A cell whose basin is below its minimum stops until it is warmer by ``CoolingTowerParameters/basinRelease``. Fans
/// speed up at once and slow down slowly.
///
/// Lost inputs: the last value stands for ``CoolingTowerParameters/inputHold``, then the fans run at full speed. A
/// basin without sensor is judged by the condenser water supply; without either, by its last value.
///
/// - Source: ASHRAE Guideline 36-2021, 5.20.12.2; the three modes for data centres: Stein, ASHRAE Journal 2009.
package struct CoolingTower: Hashable, Sendable {
    /// What the sequence reads.
    package struct Inputs: Hashable, Sendable {
        package var condenserSupply: Reading
        package var condenserReturn: Reading
        package var facilitySupply: Reading
        /// One per cell.
        package var basins: [Reading]
        /// One per cell; the fastest of them is taken over from.
        package var fanFeedback: [Reading]
        package var isActing: Bool
        /// Whether more heat arrives than the towers lose with all fans off.
        package var exceedsNaturalDraught: Bool
        package var context: PlantContext

        package init(
            condenserSupply: Reading,
            condenserReturn: Reading,
            facilitySupply: Reading,
            basins: [Reading],
            fanFeedback: [Reading],
            isActing: Bool,
            exceedsNaturalDraught: Bool = false,
            context: PlantContext
        ) {
            self.condenserSupply = condenserSupply
            self.condenserReturn = condenserReturn
            self.facilitySupply = facilitySupply
            self.basins = basins
            self.fanFeedback = fanFeedback
            self.isActing = isActing
            self.exceedsNaturalDraught = exceedsNaturalDraught
            self.context = context
        }
    }

    /// What the sequence says.
    package struct Outputs: Hashable, Sendable {
        /// Per cell, 0 or from the slowest speed to 1.
        package let fanSpeeds: [Double]
        /// Per cell whether frost stops it.
        package let isFrozen: [Bool]
        /// 0...1 of full speed.
        package let pumpSpeed: Double
        package let condenserSetpoint: Temperature
        package let isAtFullSpeed: Bool
        package let state: String
        package let reason: Reason
        /// State changes of this step.
        package let changes: [Reason]
    }

    /// What is kept across a restart.
    struct State: Hashable, Sendable, Codable {
        var clock = SupervisionClock()
        /// What was said last, and whether it speaks of full speed.
        var reason: Reason?
        var isFull = false
        var mode = Mode.standby
        var isKnown = false
        var loop = PIDWithReset()
        var speed = LimitSlewRate()
        var range = MovingMean()
        var condenserSupply = HeldReading()
        var condenserReturn = HeldReading()
        var facilitySupply = HeldReading()
        var isTooCold = TrueDelay()
        var cycle = RunningDwell(isOn: true)
        var frost: [Hysteresis]
        var full = Hysteresis()
    }

    /// What the fans do.
    enum Mode: String, Hashable, Sendable, Codable {
        case standby
        case fullMechanical = "full_mechanical"
        case partialMechanical = "partial_mechanical"
        case freeCooling = "free_cooling"
        case transfer
        case inputsLost = "inputs_lost"
    }

    package let parameters: CoolingTowerParameters
    package let supplySetpoint: Temperature
    /// Warmest facility water the loads allow; above it the fans run at full speed.
    package let supplyMaximum: Temperature
    /// Basin temperature below which a fan stops.
    package let basinMinimum: Temperature
    var state: State

    package init(
        parameters: CoolingTowerParameters = CoolingTowerParameters(),
        cells: Int,
        supplySetpoint: Temperature,
        supplyMaximum: Temperature,
        basinMinimum: Temperature
    ) {
        self.parameters = parameters
        self.supplySetpoint = supplySetpoint
        self.supplyMaximum = supplyMaximum
        self.basinMinimum = basinMinimum
        state = State(frost: Array(repeating: Hysteresis(), count: max(0, cells)))
    }

    /// Takes over from the fans as they turn.
    package mutating func adopt(fanFeedback: [Reading]) {
        guard let fastest = fanFeedback.compactMap(\.usableValue).max() else { return }
        state.isKnown = true
        let speed = min(1, max(0, fastest))
        state.speed.reset(to: speed)
        state.loop.reset(to: max(speed, parameters.minimumSpeed.fraction))
        state.cycle = RunningDwell(isOn: true)
        state.isTooCold.reset()
    }

    /// One cycle.
    ///
    /// - Parameters:
    ///   - inputs: What the sequence reads.
    ///   - dt: Plant time since the cycle before.
    ///   - supervision: Time after which the reason is worded anew where nothing has changed; the mode follows the
    ///     machines, and the fans hold their temperature, in every cycle.
    /// - Returns: What the sequence says.
    package mutating func step(_ inputs: Inputs, dt: Duration, supervision: Duration = .zero) -> Outputs {
        if !state.isKnown || !inputs.isActing { adopt(fanFeedback: inputs.fanFeedback) }
        let water = observe(inputs, dt: dt)
        let mode = mode(inputs, water)
        let isNew = mode != state.mode
        if isNew { state.clock.demand() }
        let isDue = state.clock.step(dt: dt, period: supervision) != nil
        let setpoint = condenserSetpoint(inputs, range: water.range)
        if isNew {
            state.mode = mode
            let start = mode == .partialMechanical ? 1 : state.speed.output ?? 1
            state.loop.reset(to: max(start, parameters.minimumSpeed.fraction))
            state.cycle = RunningDwell(isOn: true)
            state.isTooCold.reset()
        }
        let target = speed(mode, inputs, water, setpoint, dt: dt)
        let reason = reason(mode, water, setpoint, isFull: target >= 1, isDue: isDue)
        let slow = parameters.slowDown.fraction / 60
        var speed = state.speed.step(target, rise: 1, fall: slow, dt: dt)
        // A fan turns at the slowest speed or not at all.
        let least = parameters.minimumSpeed.fraction
        if speed < least { speed = target > 0 ? least : 0 }
        speed = min(1, max(0, speed))
        state.full.step(speed, low: 0.98, high: 0.99)
        let frozen = state.frost.map(\.isOn)
        var speeds = frozen.map { $0 ? 0 : speed }
        if speed == 0, inputs.exceedsNaturalDraught, let lead = frozen.firstIndex(of: false) { speeds[lead] = least }
        return Outputs(
            fanSpeeds: speeds,
            isFrozen: frozen,
            pumpSpeed: pumpSpeed(mode),
            condenserSetpoint: setpoint,
            isAtFullSpeed: state.full.isOn,
            state: mode == .freeCooling && !state.cycle.isOn ? "free_cooling_fans_off" : mode.rawValue,
            reason: reason,
            changes: isNew && inputs.isActing ? [reason] : []
        )
    }
}
