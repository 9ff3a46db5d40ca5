// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The reads of one plan as they stand after what the device has refused: a refused block is halved until the
/// addresses that cannot be read stand alone, and those are asked for only rarely.
///
/// Exceptions 0x02 (illegal data address) and 0x03 (illegal data value: what some devices say to a count or a hole
/// they do not like) halve a block; 0x01 (illegal function) condemns it whole. A hole that was only bridged
/// vanishes with the first halving. Each planned block is looked at again after ``retryNanoseconds``: its refused
/// points one by one or, once all are readable, the block as it was planned.
package struct BlockMemory: Sendable {
    /// A read that is in use or rests.
    package struct Entry: Hashable, Sendable {
        package let block: ReadBlock
        /// The planned block it is a part of.
        package let origin: Int
        /// When a refused part is tried again; nil for a part in use.
        package var restsUntil: MonotonicTime?
    }

    /// What becomes of a refused block.
    package enum Refusal: Hashable, Sendable {
        /// Its halves stand in its place, to be tried at once.
        case halved
        /// It rests; its points are known to be unreadable.
        case condemned
    }

    package let plan: ReadPlan
    /// How long a refused point is left alone, in nanoseconds of wall time.
    package let retryNanoseconds: Int64
    package private(set) var entries: [Entry]
    /// When a planned block that is in parts is looked at again; nil while it is whole.
    private var reviews: [MonotonicTime?]

    package init(plan: ReadPlan, retryNanoseconds: Int64) {
        self.plan = plan
        self.retryNanoseconds = retryNanoseconds
        entries = plan.blocks.enumerated().map { Entry(block: $1, origin: $0) }
        reviews = Array(repeating: nil, count: plan.blocks.count)
    }

    /// The first entry at or behind a position that may be read now, or nil.
    package func next(from position: Int, at now: MonotonicTime) -> Int? {
        var candidate = position
        while candidate < entries.count {
            guard let restsUntil = entries[candidate].restsUntil, restsUntil > now else { return candidate }
            candidate += 1
        }
        return nil
    }

    /// Notes that a read was answered.
    package mutating func answered(_ position: Int) {
        guard entries[position].restsUntil != nil else { return }
        entries[position].restsUntil = nil
    }

    /// Notes that a read was refused with exception 1, 2 or 3.
    package mutating func refused(_ position: Int, exception: UInt8, at now: MonotonicTime) -> Refusal {
        let entry = entries[position]
        if reviews[entry.origin] == nil { reviews[entry.origin] = now + retryNanoseconds }
        let points = entry.block.points
        guard points.count > 1, exception != 1, !isOnOneRange(points) else {
            entries[position].restsUntil = now + retryNanoseconds
            return .condemned
        }
        let middle = points.lowerBound + points.count / 2
        let halves = [points.lowerBound..<middle, middle..<points.upperBound].map {
            Entry(block: ReadBlock(covering: $0, of: plan.points), origin: entry.origin)
        }
        entries.replaceSubrange(position...position, with: halves)
        return .halved
    }

    /// Joins planned blocks again whose parts are all readable and whose time of review has come.
    ///
    /// Call between scans, never while a position is in use.
    package mutating func review(at now: MonotonicTime) {
        for origin in reviews.indices {
            guard let time = reviews[origin], time <= now else { continue }
            let parts = entries.indices.filter { entries[$0].origin == origin }
            guard let first = parts.first, let last = parts.last else { continue }
            if parts.contains(where: { entries[$0].restsUntil != nil }) {
                reviews[origin] = now + retryNanoseconds
            } else {
                entries.replaceSubrange(first...last, with: [Entry(block: plan.blocks[origin], origin: origin)])
                reviews[origin] = nil
            }
        }
    }

    /// Forgets all refusals: after a reconnect the device may be another one, or have another firmware.
    package mutating func reset() {
        guard reviews.contains(where: { $0 != nil }) else { return }
        self = BlockMemory(plan: plan, retryNanoseconds: retryNanoseconds)
    }

    /// Whether halving would ask for the same addresses again: bits of one register.
    private func isOnOneRange(_ points: Range<Int>) -> Bool {
        let first = plan.points[points.lowerBound]
        return plan.points[points].allSatisfy { $0.first == first.first && $0.end == first.end }
    }
}
