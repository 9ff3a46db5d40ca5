// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Plant

/// The history files of a store as its writer sees them: opened when needed, set aside when damaged.
struct HistoryFiles {
    let directory: String
    private var open: [HistoryFileName.Kind: OpenFile] = [:]

    private final class OpenFile {
        let name: HistoryFileName
        let queue: DatabaseQueue
        /// The file's own number of the layout used last.
        var layout: (layout: CycleLayout, id: Int64)?

        init(name: HistoryFileName, queue: DatabaseQueue) {
            self.name = name
            self.queue = queue
        }
    }

    init(directory: String) { self.directory = directory }

    func path(_ name: HistoryFileName) -> String { directory + "/" + name.text }

    /// Commits a block of cycles to the file of its day; a block that is there already is left as it is.
    mutating func insert(_ block: HistoryBlock, into name: HistoryFileName) throws(StoreProblem) {
        try write(to: name, layout: block.layout) { database, layout in
            try database.execute(
                sql: """
                    INSERT INTO block (id, layout, first_time, last_time, checksum, body) VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT (id) DO NOTHING
                    """,
                arguments: [
                    block.id, layout, block.firstTime, block.lastTime, CRC32.checksum(block.body), Data(block.body),
                ]
            )
        }
    }

    /// Commits roll-up intervals of one layout; an interval that is there already is left as it is.
    mutating func insert(_ rollups: [ClosedRollup], into name: HistoryFileName) throws(StoreProblem) {
        guard let layout = rollups.first?.layout else { return }
        try write(to: name, layout: layout) { database, layout in
            for rollup in rollups {
                try database.execute(
                    sql: "INSERT INTO rollup (time, layout, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    arguments: [rollup.start, layout, Data(rollup.body)]
                )
            }
        }
    }

    /// Closes every file; the write-ahead logs go into the files.
    mutating func closeAll() {
        for file in open.values { Self.close(file) }
        open = [:]
    }

    /// Closes a file that is about to be deleted or moved.
    mutating func close(_ name: HistoryFileName) {
        guard let file = open[name.kind], file.name == name else { return }
        open[name.kind] = nil
        Self.close(file)
    }

    /// Moves a damaged file out of the way, under a name that says so.
    ///
    /// - Returns: the new name, `raw-2026-03-01.sqlite.damaged-1`.
    mutating func setAside(_ name: HistoryFileName) throws(StoreProblem) -> String {
        close(name)
        let manager = FileManager.default
        var number = 1
        while manager.fileExists(atPath: "\(path(name)).damaged-\(number)") { number += 1 }
        let target = "\(path(name)).damaged-\(number)"
        try reporting(path(name)) {
            try manager.moveItem(atPath: path(name), toPath: target)
            for suffix in ["-wal", "-shm"] where manager.fileExists(atPath: path(name) + suffix) {
                try manager.moveItem(atPath: path(name) + suffix, toPath: target + suffix)
            }
        }
        return "\(name.text).damaged-\(number)"
    }

    private mutating func opened(_ name: HistoryFileName) throws(StoreProblem) -> OpenFile {
        if let file = open[name.kind], file.name == name { return file }
        let queue = try Connection.writer(path(name), migrator: Schema.history)
        if let previous = open[name.kind] { Self.close(previous) }
        let file = OpenFile(name: name, queue: queue)
        open[name.kind] = file
        return file
    }

    /// Closing can only fail to fold the log into the file; the log then stays beside it and loses nothing.
    private static func close(_ file: OpenFile) { try? file.queue.close() }

    /// Runs one transaction on a file, with the file's own number of the layout.
    private mutating func write(
        to name: HistoryFileName,
        layout: CycleLayout,
        _ body: (Database, Int64) throws -> Void
    ) throws(StoreProblem) {
        let file = try opened(name)
        let known = file.layout.flatMap { $0.layout == layout ? $0.id : nil }
        // Only a commit makes a new number valid.
        file.layout = nil
        let id = try reporting(path(name)) {
            try file.queue.write { database in
                let id = try known ?? SeriesTables.layoutID(layout, in: database)
                try body(database, id)
                return id
            }
        }
        file.layout = (layout, id)
    }
}

/// A group of cycles on its way to a history file.
struct HistoryBlock {
    let id: Int64
    let layout: CycleLayout
    /// The earliest plant time in it, in milliseconds since 1970.
    let firstTime: Int64
    /// The latest plant time in it, in milliseconds since 1970.
    let lastTime: Int64
    let body: [UInt8]
}
