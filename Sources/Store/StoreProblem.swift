// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

/// Why the store cannot do what it was asked: which file, what is wrong, and what to do about it.
package struct StoreProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// What sort of trouble it is, for callers that act on it.
    package enum Kind: String, CaseIterable, Sendable {
        case diskFull = "disk_full"
        case notWritable = "not_writable"
        /// The file or its directory is gone, cannot be opened, or the disk reports errors.
        case unavailable
        /// The file belongs to another program.
        case foreignFile = "foreign_file"
        /// The file's content contradicts itself.
        case damaged
        /// The file was written by a newer release.
        case newerSchema = "newer_schema"
        /// The file was written by an older release and not migrated yet; only reading meets this.
        case olderSchema = "older_schema"
        /// Another process writes to this store.
        case busy
        /// The store was closed before.
        case closed
        /// The record does not fit the site the store was opened with.
        case wrongRecord = "wrong_record"
    }

    package let kind: Kind
    /// Path of the file or directory concerned.
    package let file: String
    /// What is wrong, without a full stop.
    package let detail: String
    /// What to do, without a full stop.
    package let advice: String

    package init(_ kind: Kind, file: String, detail: String, advice: String) {
        self.kind = kind
        self.file = file
        self.detail = detail
        self.advice = advice
    }

    package var description: String { "\(file): \(detail); \(advice)" }

    static func damaged(_ file: String, _ detail: String) -> StoreProblem {
        StoreProblem(
            .damaged,
            file: file,
            detail: "the file is damaged: \(detail)",
            advice: "restore it from a backup, or move it out of the directory; the other files stay readable"
        )
    }

    /// Says in the store's words what SQLite reported for a file.
    init(_ error: DatabaseError, file: String) {
        let words = error.message ?? "SQLite result code \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(
                .diskFull,
                file: file,
                detail: "the disk is full",
                advice: "free space or lower the store's byte budget; what is stored stays, and writing is tried again"
            )
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                .notWritable,
                file: file,
                detail: "not writable (\(words))",
                advice:
                    "give the agent's user write access to the directory and its files, or remount the disk writable"
            )
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self = .damaged(file, words)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .busy,
                file: file,
                detail: "locked by another process (\(words))",
                advice: "stop the other process that writes to this store"
            )
        default:
            self.init(
                .unavailable,
                file: file,
                detail: words,
                advice: "check that the directory exists, that its disk is mounted and healthy, and who owns it"
            )
        }
    }
}

/// Runs `body` and gives every error it throws as a problem with this file.
func reporting<Result>(_ file: String, _ body: () throws -> Result) throws(StoreProblem) -> Result {
    do {
        return try body()
    } catch let problem as StoreProblem {
        throw problem
    } catch let error as DatabaseError {
        throw StoreProblem(error, file: file)
    } catch let error as CodecError {
        throw StoreProblem.damaged(file, error.detail)
    } catch {
        throw StoreProblem(
            .unavailable,
            file: file,
            detail: error.localizedDescription,
            advice: "check that the directory exists, that its disk is mounted and healthy, and who owns it"
        )
    }
}
