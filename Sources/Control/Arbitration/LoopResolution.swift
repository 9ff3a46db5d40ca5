// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// A set of values that may hold together, and what was changed to get there.
package struct AcceptedSet: Hashable, Sendable {
    package var set: ProposedSet
    /// The slots an interlock moved, with the interlock, in the order it happened.
    package var moved: [Moved]

    /// One value that an interlock replaced.
    package struct Moved: Hashable, Sendable {
        package let slot: Int
        package let interlock: JointInterlock
    }
}

/// One loop's interlocks at work on a proposed set.
///
/// A failing interlock takes the points it is about back to the values last accepted, where those are still allowed and
/// pass; else to its fail-safe values. As one remedy may trip the next interlock this is repeated. A set that does not
/// settle is replaced as a whole by the last accepted one, or by the fail-safe set.
struct LoopResolution {
    let interlocks: LoopInterlocks
    /// What a whole replacement leaves alone.
    let slotsOfOthers: Set<Int>
    let lastAccepted: ProposedSet
    let failSafe: [Double?]
    let hard: [AllowedValues]
    let image: ProcessImage

    /// Enough for every chain of one remedy that trips another: no chain is longer than three.
    private static let rounds = 4

    func resolve(_ proposed: ProposedSet) -> AcceptedSet {
        var failing = interlocks.violations(image, proposed)
        guard !failing.isEmpty else { return AcceptedSet(set: proposed, moved: []) }
        var set = proposed
        var responsible: [Int: JointInterlock] = [:]
        for round in 0..<Self.rounds where !failing.isEmpty {
            for interlock in JointInterlock.allCases where interlocks.isViolated(interlock, image, set) {
                let replaced = round == 0 ? restored(interlock, set) : nil
                let next = replaced ?? interlocks.remedied(interlock, image, set)
                for slot in next.values.indices where next[slot] != set[slot] { responsible[slot] = interlock }
                set = next
            }
            failing = interlocks.violations(image, set)
        }
        if let first = failing.first {
            set = whole(proposed)
            for slot in set.values.indices where set[slot] != proposed[slot] && responsible[slot] == nil {
                responsible[slot] = first
            }
        }
        let moved = set.values.indices.compactMap { slot -> AcceptedSet.Moved? in
            guard set[slot] != proposed[slot] else { return nil }
            return responsible[slot].map { AcceptedSet.Moved(slot: slot, interlock: $0) }
        }
        return AcceptedSet(set: set, moved: moved)
    }

    /// The set with an interlock's points at their last accepted values, where that helps and is still allowed.
    private func restored(_ interlock: JointInterlock, _ set: ProposedSet) -> ProposedSet? {
        var result = set
        for slot in interlocks.scope(of: interlock) where set[slot] != nil {
            guard let last = lastAccepted[slot], hard[slot].contains(last) else { return nil }
            result[slot] = last
        }
        return interlocks.isViolated(interlock, image, result) ? nil : result
    }

    private func whole(_ proposed: ProposedSet) -> ProposedSet {
        let slots = proposed.values.indices.filter { proposed[$0] != nil && !slotsOfOthers.contains($0) }
        var last = proposed
        var isAllowed = true
        for slot in slots {
            guard let value = lastAccepted[slot], hard[slot].contains(value) else {
                isAllowed = false
                break
            }
            last[slot] = value
        }
        if isAllowed, interlocks.violations(image, last).isEmpty { return last }
        var safe = proposed
        for slot in slots {
            guard let value = failSafe[slot] ?? lastAccepted[slot] else { continue }
            safe[slot] = hard[slot].projected(value)
        }
        for interlock in JointInterlock.allCases where interlocks.isViolated(interlock, image, safe) {
            safe = interlocks.remedied(interlock, image, safe)
        }
        return safe
    }
}
