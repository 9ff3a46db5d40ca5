// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import GRDB
import Glibc

/// Opens `main.sqlite` and makes sure that it can be trusted.
enum MainFile {
    /// Files up to here are read through at each start, in bytes; it takes about a second.
    private static let checkedUpTo: Int64 = 512 * 1_024 * 1_024

    static func path(in directory: String) -> String { directory + "/main.sqlite" }

    /// Opens the file for writing, made where there is none.
    ///
    /// - Throws: `damaged`, with advice, where the file is not whole: nothing is written to it then.
    static func writer(in directory: String) throws(StoreProblem) -> DatabaseQueue {
        try Connection.writer(path(in: directory), migrator: Schema.main, checkedUpTo: checkedUpTo)
    }

    /// Which file stands under the name at the moment: device and inode; nil where none does.
    ///
    /// SQLite goes on writing to a file that was deleted or whose disk was replaced, and nobody would ever read it.
    static func identity(in directory: String) -> [UInt64]? {
        var status = stat()
        guard unsafe stat(path(in: directory), &status) == 0 else { return nil }
        return [UInt64(status.st_dev), UInt64(status.st_ino)]
    }

    /// What to say when the file is not where it was.
    static func gone(from directory: String) -> StoreProblem {
        StoreProblem(
            .unavailable,
            file: path(in: directory),
            detail: "the file is no longer in its place",
            advice: "mount the disk again or restore the file; to begin an empty store, restart the agent"
        )
    }
}
