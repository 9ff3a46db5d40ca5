// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import SiteFiles
import TestKit
import Testing

/// `thermocline site draft` and `check` against simulated devices, as whoever connects a first meter uses them.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct SiteDraftTests {
    private static let maps = ["--maps", Repository.path("devicemaps")]

    private static func draft(_ arguments: [String]) throws -> ChildResult {
        try LoneAgent.verb(["site", "draft"] + arguments + maps)
    }

    private static func load(_ text: String) throws -> Loaded<SiteDescription> {
        let directory = try TemporaryDirectory()
        let path = directory.path("site.yaml")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return SiteFiles.loadSite(path: path, mapDirectories: [Repository.path("devicemaps")])
    }

    @Test func aDraftOfTwoDevicesPassesCheckAndSaysWhatTheyAre() throws {
        let meter = try LoneDevice(map: "carlo_gavazzi_em24_ethernet")
        let rack = try LoneDevice()
        let directory = try TemporaryDirectory()
        let table = directory.path("devices.csv")
        try "host,port,map,id,equipment\r\n127.0.0.1,\(rack.port),schneider_iem3000,meter-rack-1,rack-1\r\n"
            .write(toFile: table, atomically: true, encoding: .utf8)
        let file = directory.path("site.yaml")
        let result = try Self.draft([
            "127.0.0.1:\(meter.port)", "--map", "carlo_gavazzi_em24_ethernet", "--from", table, "--id", "hall-7",
            "--output", file,
        ])
        #expect(result.status == 0 && result.output.isEmpty, "\(result.errors)")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains("identity 1648 as the map expects"), "\(text)")
        #expect(text.contains("28 of 28 points good; active_power 12.3 kW"), "\(text)")

        let loaded = try Self.load(text)
        #expect(loaded.problems == [])
        let site = try #require(loaded.value)
        #expect(site.id == "hall-7")
        #expect(site.devices.map(\.id) == ["power-meter-1", "meter-rack-1"])
        #expect(site.devices.map(\.equipment) == ["power-meter-1", "rack-1"])
        #expect(site.endpoints.map { String($0.port) } == [meter.port, rack.port])

        // The suggested meters are right once the comment signs are gone.
        let meters = text.replacing("\n#meters:", with: "\nmeters:").replacing("\n#  - {", with: "\n  - {")
        #expect(try Self.load(meters).value?.meters.map(\.device) == ["power-meter-1", "meter-rack-1"], "\(meters)")

        let again = try Self.draft(["127.0.0.1:1", "--map", "schneider_iem3000", "--output", file])
        #expect(again.status == 1 && again.errors.contains("is there already"))
        let checked = try LoneAgent.verb(["check", file] + Self.maps)
        #expect(
            checked.status == 0 && checked.output.hasSuffix("2 endpoints, 2 devices, \(site.points.count) points\n")
        )
    }

    @Test func aScanFindsTheUnitThatAnswers() throws {
        let device = try LoneDevice()
        let result = try Self.draft(["127.0.0.1:\(device.port)", "--scan", "--map", "schneider_iem3000"])
        #expect(result.status == 0, "\(result.errors)")
        let site = try #require(try Self.load(result.output).value)
        #expect(site.devices.map(\.unit) == [1])
    }

    @Test func whatDoesNotAnswerStandsInTheDraftAsAComment() throws {
        let device = try LoneDevice()
        let free = try freePortBlock(1)
        let hosts = ["127.0.0.1:\(free)", "127.0.0.1:\(device.port)"]
        let result = try Self.draft(hosts + ["--map", "schneider_iem3000"])
        #expect(result.status == 0)
        #expect(result.errors.contains("127.0.0.1 port \(free): the connection failed: connection refused"))
        #expect(result.output.contains("# 127.0.0.1 port \(free), map schneider_iem3000: the connection failed"))
        #expect(try Self.load(result.output).value?.devices.count == 1)

        let none = try Self.draft(["127.0.0.1:\(free)", "--map", "schneider_iem3000"])
        #expect(none.status == 3 && none.output.isEmpty)
        let unknown = try Self.draft(["127.0.0.1:\(free)", "--map", "no_such_map"])
        #expect(unknown.status == 1 && unknown.errors.contains("no map 'no_such_map'"))
        #expect(try Self.draft(["127.0.0.1"]).status == 2)
    }

    @Test(arguments: [
        ("adress,map\n", ":1:1: the first line must name columns out of host, port, unit, map, id, equipment"),
        ("host,map,unit\n10.0.0.1,abb_b23_b24,one\n", ":2:1: the unit id is not 0 to 255"),
        ("host,map,port\n10.0.0.1,abb_b23_b24,70000\n", ":2:1: the port is not 1 to 65535"),
        ("host,map\n10.0.0.1,\n", ":2:1: needs a host, and a map where --map gives none"),
        ("host,map,id\n10.0.0.1,abb_b23_b24,Meter 1\n", ":2:1: 'Meter 1' is not an id"),
    ])
    func aBrokenTableIsExplained(text: String, problem: String) throws {
        let directory = try TemporaryDirectory()
        try text.write(toFile: directory.path("devices.csv"), atomically: true, encoding: .utf8)
        let result = try Self.draft(["--from", directory.path("devices.csv")])
        #expect(result.status == 1 && result.errors.contains("devices.csv" + problem), "\(result.errors)")
    }

    // MARK: check

    @Test func aLoopWithoutItsPointsIsFoundWhereItStands() throws {
        let directory = try TemporaryDirectory()
        let file = directory.path("site.yaml")
        try """
        site: {id: test}
        endpoints: [{id: a, host: 127.0.0.1}]
        devices: [{id: m, endpoint: a, map: janitza_umg604}]
        plant:
          facility_water: {design_flow: 100 L/s, volume: 10 m3}
          condenser_water: {design_flow: 100 L/s, volume: 10 m3}
          cooling_towers: [{id: tower-1, rated_heat: 1 MW, fan_power: 10 kW}]
        loops:
          - {id: staging, kind: chiller_staging}
          - {id: towers, kind: cooling_tower, parameters: {nonsense_kelvins: 1}}
          - {id: more-towers, kind: cooling_tower}
        meters:
          - {device: m, place: water_input, carrier: electricity, rated: 1 MW}
        """.write(toFile: file, atomically: true, encoding: .utf8)
        let result = try LoneAgent.verb(["check", file] + Self.maps)
        #expect(result.status == 1)
        let lines = result.output.split(separator: "\n").map { $0.dropFirst(file.count + 1) }
        for start in [
            "9:10: staging: chiller_staging needs chillers and facility water in the plant",
            "10:10: tower-1: no device of tower-1 has the point fan_speed_command, which loop towers ",
            "10:52: loop towers, parameter nonsense_kelvins: cooling_tower has no such parameter; it knows: ",
            "11:10: more-towers: is the second cooling_tower loop of the site",
            "13:5: meters: m at water_input: electricity cannot be metered there; use one of: water",
        ] { #expect(lines.contains { $0.hasPrefix(start) }, "\(start)\n\(result.output)") }

        let report = try LoneAgent.verb(["check", "--json", file] + Self.maps)
        #expect(report.status == 1)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(report.output.utf8)) as? [String: Any])
        let site = try #require((json["sites"] as? [[String: Any]])?.first)
        let problems = try #require(site["problems"] as? [[String: Any]])
        #expect(site["isGood"] as? Bool == false && problems.count == lines.count)
        #expect(problems.first?["line"] as? Int == 9 && problems.first?["column"] as? Int == 10)
        #expect(problems.first?["severity"] as? String == "error")
    }

    @Test(arguments: [
        (
            "immersion",
            "│  │  ├─ tank-1 to tank-20 (20): 210 kW of immersion\n│  │  │  └─ rack-01 to rack-20 (20): 200 kW"
        ),
        ("immersion", "│  │  └─ fan-1, fan-2: 8 m3/s of outdoor air\n"),
        ("immersion", "│     ├─ feeds tank-1 to tank-20 (20)\n"),
        (
            "immersion",
            "│     └─ rejects to condenser-water, 130 L/s\n│        └─ dry-cooler-1 to dry-cooler-4 (4): 1.25 MW, dry\n"
        ),
        ("direct-to-chip", "│        └─ dry-cooler-1 to dry-cooler-4 (4): 1 MW, dry with wetted pads\n"),
        ("lake", "│  │  └─ rejects to condenser-water, 60 L/s\n│  │     └─ ambient-water: 2.2 MW to the deep lake\n"),
        (
            "outdoor-air",
            "│     ├─ cooled by air\n│     │  └─ rack-01 to rack-40 (40): 12 kW each\n│     └─ ahu-1 to ahu-4"
        ),
        ("pool-28kw", "│  │  ├─ tank-1: 30 kW of immersion\n│  │  │  └─ rack-1: 28 kW\n"),
    ])
    func theTreeShowsWhereHeatGoesWithoutTowersAndCDUs(site: String, lines: String) throws {
        let result = try LoneAgent.verb(["check", "--tree", Repository.path("simulators/sites/\(site).yaml")])
        #expect(result.status == 0 && result.output.contains(lines), "\(lines)\n\(result.output)")
    }

    @Test func theTreeShowsMetersPlantAndEndpoints() throws {
        let path = Repository.path("simulators/sites/hall-10mw.yaml")
        let result = try LoneAgent.verb(["check", "--tree", path])
        #expect(result.status == 0)
        for line in [
            "├─ meters\n│  ├─ boundary, 2 meters\n│  │  └─ utility-a, utility-b: 9 MW electricity\n",
            "│  ├─ hall-1, 76 racks, 10.03 MW\n│  │  ├─ cdu-1, 1.35 MW\n│  │  │  └─ rack-01 to rack-10 (10): 132 kW",
            "│  │  └─ rejects to condenser-water, 537 L/s\n│  │     └─ tower-1 to tower-5 (5): 2.5 MW",
            "│  └─ units 1 to 19: meter-rack-01 to meter-rack-19 (19), schneider_iem3000\n",
        ] { #expect(result.output.contains(line), "\(line)\n\(result.output)") }
    }
}
