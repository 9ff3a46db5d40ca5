// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant

/// Deletes history files that are older than the site wants, or for which the disk share is too small.
///
/// First what is past its time. Then, while all files together are larger than the budget: files set aside as
/// damaged, the oldest cycles, the oldest 1 min roll-ups, the oldest 15 min roll-ups. The file that is being written
/// to stays whatever the budget says.
struct Retention {
    let directory: String
    let settings: StoreSettings

    /// A file of the store's directory.
    private struct Entry {
        let fileName: String
        let history: HistoryFileName?
        let bytes: Int64
    }

    /// Deletes what has to go at a moment of plant time.
    ///
    /// Calls `closing` with each history file just before it goes, and gives one event per deleted file.
    func apply(at now: Timestamp, closing: (HistoryFileName) -> Void) throws(StoreProblem) -> [Event] {
        var entries = try listed()
        var events: [Event] = []
        func delete(_ entry: Entry, _ why: String) throws(StoreProblem) {
            if let history = entry.history { closing(history) }
            try remove(entry.fileName)
            entries.removeAll { $0.fileName == entry.fileName }
            events.append(
                Event(
                    time: now,
                    kind: "history_deleted",
                    subject: "store",
                    message: "deleted \(entry.fileName), \(entry.bytes) bytes: \(why)"
                )
            )
        }
        for entry in entries {
            guard let history = entry.history else { continue }
            guard history.end <= now - .seconds(86_400 * days(history.kind)) else { continue }
            try delete(entry, "kept for \(days(history.kind)) days")
        }
        while entries.reduce(0, { $0 + $1.bytes }) > settings.byteBudget {
            guard let next = firstToGo(entries, now: now) else { break }
            try delete(next, "the store's budget is \(settings.byteBudget) bytes")
        }
        return events
    }

    private func days(_ kind: HistoryFileName.Kind) -> Int {
        switch kind {
        case .raw: settings.rawDays
        case .minute: settings.minuteDays
        case .quarter: settings.quarterHourDays
        }
    }

    private func firstToGo(_ entries: [Entry], now: Timestamp) -> Entry? {
        if let damaged = entries.first(where: { $0.history == nil && $0.fileName.contains(".damaged-") }) {
            return damaged
        }
        for kind in HistoryFileName.Kind.allCases {
            let current = HistoryFileName(kind, covering: now)
            let old = entries.filter { $0.history.map { $0.kind == kind && $0 < current } ?? false }
            if let oldest = old.min(by: { $0.fileName < $1.fileName }) { return oldest }
        }
        return nil
    }

    /// The store's files with their logs counted in, in the order of their names.
    private func listed() throws(StoreProblem) -> [Entry] {
        try reporting(directory) {
            let manager = FileManager.default
            var bytes: [String: Int64] = [:]
            for name in try manager.contentsOfDirectory(atPath: directory) where name.contains(".sqlite") {
                var base = name
                for suffix in ["-wal", "-shm"] where name.hasSuffix(suffix) { base = String(name.dropLast(4)) }
                // A log may be gone since the directory was listed.
                let size = (try? manager.attributesOfItem(atPath: directory + "/" + name))?[.size] as? Int64
                bytes[base, default: 0] += size ?? 0
            }
            return bytes.keys.sorted().map { name in
                Entry(fileName: name, history: HistoryFileName(name), bytes: bytes[name] ?? 0)
            }
        }
    }

    private func remove(_ fileName: String) throws(StoreProblem) {
        let path = directory + "/" + fileName
        try reporting(path) {
            for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
                try FileManager.default.removeItem(atPath: path + suffix)
            }
        }
    }
}
