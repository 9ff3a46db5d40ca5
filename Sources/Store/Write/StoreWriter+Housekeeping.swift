// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Plant

extension StoreWriter {
    /// Moves closed groups, writes closed roll-ups, deletes what is too old.
    ///
    /// Trouble here never fails a cycle: it is said once as an event and tried again.
    func keepHouse(at time: Timestamp, hasClosedGroup: Bool) {
        var trouble: StoreProblem?
        do throws(StoreProblem) {
            if hasClosedGroup { try moveClosedGroups(at: time) }
        } catch { trouble = error }
        do throws(StoreProblem) {
            try writeRollups(at: time)
        } catch { trouble = trouble ?? error }
        do throws(StoreProblem) {
            if hasClosedGroup { try deleteOld(at: time) }
        } catch { trouble = trouble ?? error }
        if let trouble, trouble.kind != standingTrouble {
            report("history_failing", "\(trouble); cycles stay in main.sqlite until then", at: time)
        }
        if hasClosedGroup || trouble != nil { standingTrouble = trouble?.kind }
    }

    func report(_ kind: String, _ message: String, at time: Timestamp) {
        report([Event(time: time, kind: kind, subject: "store", message: message)])
    }

    private func report(_ events: [Event]) {
        ownEvents += events
        unreported += events
    }

    private func moveClosedGroups(at time: Timestamp) throws(StoreProblem) {
        guard let current = group?.id else { return }
        let path = MainFile.path(in: directory)
        let closed = try reporting(path) {
            try main.read { database in
                try Int64.fetchAll(
                    database,
                    sql: "SELECT DISTINCT first FROM cycle WHERE first < ? ORDER BY first LIMIT 1000",
                    arguments: [current]
                )
            }
        }
        for id in closed {
            let (block, name) = try reporting(path) { try self.block(id) }
            try insertSettingAside(name, at: time) { (history: inout HistoryFiles) throws(StoreProblem) in
                try history.insert(block, into: name)
            }
            try reporting(path) {
                try main.write { database in
                    try database.execute(sql: "DELETE FROM cycle WHERE first = ?", arguments: [id])
                }
            }
        }
    }

    private func block(_ id: Int64) throws -> (HistoryBlock, HistoryFileName) {
        let (rows, layout) = try main.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT layout, time, body FROM cycle WHERE first = ? ORDER BY id",
                arguments: [id]
            )
            let number: Int64? = rows.first?["layout"]
            let isOwn = number == layoutID
            return (rows, isOwn ? sampler.layout : try SeriesTables.layouts(in: database)[number ?? 0])
        }
        let times = rows.map { row -> Int64 in row["time"] }
        guard let first = times.first, let earliest = times.min(), let latest = times.max(), let layout else {
            throw CodecError(detail: "a group of cycles has no layout")
        }
        let bodies = rows.map { row -> [UInt8] in
            let body: Data = row["body"]
            return body.array
        }
        let block = HistoryBlock(
            id: id,
            layout: layout,
            firstTime: earliest,
            lastTime: latest,
            body: RowBlock.encode(bodies)
        )
        return (block, HistoryFileName(.raw, covering: Timestamp(milliseconds: first)))
    }

    private func writeRollups(at time: Timestamp) throws(StoreProblem) {
        if waitingRollups.count > Self.waitingRollupLimit {
            waitingRollups.removeFirst(waitingRollups.count - Self.waitingRollupLimit)
        }
        func file(_ rollup: ClosedRollup) -> HistoryFileName {
            HistoryFileName(rollup.kind, covering: Timestamp(milliseconds: rollup.start))
        }
        while let first = waitingRollups.first {
            let name = file(first)
            let batch = waitingRollups.filter { file($0) == name && $0.layout == first.layout }
            try insertSettingAside(name, at: time) { (history: inout HistoryFiles) throws(StoreProblem) in
                try history.insert(batch, into: name)
            }
            waitingRollups.removeAll { file($0) == name && $0.layout == first.layout }
        }
    }

    /// Writes to a history file; one that turns out damaged or foreign is set aside, and a new one is begun.
    private func insertSettingAside(
        _ name: HistoryFileName,
        at time: Timestamp,
        _ insert: (inout HistoryFiles) throws(StoreProblem) -> Void
    ) throws(StoreProblem) {
        do throws(StoreProblem) {
            try insert(&history)
        } catch  where error.kind == .damaged || error.kind == .foreignFile {
            let newName = try history.setAside(name)
            report("history_set_aside", "\(error.detail): \(name.text) is now \(newName), a new one is begun", at: time)
            try insert(&history)
        }
    }

    private func deleteOld(at time: Timestamp) throws(StoreProblem) {
        report(try retention.apply(at: time) { name in history.close(name) })
        let limit = (time - .seconds(86_400 * site.store.quarterHourDays)).milliseconds
        try reporting(MainFile.path(in: directory)) {
            try main.write { database in
                for table in JournalTable.allCases {
                    try database.execute(
                        sql: """
                            DELETE FROM \(table.rawValue) WHERE id IN
                                (SELECT id FROM \(table.rawValue) WHERE time < ? ORDER BY time LIMIT 10000)
                            """,
                        arguments: [limit]
                    )
                }
                try database.execute(sql: "DELETE FROM total WHERE time < ?", arguments: [limit])
            }
        }
    }
}
