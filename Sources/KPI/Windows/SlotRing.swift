// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// A meter's recent past in slots of a grid: what was counted in each, and how well it is known.
///
/// Totals are interpolated at slot boundaries when the sample behind the boundary arrives, and rounded to whole
/// counts, so the differences of any run of slots add up exactly. A slot that is not covered from end to end counts
/// as not covered.
struct SlotRing: Sendable {
    let grid: WindowGrid
    private let capacity: Int64
    /// The newest closed slot; nil before the first sample.
    private(set) var newest: Int64?
    /// The oldest slot still held.
    private(set) var oldest: Int64 = 0
    /// The first slot closed since ``beginStep()``; nil where none was.
    private(set) var firstClosed: Int64?
    /// Whether ``newest`` has changed since ``beginStep()``.
    private(set) var hasMoved = false
    private var deltas: [Int64]
    private var coverages: [Coverage]
    /// The total at the end of the newest closed slot.
    private var boundaryTotal: Int64 = 0
    /// What is known so far of the slot after the newest closed one.
    private var openCoverage = Coverage.uncovered

    /// - Parameters:
    ///   - grid: the grid of the slots.
    ///   - window: the longest window taken from it; nil for a ring that holds nothing.
    ///   - slackMilliseconds: how far this meter may be ahead of the slowest other.
    init(_ grid: WindowGrid, window: KPIWindow?, slackMilliseconds: Int64) {
        self.grid = grid
        let slack = slackMilliseconds / grid.slotMilliseconds + 4
        capacity = window.map { $0.duration.wholeMilliseconds / grid.slotMilliseconds + slack } ?? 0
        deltas = Array(repeating: 0, count: Int(capacity))
        coverages = Array(repeating: .uncovered, count: Int(capacity))
    }

    mutating func beginStep() {
        firstClosed = nil
        hasMoved = false
    }

    /// Starts at the first sample.
    mutating func begin(at time: Timestamp, total: Int64) {
        guard capacity > 0 else { return }
        let slot = grid.slot(at: time)
        newest = slot - 1
        hasMoved = true
        oldest = slot
        boundaryTotal = total
        openCoverage = isBoundary(time) ? .covered : .uncovered
    }

    /// Appends a segment that starts where the one before ended.
    mutating func append(_ segment: MeterSegment) {
        guard capacity > 0, let before = newest else { return }
        let last = grid.slot(at: segment.end) - 1
        guard last > before else {
            openCoverage = min(openCoverage, segment.coverage)
            return
        }
        var slot = before + 1
        firstClosed = firstClosed ?? slot
        if last - slot >= capacity {
            slot = last - capacity + 1
            boundaryTotal = segment.total(at: slot * grid.slotMilliseconds)
        }
        while slot <= last {
            let total = segment.total(at: (slot + 1) * grid.slotMilliseconds)
            let position = position(slot)
            deltas[position] = total - boundaryTotal
            coverages[position] = slot == before + 1 ? min(openCoverage, segment.coverage) : segment.coverage
            boundaryTotal = total
            slot += 1
        }
        newest = last
        hasMoved = true
        oldest = max(oldest, last - capacity + 1)
        openCoverage = isBoundary(segment.end) ? .covered : segment.coverage
    }

    private func isBoundary(_ time: Timestamp) -> Bool { time.milliseconds % grid.slotMilliseconds == 0 }

    private func holds(_ slot: Int64) -> Bool {
        guard let newest else { return false }
        return slot <= newest && slot >= oldest
    }

    private func position(_ slot: Int64) -> Int {
        let rest = slot % capacity
        return Int(rest < 0 ? rest + capacity : rest)
    }

    /// What was counted in a slot and how well it is known; 0 and not covered for one that is not held.
    func entry(_ slot: Int64) -> (delta: Int64, coverage: Coverage) {
        guard holds(slot) else { return (0, .uncovered) }
        let position = position(slot)
        return (deltas[position], coverages[position])
    }

    /// Whether a slot up to `last` was closed in this step, or one from `first` on has had to make room.
    func hasChanged(from first: Int64, upTo last: Int64) -> Bool {
        if let firstClosed, firstClosed <= last { return true }
        guard let newest else { return false }
        return newest - capacity + 1 > first
    }
}

// MARK: - Restart

/// The slots of one ring in the order of time.
package struct SlotSeries: Hashable, Sendable, Codable {
    /// The newest closed slot; nil before the first sample.
    package let newest: Int64?
    /// Joules or millilitres per slot, oldest first.
    package let deltas: [Int64]
    /// One digit a slot: 0 uncovered, 1 interpolated, 2 covered.
    package let coverages: String
    package let boundaryTotal: Int64
    package let openCoverage: UInt8
}

extension SlotRing {
    var series: SlotSeries {
        let slots = newest.map { oldest <= $0 ? Array(oldest...$0) : [] } ?? []
        return SlotSeries(
            newest: newest,
            deltas: slots.map { entry($0).delta },
            coverages: slots.map { String(entry($0).coverage.rawValue) }.joined(),
            boundaryTotal: boundaryTotal,
            openCoverage: openCoverage.rawValue
        )
    }

    /// Takes over as many slots as this ring holds.
    mutating func restore(_ series: SlotSeries) {
        guard capacity > 0 else { return }
        newest = series.newest
        boundaryTotal = series.boundaryTotal
        openCoverage = Coverage(rawValue: series.openCoverage) ?? .uncovered
        guard let newest else { return }
        let count = min(Int64(series.deltas.count), Int64(series.coverages.utf8.count), capacity)
        oldest = newest - count + 1
        for (offset, delta) in series.deltas.suffix(Int(count)).enumerated() {
            deltas[position(oldest + Int64(offset))] = delta
        }
        for (offset, digit) in series.coverages.utf8.suffix(Int(count)).enumerated() {
            coverages[position(oldest + Int64(offset))] = Coverage(rawValue: digit &- 48) ?? .uncovered
        }
    }
}
