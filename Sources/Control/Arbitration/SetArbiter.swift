// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

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

extension PlantInterlocks {
    /// Makes a proposed set one that violates no interlock.
    ///
    /// A failing interlock takes the points it is about back to the values last accepted, where those are still
    /// allowed and pass; else to its fail-safe values. As one remedy may trip the next interlock this is repeated. A
    /// set that does not settle is replaced as a whole by the last accepted one, or by the fail-safe set.
    ///
    /// - Parameters:
    ///   - proposed: what per-point arbitration left.
    ///   - lastAccepted: what held in the cycle before; nil per slot where nothing did.
    ///   - failSafe: by slot, the value of most cooling; nil where a point keeps what it has.
    ///   - hard: by slot, what safety and equipment protection allow now.
    ///   - image: the readings.
    /// - Returns: the set that may hold, with what was changed.
    package func resolve(
        _ proposed: ProposedSet,
        lastAccepted: ProposedSet,
        failSafe: [Double?],
        hard: [AllowedValues],
        image: ProcessImage
    ) -> AcceptedSet {
        var failing = violations(image, proposed)
        guard !failing.isEmpty else { return AcceptedSet(set: proposed, moved: []) }
        var set = proposed
        var responsible: [Int: JointInterlock] = [:]
        for round in 0..<Self.rounds where !failing.isEmpty {
            for interlock in JointInterlock.allCases where isViolated(interlock, image, set) {
                let replaced =
                    round == 0 ? restored(interlock, image, set, lastAccepted, hard) : nil
                let next = replaced ?? remedied(interlock, image, set)
                for slot in next.values.indices where next[slot] != set[slot] { responsible[slot] = interlock }
                set = next
            }
            failing = violations(image, set)
        }
        if let first = failing.first {
            set = whole(proposed, lastAccepted, failSafe, hard, image)
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

    /// Enough for every chain of one remedy that trips another: no chain is longer than three.
    private static let rounds = 4

    /// The set with an interlock's points at their last accepted values, where that helps and is still allowed.
    private func restored(
        _ interlock: JointInterlock,
        _ image: ProcessImage,
        _ set: ProposedSet,
        _ lastAccepted: ProposedSet,
        _ hard: [AllowedValues]
    ) -> ProposedSet? {
        var result = set
        for slot in scope(of: interlock) where set[slot] != nil {
            guard let last = lastAccepted[slot], hard[slot].contains(last) else { return nil }
            result[slot] = last
        }
        return isViolated(interlock, image, result) ? nil : result
    }

    private func whole(
        _ proposed: ProposedSet,
        _ lastAccepted: ProposedSet,
        _ failSafe: [Double?],
        _ hard: [AllowedValues],
        _ image: ProcessImage
    ) -> ProposedSet {
        var last = proposed
        var isAllowed = true
        for slot in proposed.values.indices where proposed[slot] != nil {
            guard let value = lastAccepted[slot], hard[slot].contains(value) else {
                isAllowed = false
                break
            }
            last[slot] = value
        }
        if isAllowed, violations(image, last).isEmpty { return last }
        var safe = proposed
        for slot in proposed.values.indices where proposed[slot] != nil {
            guard let value = failSafe[slot] ?? lastAccepted[slot] else { continue }
            safe[slot] = hard[slot].projected(value)
        }
        for interlock in JointInterlock.allCases where isViolated(interlock, image, safe) {
            safe = remedied(interlock, image, safe)
        }
        return safe
    }
}
