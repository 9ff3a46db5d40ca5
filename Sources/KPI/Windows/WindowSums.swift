// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The running sums of one window over the meters of one key figure, restricted to slots that all of them cover.
///
/// Sums are integers: a slot is added when it enters the window and the same number is taken off when it leaves, so
/// a step costs the slots that moved and nothing drifts. Where the past changes, because a register bridged a gap,
/// the sums are made anew.
struct WindowSums: Sendable {
    let window: KPIWindow
    /// How many slots the window spans.
    let slots: Int64
    /// Positions of the meters in the site.
    let meters: [Int]
    /// The last slot of the window; nil before the first step.
    private(set) var end: Int64?
    /// Joules or millilitres over the covered slots, in the order of `meters`.
    private(set) var deltas: [Int64]
    /// Slots without measurement, in the order of `meters`.
    private(set) var uncovered: [Int64]
    /// Slots that all meters cover.
    private(set) var covered: Int64 = 0
    /// Covered slots in which at least one meter is interpolated.
    private(set) var interpolated: Int64 = 0

    init(window: KPIWindow, meters: [Int]) {
        self.window = window
        slots = window.slots
        self.meters = meters
        deltas = Array(repeating: 0, count: meters.count)
        uncovered = Array(repeating: 0, count: meters.count)
    }

    /// Share of the window that all meters cover, 0...1.
    var completeness: Double { Double(covered) / Double(slots) }

    /// The covered time in seconds.
    var coveredSeconds: Double { Double(covered * window.grid.slotMilliseconds) / 1_000 }

    /// The last slot that may end the window now.
    ///
    /// The newest that all meters have closed; but no meter can hold the window back for longer than `patience`,
    /// in milliseconds.
    func lastSlot(now: Timestamp, patience: Int64, _ accumulators: [MeterAccumulator]) -> Int64 {
        let grid = window.grid
        let latest = grid.slot(at: Timestamp(milliseconds: now.milliseconds - patience)) - 1
        var closed = meters.isEmpty ? latest : Int64.max
        for meter in meters {
            let newest = grid == .fine ? accumulators[meter].fine.newest : accumulators[meter].coarse.newest
            closed = min(closed, newest ?? .min)
        }
        return max(closed, latest)
    }

    /// Moves the window's end to a slot.
    ///
    /// - Returns: whether anything changed.
    mutating func advance(to slot: Int64, _ accumulators: [MeterAccumulator]) -> Bool {
        let grid = window.grid
        guard let before = end, slot >= before, slot - before < slots, !isPastChanged(before, accumulators)
        else {
            rebuild(to: slot, accumulators)
            return true
        }
        guard slot > before else { return false }
        for entering in before + 1...slot {
            apply(entering, grid, accumulators, sign: 1)
            apply(entering - slots, grid, accumulators, sign: -1)
        }
        end = slot
        return true
    }

    /// Whether slots that are in the sums, or must leave them, are no longer what they were.
    private func isPastChanged(_ before: Int64, _ accumulators: [MeterAccumulator]) -> Bool {
        let first = before - slots + 1
        return meters.contains { meter in
            window.grid == .fine
                ? accumulators[meter].fine.hasChanged(from: first, upTo: before)
                : accumulators[meter].coarse.hasChanged(from: first, upTo: before)
        }
    }

    private mutating func rebuild(to slot: Int64, _ accumulators: [MeterAccumulator]) {
        for position in meters.indices {
            deltas[position] = 0
            uncovered[position] = 0
        }
        covered = 0
        interpolated = 0
        for entering in slot - slots + 1...slot { apply(entering, window.grid, accumulators, sign: 1) }
        end = slot
    }

    private mutating func apply(
        _ slot: Int64,
        _ grid: WindowGrid,
        _ accumulators: [MeterAccumulator],
        sign: Int64
    ) {
        var worst = Coverage.covered
        for position in meters.indices {
            let (delta, coverage) = entry(slot, grid, accumulators, position)
            deltas[position] += sign * delta
            if coverage == .uncovered { uncovered[position] += sign }
            worst = min(worst, coverage)
        }
        if worst > .uncovered {
            covered += sign
            if worst == .interpolated { interpolated += sign }
        } else {
            // What the others counted in a slot that one does not cover is not in the sums.
            for position in meters.indices {
                deltas[position] -= sign * entry(slot, grid, accumulators, position).delta
            }
        }
    }

    private func entry(
        _ slot: Int64,
        _ grid: WindowGrid,
        _ accumulators: [MeterAccumulator],
        _ position: Int
    ) -> (delta: Int64, coverage: Coverage) {
        grid == .fine
            ? accumulators[meters[position]].fine.entry(slot) : accumulators[meters[position]].coarse.entry(slot)
    }
}
