// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import SiteFiles
import TestKit
import Testing

/// Drafts of maps from the register lists of other programs.
struct ConvertTests {
    struct List: CustomTestStringConvertible, Sendable {
        let file: String
        var section: String?
        var facts = DraftFacts()
        /// The draft in `Golden/convert`, with its findings behind it.
        let draft: String

        var testDescription: String { draft }
    }

    static let folder = Repository.path("Tests/SiteFilesTests/Golden/convert")
    static let lists = [
        List(
            file: "exporter.yml",
            facts: DraftFacts(vendor: "Acme", model: "PM9", category: .powerMeter),
            draft: "exporter.draft"
        ),
        List(file: "telegraf.conf", section: "chiller", draft: "telegraf.draft"),
        List(file: "evcc.yaml", facts: DraftFacts(category: .powerMeter), draft: "evcc.draft"),
        List(file: "table.csv", draft: "table.draft"),
    ]

    static func convert(_ list: List) -> ConvertedMap {
        SiteFiles.convert(path: "\(folder)/\(list.file)", section: list.section, facts: list.facts)
    }

    @Test(arguments: lists)
    func draftAndFindingsAreThoseOnRecord(list: List) throws {
        let converted = Self.convert(list)
        #expect(converted.problems.map(\.description) == [])
        let findings = converted.findings.map(\.description).joined(separator: "\n")
        let text = try #require(converted.text) + "--- findings\n" + findings + "\n"
        let path = "\(Self.folder)/\(list.draft)"
        if ProcessInfo.processInfo.environment["THERMOCLINE_RECORD"] == "1" {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    /// The draft as a map, with what its owner settles filled in.
    private static func settled(_ list: List) throws -> DeviceMap {
        var text = try #require(convert(list).text)
        for (key, value) in [("vendor", "Acme"), ("model", "X"), ("category", "chiller")] {
            text = text.replacing(try Regex("(?m)^# \(key):.*$"), with: "\(key): \(value)")
        }
        text = text.replacing(#/    # unit:.*/#, with: "    unit: count")
        let bench = try Workbench(["draft.yaml": text])
        let loaded = bench.loadMap("draft.yaml")
        #expect(loaded.problems.filter { $0.severity == .error }.map(\.description) == [])
        return try #require(loaded.value)
    }

    private static func shape(_ map: DeviceMap) -> [String] {
        map.points.map { point in
            "\(point.name) \(point.table.rawValue) \(point.address) \(point.type) \(point.wordOrder.rawValue) "
                + "\(point.byteOrder.rawValue) \(point.scale)"
        }
    }

    @Test func modbusExporterAddressesBeginWithTheFunctionCode() throws {
        let map = try Self.settled(Self.lists[0])
        #expect(
            Self.shape(map) == [
                "active_power holding_register 100 float(bits: 32) low_first high_first 1.0",
                "active_energy_import holding_register 40 unsigned(bits: 64) high_first high_first 0.001",
                "voltage_phase_l1 input_register 12 unsigned(bits: 16) high_first low_first 0.1",
                "voltage_phase_l2 input_register 13 unsigned(bits: 16) high_first high_first 0.1",
                "breaker_closed holding_register 200 bit(3) high_first high_first 1.0",
                "door_open discrete_input 5 bool high_first high_first 1.0",
            ]
        )
        #expect(map.points.map(\.unit.spelling) == ["W", "kWh", "count", "count", "boolean", "boolean"])
        #expect(map.points[1].counter != nil && map.points[0].counter == nil)
        #expect(map.confirmation == .secondary && map.vendor == "Acme" && map.category == .powerMeter)
    }

    @Test func telegrafStylesTypesAndOrdersBecomeThoseOfMaps() throws {
        #expect(
            Self.shape(try Self.settled(Self.lists[1])) == [
                "flow_switch discrete_input 4 bool high_first high_first 1.0",
                "leaving_water holding_register 16 signed(bits: 16) high_first high_first 0.1",
                "energy holding_register 20 unsigned(bits: 32) low_first high_first 1.0",
                "old_float holding_register 30 unsigned(bits: 32) high_first high_first 0.01",
                "return_celsius input_register 100 float(bits: 32) high_first high_first 1.0",
                "status input_register 102 bit(6) high_first high_first 1.0",
                "serial input_register 103 string(registers: 8) high_first high_first 1.0",
            ]
        )
        let other = List(file: "telegraf.conf", section: "chiller unit 6", draft: "")
        #expect(
            Self.shape(try Self.settled(other)) == [
                "run coil 2 bool high_first high_first 1.0",
                "speed_percent holding_register 7 unsigned(bits: 16) high_first low_first 0.01",
            ]
        )
    }

