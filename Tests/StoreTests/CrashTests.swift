// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import Store
import Synchronization
import TestKit
import Testing

@Suite("Crashes", .timeLimit(.minutes(2)))
struct CrashTests {
    /// Stores cycles, and notes how long the write-ahead log was when each was acknowledged.
    private func fill(_ directory: String, cycles: Int, site: SiteDescription, seed: UInt64) async throws -> (
        store: Store, records: [CycleRecord], logSizes: [Int]
    ) {
        var maker = RecordMaker(site, seed: seed)
        let store = try Store(directory: directory, site: site)
        var records: [CycleRecord] = []
        var sizes: [Int] = []
        for _ in 0..<cycles {
            let record = maker.next()
            try await store.append(record)
            records.append(record)
            sizes.append(try Data(contentsOf: URL(fileURLWithPath: directory + "/main.sqlite-wal")).count)
        }
        return (store, records, sizes)
    }

    /// Copies a store as a crash would leave it: without what only memory knew.
    private func copy(_ source: String, to target: String, cutting log: (inout Data) -> Void) throws {
        let manager = FileManager.default
        try? manager.removeItem(atPath: target)
        try manager.createDirectory(atPath: target, withIntermediateDirectories: true)
        for name in try manager.contentsOfDirectory(atPath: source) where !name.hasSuffix("-shm") {
            try manager.copyItem(atPath: "\(source)/\(name)", toPath: "\(target)/\(name)")
        }
        let url = URL(fileURLWithPath: target + "/main.sqlite-wal")
        var data = try Data(contentsOf: url)
        log(&data)
        try data.write(to: url)
    }

    private func isIntact(_ directory: String) throws -> Bool {
        for name in try files(directory, "") where name.hasSuffix(".sqlite") {
            let check = """
                import sqlite3, sys
                print(sqlite3.connect(sys.argv[1]).execute("PRAGMA integrity_check").fetchone()[0])
                """
            let result = try runProcess("python3", ["-c", check, "\(directory)/\(name)"])
            guard result.output == "ok\n" else { return false }
        }
        return true
    }

    @Test("a log cut or damaged anywhere leaves a whole number of cycles, and none that was on disk is lost")
    func cutLog() async throws {
        let directory = try TemporaryDirectory()
        let site = site()
        let (store, records, sizes) = try await fill(directory.path("live"), cycles: 50, site: site, seed: 11)
        let length = try #require(sizes.last)
        var random = SeededGenerator(seed: 12)
        for attempt in 0..<120 {
            let crashed = directory.path("crashed")
            let offset = Int.random(in: 0..<length, using: &random)
            try copy(directory.path("live"), to: crashed) { log in
                if attempt.isMultiple(of: 3) { log[offset] ^= 0x10 } else { log = log.prefix(offset) }
            }
            let reopened = try Store(directory: crashed, site: site)
            let kept = sizes.prefix { $0 <= offset }.count
            let stored = try storedSamples(crashed)
            #expect(stored == expectedSamples(Array(records.prefix(kept)), site), "offset \(offset)")
            let next = plainRecord(site, 1, at: morning + .seconds(3_600))
            try await reopened.append(next)
            await reopened.close()
            #expect(try storedSamples(crashed) == stored + expectedSamples([next], site), "offset \(offset)")
            if attempt.isMultiple(of: 20) { #expect(try isIntact(crashed), "offset \(offset)") }
        }
        await store.close()
    }

    @Test("a crash between the two commits of a move leaves every cycle once")
    func crashDuringMove() async throws {
        let directory = try TemporaryDirectory()
        let site = site()
        let (store, records, sizes) = try await fill(directory.path("live"), cycles: 130, site: site, seed: 13)
        var random = SeededGenerator(seed: 14)
        for _ in 0..<40 {
            let crashed = directory.path("crashed")
            let offset = Int.random(in: (try #require(sizes.first))..<(try #require(sizes.max())), using: &random)
            try copy(directory.path("live"), to: crashed) { $0 = $0.prefix(offset) }
            // The history file is as the moves left it, main.sqlite as it was at some moment before.
            let kept = try storedTimes(crashed).count
            #expect(kept >= 120, "offset \(offset)")
            let expected = expectedSamples(Array(records.prefix(kept)), site)
            #expect(try storedSamples(crashed) == expected, "offset \(offset), before the restart")
            let reopened = try Store(directory: crashed, site: site)
            #expect(try storedSamples(crashed) == expected, "offset \(offset)")
            let next = plainRecord(site, 1, at: morning + .seconds(3_600))
            try await reopened.append(next)
            await reopened.close()
            #expect(try storedSamples(crashed) == expected + expectedSamples([next], site), "offset \(offset), moved")
        }
        await store.close()
    }

    @Test("kill -9 in the middle of a commit loses nothing acknowledged", arguments: [0, 3, 59, 60, 61, 100])
    func killed(after cycles: Int) async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("store")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, cycles = cycles as Int] in
            let site = site()
            let store = try Store(directory: path, site: site)
            let acknowledged = Atomic(0)
            let killer = Thread {
                while acknowledged.load(ordering: .acquiring) < cycles {}
                kill(getpid(), SIGKILL)
            }
            killer.start()
            for sequence in 1...10_000 {
                try await store.append(plainRecord(site, sequence, at: morning + .seconds(sequence)))
                acknowledged.store(sequence, ordering: .releasing)
            }
        }
        let times = try storedTimes(path)
        #expect(times.count >= cycles)
        #expect(times == times.indices.map { morning + .seconds($0 + 1) })
        let reopened = try Store(directory: path, site: site())
        try await reopened.append(plainRecord(site(), 1, at: morning + .seconds(20_000)))
        await reopened.close()
        #expect(try storedTimes(path).count == times.count + 1)
        #expect(try isIntact(path))
    }
}
