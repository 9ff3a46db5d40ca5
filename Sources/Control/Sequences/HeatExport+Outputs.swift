// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

// Capacity, and what follows from the phase.
extension HeatExport {
    mutating func moveCapacity(_ view: View, dt: Duration) {
        let lowest = lowestCapacity
        let up = parameters.capacityRamp.fraction / 60
        switch state.phase {
        case .noPermit, .waiting, .fault: state.capacity.reset(to: 0)
        case .starting: state.capacity.reset(to: lowest)
        case .stopping:
            let isWaiting = !state.isStopUrgent && state.sincePhase < parameters.transferTime
            let target = isWaiting ? (state.capacity.output ?? 0) : 0
            state.capacity.step(target, rise: 0, fall: parameters.stopRamp.fraction / 60, dt: dt)
        case .running:
            let above = (view.source ?? -.infinity) - parameters.sourceMinimum.celsius
            var target = min(1, max(lowest, above / parameters.sourceBand.kelvins))
            if let supply = view.facilitySupply {
                // Supply that is already too cold needs no further cooling: condensation limits come before export.
                target = min(target, max(lowest, 1 - (supplyMinimum.celsius - supply) / 2))
            }
            state.capacity.step(target, rise: up, fall: up, dt: dt)
        }
    }

    func outputs(
        _ reason: Reason,
        _ view: View,
        isActing: Bool,
        phase: Phase,
        _ changes: [Reason]
    ) -> Outputs {
        let isUp = state.phase == .starting || state.phase == .running || state.phase == .stopping
        let isStopFault = state.phase == .fault && state.sincePhase < parameters.transferTime * 5
        let required = Temperature(celsius: view.required)
        return Outputs(
            phase: phase,
            valveCommand: isUp ? 1 : 0,
            pumpSpeed: isUp ? 1 : 0,
            enable: state.machines.map { $0.isKnown ? $0.isTold : nil },
            capacity: machines.indices.map { capacity($0) },
            isStartBlocked: machines.indices.map { !state.machines[$0].isTold && !mayStart($0) },
            failed: state.machines.map { $0.failureRank > 0 },
            sinkSetpoints: machines.map { min(required, $0.sinkMaximum) },
            isExporting: phase == .starting || phase == .running || phase == .stopping,
            isTransferring: phase == .stopping || (isActing && isStopFault),
            heat: view.heat,
            isDeliveryCold: state.isDeliveryCold.isOver(.zero),
            reason: reason,
            changes: isActing ? changes : []
        )
    }

    private func capacity(_ index: Int) -> Double {
        let wanted = state.capacity.output ?? 0
        guard state.machines[index].isTold, wanted > 0 else { return 0 }
        return min(1, max(machines[index].minimumLoad.fraction, wanted))
    }

    func presentWords(_ phase: Phase) -> String {
        switch phase {
        case .noPermit: "No export: the network takes no heat"
        case .waiting: "Export waits for a warm source and a heat pump that may start"
        case .starting: "Export starts: pump and valve, then a heat pump"
        case .running: "Heat is exported at \(Wording.percent(state.capacity.output ?? 0)) capacity"
        case .stopping: "Export stops: rejection takes the heat over"
        case .fault: "Export is in fault"
        }
    }

    /// The code of the reason for being in a phase; a stop and a fault keep that of their cause.
    func presentCode(_ phase: Phase) -> String {
        let cause = phase == state.phase ? state.cause : nil
        return switch phase {
        case .noPermit: "export_no_permit"
        case .waiting: "export_waiting"
        case .starting: "export_starting"
        case .running: "export_running"
        case .stopping: cause?.code ?? "export_stopping"
        case .fault: cause?.code ?? "export_fault"
        }
    }
}
