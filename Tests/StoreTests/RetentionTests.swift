// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import Store
import TestKit
import Testing

@Suite("What is deleted", .timeLimit(.minutes(1)))
struct RetentionTests {
    /// Stores a few groups of cycles on each of several days, an hour between cycles of a group's length.
    private func fill(_ directory: String, days: Int, settings: StoreSettings) async throws -> [Event] {
        let site = site(devices: ["meter-1"], cycleInterval: .seconds(60), store: settings)
        let store = try Store(directory: directory, site: site)
        var events: [Event] = []
        var sequence = 0
        let first = CalendarTime(year: 2026, month: 3, day: 1).timestamp
        for day in 0..<days {
            for minute in 0..<70 {
                sequence += 1
                events += try await store.append(
                    plainRecord(site, sequence, at: first + .seconds(86_400 * day + 60 * minute))
                )
            }
        }
        await store.close()
        return events
    }

    @Test("cycles older than their days go by whole files, with an event each")
    func byAge() async throws {
        let directory = try TemporaryDirectory()
        let events = try await fill(directory.url.path, days: 6, settings: StoreSettings(rawDays: 2))
        #expect(
            try files(directory.url.path, "raw") == [
                "raw-2026-03-04.sqlite", "raw-2026-03-05.sqlite", "raw-2026-03-06.sqlite",
            ]
        )
        #expect(try files(directory.url.path, "minute") == ["minute-2026-03.sqlite"])
        #expect(try files(directory.url.path, "quarter") == ["quarter-2026.sqlite"])
        #expect(events.map(\.kind) == ["history_deleted", "history_deleted", "history_deleted"])
        #expect(events.first?.message.contains("raw-2026-03-01.sqlite") == true)
    }

    @Test("over the byte budget the oldest cycles go first, and the files being written to stay")
    func byBudget() async throws {
        let directory = try TemporaryDirectory()
        let events = try await fill(directory.url.path, days: 5, settings: StoreSettings(byteBudget: 1))
        #expect(try files(directory.url.path, "raw") == ["raw-2026-03-05.sqlite"])
        #expect(try files(directory.url.path, "minute") == ["minute-2026-03.sqlite"])
        #expect(try files(directory.url.path, "main") == ["main.sqlite"])
        #expect(
            events.compactMap { $0.message.split(separator: ",").first.map(String.init) } == [
                "deleted raw-2026-03-01.sqlite", "deleted raw-2026-03-02.sqlite", "deleted raw-2026-03-03.sqlite",
                "deleted raw-2026-03-04.sqlite",
            ]
        )
    }

    @Test("a budget that suffices deletes nothing, and other programs' files are never touched")
    func enough() async throws {
        let directory = try TemporaryDirectory()
        let foreign = directory.path("raw-notes.sqlite")
        try "mine".write(toFile: foreign, atomically: true, encoding: .utf8)
        let events = try await fill(directory.url.path, days: 3, settings: StoreSettings(byteBudget: 10_000_000))
        #expect(events.isEmpty)
        #expect(try files(directory.url.path, "raw-2026").count == 3)
        #expect(FileManager.default.fileExists(atPath: foreign))
    }
}
