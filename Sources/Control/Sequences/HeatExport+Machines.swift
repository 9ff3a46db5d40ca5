// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

// Following the heat pumps and the recovery loop, and commanding them.
extension HeatExport {
    /// Takes in the readings; what is told and the phase follow the machines where the sequence does not act.
    mutating func observe(
        _ inputs: Inputs,
        isActing: Bool,
        dt: Duration,
        changes: inout [Reason]
    ) -> View {
        let hold = parameters.inputHold
        let permit = state.permit.step(inputs.permit, limit: hold, dt: dt)
        let required = state.required.step(inputs.requiredSupply, limit: hold, dt: dt)
        let source = state.source.step(inputs.source, limit: hold, dt: dt)
        for index in machines.indices { follow(index, inputs.machines[index], dt: dt, changes: &changes) }
        if !isActing { followPhase(hasPermit: (permit ?? 0) >= 0.5) }

        let pump = inputs.pumpFeedback.usableValue
        let valve = inputs.valveFeedback.usableValue
        let isProven = (pump ?? 0) >= 0.15 && (valve ?? 0) >= 0.9
        let isLoopProven = state.isLoopProven.step(isProven, delay: parameters.pumpProof, dt: dt)
        let isPumpLost = state.isPumpLost.step(
            pump.map { $0 < 0.05 } ?? false,
            delay: parameters.pumpProof,
            dt: dt
        )
        let judged = machines.indices.filter { state.machines[$0].dwell.hasBeenOn(for: parameters.warmUp) }
        return View(
            hasPermit: (permit ?? 0) >= 0.5,
            required: required ?? designSupply.celsius,
            source: source,
            facilitySupply: inputs.facilitySupply.usableValue,
            isLoopProven: isLoopProven,
            isPumpLost: isPumpLost,
            coldest: judged.compactMap { inputs.machines[$0].sinkSupply.usableValue }.min(),
            canStart: nextToStart(inputs, isActing: isActing) != nil,
            heat: heat(inputs)
        )
    }

    private mutating func followPhase(hasPermit: Bool) {
        let running = state.machines.count { $0.isRunning }
        let phase: Phase = running > 0 ? .running : hasPermit ? .waiting : .noPermit
        state.target = running
        if phase != state.phase { enter(phase, nil) }
    }

    private mutating func follow(_ index: Int, _ reading: MachineReadings, dt: Duration, changes: inout [Reason]) {
        if !reading.isActing || !state.machines[index].isKnown {
            if !state.machines[index].isKnown {
                var one = reading
                one.isActing = false
                adoptOne(index, one)
            } else if let told = reading.enableCommand.usableValue ?? reading.runStatus.usableValue {
                state.machines[index].tell(told >= 0.5)
            }
        }
        var machine = state.machines[index]
        _ = machine.proof.step(
            command: machine.isTold,
            status: reading.runStatus.usableValue.map { $0 >= 0.5 },
            debounce: .seconds(6),
            allowance: parameters.startProof,
            dt: dt
        )
        machine.dwell.step(machine.isRunning, dt: dt)
        if machine.isRunning { machine.runTime = min(machine.runTime + max(dt, .zero), longestCount) }
        let stands = machine.isTold && machine.proof.status == false && reading.runStatus.usableValue != nil
        let isOver = machine.unproven.step(stands, delay: parameters.startProof, dt: dt)
        let hasFault = reading.faultStatus.usableValue.map { $0 >= 0.5 } ?? false
        if machine.isTold, machine.proof.status == true { machine.failureRank = 0 }
        if reading.isActing, isOver || (hasFault && machine.isTold) {
            let code = hasFault ? "heat_pump_fault" : "heat_pump_start_failed"
            let what = hasFault ? "reports a fault" : "stands for \(Wording.time(parameters.startProof))"
            changes.append(
                Reason(
                    code,
                    "\(machines[index].id) was told to run but \(what): it is stopped.",
                    .seconds("allowance", parameters.startProof)
                )
            )
            machine.tell(false)
            state.failures += 1
            machine.failureRank = state.failures
        }
        state.machines[index] = machine
    }

