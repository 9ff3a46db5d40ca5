// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// Takes heat out of the CDU return and hands it to the district network through heat pumps.
///
/// With a permit and a warm source it opens the recovery valve and runs the pump; when both are proven for 30 s the
/// heat pump with the fewest run hours starts at its least capacity, which then grows slowly; a second one follows
/// when the first is full. A stop tells the heat rejection first (``Outputs/isTransferring``), gives it time, ramps
/// capacity down, then stops heat pumps, pump and valve in that order. Water colder than the network asks for is
/// never delivered for long: after a warm-up, 5 min of it end the export. Heat pumps keep minimum on and off times; a
/// lost permit, a lost pump or a fault ends a run before its minimum, nothing starts one before.
///
/// Where the loop does not act, running and waiting are those of the machines as they prove themselves.
///
/// Lost inputs: each last value stands for ``HeatExportParameters/inputHold``; then a lost permit is none, a lost
/// source is too cold, and export stops. A required temperature that is lost is that of the design.
package struct HeatExport: Hashable, Sendable {
    /// Where the export stands.
    package enum Phase: String, CaseIterable, Sendable, Codable {
        case noPermit = "no_permit"
        case waiting
        case starting
        case running = "export_running"
        case stopping
        case fault
    }

    /// One heat pump as the sequence sees it.
    package struct Machine: Hashable, Sendable {
        package var id: String
        /// Part load below which it stops.
        package var minimumLoad: Ratio
        package var sinkMaximum: Temperature

        package init(id: String, minimumLoad: Ratio, sinkMaximum: Temperature) {
            self.id = id
            self.minimumLoad = minimumLoad
            self.sinkMaximum = sinkMaximum
        }
    }

    /// What one heat pump shows.
    package struct MachineReadings: Hashable, Sendable {
        package var enableCommand: Reading
        package var runStatus: Reading
        package var faultStatus: Reading
        package var capacityFeedback: Reading
        package var sinkSupply: Reading
        /// Whether the enable follows this sequence.
        package var isActing: Bool

        package init(
            enableCommand: Reading,
            runStatus: Reading,
            faultStatus: Reading,
            capacityFeedback: Reading,
            sinkSupply: Reading,
            isActing: Bool
        ) {
            self.enableCommand = enableCommand
            self.runStatus = runStatus
            self.faultStatus = faultStatus
            self.capacityFeedback = capacityFeedback
            self.sinkSupply = sinkSupply
            self.isActing = isActing
        }
    }

    /// What the sequence reads.
    package struct Inputs: Hashable, Sendable {
        package var permit: Reading
        package var requiredSupply: Reading
        /// CDU return before the recovery exchanger.
        package var source: Reading
        package var facilitySupply: Reading
        package var recoveryEntering: Reading
        package var recoveryLeaving: Reading
        package var recoveryFlow: Reading
        package var pumpFeedback: Reading
        package var valveFeedback: Reading
        package var machines: [MachineReadings]

        package init(
            permit: Reading,
            requiredSupply: Reading,
            source: Reading,
            facilitySupply: Reading,
            recoveryEntering: Reading,
            recoveryLeaving: Reading,
            recoveryFlow: Reading,
            pumpFeedback: Reading,
            valveFeedback: Reading,
            machines: [MachineReadings]
        ) {
            self.permit = permit
            self.requiredSupply = requiredSupply
            self.source = source
            self.facilitySupply = facilitySupply
            self.recoveryEntering = recoveryEntering
            self.recoveryLeaving = recoveryLeaving
            self.recoveryFlow = recoveryFlow
            self.pumpFeedback = pumpFeedback
            self.valveFeedback = valveFeedback
            self.machines = machines
        }
    }

    /// What the sequence says.
    package struct Outputs: Hashable, Sendable {
        package let phase: Phase
        /// 0...1, shut to open.
        package let valveCommand: Double
        /// 0...1 of full speed.
        package let pumpSpeed: Double
        /// Per machine whether it shall run; nil until it is known whether it is told to.
        package let enable: [Bool?]
        /// Per machine, 0 or from its minimum load to 1.
        package let capacity: [Double]
        /// Per machine whether its minimum off time forbids a start.
        package let isStartBlocked: [Bool]
        /// Per machine whether it counts as failed.
        package let failed: [Bool]
        /// Per machine the delivery temperature it shall hold.
        package let sinkSetpoints: [Temperature]
        package let isExporting: Bool
        package let isTransferring: Bool
        /// Heat drawn from the recovery loop at present.
        package let heat: Power
        package let isDeliveryCold: Bool
        package let reason: Reason
        /// State changes of this step.
        package let changes: [Reason]
    }

    /// What was said last, and of which phase.
    struct Said: Hashable, Sendable, Codable {
        let phase: Phase
        let reason: Reason
    }

    /// What is kept across a restart.
    struct State: Hashable, Sendable, Codable {
        var clock = SupervisionClock()
        var said: Said?
        var phase = Phase.noPermit
        var sincePhase: Duration = .zero
        var machines: [HeatPumpState]
        /// How many heat pumps shall run.
        var target = 0
        /// Where a stop leads to.
        var isStopFault = false
        /// A stop that may not wait for minimum on times.
        var isStopUrgent = false
        /// The reason of the present phase.
        var cause: Reason?
        var failures = 0
        var capacity = LimitSlewRate(output: 0)
        var permit = HeldReading()
        var required = HeldReading()
        var source = HeldReading()
        var isSourceWarm = TrueDelay()
        var isSourceCold = TrueDelay()
        var isLoopProven = TrueDelay()
        var isPumpLost = TrueDelay()
        var isDeliveryCold = TrueDelay()
        var isLagWanted = TrueDelay()
        var isLagIdle = TrueDelay()
        var sinceStopped = TrueDelay()
    }

    package let parameters: HeatExportParameters
    package let machines: [Machine]
    /// Delivery temperature where the network does not tell one.
    package let designSupply: Temperature
    /// Coldest facility water the loads allow: below it the export draws less.
    package let supplyMinimum: Temperature
    var state: State

    package init(
        parameters: HeatExportParameters = HeatExportParameters(),
        machines: [Machine],
        designSupply: Temperature,
        supplyMinimum: Temperature
    ) {
        self.parameters = parameters
        self.machines = machines
        self.designSupply = designSupply
        self.supplyMinimum = supplyMinimum
        state = State(machines: machines.map { _ in HeatPumpState() })
    }

    /// Takes over from the heat pumps as they stand.
    package mutating func adopt(_ readings: [MachineReadings]) {
        for (index, reading) in readings.enumerated() where index < state.machines.count {
            guard let told = reading.enableCommand.usableValue ?? reading.runStatus.usableValue else { continue }
            state.machines[index].isKnown = true
            state.machines[index].tell(told >= 0.5)
            // Otherwise the first command would drop a running machine to nothing.
            if told >= 0.5, let capacity = reading.capacityFeedback.usableValue {
                state.capacity.reset(to: max(capacity, state.capacity.output ?? 0))
            }
        }
        let running = state.machines.count { $0.isTold }
        state.target = running
        if running > 0, state.phase != .running { enter(.running, nil) }
    }

    /// One cycle.
    ///
    /// - Parameters:
    ///   - inputs: What the sequence reads.
    ///   - dt: Plant time since the cycle before.
    ///   - supervision: Time between two decisions to start, or to run another number of heat pumps; proofs, capacity
    ///     and whatever ends the export are looked at in every cycle.
    /// - Returns: What the sequence says.
    package mutating func step(_ inputs: Inputs, dt: Duration, supervision: Duration = .zero) -> Outputs {
        let isActing = inputs.machines.contains { $0.isActing }
        var changes: [Reason] = []
        let view = observe(inputs, isActing: isActing, dt: dt, changes: &changes)
        // A copy of what would be taken back; none is made where nothing is.
        let before = isActing ? nil : state
        state.sincePhase = min(state.sincePhase + max(dt, .zero), longestCount)
        let isDue = state.clock.step(dt: dt, period: supervision) != nil
        advance(view, isDue: isDue, dt: dt, changes: &changes)
        command(inputs, isActing: isActing)
        moveCapacity(view, dt: dt)
        let phase = before?.phase ?? state.phase
        let reason = presentReason(phase, view, isDue: isDue)
        let result = outputs(reason, view, isActing: isActing, phase: phase, changes)
        if let before {
            // What it would do is said, not believed: the phase stays that of the machines.
            state.phase = before.phase
            state.target = before.target
            state.capacity = before.capacity
            for index in state.machines.indices { state.machines[index].tell(before.machines[index].isTold) }
        }
        return result
    }

    /// Why the export stands where it stands, worded when the slow rules are looked at and when the phase changes.
    private mutating func presentReason(_ phase: Phase, _ view: View, isDue: Bool) -> Reason {
        if !isDue, let last = state.said, last.phase == phase { return last.reason }
        let reason = reason(presentCode(phase), text: words(presentWords(phase), view), view)
        state.said = Said(phase: phase, reason: reason)
        return reason
    }

    mutating func enter(_ phase: Phase, _ cause: Reason?) {
        state.phase = phase
        state.sincePhase = .zero
        state.cause = cause
        state.isLoopProven.reset()
        state.isPumpLost.reset()
        state.isDeliveryCold.reset()
        state.isLagWanted.reset()
        state.isLagIdle.reset()
        state.sinceStopped.reset()
    }
}

/// What is kept of one heat pump.
struct HeatPumpState: Hashable, Sendable, Codable {
    var isKnown = false
    var isTold = false
    var proof = Proof()
    var dwell = RunningDwell()
    var unproven = TrueDelay()
    /// Total proven run time, for rotation.
    var runTime: Duration = .zero
    /// 0 where it has not failed, else the more recent the higher.
    var failureRank = 0

    mutating func tell(_ run: Bool) {
        guard run != isTold else { return }
        isTold = run
        unproven.reset()
        // Off time counts from the stop, also where the start was never proven.
        if !run, !dwell.isOn { dwell = RunningDwell() }
    }

    var isRunning: Bool { proof.status ?? isTold }
}
