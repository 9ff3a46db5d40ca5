// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import Store
import TestKit
import Testing

@Suite("Roll-ups", .timeLimit(.minutes(1)))
struct RollupTests {
    /// What a roll-up must say about the usable values of one interval.
    private struct Expected: Equatable {
        var minimum = Double.infinity
        var maximum = -Double.infinity
        var sum = 0.0
        var last = 0.0
        var count = 0
    }

    private func expected(_ records: [CycleRecord], _ index: PointIndex, seconds: Int) -> [Timestamp: Expected] {
        var result: [Timestamp: Expected] = [:]
        for record in records {
            guard let value = record.image[index].usableValue else { continue }
            let start = record.image.time.floored(to: .seconds(seconds))
            var interval = result[start] ?? Expected()
            interval.minimum = min(interval.minimum, value)
            interval.maximum = max(interval.maximum, value)
            interval.sum += value
            interval.last = value
            interval.count += 1
            result[start] = interval
        }
        return result
    }

    private func check(
        _ directory: String,
        _ records: [CycleRecord],
        _ site: SiteDescription,
        _ length: RollupLength,
        seconds: Int
    ) throws {
        for point in site.points where point.id.point != "position" {
            var seen = 0
            let wanted = expected(records, point.index, seconds: seconds)
            let glob = PointGlob(point.id.description)
            try StoreReader(directory: directory)
                .forEachRollup(length, points: glob, from: beginning, to: endOfTime) { rollup in
                    let interval = try #require(wanted[rollup.time])
                    #expect(rollup.count == interval.count)
                    #expect(rollup.minimum == interval.minimum)
                    #expect(rollup.maximum == interval.maximum)
                    #expect(rollup.last == interval.last)
                    let mean = interval.sum / Double(interval.count)
                    let span = max(abs(interval.minimum), abs(interval.maximum))
                    #expect(abs(rollup.mean - mean) <= span * 1e-12, "\(point.id) \(rollup.time.iso8601)")
                    #expect(rollup.completeness == min(1, Double(interval.count) / Double(seconds)))
                    seen += 1
                }
            // The interval of the last cycle is still open.
            #expect(seen >= wanted.count - 1 && seen > 0)
        }
    }

    /// Records without the hostile values whose sum depends on its order.
    private func records(_ site: SiteDescription, _ count: Int) -> [CycleRecord] {
        var maker = RecordMaker(site, seed: 21)
        return (0..<count).map { _ in
            let record = maker.next()
            let readings = record.image.readings.map { reading in
                abs(reading.value) < 1e12 || reading.value.isNaN
                    ? reading : Reading.bad(.outOfRange, at: reading.sourceTime)
            }
            return CycleRecord(
                sequence: record.sequence,
                image: ProcessImage(time: record.image.time, readings: readings),
                wallTime: record.wallTime
            )
        }
    }

    @Test("minimum, mean, maximum, last and count of every minute and quarter of an hour")
    func values() async throws {
        let directory = try TemporaryDirectory()
        let site = site(devices: ["meter-1"])
        let records = records(site, 2_000)
        let store = try Store(directory: directory.url.path, site: site)
        for record in records { try await store.append(record) }
        await store.close()
        try check(directory.url.path, records, site, .minute, seconds: 60)
        try check(directory.url.path, records, site, .quarterHour, seconds: 900)
    }

    @Test("intervals that a restart falls into are whole")
    func acrossRestarts() async throws {
        let directory = try TemporaryDirectory()
        let site = site(devices: ["meter-1"])
        let records = records(site, 2_000)
        var store = try Store(directory: directory.url.path, site: site)
        for (position, record) in records.enumerated() {
            if position % 333 == 332 {
                await store.close()
                store = try Store(directory: directory.url.path, site: site)
            }
            try await store.append(record)
        }
        await store.close()
        try check(directory.url.path, records, site, .minute, seconds: 60)
        try check(directory.url.path, records, site, .quarterHour, seconds: 900)
    }

    @Test("an interval without a usable value has no roll-up")
    func nothingUsable() async throws {
        let directory = try TemporaryDirectory()
        let site = site(devices: ["meter-1"])
        let store = try Store(directory: directory.url.path, site: site)
        for sequence in 0..<130 {
            let time = morning + .seconds(sequence)
            let isBad = (60..<120).contains(sequence)
            try await store.append(
                CycleRecord(
                    sequence: sequence,
                    image: ProcessImage(
                        time: time,
                        readings: site.points.map { _ in
                            isBad
                                ? Reading(value: 7, quality: .stale, cause: .tooOld, sourceTime: morning)
                                : Reading(value: 5, sourceTime: time)
                        }
                    ),
                    wallTime: time
                )
            )
        }
        await store.close()
        var times: [Timestamp] = []
        try StoreReader(directory: directory.url.path)
            .forEachRollup(.minute, points: PointGlob("*/flow"), from: beginning, to: endOfTime) {
                times.append($0.time)
            }
        #expect(times == [morning])
    }
}
