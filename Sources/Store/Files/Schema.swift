// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The tables of the store's files.
///
/// A release adds a migration and never changes one that has shipped.
enum Schema {
    /// Series and layouts, the same in every file, so that each file can be read by itself.
    private static let dictionary = """
        CREATE TABLE series (
            id INTEGER PRIMARY KEY,
            device TEXT NOT NULL,
            point TEXT NOT NULL,
            kind TEXT NOT NULL,
            unit TEXT NOT NULL,
            place TEXT NOT NULL DEFAULT '',
            UNIQUE (device, point, kind, unit, place)
        );
        CREATE TABLE layout (
            id INTEGER PRIMARY KEY,
            body BLOB NOT NULL UNIQUE
        );
        """

    /// `main.sqlite`: the newest cycles, and what is kept for years.
    static var main: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(sql: dictionary)
            try database.execute(
                sql: """
                    -- Cycles that have not moved to a history file yet; `first` is the id of the group's full row.
                    CREATE TABLE cycle (
                        id INTEGER PRIMARY KEY,
                        first INTEGER NOT NULL,
                        layout INTEGER NOT NULL REFERENCES layout (id),
                        time INTEGER NOT NULL,
                        body BLOB NOT NULL
                    );
                    -- The meters' totals at the first cycle of every quarter of an hour, as a full row.
                    CREATE TABLE total (
                        time INTEGER PRIMARY KEY,
                        layout INTEGER NOT NULL REFERENCES layout (id),
                        body BLOB NOT NULL
                    );
                    -- What was decided, wherever the reason or what bound it changed. Bodies are JSON.
                    CREATE TABLE decision (
                        id INTEGER PRIMARY KEY, time INTEGER NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL
                    );
                    CREATE TABLE loop (
                        id INTEGER PRIMARY KEY, time INTEGER NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL
                    );
                    CREATE TABLE alarm (
                        id INTEGER PRIMARY KEY, time INTEGER NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL
                    );
                    CREATE TABLE command (
                        id INTEGER PRIMARY KEY, time INTEGER NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL
                    );
                    CREATE TABLE outcome (
                        id INTEGER PRIMARY KEY, time INTEGER NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL
                    );
                    CREATE TABLE event (
                        id INTEGER PRIMARY KEY, time INTEGER NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL
                    );
                    CREATE INDEX decision_time ON decision (time);
                    CREATE INDEX loop_time ON loop (time);
                    CREATE INDEX alarm_time ON alarm (time);
                    CREATE INDEX alarm_subject ON alarm (subject, id);
                    CREATE INDEX command_time ON command (time);
                    CREATE INDEX outcome_time ON outcome (time);
                    CREATE INDEX event_time ON event (time);
                    -- Restart files: the newest bytes under each name.
                    CREATE TABLE state (name TEXT PRIMARY KEY, body BLOB NOT NULL);
                    -- Every version of the site's files that was ever run, with the plant time of its first run.
                    CREATE TABLE site_document (
                        id INTEGER PRIMARY KEY,
                        time INTEGER NOT NULL,
                        name TEXT NOT NULL,
                        body BLOB NOT NULL,
                        UNIQUE (name, body)
                    );
                    """
            )
        }
        return migrator
    }

    /// History files: blocks of cycles, or one row per roll-up interval.
    static var history: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(sql: dictionary)
            try database.execute(
                sql: """
                    -- A group of cycles, see RowBlock; the id is that of its first cycle, about its time.
                    CREATE TABLE block (
                        id INTEGER PRIMARY KEY,
                        layout INTEGER NOT NULL REFERENCES layout (id),
                        first_time INTEGER NOT NULL,
                        last_time INTEGER NOT NULL,
                        checksum INTEGER NOT NULL,
                        body BLOB NOT NULL
                    );
                    -- One roll-up interval, see RollupCodec.
                    CREATE TABLE rollup (
                        time INTEGER NOT NULL,
                        layout INTEGER NOT NULL REFERENCES layout (id),
                        body BLOB NOT NULL,
                        UNIQUE (time, layout)
                    );
                    """
            )
        }
        return migrator
    }
}