    private mutating func adoptOne(_ index: Int, _ reading: MachineReadings) {
        guard let told = reading.enableCommand.usableValue ?? reading.runStatus.usableValue else { return }
        state.machines[index].isKnown = true
        guard told >= 0.5 else { return }
        state.machines[index].tell(true)
        state.capacity.reset(to: reading.capacityFeedback.usableValue ?? state.capacity.output)
        state.target = state.machines.count { $0.isTold }
        if state.phase != .running { enter(.running, nil) }
    }

    private func heat(_ inputs: Inputs) -> Power {
        guard let flow = inputs.recoveryFlow.usableValue, let warm = inputs.recoveryEntering.usableValue,
            let cold = inputs.recoveryLeaving.usableValue, flow > 0
        else { return .zero }
        let leaving = Temperature(celsius: cold)
        let heat = Coolant.water.heat(
            of: VolumeFlow(cubicMetersPerSecond: flow),
            from: leaving,
            to: Temperature(celsius: warm),
            meteredAt: leaving
        )
        return heat.isFinite ? max(heat, .zero) : .zero
    }

    /// Starts and stops heat pumps toward the target, as the phase allows.
    mutating func command(_ inputs: Inputs, isActing: Bool) {
        switch state.phase {
        case .noPermit, .waiting, .fault: stopAll(inputs, isActing: isActing, keepsMinimum: false)
        case .stopping:
            let isDown = (state.capacity.output ?? 0) <= lowestCapacity + 0.001
            let isUrgent = state.isStopFault
            if isDown || isUrgent { stopAll(inputs, isActing: isActing, keepsMinimum: !state.isStopUrgent) }
        case .starting:
            guard state.isLoopProven.isOver(parameters.pumpProof) else { return }
            startTowardTarget(inputs, isActing: isActing)
        case .running:
            startTowardTarget(inputs, isActing: isActing)
            let told = machines.indices.filter { state.machines[$0].isTold && isFree($0, inputs, isActing) }
            guard told.count > state.target else { return }
            let ready = told.filter { mayStop($0) }
            if let most = ready.max(by: { isBefore($0, $1) }) { state.machines[most].tell(false) }
        }
    }

    private mutating func startTowardTarget(_ inputs: Inputs, isActing: Bool) {
        guard state.machines.count(where: { $0.isTold }) < state.target,
            let next = nextToStart(inputs, isActing: isActing)
        else { return }
        state.machines[next].tell(true)
    }

    private mutating func stopAll(_ inputs: Inputs, isActing: Bool, keepsMinimum: Bool) {
        for index in machines.indices where isFree(index, inputs, isActing) {
            if !keepsMinimum || mayStop(index) { state.machines[index].tell(false) }
        }
    }

    /// The heat pump that starts next: not failed first, then the fewest run hours, then the site's order.
    private func nextToStart(_ inputs: Inputs, isActing: Bool) -> Int? {
        let ready = machines.indices.filter { index in
            let hasFault = inputs.machines[index].faultStatus.usableValue.map { $0 >= 0.5 } ?? false
            return isFree(index, inputs, isActing) && state.machines[index].isKnown && !state.machines[index].isTold
                && !hasFault && mayStart(index)
        }
        return ready.min { isBefore($0, $1) }
    }

    private func isBefore(_ first: Int, _ second: Int) -> Bool {
        let left = state.machines[first]
        let right = state.machines[second]
        if left.failureRank != right.failureRank { return left.failureRank < right.failureRank }
        return left.runTime == right.runTime ? first < second : left.runTime < right.runTime
    }

    /// Where the sequence acts at all, a machine in hand is left alone.
    private func isFree(_ index: Int, _ inputs: Inputs, _ isActing: Bool) -> Bool {
        inputs.machines[index].isActing || !isActing
    }

    func mayStart(_ index: Int) -> Bool { state.machines[index].dwell.hasBeenOff(for: parameters.minimumOff) }

    func mayStop(_ index: Int) -> Bool {
        let machine = state.machines[index]
        return !machine.dwell.isOn || machine.dwell.hasBeenOn(for: parameters.minimumOn)
    }

    /// The least part load at which all machines run.
    var lowestCapacity: Double { machines.map(\.minimumLoad.fraction).max() ?? 0 }
}
