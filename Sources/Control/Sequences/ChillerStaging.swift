// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// Decides how many chillers run, which ones, and what water they make.
///
/// Stage up when the required load is above 80 % of the running machines' capacity for 15 min and not falling fast,
/// or when the supply is too warm (fail-safe). Stage down when the load fits 80 % of one machine less for 15 min and
/// is not rising fast. All machines stop where the open economizer has met the setpoint for 20 min, and the first
/// starts again when it no longer does. Where both directions are asked, up wins. The machine with the fewest run
/// hours leads; one that has failed goes last. A machine is believed when it shows that it runs; one that does not is
/// replaced.
///
/// Required load is flow × density × specific heat × (water after the economizer - supply **setpoint**), so that a
/// plant which is short of capacity is seen as loaded (Guideline 36-2021, 5.20.4.3).
///
/// Where the loop does not act, what is told to run is read from the machines, and the wish is what it would be next.
///
/// Lost inputs: each last value stands for ``ChillerStagingParameters/inputHold``; then the rules that need it are
/// silent, so that machines stay as they are. A machine whose status is not known counts as it was last known.
///
/// - Source: ASHRAE Guideline 36-2021, 5.20.4; see ``ChillerStagingParameters`` for each figure.
package struct ChillerStaging: Hashable, Sendable {
    /// One machine as the sequence sees it.
    package struct Machine: Hashable, Sendable {
        package var id: String
        package var capacity: Power
        package var leavingWaterMinimum: Temperature

        package init(id: String, capacity: Power, leavingWaterMinimum: Temperature = Temperature(celsius: 5)) {
            self.id = id
            self.capacity = capacity
            self.leavingWaterMinimum = leavingWaterMinimum
        }
    }

    /// What one machine shows.
    package struct MachineReadings: Hashable, Sendable {
        package var enableCommand: Reading
        package var runStatus: Reading
        package var faultStatus: Reading
        package var setpoint: Reading
        package var runTime: Reading
        /// Whether the enable follows this sequence.
        package var isActing: Bool

        package init(
            enableCommand: Reading,
            runStatus: Reading,
            faultStatus: Reading,
            setpoint: Reading,
            runTime: Reading,
            isActing: Bool
        ) {
            self.enableCommand = enableCommand
            self.runStatus = runStatus
            self.faultStatus = faultStatus
            self.setpoint = setpoint
            self.runTime = runTime
            self.isActing = isActing
        }
    }

    /// What the sequence reads.
    package struct Inputs: Hashable, Sendable {
        /// Facility water entering the chillers: behind the economizer, or the return where there is none.
        package var entering: Reading
        package var supply: Reading
        package var flow: Reading
        package var machines: [MachineReadings]
        package var context: PlantContext

        package init(
            entering: Reading,
            supply: Reading,
            flow: Reading,
            machines: [MachineReadings],
            context: PlantContext
        ) {
            self.entering = entering
            self.supply = supply
            self.flow = flow
            self.machines = machines
            self.context = context
        }
    }

    /// What the sequence says.
    package struct Outputs: Hashable, Sendable {
        /// Per machine whether it shall run; nil until it is known whether it is told to.
        package let enable: [Bool?]
        /// Per machine the leaving water it shall hold.
        package let setpoints: [Temperature]
        /// Per machine the states its enable may take: both, or only the one that a minimum time demands.
        package let allowed: [ClosedRange<Double>]
        /// Per machine whether it counts as failed.
        package let failed: [Bool]
        /// Per machine whether it is all that cools facility water, so that nobody may stop it.
        package let isLastSource: [Bool]
        /// Whether any machine is told to run.
        package let isAnyTold: Bool
        /// Machines that run, or that are not known to stand.
        package let running: Int
        package let required: Power?
        /// Required load over the capacity of the running machines.
        package let loadRatio: Ratio?
        package let state: String
        package let reason: Reason
        /// State changes of this step.
        package let changes: [Reason]
    }

    package let parameters: ChillerStagingParameters
    package let machines: [Machine]
    package let supplySetpoint: Temperature
    var state: State
    var sentence = Sentence()

    package init(
        parameters: ChillerStagingParameters = ChillerStagingParameters(),
        machines: [Machine],
        supplySetpoint: Temperature
    ) {
        self.parameters = parameters
        self.machines = machines
        self.supplySetpoint = supplySetpoint
        state = State(machines: machines.map { _ in MachineState() })
    }

    /// Takes over from the machines as they stand; a machine whose command is not known keeps its last one.
    package mutating func adopt(_ readings: [MachineReadings]) {
        for (index, reading) in readings.enumerated() where index < state.machines.count {
            guard let told = reading.enableCommand.usableValue ?? reading.runStatus.usableValue else { continue }
            state.machines[index].tell(told >= 0.5)
            state.machines[index].isKnown = true
            state.machines[index].setpoint.reset(to: reading.setpoint.usableValue)
        }
        setTarget(state.machines.count { $0.isTold })
    }

    mutating func setTarget(_ target: Int) {
        state.target = target
        // The rules of another stage apply.
        state.clock.demand()
        state.sinceStage = .zero
        state.resetConditions()
    }

    /// One cycle.
    ///
    /// - Parameters:
    ///   - inputs: What the sequence reads.
    ///   - dt: Plant time since the cycle before.
    ///   - supervision: Time between two looks at the stage rules while no hold is over; machines are followed and
    ///     holds are counted in every cycle.
    /// - Returns: What the sequence says; its reason is that of the last look at the rules.
    package mutating func step(_ inputs: Inputs, dt: Duration, supervision: Duration = .zero) -> Outputs {
        var changes: [Reason] = []
        observe(inputs, dt: dt, changes: &changes)
        let view = view(of: inputs, dt: dt)
        count(view, inputs.context, dt: dt)
        let elapsed = state.clock.step(dt: dt, period: supervision)
        let finding =
            if elapsed == nil, let last = state.finding {
                last
            } else {
                judge(view, inputs, &changes)
            }
        state.sinceAction = min(state.sinceAction + max(dt, .zero), longestCount)
        let desired = sequenced(inputs, target: finding.target, changes: &changes)
        if isActing(inputs) {
            for index in machines.indices where inputs.machines[index].isActing {
                state.machines[index].tell(desired[index])
            }
        }
        return outputs(inputs, desired: desired, view: view, reason: finding.reason, changes: changes, dt: dt)
    }

    /// Looks at the stage rules, and takes over what they found where the sequence acts.
    private mutating func judge(_ view: View, _ inputs: Inputs, _ changes: inout [Reason]) -> Finding {
        let finding = decide(view, inputs.context)
        state.finding = finding
        if isActing(inputs), finding.target != state.target {
            setTarget(finding.target)
            changes.append(finding.reason)
        }
        return finding
    }

    /// Whether the sequence moves any machine at all.
    func isActing(_ inputs: Inputs) -> Bool { inputs.machines.contains { $0.isActing } }
}

