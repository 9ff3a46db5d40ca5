// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Plant

/// Writes a store's files, one call at a time.
///
/// One commit makes a cycle safe: its row of samples and whatever else it brought go into `main.sqlite` in one
/// transaction, so a crash leaves all of a cycle or nothing. Rows stand there in groups, each beginning with a full
/// row. When a new group has begun, the groups before it are moved: committed to the day's history file first, then
/// deleted from `main.sqlite`. A crash between the two leaves the group in both places under one id; the next move
/// finds it there and only deletes. So a cycle that was acknowledged is in at least one file at any time, and a
/// history file that cannot be written to delays the move and loses nothing.
///
/// Roll-ups come from the cycles and are made again from them after a crash.
final class StoreWriter {
    /// Cycles in a group: one minute at one cycle a second.
    static let groupLength = 60
    /// How far back unfinished roll-ups are made again at a start, in milliseconds of plant time.
    static let rebuiltSpan: Int64 = 3_600_000
    /// Roll-up intervals that may wait for a file that cannot be written to.
    static let waitingRollupLimit = 240

    let directory: String
    let main: DatabaseQueue
    private let lock: StoreLock
    /// Which file `main.sqlite` was when it was opened.
    private let identity: [UInt64]?
    let site: SiteDescription
    var sampler: CycleSampler
    private var encoder: RowEncoder
    private var totalsEncoder: RowEncoder
    let layoutID: Int64
    private let totalsLayoutID: Int64
    private var journal: Journal
    var history: HistoryFiles
    var rollups: RollupBuilder
    var waitingRollups: [ClosedRollup] = []
    let retention: Retention
    var group: Group?
    var last: (id: Int64, time: Int64, sequence: Int64)?
    /// The quarter of an hour whose totals are stored, as its start.
    var totalsQuarter: Int64?
    /// Events of the store itself that go into the next transaction.
    var ownEvents: [Event] = []
    /// Events of the store itself that the next ``append(_:)`` returns.
    var unreported: [Event] = []
    /// What the last housekeeping failed with, so that it is said once.
    var standingTrouble: StoreProblem.Kind?

    struct Group {
        let id: Int64
        let file: HistoryFileName
        var rows: Int
    }

    /// Opens or makes the store of a site.
    init(directory: String, site: SiteDescription) throws(StoreProblem) {
        self.directory = directory
        self.site = site
        try reporting(directory) {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }
        lock = try StoreLock(directory: directory)
        main = try MainFile.writer(in: directory)
        identity = MainFile.identity(in: directory)
        let layout = CycleLayout(site: site)
        let totals = CycleLayout.totals(of: site)
        sampler = CycleSampler(site: site, layout: layout)
        encoder = RowEncoder(layout: layout)
        totalsEncoder = RowEncoder(layout: totals)
        history = HistoryFiles(directory: directory)
        rollups = RollupBuilder(cycleInterval: site.effectiveCycleInterval)
        retention = Retention(directory: directory, settings: site.store)
        let main = main
        (layoutID, totalsLayoutID, journal) = try reporting(MainFile.path(in: directory)) {
            try main.write { database in
                (
                    try SeriesTables.layoutID(layout, in: database),
                    try SeriesTables.layoutID(totals, in: database),
                    try Journal(database)
                )
            }
        }
        try resume()
    }

