// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Store
import Synchronization
import TestKit
import Testing

/// How far a writer is, for those who read beside it.
private final class Progress: Sendable {
    /// The sequence of the last acknowledged record.
    let acknowledged = Mutex(0)
}

@Suite("What is stored comes back", .timeLimit(.minutes(1)))
struct RoundTripTests {
    @Test("any bits, quality, cause and source time, over group and day boundaries", arguments: 1...4)
    func randomRecords(seed: Int) async throws {
        let directory = try TemporaryDirectory()
        let site = site()
        // Midnight falls into the middle of a group.
        let midnight = CalendarTime(year: 2026, month: 3, day: 2).timestamp
        var maker = RecordMaker(site, seed: UInt64(seed), start: midnight - .seconds(90))
        let store = try Store(directory: directory.path("store"), site: site)
        var records: [CycleRecord] = []
        for _ in 0..<200 {
            records.append(maker.next())
            try await store.append(try #require(records.last))
        }
        let expected = expectedSamples(records, site)
        #expect(try storedSamples(directory.path("store")) == expected)
        await store.close()
        #expect(try storedSamples(directory.path("store")) == expected)
        #expect(try files(directory.path("store"), "raw") == ["raw-2026-03-01.sqlite", "raw-2026-03-02.sqlite"])
    }

    @Test("the newest totals are those of the last cycle, in a new group, after a restart and beside older ones")
    func newestTotals() async throws {
        let directory = try TemporaryDirectory()
        let site = site()
        var store = try Store(directory: directory.path("store"), site: site)
        #expect(try await store.newestTotals() == nil)
        for sequence in 1...61 {
            try await store.append(
                plainRecord(site, sequence, at: morning + .seconds(sequence), total: Int64(sequence))
            )
            guard [1, 60, 61].contains(sequence) else { continue }
            let newest = try await store.newestTotals()
            #expect(newest?.time == morning + .seconds(sequence))
            #expect(newest?.totals.map(\.total) == [Int64(sequence), Int64(sequence)])
        }
        await store.close()
        store = try Store(directory: directory.path("store"), site: site)
        #expect(try await store.newestTotals()?.totals.map(\.total) == [61, 61])
        await store.close()
    }

    @Test("a span is half open and may begin in the middle of a group")
    func span() async throws {
        let directory = try TemporaryDirectory()
        let site = site()
        var maker = RecordMaker(site, seed: 9)
        let records = (0..<150).map { _ in maker.next() }
        let store = try Store(directory: directory.path("store"), site: site)
        for record in records { try await store.append(record) }
        await store.close()
        for (first, last) in [(0, 0), (0, 1), (17, 43), (59, 61), (100, 149)] {
            let stored = try storedSamples(
                directory.path("store"),
                from: records[first].image.time,
                to: records[last].image.time
            )
            #expect(stored == expectedSamples(Array(records[first..<last]), site))
        }
    }

    @Test("after a restart with other devices both sites' samples are there under their own names")
    func changedSite() async throws {
        let directory = try TemporaryDirectory()
        let before = site(devices: ["meter-1", "meter-2"])
        let after = site(devices: ["meter-3", "meter-1"])
        var maker = RecordMaker(before, seed: 5)
        var records = (0..<70).map { _ in maker.next() }
        let store = try Store(directory: directory.path("store"), site: before)
        for record in records { try await store.append(record) }
        await store.close()
        var expected = expectedSamples(records, before)

        var other = RecordMaker(after, seed: 6, start: morning + .seconds(300))
        records = (0..<70).map { _ in other.next() }
        let reopened = try Store(directory: directory.path("store"), site: after)
        for record in records { try await reopened.append(record) }
        await reopened.close()
        expected += expectedSamples(records, after)
        #expect(try storedSamples(directory.path("store")) == expected)

        let names = try StoreReader(directory: directory.path("store")).points()
            .filter { $0.point == "active_power" }.map(\.name)
        #expect(names == ["meter-1/active_power", "meter-2/active_power", "meter-3/active_power"])
    }

    @Test("wish and decided value of every decision come back, in every cycle that had one")
    func decisions() async throws {
        let directory = try TemporaryDirectory()
        let site = site()
        var maker = RecordMaker(site, seed: 8)
        let records = (0..<10).map { _ in maker.next() }
        let store = try Store(directory: directory.path("store"), site: site)
        for record in records { try await store.append(record) }
        await store.close()
        var values: [StoredPoint.Kind: [Double]] = [:]
        try StoreReader(directory: directory.path("store"))
            .forEachSample(kinds: [.wish, .decided], from: beginning, to: endOfTime) {
                values[$0.point.kind, default: []].append($0.value)
            }
        let decisions = records.flatMap(\.decisions)
        #expect(values[.wish] == decisions.map(\.wish))
        #expect(values[.decided] == decisions.map(\.value))
        #expect(!decisions.isEmpty)
    }

    @Test("a record given twice is stored once")
    func repetition() async throws {
        let directory = try TemporaryDirectory()
        let site = site()
        let store = try Store(directory: directory.path("store"), site: site)
        for _ in 0..<2 { try await store.append(plainRecord(site, 1, at: morning)) }
        try await store.append(plainRecord(site, 2, at: morning + .seconds(1)))
        await store.close()
        #expect(try storedTimes(directory.path("store")) == [morning, morning + .seconds(1)])
    }

    @Test("a plant clock that is set back loses nothing")
    func clockSetBack() async throws {
        let directory = try TemporaryDirectory()
        let site = site()
        let store = try Store(directory: directory.path("store"), site: site)
        let offsets = [0, 1, 2, -3_600, -3_599, 3] + Array(4...80)
        for (sequence, offset) in offsets.enumerated() {
            try await store.append(plainRecord(site, sequence + 1, at: morning + .seconds(offset)))
        }
        await store.close()
        #expect(try storedTimes(directory.path("store")) == offsets.map { morning + .seconds($0) })
        let stored = try storedSamples(
            directory.path("store"),
            from: morning - .seconds(3_600),
            to: morning - .seconds(3_599)
        )
        #expect(Set(stored.map(\.time)) == [morning - .seconds(3_600)])
    }

    @Test("a reader beside the live writer sees each acknowledged cycle once, wherever it stands")
    func liveReader() async throws {
        let directory = try TemporaryDirectory()
        let site = site(devices: ["meter-1"])
        let store = try Store(directory: directory.path("store"), site: site)
        for sequence in 1...130 {
            try await store.append(plainRecord(site, sequence, at: morning + .seconds(sequence)))
            if sequence.isMultiple(of: 20) || sequence == 61 || sequence == 121 {
                #expect(try storedTimes(directory.path("store")).count == sequence)
            }
        }
        await store.close()
    }

    @Test("readers at the same time as the writer see a beginning without gaps, at least what was acknowledged")
    func concurrentReaders() async throws {
        let directory = try TemporaryDirectory()
        let site = site(devices: ["meter-1"])
        let path = directory.path("store")
        let store = try Store(directory: path, site: site)
        let progress = Progress()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for sequence in 1...400 {
                    try await store.append(plainRecord(site, sequence, at: morning + .seconds(sequence)))
                    progress.acknowledged.withLock { $0 = sequence }
                }
            }
            var known = 0
            while known < 400 {
                known = progress.acknowledged.withLock { $0 }
                let times = try storedTimes(path)
                #expect(times.count >= known)
                #expect(times == times.indices.map { morning + .seconds($0 + 1) })
                await Task.yield()
            }
            try await group.waitForAll()
        }
        await store.close()
    }

    @Test("restart files and site documents come back")
    func states() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path("store"), site: site())
        #expect(try await store.loadState("kpi") == nil)
        try await store.saveState("kpi", [1, 2, 3])
        try await store.saveState("kpi", [4, 5])
        try await store.saveState("clock", [])
        await store.close()
        let again = try Store(directory: directory.path("store"), site: site())
        #expect(try await again.loadState("kpi") == [4, 5])
        #expect(try await again.loadState("clock") == [])
        await again.close()
        let problem = await #expect(throws: StoreProblem.self) { try await again.loadState("kpi") }
        #expect(problem?.kind == .closed)
    }

    @Test("totals are exact to the last joule at every cycle and at every quarter of an hour")
    func totals() async throws {
        let directory = try TemporaryDirectory()
        let meters = [
            MeterDescription(device: "meter-1", place: .boundary, carrier: .electricity, ratedRate: 1e8),
            MeterDescription(device: "meter-2", place: .waterInput, carrier: .water, ratedRate: 1),
            MeterDescription(device: "meter-1", place: .itInput, carrier: .electricity, ratedRate: 1e8),
        ]
        let site = site(meters: meters)
        let store = try Store(directory: directory.path("store"), site: site)
        var records: [CycleRecord] = []
        for sequence in 0..<40 {
            // Beyond 2 to the power of 53, where a Double would skip numbers.
            let record = plainRecord(
                site,
                sequence + 1,
                at: morning + .seconds(60 * sequence),
                total: 9_007_199_254_740_993 + Int64(sequence) * 2
            )
            records.append(record)
            try await store.append(record)
        }
        await store.close()
        let reader = try StoreReader(directory: directory.path("store"))
        var everyCycle: [[MeterTotal]] = []
        try reader.forEachTotals(from: beginning, to: endOfTime) { everyCycle.append($0.totals) }
        #expect(everyCycle == records.map(\.totals))
        let quarters = try reader.totals(from: beginning, to: endOfTime)
        #expect(quarters.map(\.time) == [0, 15, 30].map { morning + .seconds(60 * $0) })
        #expect(quarters.map(\.totals) == [0, 15, 30].map { records[$0].totals })
    }
}