    @Test func evccTemplatesAreReadAsTheirElseBranchSays() throws {
        let map = try Self.settled(Self.lists[2])
        #expect(
            Self.shape(map) == [
                "active_power input_register 50 float(bits: 32) low_first high_first 1.0",
                "active_energy_import holding_register 602 unsigned(bits: 32) high_first high_first 0.01",
                "current_l1 holding_register 12 signed(bits: 16) high_first high_first 0.01",
                "battery_state_of_charge holding_register 800 unsigned(bits: 16) high_first high_first 0.1",
            ]
        )
        #expect(map.points[1].sentinels == [Sentinel(bits: 0xFFFF_FFFF)])
        #expect(map.points.prefix(3).map(\.unit.spelling) == ["W", "kWh", "A"])
        #expect(map.vendor == "Acme" && map.model == "PM3")
    }

    @Test func tablesTakeTheUsualShortWords() throws {
        let map = try Self.settled(Self.lists[3])
        #expect(
            Self.shape(map) == [
                "active_power holding_register 3059 float(bits: 32) high_first high_first 1.0",
                "active_energy_import holding_register 3203 unsigned(bits: 64) high_first high_first 1.0",
                "supply_temperature input_register 16 signed(bits: 16) high_first high_first 0.1",
                "alarm discrete_input 4 bool high_first high_first 1.0",
                "strange input_register 9 binaryCodedDecimal(registers: 2) low_first high_first 1.0",
            ]
        )
        #expect(map.points[2].sentinels.map(\.bits) == [0x7FFF, 0x8000])
        #expect(map.points[2].summary == "At the outlet; \"hot\" side")
    }

    @Test(arguments: [
        ("int16nan", "int16", "\n    sentinels: [0x8000, 0x7FFF]"), ("uint64nan", "uint64", "\n    order: high_first"),
        ("ieee754s", "float32", "\n    order: low_first"), ("float64", "float64", "\n    order: high_first"),
        ("bool16, bitmask: 0x0010", "\"bit:4\"", "address: 7"),
        ("bool16, bitmask: 0x0011", nil, "its bitmask is not one bit"),
        ("bcd", nil, "there is no decode 'bcd'"),
    ])
    func evccDecodesBecomeTypes(decode: String, type: String?, then: String) throws {
        let register = "{source: modbus, register: {address: 7, type: holding, decode: \(decode)}}"
        let bench = try Workbench(["t.yaml": "template: t\nrender: |\n  power: \(register)\n"])
        let text = try #require(SiteFiles.convert(path: bench.directory.path("t.yaml")).text)
        #expect(text.contains(type.map { "\n    type: \($0)" } ?? "# Left out:\n"), "\(text)")
        #expect(text.contains(then), "\(text)")
    }

    /// What a list does not say is not in the draft: no vendor, no category, no unit, no golden vector.
    @Test(arguments: lists)
    func nothingIsMadeUp(list: List) throws {
        let converted = Self.convert(list)
        let text = try #require(converted.text)
        #expect(text.contains("\nconfirmation: secondary\n") && !text.contains("\ngolden:"))
        #expect(text.contains("\ncategory:") == (list.facts.category != nil))
        if list.facts.category == nil {
            #expect(converted.findings.contains { $0.message.contains("category") && $0.severity == .error })
        }
        #expect(converted.findings.contains { $0.message.contains("golden") })
    }
}
