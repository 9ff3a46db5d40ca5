// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Plant

/// Walks through the stored cycles of a directory, in the order they were recorded.
///
/// Works beside a live writer, in short transactions: the list of groups still in `main.sqlite` is taken first,
/// then the history files are read, then those groups that were not met there. A group that moves meanwhile is found
/// in one of the two places, and is given once.
struct CycleScan {
    let directory: String
    let main: DatabaseQueue

    private var mainPath: String { directory + "/main.sqlite" }

    /// Calls `body` with each cycle whose plant time is at least `from` and less than `to`.
    func forEach(
        from: Timestamp,
        to: Timestamp,
        _ body: (CycleRow, CycleLayout) throws -> Void
    ) throws {
        let recent = try reporting(mainPath) { try recentGroups(from: from, to: to) }
        var met: Set<Int64> = []
        for name in try Self.historyFiles(in: directory, .raw) where name.end > from && name.start < to {
            try read(name, from: from, to: to, blocks: nil, met: &met, body)
        }
        for group in recent where !met.contains(group.id) {
            let rows = try reporting(mainPath) { try recentRows(of: group.id) }
            if rows.isEmpty {
                let name = HistoryFileName(.raw, covering: group.firstTime)
                try read(name, from: from, to: to, blocks: [group.id], met: &met, body)
            } else {
                try decode(rows, layout: group.layout, file: mainPath, from: from, to: to, body)
            }
        }
    }

    /// The history files of one kind, oldest first.
    static func historyFiles(
        in directory: String,
        _ kind: HistoryFileName.Kind
    ) throws(StoreProblem) -> [HistoryFileName] {
        try reporting(directory) {
            try FileManager.default.contentsOfDirectory(atPath: directory)
                .compactMap { HistoryFileName($0) }
                .filter { $0.kind == kind }
                .sorted()
        }
    }

    private struct Group {
        let id: Int64
        let layout: CycleLayout
        let firstTime: Timestamp
    }

    private func recentGroups(from: Timestamp, to: Timestamp) throws -> [Group] {
        try main.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT first, layout, min(time) AS earliest, max(time) AS latest,
                        (SELECT time FROM cycle AS full WHERE full.id = cycle.first) AS start
                    FROM cycle GROUP BY first HAVING latest >= ? AND earliest < ? ORDER BY first
                    """,
                arguments: [from.milliseconds, to.milliseconds]
            )
            guard !rows.isEmpty else { return [] }
            let layouts = try SeriesTables.layouts(in: database)
            return try rows.map { row in
                guard let layout = layouts[row["layout"]] else { throw CodecError(detail: "a cycle has no layout") }
                return Group(id: row["first"], layout: layout, firstTime: Timestamp(milliseconds: row["start"]))
            }
        }
    }

    private func recentRows(of group: Int64) throws -> [[UInt8]] {
        try main.read { database in
            try Data.fetchAll(database, sql: "SELECT body FROM cycle WHERE first = ? ORDER BY id", arguments: [group])
                .map(\.array)
        }
    }

    /// Reads the blocks of one file that overlap the span, or only those listed.
    private func read(
        _ name: HistoryFileName,
        from: Timestamp,
        to: Timestamp,
        blocks: [Int64]?,
        met: inout Set<Int64>,
        _ body: (CycleRow, CycleLayout) throws -> Void
    ) throws {
        let path = directory + "/" + name.text
        // Retention may have deleted it since the directory was listed.
        guard FileManager.default.fileExists(atPath: path) else { return }
        let queue = try Connection.reader(path, migrator: Schema.history)
        let (ids, layouts) = try reporting(path) {
            try queue.read { database in
                let overlapping = try Int64.fetchAll(
                    database,
                    sql: "SELECT id FROM block WHERE last_time >= ? AND first_time < ? ORDER BY id",
                    arguments: [from.milliseconds, to.milliseconds]
                )
                return (blocks ?? overlapping, try SeriesTables.layouts(in: database))
            }
        }
        for id in ids {
            guard let block = try reporting(path, { try Self.block(id, in: queue) }) else { continue }
            met.insert(id)
            guard let layout = layouts[block.layout] else {
                throw StoreProblem.damaged(path, "block \(id) has no layout")
            }
            let rows = try reporting(path) { try RowBlock.decode(block.body) }
            try decode(rows, layout: layout, file: path, from: from, to: to, body)
        }
    }

    private static func block(_ id: Int64, in queue: DatabaseQueue) throws -> (layout: Int64, body: [UInt8])? {
        let row = try queue.read { database in
            try Row.fetchOne(
                database,
                sql: "SELECT layout, checksum, body FROM block WHERE id = ?",
                arguments: [id]
            )
        }
        guard let row else { return nil }
        let data: Data = row["body"]
        let body = data.array
        let checksum: Int64 = row["checksum"]
        guard Int64(CRC32.checksum(body)) == checksum else {
            throw CodecError(detail: "block \(id) does not have the checksum it was stored with")
        }
        return (row["layout"], body)
    }

    private func decode(
        _ rows: [[UInt8]],
        layout: CycleLayout,
        file: String,
        from: Timestamp,
        to: Timestamp,
        _ body: (CycleRow, CycleLayout) throws -> Void
    ) throws {
        var decoder = RowDecoder(layout: layout)
        for row in rows {
            try reporting(file) { try decoder.decode(row) }
            if decoder.row.time >= from.milliseconds, decoder.row.time < to.milliseconds {
                try body(decoder.row, layout)
            }
        }
    }
}
