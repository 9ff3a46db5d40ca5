// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

/// `thermocline maps list`, `show` and `names`, as a person and as a script use them.
@Suite(.serialized)
struct MapsCommandTests {
    private static let maps = ["--maps", Repository.path("devicemaps")]

    private static func run(_ arguments: [String]) throws -> ChildResult {
        try LoneAgent.verb(["maps"] + arguments)
    }

    private static func lines(_ result: ChildResult) -> [Substring] { result.output.split(separator: "\n") }

    private static func json(_ arguments: [String]) throws -> Any {
        let result = try run(arguments)
        try #require(result.status == 0, "\(result.errors)")
        return try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    }

    // MARK: list

    @Test(.timeLimit(.minutes(1)))
    func listFiltersByCategoryVendorAndCapability() throws {
        let chillers = try Self.run(["list", "--category", "chiller"] + Self.maps)
        #expect(chillers.status == 0, "\(chillers.errors)")
        let rows = Self.lines(chillers).map { $0.split(separator: " ").map(String.init) }
        #expect(rows.count >= 5 && rows.allSatisfy { $0.count > 3 && $0[1] == "chiller" }, "\(chillers.output)")
        #expect(rows.contains { $0[0] == "trane_rthd_pic" })

        let options = ["list", "--vendor", "SCHNEIDER", "--capability", "energy_total", "--json"] + Self.maps
        let entries = try #require(try Self.json(options) as? [[String: Any]])
        let names = entries.compactMap { $0["name"] as? String }
        #expect(names.contains("schneider_iem3000") && names.contains("schneider_altivar_atv600"), "\(names)")
        #expect(!names.contains("uniflair_le") && names == names.sorted())
        for entry in entries {
            #expect((entry["vendor"] as? String)?.contains("Schneider") == true)
            #expect((entry["capabilities"] as? [String])?.contains("energy_total") == true)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func listMarksWhatIsNoProduct() throws {
        let entries = try #require(try Self.json(["list", "--json"] + Self.maps) as? [[String: Any]])
        #expect(entries.count > 100)
        for entry in entries {
            let name = try #require(entry["name"] as? String)
            #expect(entry["simulated"] as? Bool == name.hasPrefix("simulated_"), "\(name)")
            #expect(entry["template"] as? Bool == name.hasPrefix("template_"), "\(name)")
            #expect((entry["points"] as? Int ?? 0) > 0 && (entry["sources"] as? [String])?.isEmpty == false, "\(name)")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func listExplainsAWordThatIsNoCategory() throws {
        let result = try Self.run(["list", "--category", "chillers"] + Self.maps)
        #expect(result.status != 0 && result.output.isEmpty)
        #expect(result.errors.contains("there is no category 'chillers'; the categories are: power_meter, "))
    }

    // MARK: show

    @Test(.timeLimit(.minutes(1)))
    func showPrintsPointsReadPlanAndGoldenVectors() throws {
        let result = try Self.run(["show", "schneider_altivar_atv600"] + Self.maps)
        #expect(result.status == 0, "\(result.errors)")
        let lines = Self.lines(result)
        #expect(lines.first == "Schneider ATV600 drive  [variable_speed_drive, one_good_source]")
        func row(_ start: String) -> [String] {
            lines.first { $0.hasPrefix(start) }?.split(separator: " ").map(String.init) ?? []
        }
        #expect(
            row("frequency_command ") == [
                "frequency_command", "rw", "holding_register", "8502", "uint16", "Hz", "x", "0.1,", "write", "0...50",
            ]
        )
        let sum = "r- holding_register 10601 uint16 + 1000 x uint16 + 1000000 x uint16 Wh counter"
        #expect(row("active_energy_import ").dropFirst().joined(separator: " ") == sum)
        #expect(row("slow ").starts(with: ["slow", "1", "request,", "3", "addresses,", "27", "bytes"]), "\(lines)")
        #expect(lines.contains { $0.hasSuffix("0xFA 0x138 0x7 = 7312250.0 Wh") })
        #expect(lines.contains { $0.hasPrefix("source: Schneider Electric ATV600") })
    }

    @Test(.timeLimit(.minutes(1)))
    func showTellsAScriptTheSame() throws {
        let drive = try #require(
            try Self.json(["show", "schneider_altivar_atv600", "--json"] + Self.maps) as? [String: Any]
        )
        let points = try #require(drive["points"] as? [[String: Any]])
        #expect((drive["map"] as? [String: Any])?["points"] as? Int == points.count)
        let energy = try #require(points.first { $0["name"] as? String == "active_energy_import" })
        let parts = try #require(energy["parts"] as? [[String: Any]])
        #expect(parts.map { $0["address"] as? Int } == [10_601, 10_602, 10_603])
        #expect(parts.map { $0["factor"] as? Int } == [1, 1_000, 1_000_000])
        #expect(energy["counter"] as? Bool == true && energy["base_unit"] as? String == "joules")
        let plans = try #require(drive["read_plan"] as? [[String: Any]])
        #expect(plans.compactMap { $0["poll"] as? String } == ["fast", "normal", "slow"])

        let meter = try #require(try Self.json(["show", "schneider_iem3000", "--json"] + Self.maps) as? [String: Any])
        let factor = try #require(
            (meter["points"] as? [[String: Any]])?.first { $0["name"] as? String == "power_factor" }
        )
        #expect(factor["power_factor"] as? String == "four_quadrant" && factor["parts"] == nil)
        let vectors = try #require(meter["golden_vectors"] as? [[String: Any]])
        #expect(vectors.contains { $0["words"] as? [Int] == [0x3F88, 0] && $0["value"] as? Double == 0.9375 })
    }

    @Test(.timeLimit(.minutes(1)))
    func showSaysWhereItLookedForANameThatIsNotThere() throws {
        let result = try Self.run(["show", "schneider_iem300"] + Self.maps)
        #expect(result.status != 0 && result.output.isEmpty)
        #expect(result.errors.hasPrefix("maps show: no map 'schneider_iem300' in \(Self.maps[1]); "))
        #expect(result.errors.contains("'thermocline maps list' shows what there is"), "\(result.errors)")
    }

    // MARK: names

    @Test(.timeLimit(.minutes(1)))
    func namesAreListedWithTheirBaseUnits() throws {
        let result = try Self.run(["names", "reactive_energy"])
        #expect(result.status == 0, "\(result.errors)")
        let rows = Self.lines(result).map { $0.split(separator: " ").map(String.init) }
        #expect(rows.contains(["reactive_energy_import", "voltAmpereReactiveSeconds"]), "\(result.output)")
        #expect(rows.allSatisfy { $0.count == 2 && $0[0].contains("reactive_energy") })
        let texts = try Self.run(["names", "serial_number"])
        #expect(texts.output.split(separator: " ").map(String.init).first == "serial_number")
        #expect(texts.output.contains(" text"))
        #expect(try Self.run(["names", "no_such_quantity"]).output.isEmpty)
    }
}
