// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

// The stage rules with the sentences they are explained by, and the outputs.
extension ChillerStaging {
    mutating func view(of inputs: Inputs, dt: Duration) -> View {
        let hold = parameters.inputHold
        let entering = state.entering.step(inputs.entering, limit: hold, dt: dt)
        let supply = state.supply.step(inputs.supply, limit: hold, dt: dt)
        let flow = state.flow.step(inputs.flow, limit: hold, dt: dt)
        var required: Power?
        if let entering, let flow, flow >= 0 {
            let heat = Coolant.water.heat(
                of: VolumeFlow(cubicMetersPerSecond: flow),
                from: supplySetpoint,
                to: Temperature(celsius: entering),
                meteredAt: Temperature(celsius: entering)
            )
            // Heat that export gives back soon is counted before it comes.
            let planned = inputs.context.isTransferring ? heat + inputs.context.exportedHeat : heat
            let mean = state.load.step(max(planned, .zero).watts, window: parameters.loadWindow, dt: dt)
            required = mean.map { Power(watts: $0) }
        } else {
            state.load.reset()
        }
        let whole = machines.reduce(Power.zero) { $0 + $1.capacity }
        let share = required.map { whole > .zero ? $0 / whole : 0 } ?? .nan
        return View(
            supply: supply,
            entering: entering,
            required: required,
            trend: state.trend.step(share, window: parameters.trendWindow, dt: dt),
            told: state.machines.count { $0.isTold }
        )
    }

    /// How many machines shall run, and why.
    mutating func decide(_ view: View, _ context: PlantContext) -> Finding {
        let count = state.target
        if let up = judgeUp(view) { return up }
        if let down = judgeDown(view, context) { return down }
        let wait = stageWait(view, context)
        let (all, parameters) = (machines.count, parameters)
        let text = {
            (count == 0 ? "No chiller is wanted" : "\(count) of \(all) chillers are wanted") + wait.words(parameters)
        }
        let shown = (Int64(count) * 16 + wait.cause.rawValue) * 100_000 + wait.seconds
        return Finding(target: count, reason: reason("chiller_stage_held", text(), view, shows: shown))
    }

    private mutating func judgeUp(_ view: View) -> Finding? {
        let count = state.target
        guard count < machines.count else { return nil }
        let isFree = count == 0
        let ratio = ratio(view, machines: count)
        let isStageOver = state.sinceStage >= parameters.minimumStageTime
        // A machine that was just told to run needs its proof time before another is asked for.
        let isUrgentStageOver = state.sinceStage >= min(parameters.startProof, parameters.minimumStageTime)
        let next = isFree ? max(1, stage(for: view)) : count + 1
        if state.isUrgent.isOver(parameters.urgentHold), isUrgentStageOver {
            return found(next, "chiller_stage_up_urgent", "One chiller more: the supply is far too warm", view)
        }
        if state.isUncovered.isOver(parameters.urgentHold) {
            return found(next, "chiller_stage_up_uncovered", "Chillers start: nothing else cools", view)
        }
        if isFreeCoolingShort {
            return found(1, "chiller_free_cooling_short", "The first chiller starts: free cooling is too weak", view)
        }
        guard isStageOver else { return nil }
        if state.isFailSafe.isOver(parameters.failSafeHold) {
            return found(next, "chiller_stage_up_fail_safe", "One chiller more: the supply is too warm", view)
        }
        if state.isUpWanted.isOver(parameters.stageHold) {
            let limit = parameters.stageUpRatio
            let text = { "One chiller more: load is \(Self.percent(ratio)) of the stage, limit \(Self.percent(limit))" }
            return found(next, "chiller_stage_up", text(), view, shows: Self.shownPercent(ratio))
        }
        return nil
    }

    private mutating func judgeDown(_ view: View, _ context: PlantContext) -> Finding? {
        let count = state.target
        guard count > 0 else { return nil }
        if state.isEconomizerEnough.isOver(parameters.freeCoolingDwell) {
            let predicted = context.predictedLeavingTemperature
            let text = {
                "All chillers stop: the economizer makes the supply alone, predicted \(Wording.celsius(predicted))"
            }
            return found(0, "chiller_free_cooling", text(), view, shows: Wording.shown(predicted))
        }
        guard state.isDownWanted.isOver(parameters.stageHold), state.sinceStage >= parameters.minimumStageTime else {
            return nil
        }
        let (lower, limit) = (ratio(view, machines: count - 1), parameters.stageDownRatio)
        let text = {
            "One chiller less: load is \(Self.percent(lower)) of the lower stage, limit \(Self.percent(limit))"
        }
        return found(count - 1, "chiller_stage_down", text(), view, shows: Self.shownPercent(lower))
    }

    func isEconomizerEnough(_ view: View, _ context: PlantContext) -> Bool {
        guard context.isEconomizerOn, context.isEconomizerOpen,
            let predicted = context.predictedLeavingTemperature, let entering = view.entering
        else { return false }
        return predicted <= supplySetpoint - parameters.freeCoolingMargin
            && entering <= (supplySetpoint + parameters.freeCoolingLeavingOffset).celsius
    }

