// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import Store
import TestKit
import Testing

@Suite("Export", .timeLimit(.minutes(1)))
struct ExportTests {
    private func text(_ directory: String, _ format: SeriesExport.Format, _ glob: String = "*") throws -> String {
        var bytes: [UInt8] = []
        let export = SeriesExport(format: format, points: PointGlob(glob), from: beginning, to: endOfTime)
        try export.write(StoreReader(directory: directory)) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func expectGolden(_ text: String, _ name: String) throws {
        let path = Repository.path("Tests/StoreTests/golden/\(name)")
        if ProcessInfo.processInfo.environment["THERMOCLINE_RECORD"] != nil {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOfFile: path, encoding: .utf8)), "golden/\(name) differs:\n\(text)")
    }

    /// Three cycles with one of everything that is awkward to write down.
    private func awkward(_ directory: String) async throws {
        let map = DeviceMap(
            name: "test",
            category: .powerMeter,
            confirmation: .simulated,
            points: [("active_power", 32, "W"), ("odd,\"name\"", 64, "degC")].map { name, bits, spelling in
                MapPoint(
                    name: name,
                    table: .holdingRegister,
                    address: 0,
                    type: .float(bits: bits),
                    unit: unit(spelling)
                )
            }
        )
        let meters = [
            MeterDescription(device: "meter-1", place: .boundary, carrier: .electricity, ratedRate: 1e6),
            MeterDescription(device: "meter-2", place: .waterInput, carrier: .water, ratedRate: 1),
        ]
        let site = site(devices: ["meter-1", "meter-2"], map: map, meters: meters)
        let store = try Store(directory: directory, site: site)
        let values: [[Reading]] = [
            [.notYetRead, Reading(value: -0.0, sourceTime: morning - .milliseconds(1))],
            [Reading(value: 0.1 + 0.2, sourceTime: morning), .bad(.timeout, at: morning)],
            [
                Reading(value: 1e300, quality: .uncertain, cause: .outOfRange, sourceTime: morning),
                Reading(value: .infinity, quality: .stale, cause: .tooOld, sourceTime: morning + .seconds(1)),
            ],
        ]
        for (order, pair) in values.enumerated() {
            let time = morning + .milliseconds(1_000 * order + 7 * order)
            try await store.append(
                CycleRecord(
                    sequence: order + 1,
                    image: ProcessImage(time: time, readings: pair + pair.reversed()),
                    wallTime: time,
                    totals: [
                        MeterTotal(
                            device: "meter-1",
                            place: .boundary,
                            total: 9_007_199_254_740_993 + Int64(order),
                            sourceTime: time - .milliseconds(250),
                            isCovered: true
                        ),
                        MeterTotal(
                            device: "meter-2",
                            place: .waterInput,
                            total: [5, 1_000_000, 12_345_678][order],
                            sourceTime: time - .seconds(3),
                            isCovered: order != 1
                        ),
                    ]
                )
            )
        }
        await store.close()
    }

    @Test("CSV as RFC 4180 wants it")
    func csv() async throws {
        let directory = try TemporaryDirectory()
        try await awkward(directory.url.path)
        let text = try text(directory.url.path, .csv)
        try expectGolden(text, "awkward.csv")
        #expect(text.hasSuffix("\r\n"))
    }

    @Test("JSON Lines")
    func jsonLines() async throws {
        let directory = try TemporaryDirectory()
        try await awkward(directory.url.path)
        try expectGolden(try text(directory.url.path, .jsonLines), "awkward.jsonl")
    }

    @Test("an empty span gives a header alone, or nothing")
    func empty() async throws {
        let directory = try TemporaryDirectory()
        try await awkward(directory.url.path)
        let header = "time,point,value,unit,quality,cause,source_time\r\n"
        #expect(try text(directory.url.path, .csv, "nothing/*") == header)
        #expect(try text(directory.url.path, .jsonLines, "nothing/*") == "")
    }

    @Test("Python's own csv and json modules read the same values, bit by bit, from both")
    func pythonReadsBoth() async throws {
        let directory = try TemporaryDirectory()
        let site = site()
        var maker = RecordMaker(site, seed: 31)
        let records = (0..<80).map { _ in maker.next() }
        let store = try Store(directory: directory.url.path, site: site)
        for record in records { try await store.append(record) }
        await store.close()
        try text(directory.url.path, .csv).write(toFile: directory.path("a.csv"), atomically: true, encoding: .utf8)
        try text(directory.url.path, .jsonLines)
            .write(toFile: directory.path("a.jsonl"), atomically: true, encoding: .utf8)
        let script = """
            import csv, json, struct, sys
            rows = list(csv.DictReader(open(sys.argv[1], newline="")))
            lines = [json.loads(line) for line in open(sys.argv[2])]
            assert len(rows) == len(lines), (len(rows), len(lines))
            for row, line in zip(rows, lines):
                assert row["point"] == line["point"] and row["time"] == line["time"]
                value = None if row["value"] == "" else float(row["value"])
                assert value == (None if line["value"] is None else float(line["value"])), (row, line)
                if row["point"].endswith("_total"):
                    print(row["value"])
                elif value is not None:
                    print(struct.pack(">d", value).hex())
            """
        let result = try runProcess("python3", ["-c", script, directory.path("a.csv"), directory.path("a.jsonl")])
        #expect(result.errors == "")
        let expected = records.flatMap { record in
            record.image.readings.filter(\.value.isFinite).map { reading in
                let digits = String(reading.value.bitPattern, radix: 16)
                return String(repeating: "0", count: 16 - digits.count) + digits
            } + record.totals.map { "\($0.total)" }
        }
        #expect(result.output.split(separator: "\n").map(String.init) == expected)
    }

    @Test("an auditor with a CSV of energy totals alone computes the PUE of the hour")
    func audit() async throws {
        let directory = try TemporaryDirectory()
        let meters = [
            MeterDescription(device: "grid", place: .boundary, carrier: .electricity, ratedRate: 2e7),
            MeterDescription(device: "ups", place: .upsOutput, carrier: .electricity, ratedRate: 2e7),
        ]
        let site = site(devices: ["grid", "ups"], meters: meters, cycleInterval: .seconds(10))
        let store = try Store(directory: directory.url.path, site: site)
        var random = SeededGenerator(seed: 41)
        var totals: [Int64] = [36_000_000_000_000, 30_000_000_000_000]
        var all: [[Int64]] = []
        for sequence in 0...360 {
            let time = morning + .seconds(10 * sequence)
            all.append(totals)
            let plain = plainRecord(site, sequence + 1, at: time)
            try await store.append(
                CycleRecord(
                    sequence: sequence + 1,
                    image: plain.image,
                    wallTime: time,
                    totals: zip(meters, totals).map {
                        MeterTotal(device: $0.device, place: $0.place, total: $1, sourceTime: time, isCovered: true)
                    }
                )
            )
            totals[0] += Int64.random(in: 110_000_000...130_000_000, using: &random)
            totals[1] += Int64.random(in: 95_000_000...105_000_000, using: &random)
        }
        await store.close()
        let csv = directory.path("totals.csv")
        try text(directory.url.path, .csv, "*/energy_total").write(toFile: csv, atomically: true, encoding: .utf8)
        let script = """
            import csv, sys
            ends = {}
            for row in csv.DictReader(open(sys.argv[1], newline="")):
                assert row["unit"] == "joules" and row["quality"] == "good" and row["source_time"] == row["time"]
                ends.setdefault(row["point"], []).append(float(row["value"]))
            used = {point: values[-1] - values[0] for point, values in ends.items()}
            print(used["grid/energy_total"] / used["ups/energy_total"])
            """
        let result = try runProcess("python3", ["-c", script, csv])
        #expect(result.errors == "")
        let expected = Double(all[360][0] - all[0][0]) / Double(all[360][1] - all[0][1])
        let computed = try #require(Double(result.output.dropLast()))
        #expect(abs(computed - expected) <= 1e-6 * expected)
    }
}
