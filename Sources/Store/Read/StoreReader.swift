// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
package import Plant

/// Reads a store without changing it; may run beside a live writer, and in another process.
///
/// Spans are in plant time, from `from` up to but not including `to`. Everything comes in the order it was recorded,
/// which is the order of time unless the plant clock was set back.
package struct StoreReader: Sendable {
    package let directory: String
    private let main: DatabaseQueue

    /// Opens the store in a directory.
    ///
    /// - Throws: `unavailable` where there is none, `foreignFile` or `newerSchema` where it is not for this release.
    package init(directory: String) throws(StoreProblem) {
        self.directory = directory
        main = try Connection.reader(MainFile.path(in: directory), migrator: Schema.main)
    }

    /// Every series that was ever stored, in the order of first appearance.
    package func points() throws(StoreProblem) -> [StoredPoint] {
        try reporting(MainFile.path(in: directory)) {
            try main.read { try SeriesTables.series(in: $0) }.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// Calls `body` with each sample of the chosen series, cycle by cycle, within a cycle in site order.
    ///
    /// `kinds` tells what to give: what was wished and decided has the same name as the reading. Throws a
    /// ``StoreProblem``, or what `body` throws.
    package func forEachSample(
        points: PointGlob = .all,
        kinds: Set<StoredPoint.Kind> = [.reading, .total],
        from: Timestamp,
        to: Timestamp,
        _ body: (StoredSample) throws -> Void
    ) throws {
        var selected: (layout: CycleLayout, positions: [Int])?
        try CycleScan(directory: directory, main: main).forEach(from: from, to: to) { row, layout in
            if selected?.layout != layout {
                let positions = layout.series.indices.filter {
                    kinds.contains(layout.series[$0].kind) && points.matches(layout.series[$0].name)
                }
                selected = (layout, positions)
            }
            for position in selected?.positions ?? [] {
                guard let reading = row.reading(position) else { continue }
                try body(
                    StoredSample(
                        time: Timestamp(milliseconds: row.time),
                        point: layout.series[position],
                        bits: row.bits[position],
                        quality: reading.quality,
                        cause: reading.cause,
                        sourceTime: reading.sourceTime
                    )
                )
            }
        }
    }

    /// Calls `body` with the meters' totals of each stored cycle that has any; as far back as cycles are kept.
    package func forEachTotals(
        from: Timestamp,
        to: Timestamp,
        _ body: (StoredTotals) throws -> Void
    ) throws {
        try CycleScan(directory: directory, main: main).forEach(from: from, to: to) { row, layout in
            let totals = row.totals(layout)
            if !totals.isEmpty { try body(StoredTotals(time: Timestamp(milliseconds: row.time), totals: totals)) }
        }
    }

    /// The meters' totals at the first cycle of every quarter of an hour; as far back as 15 min values are kept.
    package func totals(from: Timestamp, to: Timestamp) throws(StoreProblem) -> [StoredTotals] {
        try reporting(MainFile.path(in: directory)) {
            try main.read { database in
                let layouts = try SeriesTables.layouts(in: database)
                return try Row.fetchAll(
                    database,
                    sql: "SELECT time, layout, body FROM total WHERE time >= ? AND time < ? ORDER BY time",
                    arguments: [from.milliseconds, to.milliseconds]
                ).map { row in
                    guard let layout = layouts[row["layout"]] else { throw CodecError(detail: "totals have no layout") }
                    let body: Data = row["body"]
                    var decoder = RowDecoder(layout: layout)
                    try decoder.decode(body.array)
                    return StoredTotals(
                        time: Timestamp(milliseconds: row["time"]),
                        totals: decoder.row.totals(layout)
                    )
                }
            }
        }
    }
}

// MARK: - Records

extension StoreReader {
    /// Decisions wherever origin, reason, bounds or being sent changed.
    package func decisions(from: Timestamp, to: Timestamp) throws(StoreProblem) -> [Stored<Decision>] {
        try records(.decision, from, to)
    }

    /// Commands wherever value, origin, reason or authority changed.
    package func commands(from: Timestamp, to: Timestamp) throws(StoreProblem) -> [Stored<Command>] {
        try records(.command, from, to)
    }

    /// How each write ended.
    package func outcomes(from: Timestamp, to: Timestamp) throws(StoreProblem) -> [Stored<WriteOutcome>] {
        try records(.outcome, from, to)
    }

    /// Alarms at each change of state.
    package func alarms(from: Timestamp, to: Timestamp) throws(StoreProblem) -> [Stored<AlarmRecord>] {
        try records(.alarm, from, to)
    }

    /// Loops at each change of mode or state.
    package func loops(from: Timestamp, to: Timestamp) throws(StoreProblem) -> [Stored<LoopStatus>] {
        try records(.loop, from, to)
    }

    package func events(from: Timestamp, to: Timestamp) throws(StoreProblem) -> [Stored<Event>] {
        try records(.event, from, to)
    }

    private func records<Record: Decodable & Sendable>(
        _ table: JournalTable,
        _ from: Timestamp,
        _ to: Timestamp
    ) throws(StoreProblem) -> [Stored<Record>] {
        try reporting(MainFile.path(in: directory)) {
            try main.read { database in
                try Row.fetchAll(
                    database,
                    sql: "SELECT time, body FROM \(table.rawValue) WHERE time >= ? AND time < ? ORDER BY time, id",
                    arguments: [from.milliseconds, to.milliseconds]
                ).map { row in
                    Stored(
                        time: Timestamp(milliseconds: row["time"]),
                        record: try JournalCoding.decode(Record.self, row["body"])
                    )
                }
            }
        }
    }
}

// MARK: - Roll-ups

extension StoreReader {
    /// Calls `body` with the roll-ups of the chosen points, interval by interval, within one in site order.
    ///
    /// An interval in which the site changed comes once for each of the two sites.
    package func forEachRollup(
        _ length: RollupLength,
        points: PointGlob = .all,
        from: Timestamp,
        to: Timestamp,
        _ body: (StoredRollup) throws -> Void
    ) throws {
        let files = try CycleScan.historyFiles(in: directory, length.kind)
        for name in files where name.end > from && name.start < to {
            let path = directory + "/" + name.text
            let queue = try Connection.reader(path, migrator: Schema.history)
            let (times, layouts) = try reporting(path) {
                try queue.read { database in
                    (
                        try Int64.fetchAll(
                            database,
                            sql: "SELECT rowid FROM rollup WHERE time >= ? AND time < ? ORDER BY time, layout",
                            arguments: [from.milliseconds, to.milliseconds]
                        ),
                        try SeriesTables.layouts(in: database)
                    )
                }
            }
            for id in times {
                let row = try reporting(path) {
                    try queue.read { database in
                        try Row.fetchOne(
                            database,
                            sql: "SELECT time, layout, body FROM rollup WHERE rowid = ?",
                            arguments: [id]
                        )
                    }
                }
                guard let row, let layout = layouts[row["layout"]] else { continue }
                try give(row, layout, file: path, points: points, body)
            }
        }
    }

    private func give(
        _ row: Row,
        _ layout: CycleLayout,
        file: String,
        points: PointGlob,
        _ body: (StoredRollup) throws -> Void
    ) throws {
        let bytes: Data = row["body"]
        let (summaries, expected) = try reporting(file) {
            try RollupCodec.decode(bytes.array, models: layout.models)
        }
        for (series, summary) in zip(layout.series, summaries) where summary.count > 0 && points.matches(series.name) {
            try body(
                StoredRollup(
                    time: Timestamp(milliseconds: row["time"]),
                    point: series,
                    minimum: summary.minimum,
                    mean: summary.mean,
                    maximum: summary.maximum,
                    last: summary.last,
                    count: summary.count,
                    completeness: min(1, Double(summary.count) / Double(max(1, expected)))
                )
            )
        }
    }
}

extension CycleRow {
    /// The totals among the samples, in layout order.
    func totals(_ layout: CycleLayout) -> [MeterTotal] {
        layout.series.indices.compactMap { position in
            let series = layout.series[position]
            guard series.kind == .total, let place = series.place, let reading = reading(position) else { return nil }
            return MeterTotal(
                device: series.device,
                place: place,
                total: Int64(bitPattern: bits[position]),
                sourceTime: reading.sourceTime,
                isCovered: reading.isGood
            )
        }
    }
}
