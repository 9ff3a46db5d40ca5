// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

/// The plant faults that are on, by the equipment they are on.
package struct PlantFaults: Hashable, Sendable {
    /// Equipment ids with their faults, in the order in which the faults were asked for.
    private var faults: [(equipment: String, fault: PlantFault)] = []

    package init() {}

    /// The faults of these events that are on, so much plant time after the start, on the equipment of a plant.
    package init(_ events: [PlantFaultEvent], at elapsed: Duration, plant: PlantComposition) {
        for event in events where event.isOn(at: elapsed) {
            for id in event.fault.equipment(of: plant) where id == "site" || event.equipment.matches(id) {
                faults.append((id, event.fault))
            }
        }
    }

    package var isEmpty: Bool { faults.isEmpty }

    package static func == (left: PlantFaults, right: PlantFaults) -> Bool {
        left.faults.elementsEqual(right.faults) { $0.equipment == $1.equipment && $0.fault == $1.fault }
    }

    package func hash(into hasher: inout Hasher) {
        for entry in faults {
            hasher.combine(entry.equipment)
            hasher.combine(entry.fault)
        }
    }

    private func on(_ equipment: String?) -> [PlantFault] {
        faults.filter { $0.equipment == equipment }.map(\.fault)
    }

    /// Whether the motors of a group have no power.
    func isDark(_ group: PlantFault.PowerGroup) -> Bool {
        faults.contains {
            if case .utilityLost(let rideThrough) = $0.fault { !rideThrough.contains(group) } else { false }
        }
    }

    /// What keeps a chiller or heat pump from running.
    func machine(_ id: String, _ group: PlantFault.PowerGroup) -> MachineFault? {
        if isDark(group) { return .stands }
        let own = on(id)
        return own.contains(.trip) ? .tripped : own.contains(.unavailable) ? .stands : nil
    }

    /// The share of the pumps of a loop or unit that can run.
    func pumps(_ id: String?, _ group: PlantFault.PowerGroup) -> Ratio {
        if isDark(group) { return .zero }
        var left = 1.0
        for case .pumpLost(let lost) in on(id) { left = min(left, 1 - lost.fraction) }
        return Ratio(fraction: max(left, 0))
    }

    /// Whether a fan stands.
    func isFanStopped(_ id: String, _ group: PlantFault.PowerGroup) -> Bool {
        isDark(group) || on(id).contains(.fanStopped)
    }

    /// Where a valve is jammed.
    ///
    /// It is `present` where it jams in place; one that is jammed already, at `jammed`, stays where it is.
    func valve(_ id: String?, present: Ratio, jammed: Ratio?) -> Ratio? {
        for case .valveStuck(let position) in on(id) { return position ?? jammed ?? present }
        return nil
    }

    /// The share of conductance, or of a chiller's efficiency, that deposits leave.
    func cleanliness(_ id: String?) -> Ratio {
        var left = 1.0
        for case .fouling(let lost) in on(id) { left *= 1 - lost.fraction }
        return Ratio(fraction: max(left, 0.01))
    }

    /// Whether the district network takes nothing in spite of its permit.
    func isRefused(_ id: String?) -> Bool { on(id).contains(.refusesHeat) }
}

extension Facility {
    /// Lets these plant faults, and no others, be on; without effect where the site has no cooling plant.
    package mutating func apply(_ faults: PlantFaults) { changePlant { $0.apply(faults) } }
}
