// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

// Where the export goes from where it stands.
extension HeatExport {
    /// What the rules look at in one step; temperatures in degrees Celsius.
    struct View {
        let hasPermit: Bool
        let required: Double
        let source: Double?
        let facilitySupply: Double?
        let isLoopProven: Bool
        let isPumpLost: Bool
        let coldest: Double?
        let canStart: Bool
        let heat: Power
    }

    /// Moves to the next phase where a rule says so; starting and staging only where the slow rules are due.
    mutating func advance(_ view: View, isDue: Bool, dt: Duration, changes: inout [Reason]) {
        let limit = parameters.sourceMinimum.celsius
        let isWarm = state.isSourceWarm.step(
            view.source.map { $0 > limit } ?? false,
            delay: parameters.sourceHold,
            dt: dt
        )
        let isCold = state.isSourceCold.step(
            view.source.map { $0 < limit } ?? true,
            delay: view.source == nil ? .zero : parameters.sourceHold,
            dt: dt
        )
        switch state.phase {
        case .noPermit:
            if view.hasPermit { go(.waiting, "export_permit_given", "The network takes heat", view, &changes) }
        case .waiting:
            guard view.hasPermit else {
                return go(.noPermit, "export_permit_lost", "The network takes no heat", view, &changes)
            }
            if isDue, isWarm, view.canStart {
                state.target = 1
                go(.starting, "export_starting", "Export starts: the recovery loop is brought up", view, &changes)
            }
        case .starting: advanceStarting(view, &changes)
        case .running: advanceRunning(view, isSourceCold: isCold, isDue: isDue, dt: dt, &changes)
        case .stopping: advanceStopping(view, dt: dt, &changes)
        case .fault:
            guard state.sincePhase >= parameters.faultRetry || !view.hasPermit else { return }
            let next: Phase = view.hasPermit ? .waiting : .noPermit
            go(next, "export_fault_over", "The fault is over, export may be tried again", view, &changes)
        }
    }

    private mutating func advanceStarting(_ view: View, _ changes: inout [Reason]) {
        if !view.hasPermit {
            return stop("export_permit_lost", "The network takes no heat any more", true, false, view, &changes)
        }
        if state.machines.contains(where: { $0.isTold && $0.proof.status == true }) {
            return go(.running, "export_running", "Heat is exported", view, &changes)
        }
        let isUp = state.machines.contains { $0.isTold }
        if !isUp, !view.isLoopProven, state.sincePhase >= parameters.pumpAllowance {
            return stop(
                "export_pump_unproven",
                "Recovery pump and valve were not proven within \(Wording.time(parameters.pumpAllowance))",
                true,
                true,
                view,
                &changes
            )
        }
        if !isUp, view.isLoopProven, !view.canStart {
            stop("export_no_heat_pump", "No heat pump may start", true, true, view, &changes)
        }
    }

    private mutating func advanceRunning(
        _ view: View,
        isSourceCold: Bool,
        isDue: Bool,
        dt: Duration,
        _ changes: inout [Reason]
    ) {
        let limit = view.required - parameters.deliveryOffset.kelvins
        let isDeliveryCold = state.isDeliveryCold.step(
            view.coldest.map { $0 < limit } ?? false,
            delay: parameters.deliveryHold,
            dt: dt
        )
        if !view.hasPermit {
            return stop("export_permit_lost", "The network takes no heat any more", true, false, view, &changes)
        }
        if view.isPumpLost {
            return stop("export_pump_lost", "The recovery pump stopped", true, true, view, &changes)
        }
        if !state.machines.contains(where: { $0.isTold }) {
            return stop("export_heat_pumps_lost", "No heat pump runs any more", true, true, view, &changes)
        }
        if isDeliveryCold {
            let text = "The delivery is too cold for \(Wording.time(parameters.deliveryHold))"
            return stop("export_delivery_cold", text, true, false, view, &changes)
        }
        if isSourceCold {
            return stop("export_source_cold", "The source is too cold", false, false, view, &changes)
        }
        stage(isDue: isDue, dt: dt)
    }

    /// One heat pump more where the running ones are full, one less where they idle.
    private mutating func stage(isDue: Bool, dt: Duration) {
        let capacity = state.capacity.output ?? 0
        let full = capacity >= parameters.lagStartCapacity.fraction && state.target < machines.count
        let idle = capacity <= parameters.lagStopCapacity.fraction && state.target > 1
        let isWanted = state.isLagWanted.step(full, delay: parameters.lagHold, dt: dt)
        if isWanted, isDue {
            state.target += 1
            state.isLagWanted.reset()
        } else if !isWanted, state.isLagIdle.step(idle, delay: parameters.lagHold, dt: dt), isDue {
            state.target -= 1
            state.isLagIdle.reset()
        }
    }

    private mutating func advanceStopping(_ view: View, dt: Duration, _ changes: inout [Reason]) {
        let stand = state.machines.allSatisfy { !$0.isTold && !$0.isRunning }
        guard state.sinceStopped.step(stand, delay: parameters.pumpRunOn, dt: dt) else { return }
        if state.isStopFault {
            return go(.fault, "export_fault", "Export is in fault and tries again later", view, &changes)
        }
        if view.hasPermit {
            go(.waiting, "export_stopped", "Export has stopped and waits", view, &changes)
        } else {
            go(.noPermit, "export_stopped", "Export has stopped: the network takes no heat", view, &changes)
        }
    }

    private mutating func stop(
        _ code: String,
        _ text: String,
        _ isUrgent: Bool,
        _ isFault: Bool,
        _ view: View,
        _ changes: inout [Reason]
    ) {
        state.isStopUrgent = isUrgent
        state.isStopFault = isFault
        state.target = 0
        go(.stopping, code, text, view, &changes)
    }

    private mutating func go(
        _ phase: Phase,
        _ code: String,
        _ text: String,
        _ view: View,
        _ changes: inout [Reason]
    ) {
        let reason = reason(code, text: words(text, view), view)
        enter(phase, reason)
        changes.append(reason)
    }

    /// A whole sentence, from its words and what the rules look at.
    func words(_ text: String, _ view: View) -> String {
        let limit = Wording.celsius(parameters.sourceMinimum)
        let source = "source \(Wording.celsius(view.source)), least \(limit)"
        let delivery =
            view.coldest.map { ", delivery \(Wording.celsius($0)) for \(Wording.celsius(view.required))" } ?? ""
        return "\(text); \(source)\(delivery), heat \(Wording.kilowatts(view.heat.watts))."
    }

    func reason(_ code: String, text: String, _ view: View) -> Reason {
        Reason(
            code,
            text,
            .celsius(PointName.coolantBranchReturnTemperature, view.source),
            .celsius(PointName.districtSupplyRequired, view.required),
            .celsius(PointName.sinkSupplyTemperature, view.coldest),
            .watts("exported_heat", view.heat.watts)
        )
    }
}