    /// Required load over the capacity of the first so many machines of the site; nil where either is not known.
    func ratio(_ view: View, machines count: Int) -> Double? {
        let capacity = machines.prefix(count).reduce(Power.zero) { $0 + $1.capacity }
        guard let required = view.required, capacity > .zero else { return nil }
        return required / capacity
    }

    /// The fewest machines that the load fits.
    private func stage(for view: View) -> Int {
        for count in 1...max(1, machines.count) {
            if let ratio = ratio(view, machines: count), ratio <= parameters.stageUpRatio.fraction { return count }
        }
        return view.required == nil ? 1 : machines.count
    }

    private static func percent(_ ratio: Ratio) -> String { Wording.percent(ratio.fraction) }

    private static func percent(_ ratio: Double?) -> String { ratio.map { Wording.percent($0) } ?? "unknown" }

    private static func shownPercent(_ ratio: Double?) -> Int64 { Wording.shown(ratio.map { $0 * 100 }, decimals: 0) }

    private mutating func found(
        _ target: Int,
        _ code: String,
        _ text: @autoclosure () -> String,
        _ view: View,
        shows number: Int64 = 0
    ) -> Finding {
        Finding(target: target, reason: reason(code, text(), view, shows: number))
    }

    /// A reason with the figures of every stage decision; `number` is what `text` shows and may change, as
    /// ``Wording`` shows it.
    private mutating func reason(
        _ code: String,
        _ text: @autoclosure () -> String,
        _ view: View,
        shows number: Int64 = 0
    ) -> Reason {
        let kilowatts = Wording.shown(view.required.map { $0.watts / 1_000 }, decimals: 0)
        if sentence.isOutdated(code, number, kilowatts, Wording.shown(view.supply), Wording.shown(view.entering)) {
            let load = view.required.map { Wording.kilowatts($0.watts) } ?? "unknown"
            let supply = Wording.celsius(view.supply)
            sentence.reason = Reason(
                code,
                "\(text()); required load \(load), supply \(supply), setpoint \(Wording.celsius(supplySetpoint)).",
                .watts("required_load", view.required?.watts),
                .celsius(PointName.facilityWaterSupplyTemperature, view.supply),
                .celsius("facility_water_supply_setpoint", supplySetpoint.celsius),
                .celsius(PointName.economizerLeavingTemperature, view.entering)
            )
        }
        return sentence.reason
    }

    mutating func outputs(
        _ inputs: Inputs,
        desired: [Bool],
        view: View,
        reason: Reason,
        changes: [Reason],
        dt: Duration
    ) -> Outputs {
        let running = state.machines.count { $0.isRunning }
        return Outputs(
            enable: machines.indices.map { state.machines[$0].isKnown ? desired[$0] : nil },
            setpoints: machines.indices.map { setpoint($0, inputs.machines[$0], dt: dt) },
            allowed: machines.indices.map { allowed($0) },
            failed: state.machines.map { $0.failureRank > 0 },
            isLastSource: state.machines.map { $0.isRunning && running == 1 && !inputs.context.isEconomizerOpen },
            isAnyTold: state.machines.contains { $0.isTold },
            running: running,
            required: view.required,
            loadRatio: ratio(view, machines: max(running, 1)).map { Ratio(fraction: $0) },
            state: stateName,
            reason: reason,
            changes: changes
        )
    }

    private var stateName: String {
        let told = state.machines.count { $0.isTold }
        if told < state.target { return "starting" }
        if told > state.target { return "stopping" }
        return state.target == 0 ? "all_off" : "running"
    }

    /// The setpoint moves slowly and in steps of a tenth of a kelvin, since a machine may keep each in its memory.
    private mutating func setpoint(_ index: Int, _ reading: MachineReadings, dt: Duration) -> Temperature {
        let target = max(supplySetpoint, machines[index].leavingWaterMinimum).celsius
        if !reading.isActing { state.machines[index].setpoint.reset(to: reading.setpoint.usableValue) }
        guard reading.isActing else { return Temperature(celsius: target) }
        if state.machines[index].setpoint.output == nil, let present = reading.setpoint.usableValue {
            state.machines[index].setpoint.reset(to: present)
        }
        let rate = parameters.setpointSlew.kelvins / 300
        let value = state.machines[index].setpoint.step(target, rise: rate, fall: rate, dt: dt)
        let tenths = (value * 10).rounded() / 10
        return Temperature(celsius: max(tenths, machines[index].leavingWaterMinimum.celsius))
    }

    private func allowed(_ index: Int) -> ClosedRange<Double> {
        if state.machines[index].dwell.isOn { return mayStop(index) ? 0...1 : 1...1 }
        return mayStart(index) || state.machines[index].isTold ? 0...1 : 0...0
    }
}
