// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import GRDB
import Plant

extension StoreWriter {
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
