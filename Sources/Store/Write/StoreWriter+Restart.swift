// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import GRDB
import Plant

extension StoreWriter {
    /// The totals of the newest cycle; where that has none, those of the newest quarter of an hour that has.
    func newestTotals() throws(StoreProblem) -> StoredTotals? {
        var newest: StoredTotals?
        let path = MainFile.path(in: directory)
        let times = try reporting(path) {
            try main.read { database in
                (
                    cycle: try Int64.fetchOne(database, sql: "SELECT time FROM cycle ORDER BY id DESC LIMIT 1"),
                    quarter: try Int64.fetchOne(database, sql: "SELECT max(time) FROM total")
                )
            }
        }
        try reporting(path) {
            if let time = times.cycle {
                try CycleScan(directory: directory, main: main)
                    .forEach(from: Timestamp(milliseconds: time), to: Timestamp(milliseconds: time + 1)) {
                        row,
                        layout in
                        let totals = row.totals(layout)
                        guard !totals.isEmpty else { return }
                        newest = StoredTotals(time: Timestamp(milliseconds: row.time), totals: totals)
                    }
            }
        }
        if newest == nil, let time = times.quarter {
            let moment = Timestamp(milliseconds: time)
            newest = try StoreReader(directory: directory).totals(from: moment, to: moment + .milliseconds(1)).last
        }
        return newest
    }

    /// Takes up where the files end: ids, totals, and roll-ups whose interval had not closed.
    func resume() throws(StoreProblem) {
        let (newest, totalTime) = try reporting(MainFile.path(in: directory)) {
            try main.read { database in
                (
                    try Row.fetchOne(database, sql: "SELECT id, time FROM cycle ORDER BY id DESC LIMIT 1"),
                    try Int64.fetchOne(database, sql: "SELECT max(time) FROM total")
                )
            }
        }
        if let totalTime {
            totalsQuarter = Timestamp(milliseconds: totalTime).floored(to: .seconds(900)).milliseconds
        }
        guard let newest else { return }
        let newestTime: Int64 = newest["time"]
        last = (newest["id"], newestTime, .min)
        let start = Timestamp(milliseconds: newestTime - Self.rebuiltSpan).floored(to: .seconds(900))
        do {
            try CycleScan(directory: directory, main: main)
                .forEach(from: start, to: Timestamp(milliseconds: .max)) { row, layout in
                    waitingRollups += rollups.add(row, layout: layout)
                    last?.sequence = row.sequence
                }
        } catch {
            let time = Timestamp(milliseconds: newestTime)
            report("rollup_gap", "roll-ups before the start are incomplete: \(error)", at: time)
        }
    }
}