    /// Makes a cycle safe on disk.
    ///
    /// A record with sequence and time of the one before is taken for a repetition and not stored again.
    /// - Returns: what the store itself did beside, as events; they are stored with the next cycle.
    /// - Throws: what stopped the commit; nothing of the record is stored then, and it can be given again.
    func append(_ record: CycleRecord) throws(StoreProblem) -> [Event] {
        guard record.image.readings.count == site.points.count else {
            throw StoreProblem(
                .wrongRecord,
                file: directory,
                detail: "a cycle with \(record.image.readings.count) readings for \(site.points.count) points",
                advice: "open the store with the site that the records come from"
            )
        }
        guard MainFile.identity(in: directory) == identity else { throw MainFile.gone(from: directory) }
        let time = record.image.time.milliseconds
        if let last, last.time == time, last.sequence == Int64(record.sequence) { return [] }
        sampler.fill(from: record)
        let file = HistoryFileName(.raw, covering: record.image.time)
        var next = group
        let startsGroup = !continues(group, file: file, time: time)
        let id = max((last?.id ?? .min) &+ 1, time)
        if startsGroup { next = Group(id: id, file: file, rows: 0) }
        next?.rows += 1
        let body = encoder.encode(sampler.row, isFull: startsGroup)
        // Whatever happens to this row, the next one may build on it only after the commit.
        group = nil
        let quarter = record.image.time.floored(to: .seconds(900)).milliseconds
        let isQuarter = totalsQuarter != quarter && !record.totals.isEmpty
        journal = try reporting(MainFile.path(in: directory)) {
            try main.write { database in
                try insert(id: id, first: next?.id ?? id, time: time, body: body, database)
                if isQuarter { try insertTotals(time: time, database) }
                var journal = journal
                try journal.write(record, ownEvents: ownEvents, hasPlace: sampler.hasPlace(for:), to: database)
                return journal
            }
        }
        group = next
        last = (id, time, Int64(record.sequence))
        if isQuarter { totalsQuarter = quarter }
        ownEvents = []
        waitingRollups += rollups.add(sampler.row, layout: sampler.layout)
        keepHouse(at: record.image.time, hasClosedGroup: startsGroup)
        defer { unreported = [] }
        return unreported
    }

    /// Keeps the newest bytes under a name.
    func saveState(_ name: String, _ bytes: [UInt8]) throws(StoreProblem) {
        try reporting(MainFile.path(in: directory)) {
            try main.write { database in
                try database.execute(
                    sql: "INSERT OR REPLACE INTO state (name, body) VALUES (?, ?)",
                    arguments: [name, Data(bytes)]
                )
            }
        }
    }

    func loadState(_ name: String) throws(StoreProblem) -> [UInt8]? {
        try reporting(MainFile.path(in: directory)) {
            try main.read { database in
                try Data.fetchOne(database, sql: "SELECT body FROM state WHERE name = ?", arguments: [name])?.array
            }
        }
    }

    /// Keeps a version of one of the site's files, once.
    func saveSiteDocument(_ name: String, _ bytes: [UInt8], at time: Timestamp) throws(StoreProblem) {
        try reporting(MainFile.path(in: directory)) {
            try main.write { database in
                try database.execute(
                    sql: "INSERT INTO site_document (time, name, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    arguments: [time.milliseconds, name, Data(bytes)]
                )
            }
        }
    }

    /// Closes the files and gives the directory free.
    func close() {
        history.closeAll()
        // Closing can only fail to fold the log into the file; the log then stays beside it and loses nothing.
        try? main.close()
    }
}

// MARK: - The cycle's transaction

extension StoreWriter {
    private func continues(_ group: Group?, file: HistoryFileName, time: Int64) -> Bool {
        guard let group, let last else { return false }
        return group.rows < Self.groupLength && group.file == file && time > last.time
    }

    private func insert(id: Int64, first: Int64, time: Int64, body: [UInt8], _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO cycle (id, first, layout, time, body) VALUES (?, ?, ?, ?, ?)"
        )
        try statement.execute(arguments: [id, first, layoutID, time, Data(body)])
    }

    private func insertTotals(time: Int64, _ database: Database) throws {
        let body = totalsEncoder.encode(sampler.totalsRow, isFull: true)
        try database.execute(
            sql: "INSERT OR REPLACE INTO total (time, layout, body) VALUES (?, ?, ?)",
            arguments: [time, totalsLayoutID, Data(body)]
        )
    }
}
