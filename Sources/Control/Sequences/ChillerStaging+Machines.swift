// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

// Following the machines: what they show, which goes next, how fast one follows another.
extension ChillerStaging {
    /// Takes in what the machines show; told and target follow them where the sequence does not act.
    mutating func observe(_ inputs: Inputs, dt: Duration, changes: inout [Reason]) {
        let entering = inputs.entering.usableValue
        let isLoaded = entering.map { $0 > supplySetpoint.celsius + 1 } ?? false
        for index in machines.indices {
            let reading = inputs.machines[index]
            let isFollowed = !reading.isActing || !state.machines[index].isKnown
            if isFollowed, let told = reading.enableCommand.usableValue ?? reading.runStatus.usableValue {
                let isNew = !state.machines[index].isKnown
                state.machines[index].isKnown = true
                state.machines[index].tell(told >= 0.5)
                if isNew { setTarget(state.machines.count { $0.isTold }) }
            }
            follow(index, reading, isLoaded: isLoaded, dt: dt, changes: &changes)
        }
        let told = state.machines.count { $0.isTold }
        if !isActing(inputs), told != state.target { setTarget(told) }
        state.sinceStage = min(state.sinceStage + max(dt, .zero), longestCount)
    }

    private mutating func follow(
        _ index: Int,
        _ reading: MachineReadings,
        isLoaded: Bool,
        dt: Duration,
        changes: inout [Reason]
    ) {
        var machine = state.machines[index]
        _ = machine.proof.step(
            command: machine.isTold,
            status: reading.runStatus.usableValue.map { $0 >= 0.5 },
            debounce: parameters.statusDebounce,
            allowance: parameters.startProof,
            dt: dt
        )
        machine.dwell.step(machine.isRunning, dt: dt)
        if machine.isRunning { machine.runTime = min(machine.runTime + max(dt, .zero), longestCount) }
        if let hours = reading.runTime.usableValue, (0...1e9).contains(hours) {
            machine.runTime = .milliseconds(Int64(hours * 1_000))
        }
        if machine.isTold, machine.proof.status == true {
            machine.hasRun = true
            machine.failureRank = 0
        }
        // A machine that stands without load has only switched itself off; without a status nothing is known.
        let stands = machine.isTold && machine.proof.status == false && reading.runStatus.usableValue != nil
        let allowance = machine.hasRun ? parameters.tripProof : parameters.startProof
        let isOver = machine.unproven.step(stands && isLoaded, delay: allowance, dt: dt)
        let hasFault = reading.faultStatus.usableValue.map { $0 >= 0.5 } ?? false
        if isOver || (hasFault && machine.isTold), reading.isActing {
            let code = hasFault ? "chiller_fault" : machine.hasRun ? "chiller_tripped" : "chiller_start_failed"
            changes.append(
                Reason(
                    code,
                    "\(machines[index].id) was told to run but stands for \(Wording.time(allowance)): "
                        + "another takes its place.",
                    .seconds("allowance", allowance)
                )
            )
            machine.tell(false)
            state.failures += 1
            machine.failureRank = state.failures
        }
        state.machines[index] = machine
    }

    /// The commands of this step: at most one start or stop per ``ChillerStagingParameters/sequenceInterval`` where
    /// the sequence acts, all that are wanted where it only says what it would do.
    mutating func sequenced(_ inputs: Inputs, target: Int, changes: inout [Reason]) -> [Bool] {
        var told = state.machines.map(\.isTold)
        let isActing = isActing(inputs)
        let isSpaced = state.sinceAction >= parameters.sequenceInterval
        var moves = isActing ? (isSpaced ? 1 : 0) : machines.count
        while moves > 0 {
            moves -= 1
            let count = told.count { $0 }
            if count < target, let next = nextToStart(told, inputs) {
                told[next] = true
                note("chiller_started", "starts", next, isActing, &changes)
            } else if count > target, let next = nextToStop(told, inputs) {
                told[next] = false
                note("chiller_stopped", "stops", next, isActing, &changes)
            } else {
                break
            }
        }
        return told
    }

    private mutating func note(
        _ code: String,
        _ verb: String,
        _ index: Int,
        _ isActing: Bool,
        _ changes: inout [Reason]
    ) {
        guard isActing else { return }
        state.sinceAction = .zero
        let run = state.machines[index].runTime
        let hours = Wording.number(run.inSeconds / 3_600)
        changes.append(
            Reason(
                code,
                "\(machines[index].id) \(verb): \(state.target) of \(machines.count) chillers are wanted, "
                    + "it has run \(hours) h.",
                Evidence(name: "chillers_wanted", value: Double(state.target), unit: .count),
                .seconds(PointName.runHours, run)
            )
        )
    }

    /// The machine that starts next: not failed first, then the fewest run hours, then the site's order.
    private func nextToStart(_ told: [Bool], _ inputs: Inputs) -> Int? {
        let ready = machines.indices.filter { index in
            let hasFault = inputs.machines[index].faultStatus.usableValue.map { $0 >= 0.5 } ?? false
            return state.machines[index].isKnown && !told[index] && mayMove(index, inputs) && !hasFault
                && mayStart(index)
        }
        return ready.min { first, second in
            let left = state.machines[first]
            let right = state.machines[second]
            if left.failureRank != right.failureRank { return left.failureRank < right.failureRank }
            return left.runTime == right.runTime ? first < second : left.runTime < right.runTime
        }
    }

    /// The machine that stops next: one that does not run first, then the most run hours, then the site's order.
    private func nextToStop(_ told: [Bool], _ inputs: Inputs) -> Int? {
        let ready = machines.indices.filter { told[$0] && mayMove($0, inputs) && mayStop($0) }
        return ready.max { first, second in
            let left = state.machines[first]
            let right = state.machines[second]
            if left.isRunning != right.isRunning { return left.isRunning }
            return left.runTime == right.runTime ? first < second : left.runTime < right.runTime
        }
    }

    /// Where the sequence acts at all, a machine in hand is left alone; where it does not, all are free to think
    /// about.
    private func mayMove(_ index: Int, _ inputs: Inputs) -> Bool {
        inputs.machines[index].isActing || !isActing(inputs)
    }

    func mayStart(_ index: Int) -> Bool {
        state.machines[index].dwell.hasBeenOff(for: parameters.minimumOff)
    }

    func mayStop(_ index: Int) -> Bool {
        let machine = state.machines[index]
        return !machine.dwell.isOn || machine.dwell.hasBeenOn(for: parameters.minimumOn)
    }
}
