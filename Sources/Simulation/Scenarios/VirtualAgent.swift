// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Foundation
import Plant
import Thermo

/// The shipped control as an agent that can be killed, stopped and started again.
///
/// A restart goes through the bytes of the restart file, as the agent's does. What was not in it is lost.
struct VirtualAgent: Sendable {
    private let site: SiteDescription
    private let stops: [AgentStop]
    private var control: ControlCycle?
    private var outcomes: [WriteOutcome] = []
    private var requests: [OperatorRequest]
    /// The restart file, and the stop it was written before.
    private var saved: (stop: Int, bytes: Data)?
    /// The stop that it is in.
    private var stop: Int?

    private static let authority = Authority(role: .active, epoch: 1)

    /// - Returns: nil and every reason where the site cannot be controlled.
    static func make(site: SiteDescription, stops: [AgentStop]) -> (VirtualAgent?, problems: [ControlProblem]) {
        let (control, problems) = ControlCycle.make(site: site)
        return (control.map { VirtualAgent(site: site, stops: stops, control: $0) }, problems)
    }

    private init(site: SiteDescription, stops: [AgentStop], control: ControlCycle) {
        self.site = site
        self.stops = stops.sorted { $0.after < $1.after }
        self.control = control
        requests = site.promotions(by: "scenario")
    }

    /// One cycle.
    ///
    /// - Returns: What was decided; nil while the agent is gone.
    mutating func step(_ devices: inout VirtualDevices, dt: Duration) -> ControlOutputs? {
        let elapsed = devices.elapsed
        let present = stops.firstIndex { elapsed >= $0.after && elapsed < $0.after + $0.lasts }
        if present != stop { change(to: present, &devices) }
        guard control != nil else { return nil }
        save(before: elapsed)
        let outputs = control?.step(
            devices.image,
            dt: dt,
            requests: requests,
            outcomes: outcomes,
            devices: devices.statuses,
            authority: Self.authority
        )
        requests = []
        outcomes = devices.carryOut(outputs?.commands ?? [])
        return outputs
    }

    /// Writes the restart file where a stop that is near says that it is the last one before it.
    private mutating func save(before elapsed: Duration) {
        guard
            let next = stops.firstIndex(where: {
                $0.keepsSnapshot && elapsed < $0.after && elapsed + $0.snapshotAge + .seconds(60) >= $0.after
            })
        else { return }
        let isOldEnough = elapsed + stops[next].snapshotAge >= stops[next].after
        if isOldEnough, saved?.stop == next { return }
        guard let control, let bytes = try? JSONEncoder().encode(control.snapshot()) else { return }
        saved = (next, bytes)
    }

    private mutating func change(to next: Int?, _ devices: inout VirtualDevices) {
        if let next, control != nil {
            if stops[next].isOrderly, let control {
                let home = control.homeCommands(at: devices.image.time, authority: Self.authority)
                _ = devices.carryOut(home)
            }
            control = nil
        } else if next == nil, let last = stop {
            control = ControlCycle.make(site: site).0
            outcomes = []
            if stops[last].keepsSnapshot, let saved, saved.stop == last,
                let snapshot = try? JSONDecoder().decode(ControlSnapshot.self, from: saved.bytes)
            {
                control?.restore(snapshot)
            } else {
                requests = site.promotions(by: "scenario")
            }
        }
        stop = next
    }
}