extension ChillerStaging {
    /// What the stage rules found when they were last looked at.
    struct Finding: Hashable, Sendable, Codable {
        /// How many machines shall run.
        var target: Int
        var reason: Reason
    }

    /// What is kept across a restart.
    struct State: Hashable, Sendable, Codable {
        var clock = SupervisionClock()
        var finding: Finding?
        var machines: [MachineState]
        /// How many machines shall run.
        var target = 0
        var sinceStage: Duration = .zero
        var sinceAction: Duration = longestCount
        /// Counts failures, so that the most recent one goes last.
        var failures = 0
        var entering = HeldReading()
        var supply = HeldReading()
        var flow = HeldReading()
        var load = MovingMean()
        var trend = Trend()
        var isUpWanted = TrueDelay()
        var isDownWanted = TrueDelay()
        var isFailSafe = TrueDelay()
        var isUrgent = TrueDelay()
        var isFreeCoolingWarm = TrueDelay()
        var isFreeCoolingHot = TrueDelay()
        var isUncovered = TrueDelay()
        var isEconomizerEnough = TrueDelay()

        /// Starts the tests of a stage again; whether the economizer suffices does not depend on the stage.
        mutating func resetConditions() {
            isUpWanted.reset()
            isDownWanted.reset()
            isFailSafe.reset()
            isUrgent.reset()
            isFreeCoolingWarm.reset()
            isFreeCoolingHot.reset()
            isUncovered.reset()
            trend.reset()
        }
    }

    /// What is kept of one machine.
    struct MachineState: Hashable, Sendable, Codable {
        /// Whether it was ever heard what the machine is told; before that it is left alone.
        var isKnown = false
        var isTold = false
        /// Whether it has run since it was told to.
        var hasRun = false
        var proof = Proof()
        var dwell = RunningDwell()
        var unproven = TrueDelay()
        /// Total proven run time, for rotation.
        var runTime: Duration = .zero
        /// 0 where it has not failed, else the more recent the higher.
        var failureRank = 0
        var setpoint = LimitSlewRate()

        mutating func tell(_ run: Bool) {
            guard run != isTold else { return }
            isTold = run
            hasRun = false
            unproven.reset()
            // Off time counts from the stop, also where the start was never proven.
            if !run, !dwell.isOn { dwell = RunningDwell() }
        }

        /// Proven running; a machine never heard of counts as running once it is told to.
        var isRunning: Bool { proof.status ?? isTold }
    }

    /// What the rules look at in one step.
    struct View {
        /// Degrees Celsius of the supply.
        let supply: Double?
        /// Degrees Celsius entering the chillers.
        let entering: Double?
        let required: Power?
        /// Change of required load over the plant's capacity, per minute.
        let trend: Double?
        let told: Int
    }
}
