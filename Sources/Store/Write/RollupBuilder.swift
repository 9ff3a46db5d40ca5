// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// A roll-up interval that no further cycle falls into.
struct ClosedRollup {
    let kind: HistoryFileName.Kind
    /// Plant time at which the interval starts, in milliseconds since 1970.
    let start: Int64
    let layout: CycleLayout
    let body: [UInt8]
}

/// Gathers cycles into intervals of 1 min, and those into intervals of 15 min.
///
/// Only values whose quality is good or uncertain count. An interval closes with the first cycle outside it.
struct RollupBuilder {
    private static let minute: Int64 = 60_000
    private static let quarterHour: Int64 = 900_000

    private struct Interval {
        let start: Int64
        let layout: CycleLayout
        var summaries: [RollupSummary]

        init(start: Int64, layout: CycleLayout) {
            self.start = start
            self.layout = layout
            summaries = Array(repeating: RollupSummary(), count: layout.series.count)
        }
    }

    /// Time between two cycles, in milliseconds.
    private let cycleInterval: Int64
    private var minuteInterval: Interval?
    private var quarterInterval: Interval?
    private var readings: (of: CycleLayout, layout: CycleLayout)?

    init(cycleInterval: Duration) { self.cycleInterval = max(1, cycleInterval.wholeMilliseconds) }

    /// Adds a cycle; gives the intervals that it closes, oldest first.
    mutating func add(_ row: CycleRow, layout cycleLayout: CycleLayout) -> [ClosedRollup] {
        let layout = readingLayout(of: cycleLayout)
        let start = Self.floor(row.time, Self.minute)
        var closed: [ClosedRollup] = []
        if let open = minuteInterval, open.start != start || open.layout != layout { closed += closeMinute() }
        if let open = quarterInterval, open.start != Self.floor(row.time, Self.quarterHour) || open.layout != layout {
            closed += closeQuarter()
        }
        var interval = minuteInterval ?? Interval(start: start, layout: layout)
        minuteInterval = nil
        for position in interval.summaries.indices where row.status[position] & 0xFF <= Quality.usableLimit {
            let value = Double(bitPattern: row.bits[position])
            if value.isFinite { interval.summaries[position].add(value) }
        }
        minuteInterval = interval
        return closed
    }

    private mutating func closeMinute() -> [ClosedRollup] {
        guard let open = minuteInterval else { return [] }
        minuteInterval = nil
        var quarter = quarterInterval ?? Interval(start: Self.floor(open.start, Self.quarterHour), layout: open.layout)
        quarterInterval = nil
        for position in quarter.summaries.indices { quarter.summaries[position].add(open.summaries[position]) }
        quarterInterval = quarter
        return [close(open, .minute, length: Self.minute)]
    }

    private mutating func closeQuarter() -> [ClosedRollup] {
        guard let open = quarterInterval else { return [] }
        quarterInterval = nil
        return [close(open, .quarter, length: Self.quarterHour)]
    }

    private func close(_ interval: Interval, _ kind: HistoryFileName.Kind, length: Int64) -> ClosedRollup {
        ClosedRollup(
            kind: kind,
            start: interval.start,
            layout: interval.layout,
            body: RollupCodec.encode(
                interval.summaries,
                models: interval.layout.models,
                expected: Int(max(1, length / cycleInterval))
            )
        )
    }

    private mutating func readingLayout(of layout: CycleLayout) -> CycleLayout {
        if let readings, readings.of == layout { return readings.layout }
        let made = layout.readings
        readings = (layout, made)
        return made
    }

    private static func floor(_ time: Int64, _ length: Int64) -> Int64 {
        Timestamp(milliseconds: time).floored(to: .milliseconds(length)).milliseconds
    }
}

extension Quality {
    /// The raw value up to which a reading's value may be used.
    static let usableLimit = UInt16(Quality.uncertain.rawValue)
}
