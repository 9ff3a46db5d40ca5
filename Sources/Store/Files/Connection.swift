// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Glibc

/// Opens SQLite files the one way the store wants them.
///
/// Write-ahead log, so that readers never wait for the writer; `synchronous=FULL`, so that a commit has reached the
/// disk before it is acknowledged and a power loss takes nothing with it. Every file carries the store's
/// application id, so that no other program's file is ever written to.
enum Connection {
    /// "TCLN" as SQLite's application id.
    static let applicationID: Int32 = 0x5443_4C4E
    /// How long a lock of another connection is waited for, in seconds.
    private static let busyTimeout = 5.0

    /// Opens a file for writing, made and migrated where needed; one that is refused is left as it is.
    ///
    /// Files of up to `checkedUpTo` bytes are read through first. Refused are files that are damaged, of another
    /// program or of a newer release; other trouble is what SQLite reports.
    static func writer(
        _ path: String,
        migrator: DatabaseMigrator,
        checkedUpTo: Int64 = 0
    ) throws(StoreProblem) -> DatabaseQueue {
        try reporting(path) {
            if try bytes(path) == 0 { try make(path, migrator: migrator) }
            return try opened(path, migrator: migrator, checkedUpTo: checkedUpTo)
        }
    }

    /// Makes a file under another name and puts it in its place when it is whole.
    ///
    /// So a crash leaves no half-made file that a reader, which may not repair it, would trip over.
    private static func make(_ path: String, migrator: DatabaseMigrator) throws {
        let manager = FileManager.default
        let draft = path + ".new"
        // A log that outlived its file would be read into the new one.
        let logs = ["-wal", "-shm", "-journal"]
        for leftover in [draft] + logs.map({ draft + $0 }) + logs.map({ path + $0 })
        where manager.fileExists(atPath: leftover) {
            try manager.removeItem(atPath: leftover)
        }
        try opened(draft, migrator: migrator, checkedUpTo: 0).close()
        guard unsafe rename(draft, path) == 0 else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
        }
    }

    private static func opened(
        _ path: String,
        migrator: DatabaseMigrator,
        checkedUpTo: Int64
    ) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(busyTimeout)
        configuration.label = "store"
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { database in
            let isOwn = try checkOwner(database, path: path, isEmptyAllowed: true)
            try checkSchema(database, path: path, migrator: migrator)
            if try bytes(path) <= checkedUpTo { try checkContent(database, path: path) }
            if !isOwn { try database.execute(sql: "PRAGMA application_id = \(applicationID)") }
            try database.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = FULL;
                    PRAGMA journal_size_limit = 67108864;
                    """
            )
        }
        try migrator.migrate(queue)
        return queue
    }

    /// Opens a file for reading only; works beside a live writer and in a directory that cannot be written to.
    static func reader(_ path: String, migrator: DatabaseMigrator) throws(StoreProblem) -> DatabaseQueue {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreProblem(
                .unavailable,
                file: path,
                detail: "there is no such file",
                advice: "check the store's directory; an agent that has run once leaves a main.sqlite in it"
            )
        }
        return try reporting(path) {
            // Reading a log needs its index beside it. Where that cannot be made and no log is left to read, nobody
            // can be writing either, and the file may be taken as it stands.
            let isFinal =
                unsafe access(directory(of: path), W_OK) != 0
                && !FileManager.default.fileExists(atPath: path + "-wal")
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(busyTimeout)
            configuration.label = "store reader"
            let queue = try DatabaseQueue(path: isFinal ? finalURI(path) : path, configuration: configuration)
            try queue.read { database in
                try checkOwner(database, path: path, isEmptyAllowed: false)
                try checkSchema(database, path: path, migrator: migrator)
                try checkIsMigrated(database, path: path, migrator: migrator)
            }
            return queue
        }
    }

    private static func directory(of path: String) -> String {
        let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return parent.isEmpty ? "/" : parent
    }

    /// The name under which SQLite reads a file without lock, log or index (sqlite.org/uri.html).
    private static func finalURI(_ path: String) -> String {
        let escaped = path.replacing("%", with: "%25").replacing("?", with: "%3f").replacing("#", with: "%23")
        return "file:\(escaped)?immutable=1"
    }

    /// The file's size; 0 where there is none.
    private static func bytes(_ path: String) throws -> Int64 {
        guard FileManager.default.fileExists(atPath: path) else { return 0 }
        return try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64 ?? 0
    }

    /// Makes sure the file is the store's own or, where that is allowed, empty.
    ///
    /// - Returns: whether it carries the store's application id already.
    @discardableResult
    private static func checkOwner(_ database: Database, path: String, isEmptyAllowed: Bool) throws -> Bool {
        let owner = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        if owner == applicationID { return true }
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        if owner == 0, tables == 0, isEmptyAllowed { return false }
        throw StoreProblem(
            .foreignFile,
            file: path,
            detail: tables == 0 ? "the file is empty" : "the file belongs to another program",
            advice: "point the store at a directory of its own"
        )
    }

    private static func checkSchema(_ database: Database, path: String, migrator: DatabaseMigrator) throws {
        guard try migrator.hasBeenSuperseded(database) else { return }
        throw StoreProblem(
            .newerSchema,
            file: path,
            detail: "the file was written by a newer release of thermocline",
            advice: "run that release or a later one, or point this one at another directory"
        )
    }
}

extension Connection {
    private static func checkIsMigrated(_ database: Database, path: String, migrator: DatabaseMigrator) throws {
        guard try !migrator.hasCompletedMigrations(database) else { return }
        throw StoreProblem(
            .olderSchema,
            file: path,
            detail: "the file was written by an older release, or a crash came before its first record",
            advice: "run the agent on this store once, which brings it up to date"
        )
    }

    private static func checkContent(_ database: Database, path: String) throws {
        let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "no answer"
        guard verdict != "ok" else { return }
        throw StoreProblem.damaged(path, verdict)
    }
}

extension Data {
    /// The bytes as the codec wants them.
    var array: [UInt8] { [UInt8](self) }
}
