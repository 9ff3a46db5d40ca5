// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import SiteFiles
import TestKit
import Testing

@Suite("Files of columns")
struct ColumnsFileTests {
    private static let site = SiteDescription(
        id: "s",
        endpoints: [EndpointDescription(id: "e", host: "127.0.0.1", port: 1_502)],
        maps: [
            DeviceMap(
                name: "m",
                category: .powerMeter,
                confirmation: .simulated,
                points: [
                    point("active_power", .float(bits: 32), "W"), point("frequency", .float(bits: 32), "Hz"),
                    point("serial_number", .string(registers: 8), "count"),
                ]
            )
        ],
        devices: [DeviceDescription(id: "meter-1", endpoint: 0, map: 0)]
    )

    private static func point(_ name: String, _ type: RegisterType, _ unit: String) -> MapPoint {
        MapPoint(
            name: name,
            table: .holdingRegister,
            address: 0,
            type: type,
            unit: SourceUnit.named(unit) ?? SourceUnit(unit, .count)
        )
    }

    private static func load(_ text: String) throws -> (RecordingColumns?, [String]) {
        let directory = try TemporaryDirectory()
        let path = directory.path("c.yaml")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let loaded = SiteFiles.loadColumns(path: path, site: site)
        return (loaded.value, loaded.problems.map { $0.description.replacing(path, with: "c.yaml") })
    }

    @Test("name a point, and a unit where it is not the base unit")
    func good() throws {
        let (columns, problems) = try Self.load(
            """
            format: 1
            time: "Date, time"
            columns:
              "Meter 1 (kW)": {point: meter-1/active_power, unit: kW}
              F: meter-1/frequency
            """
        )
        #expect(problems.isEmpty, "\(problems)")
        let value = try #require(columns)
        #expect(value.time == "Date, time")
        #expect(value.columns.map(\.name) == ["Meter 1 (kW)", "F"])
        #expect(value.columns.map(\.unit?.spelling) == ["kW", nil])
        #expect(value.columns.map(\.point.description) == ["meter-1/active_power", "meter-1/frequency"])
        #expect(value.columns[0].origin.hasSuffix("c.yaml:4:3"))
    }

    @Test(
        "say where they are wrong, and what was meant",
        arguments: [
            (
                "columns: {a: meter-1/activ_power}",
                "c.yaml:1:14: there is no point 'meter-1/activ_power'; did you mean 'meter-1/active_power'?"
            ),
            ("columns: {a: {point: meter-1/active_power, unit: kWh}}", "c.yaml:1:50: 'kWh' is no unit for the point"),
            ("columns: {a: {point: meter-1/active_power, unit: kWh}}", "did you mean 'kW'?"),
            ("columns: {a: {unit: kW}}", "a column needs 'point'"),
            (
                "columns: {a: {pont: meter-1/frequency}}",
                "c.yaml:1:15: a column has no key 'pont'; did you mean 'point'?"
            ),
            ("columns: {a: [1]}", "a column must be a mapping"),
            ("columns: {a: meter-1/serial_number}", "meter-1/serial_number is text"),
            ("columns: {a: meter-1/frequency, b: meter-1/frequency}", "'a' and 'b' both drive meter-1/frequency"),
            ("column: {}", "a columns file has no key 'column'; did you mean 'columns'?"),
            ("format: 7", "'format' is 7"),
        ] as [(String, String)]
    )
    func broken(text: String, message: String) throws {
        let (value, problems) = try Self.load(text)
        #expect(value == nil)
        #expect(problems.contains { $0.contains(message) }, "\(problems)")
    }
}
