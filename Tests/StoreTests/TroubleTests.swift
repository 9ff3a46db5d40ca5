// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import Store
import TestKit
import Testing

@Suite("Disks and files that fail", .timeLimit(.minutes(1)))
struct TroubleTests {
    private func problem(_ body: () throws -> Void) -> StoreProblem? {
        do {
            try body()
            return nil
        } catch { return error as? StoreProblem }
    }

    private func runSQL(_ file: String, _ sql: String) throws {
        let script = """
            import sqlite3, sys
            database = sqlite3.connect(sys.argv[1])
            database.executescript(sys.argv[2])
            database.commit()
            """
        let result = try runProcess("python3", ["-c", script, file, sql])
        try #require(result.status == 0, "\(result.errors)")
    }

    @Test("a directory nobody may write to is refused by name")
    func readOnlyDirectory() async throws {
        let directory = try TemporaryDirectory()
        await #expect(processExitsWith: .success) { [path = directory.url.path as String] in
            try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: path)
            // Permissions do not bind root.
            if geteuid() == 0 { try #require(setuid(65_534) == 0) }
            let problem = #expect(throws: StoreProblem.self) { try Store(directory: path, site: site()) }
            #expect(problem?.kind == .notWritable)
            #expect(problem?.file == path + "/store.lock")
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.url.path)
    }

    @Test("a store is readable where nothing may be written")
    func readOnlyStore() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.url.path, site: site())
        for sequence in 1...70 {
            try await store.append(plainRecord(site(), sequence, at: morning + .seconds(sequence)))
        }
        await store.close()
        await #expect(processExitsWith: .success) { [path = directory.url.path as String] in
            try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: path)
            if geteuid() == 0 { try #require(setuid(65_534) == 0) }
            #expect(try storedTimes(path).count == 70)
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.url.path)
    }

    @Test("a second writer is refused, and let in when the first has gone")
    func secondWriter() async throws {
        let directory = try TemporaryDirectory()
        let first = try Store(directory: directory.url.path, site: site())
        #expect(problem { _ = try Store(directory: directory.url.path, site: site()) }?.kind == .busy)
        await first.close()
        let second = try Store(directory: directory.url.path, site: site())
        await second.close()
    }

    @Test("a full disk fails the cycle, loses nothing, and is over when there is room again")
    func fullDisk() async throws {
        await #expect(processExitsWith: .success) {
            let directory = try TemporaryDirectory()
            let site = site()
            let store = try Store(directory: directory.url.path, site: site)
            for sequence in 1...10 {
                try await store.append(plainRecord(site, sequence, at: morning + .seconds(sequence)))
            }
            signal(SIGXFSZ, SIG_IGN)
            let log = try Data(contentsOf: URL(fileURLWithPath: directory.path("main.sqlite-wal"))).count
            var limit = rlimit(rlim_cur: rlim_t(log + 10_000), rlim_max: .max)
            try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            var acknowledged = 10
            var problem: StoreProblem?
            while problem == nil, acknowledged < 1_000 {
                do throws(StoreProblem) {
                    let next = acknowledged + 1
                    try await store.append(plainRecord(site, next, at: morning + .seconds(next)))
                    acknowledged += 1
                } catch { problem = error }
            }
            #expect(problem?.file == directory.path("main.sqlite"))
            limit.rlim_cur = .max
            try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            for sequence in (acknowledged + 1)...(acknowledged + 70) {
                try await store.append(plainRecord(site, sequence, at: morning + .seconds(sequence)))
            }
            await store.close()
            #expect(try storedTimes(directory.url.path) == (1...(acknowledged + 70)).map { morning + .seconds($0) })
        }
    }

    @Test("a disk that is taken away fails the cycle, and is taken up again without making anything anew")
    func removedDisk() async throws {
        let directory = try TemporaryDirectory()
        let site = site()
        let (path, away) = (directory.path("store"), directory.path("away"))
        let store = try Store(directory: path, site: site)
        for sequence in 1...70 {
            try await store.append(plainRecord(site, sequence, at: morning + .seconds(sequence)))
        }
        try FileManager.default.moveItem(atPath: path, toPath: away)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for _ in 0..<3 {
            let problem = await #expect(throws: StoreProblem.self) {
                try await store.append(plainRecord(site, 71, at: morning + .seconds(71)))
            }
            #expect(problem?.kind == .unavailable)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [])
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: away, toPath: path)
        for sequence in 70...140 {
            try await store.append(plainRecord(site, sequence, at: morning + .seconds(sequence)))
        }
        await store.close()
        #expect(try storedTimes(path) == (1...140).map { morning + .seconds($0) })
    }

    @Test("a main file of another program, a newer release or with damage is refused and left as it is")
    func untrustedMainFile() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path("good"), site: site())
        for sequence in 1...200 {
            try await store.append(plainRecord(site(), sequence, at: morning + .seconds(sequence)))
        }
        await store.close()
        let good = try Data(contentsOf: URL(fileURLWithPath: directory.path("good/main.sqlite")))
        func refusal(_ prepare: (String) throws -> Void) throws -> StoreProblem.Kind? {
            let path = directory.path("bad")
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let file = path + "/main.sqlite"
            try good.write(to: URL(fileURLWithPath: file))
            try prepare(file)
            let before = try Data(contentsOf: URL(fileURLWithPath: file))
            let found = problem { _ = try Store(directory: path, site: site()) }
            #expect(found?.file == file)
            #expect(found?.advice.isEmpty == false)
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == before)
            return found?.kind
        }
        let newer = try refusal { try runSQL($0, "INSERT INTO grdb_migrations VALUES ('2');") }
        #expect(newer == .newerSchema)
        let foreign = try refusal { file in
            try FileManager.default.removeItem(atPath: file)
            try runSQL(file, "CREATE TABLE bookmarks (url TEXT);")
        }
        #expect(foreign == .foreignFile)
        let halfWritten = try refusal { try good.prefix(good.count / 2).write(to: URL(fileURLWithPath: $0)) }
        #expect(halfWritten == .damaged)
        let text = try refusal { try Data("not a database at all".utf8).write(to: URL(fileURLWithPath: $0)) }
        #expect(text == .damaged)
        let scribbled = try refusal { file in
            var data = good
            for offset in 8_192..<12_288 { data[offset] = 0xAA }
            try data.write(to: URL(fileURLWithPath: file))
        }
        #expect(scribbled == .damaged)
    }

    @Test("a history file that is not whole or not ours is set aside, and nothing new is lost", arguments: [0, 1, 2])
    func damagedHistory(kind: Int) async throws {
        let directory = try TemporaryDirectory()
        let site = site()
        var store = try Store(directory: directory.url.path, site: site)
        for sequence in 1...121 {
            try await store.append(plainRecord(site, sequence, at: morning + .seconds(sequence)))
        }
        await store.close()
        let file = URL(fileURLWithPath: directory.path("raw-2026-03-01.sqlite"))
        let good = try Data(contentsOf: file)
        switch kind {
        case 0: try good.prefix(good.count / 2 + 100).write(to: file)
        case 1: try Data("half".utf8).write(to: file)
        default:
            try FileManager.default.removeItem(at: file)
            try runSQL(file.path, "CREATE TABLE bookmarks (url TEXT);")
        }
        let broken = try Data(contentsOf: file)

        store = try Store(directory: directory.url.path, site: site)
        var events: [Event] = []
        for sequence in 122...300 {
            events += try await store.append(plainRecord(site, sequence, at: morning + .seconds(sequence)))
        }
        await store.close()
        #expect(events.filter { $0.kind == "history_set_aside" }.count == 1)
        #expect(try Data(contentsOf: file.appendingPathExtension("damaged-1")) == broken)
        #expect(try storedTimes(directory.url.path) == (121...300).map { morning + .seconds($0) })
        let stored = try StoreReader(directory: directory.url.path).events(from: beginning, to: endOfTime)
        #expect(stored.map(\.record) == events)
    }

    @Test("an empty history file, made just before a crash, is simply used")
    func emptyHistoryFile() async throws {
        let directory = try TemporaryDirectory()
        let site = site()
        #expect(FileManager.default.createFile(atPath: directory.path("raw-2026-03-01.sqlite"), contents: nil))
        let store = try Store(directory: directory.url.path, site: site)
        for sequence in 1...130 {
            let events = try await store.append(plainRecord(site, sequence, at: morning + .seconds(sequence)))
            #expect(events.isEmpty)
        }
        await store.close()
        #expect(try storedTimes(directory.url.path).count == 130)
    }

    @Test("a block with a flipped bit is reported, not decoded")
    func flippedBit() async throws {
        let directory = try TemporaryDirectory()
        let site = site()
        let store = try Store(directory: directory.url.path, site: site)
        for sequence in 1...130 {
            try await store.append(plainRecord(site, sequence, at: morning + .seconds(sequence)))
        }
        await store.close()
        try runSQL(
            directory.path("raw-2026-03-01.sqlite"),
            "UPDATE block SET body = substr(body, 1, 40) || x'ff' || substr(body, 42) WHERE rowid % 2 = rowid % 2;"
        )
        let problem = #expect(throws: StoreProblem.self) { try storedSamples(directory.url.path) }
        #expect(problem?.kind == .damaged)
        #expect(problem?.file == directory.path("raw-2026-03-01.sqlite"))
    }

    @Test("a directory without a store is refused with advice")
    func noStore() throws {
        let directory = try TemporaryDirectory()
        let found = problem { _ = try StoreReader(directory: directory.url.path) }
        #expect(found?.kind == .unavailable)
        #expect(found?.description.contains("main.sqlite") == true)
    }

    @Test("a record of another site is refused")
    func wrongRecord() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.url.path, site: site())
        let problem = await #expect(throws: StoreProblem.self) {
            try await store.append(plainRecord(site(devices: ["meter-9"]), 1, at: morning))
        }
        #expect(problem?.kind == .wrongRecord)
        await store.close()
    }
}
