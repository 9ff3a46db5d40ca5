// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Agent
import Foundation
import Plant
import Store
import TestKit
import Testing

/// What a start takes over from an agent that was killed.
@Suite("Restart", .timeLimit(.minutes(1)))
struct RestartTests {
    let directory: TemporaryDirectory
    let site = AgentSite.description

    init() throws { directory = try TemporaryDirectory() }

    func open() throws -> Store { try Store(directory: directory.path("store"), site: site) }

    /// Steps an engine through some seconds and stores every record, as the agent does until it is killed.
    func run(_ engine: inout CycleEngine, _ seconds: ClosedRange<Int>, _ store: Store) async throws -> [CycleRecord] {
        var records: [CycleRecord] = []
        for second in seconds {
            let record = engine.step(AgentSite.inputs(second)).record
            try await store.append(record)
            records.append(record)
        }
        return records
    }

    /// The engine and the events of a start at a second after the beginning.
    func restarted(at second: Int, _ store: Store) async throws -> (CycleEngine, [Event]) {
        var engine = try CycleEngine(site: site)
        let events = await Restart.resume(&engine, from: store, at: AgentSite.start + .seconds(second))
        return (engine, events)
    }

    func pue(_ record: CycleRecord) throws -> KPIResult {
        try #require(record.kpis.first { $0.name == .pue && $0.window == .fiveMinutes })
    }

    /// Killed at second 400, started again at 420, with the restart file of second `saved` or none.
    func crash(saved: Int?) async throws -> (before: [CycleRecord], after: [CycleRecord], events: [Event]) {
        var before: [CycleRecord] = []
        do {
            let store = try open()
            var engine = try CycleEngine(site: site)
            before = try await run(&engine, 0...(saved ?? 400), store)
            if let saved {
                try await store.saveState(Restart.engineState, [UInt8](JSONEncoder().encode(engine.snapshot())))
                before += try await run(&engine, (saved + 1)...400, store)
            }
            await store.close()
        }
        let store = try open()
        var (engine, events) = try await restarted(at: 420, store)
        let after = try await run(&engine, 420...800, store)
        await store.close()
        return (before, after, events)
    }

    @Test("totals never fall, whatever there is of a restart file", arguments: [nil, 60, 390] as [Int?])
    func monotonic(saved: Int?) async throws {
        let (before, after, events) = try await crash(saved: saved)
        for meter in 0...1 {
            let totals = (before + after).map { $0.totals[meter].total }
            #expect(zip(totals, totals.dropFirst()).allSatisfy { $0 <= $1 })
            // A register makes up for the time without an agent where its last state is known.
            let watts = meter == 0 ? 1_200_000 : 1_000_000
            #expect(totals.last == Int64(watts * (saved == nil ? 780 : 800)))
        }
        #expect(events.map(\.kind) == ["unclean_stop"])
        let windows = saved == nil ? "windows begin anew" : "windows from the restart file of "
        #expect(events.first?.message.contains("totals go on from 2026-03-01T06:06:40") == true, "\(events)")
        #expect(events.first?.message.contains(windows) == true, "\(events)")
    }

    @Test func `without a restart file a window says what it lacks until it is whole again`() async throws {
        let (before, after, _) = try await crash(saved: nil)
        #expect(try pue(try #require(before.last)).value == 1.2)
        let first = try pue(try #require(after.first))
        #expect(first.value == nil)
        #expect(first.completeness == 0)
        #expect(!first.reason.isEmpty)
        let half = try pue(after[150])
        #expect(half.completeness > 0.4 && half.completeness < 0.6)
        #expect(half.value == nil)
        #expect(half.reason.contains("is without active_energy_import"), "\(half.reason)")
        let whole = try pue(try #require(after.last))
        #expect(whole.completeness == 1)
        #expect(whole.value == 1.2)
    }

    @Test func `with a restart file the registers bridge the gap, and the window says so`() async throws {
        let (_, after, _) = try await crash(saved: 390)
        let bridged = try pue(after[60])
        #expect(bridged.completeness == 1)
        #expect(bridged.value == 1.2)
        #expect(bridged.reason.contains("interpolated"), "\(bridged.reason)")
    }

    @Test func `after a stop in order there is nothing to report`() async throws {
        let store = try open()
        var engine = try CycleEngine(site: site)
        _ = try await run(&engine, 0...10, store)
        try await store.saveState(Restart.engineState, [UInt8](JSONEncoder().encode(engine.snapshot())))
        let (_, events) = try await restarted(at: 20, store)
        #expect(events.isEmpty)
        await store.close()
    }

    @Test func `a new store has nothing to go on from`() async throws {
        let store = try open()
        let (_, events) = try await restarted(at: 0, store)
        #expect(events.isEmpty)
        await store.close()
    }

    @Test func `an unreadable restart file is left behind and the totals go on all the same`() async throws {
        let store = try open()
        var engine = try CycleEngine(site: site)
        _ = try await run(&engine, 0...10, store)
        try await store.saveState(Restart.engineState, Array("{\"kpi\": 7}".utf8))
        var (next, events) = try await restarted(at: 20, store)
        #expect(events.map(\.kind) == ["restart_file_unreadable", "unclean_stop"])
        #expect(next.step(AgentSite.inputs(20)).record.totals.map(\.total) == [12_000_000, 10_000_000])
        await store.close()
    }
}

@Suite("Documents of the site", .timeLimit(.minutes(1)))
struct SiteDocumentTests {
    @Test func `each version of the site's files is kept once, by its name`() async throws {
        let directory = try TemporaryDirectory()
        func write(_ text: String, _ name: String) throws {
            try text.write(toFile: directory.path(name), atomically: true, encoding: .utf8)
        }
        try FileManager.default.createDirectory(atPath: directory.path("site/parts"), withIntermediateDirectories: true)
        try write("one", "site/site.yaml")
        try write("part", "site/parts/racks.yaml")
        try write("map", "acme.yaml")
        let paths = ["site/site.yaml", "site/parts/racks.yaml", "acme.yaml"].map(directory.path)
        let store = try Store(directory: directory.path("store"), site: AgentSite.description)
        for second in 0...1 {
            let time = AgentSite.start + .seconds(second)
            #expect(await Restart.keepDocuments(paths, in: store, at: time).isEmpty)
        }
        try write("two", "site/site.yaml")
        #expect(await Restart.keepDocuments(paths, in: store, at: AgentSite.start + .seconds(2)).isEmpty)
        let missing = await Restart.keepDocuments([directory.path("gone.yaml")], in: store, at: AgentSite.start)
        #expect(missing.map(\.kind) == ["document_not_kept"])
        await store.close()
        let query = "SELECT (time - 1772344800000) / 1000, name, CAST(body AS TEXT) FROM site_document ORDER BY id"
        let script = "import sqlite3, sys\nfor row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(*row)"
        let result = try runProcess("python3", ["-c", script, directory.path("store/main.sqlite"), query])
        #expect(
            result.output.split(separator: "\n") == [
                "0 site.yaml one", "0 parts/racks.yaml part", "0 acme.yaml map", "2 site.yaml two",
            ],
            "\(result.errors)"
        )
    }
}
