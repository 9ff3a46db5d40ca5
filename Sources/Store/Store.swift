// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// The only owner of the disk: keeps every cycle, and hands back what a restart needs.
///
/// A directory of SQLite files: `main.sqlite` with the newest cycles and what is kept for years, and history files
/// by day, month and year, see ``HistoryFileName``. All calls run on one thread of the store's own, so that no
/// other task waits for the disk. How a cycle becomes safe stands with ``StoreWriter``.
package actor Store {
    private let thread: StoreThread
    private let directory: String
    private let site: SiteDescription
    private var writer: StoreWriter?
    private var isClosed = false

    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// Opens the store of a site, making and migrating its files where needed.
    ///
    /// Blocks the caller while `main.sqlite` is checked, which takes about a second for a large one.
    ///
    /// - Throws: `busy` where another process writes to it, `foreignFile`, `newerSchema` or `damaged` where
    ///   `main.sqlite` must not be written to, `notWritable`, `diskFull` or `unavailable` where it cannot be.
    package init(directory: String, site: SiteDescription) throws(StoreProblem) {
        self.directory = directory
        self.site = site
        let writer = try StoreWriter(directory: directory, site: site)
        thread = StoreThread(name: "store")
        self.writer = writer
    }

    deinit { thread.stop() }

    /// Makes a cycle safe on disk: when this returns, neither kill -9 nor a power cut loses it.
    ///
    /// On an error nothing of the record is stored, and what was stored before stays; give the same record again
    /// once the trouble is over. A record that is given again after it was stored is not stored twice. When the
    /// disk was away, the files are opened anew, but never made anew: an empty mount point stays empty.
    ///
    /// - Returns: what the store itself did beside, such as setting a damaged file aside. These events are stored by
    ///   the store; they are returned to be logged.
    /// - Throws: `diskFull`, `notWritable`, `unavailable`, `wrongRecord` or `closed`, saying which file and what to do.
    @discardableResult
    package func append(_ record: CycleRecord) async throws(StoreProblem) -> [Event] {
        let writer = try opened()
        do throws(StoreProblem) {
            return try writer.append(record)
        } catch {
            if error.kind == .unavailable {
                writer.close()
                self.writer = nil
            }
            throw error
        }
    }

    /// Keeps the newest bytes under a name, for ``loadState(_:)`` after a restart.
    package func saveState(_ name: String, _ bytes: [UInt8]) async throws(StoreProblem) {
        try opened().saveState(name, bytes)
    }

    /// The bytes saved last under a name, or nil.
    package func loadState(_ name: String) async throws(StoreProblem) -> [UInt8]? {
        try opened().loadState(name)
    }

    /// The meters' totals of the newest stored cycle that has any; nil where none was ever stored.
    package func newestTotals() async throws(StoreProblem) -> StoredTotals? { try opened().newestTotals() }

    /// Keeps a version of one of the site's files with the plant time of its first use; an equal one is kept once.
    package func saveSiteDocument(_ name: String, _ bytes: [UInt8], at time: Timestamp) async throws(StoreProblem) {
        try opened().saveSiteDocument(name, bytes, at: time)
    }

    /// Closes the files; every later call throws `closed`.
    package func close() async {
        writer?.close()
        writer = nil
        isClosed = true
    }

    private func opened() throws(StoreProblem) -> StoreWriter {
        if let writer { return writer }
        if isClosed {
            throw StoreProblem(.closed, file: directory, detail: "the store was closed", advice: "open it again")
        }
        guard MainFile.identity(in: directory) != nil else { throw MainFile.gone(from: directory) }
        let writer = try StoreWriter(directory: directory, site: site)
        self.writer = writer
        return writer
    }
}
