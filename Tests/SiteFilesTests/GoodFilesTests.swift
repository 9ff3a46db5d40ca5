// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import SiteFiles
import TestKit
import Testing
import Thermo

/// What right files turn into, against golden files; `THERMOCLINE_RECORD=1` writes them anew.
struct GoodFilesTests {
    static func golden(_ name: String) -> String { Repository.path("Tests/SiteFilesTests/Golden/\(name)") }

    static func compare(_ text: String, with name: String) throws {
        let path = golden(name)
        if ProcessInfo.processInfo.environment["THERMOCLINE_RECORD"] == "1" {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let recorded = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.split(separator: "\n") == recorded.split(separator: "\n"))
    }

    static func site(_ path: String) -> Loaded<SiteDescription> {
        SiteFiles.loadSite(path: path, mapDirectories: [Repository.path("devicemaps")])
    }

    @Test func aHallWithEveryKeyOfTheSiteFormat() throws {
        let loaded = Self.site(Self.golden("hall.yaml"))
        #expect(loaded.problems.map(\.description) == [])
        let site = try #require(loaded.value)
        try Self.compare(dump(site), with: "hall.txt")
        #expect(site.plant.racks.count == 76)
        #expect(site.index(equipment: "rack-76", "active_power") != nil)
    }

    @Test func aMapWithEveryKeyOfTheMapFormat() throws {
        let loaded = SiteFiles.loadMap(path: Self.golden("every_key.yaml"))
        #expect(loaded.problems.map(\.description) == [])
        try Self.compare(dump(try #require(loaded.value)), with: "every_key.txt")
    }

    @Test func theShippedSliceIsASimulatedSiteWithThreeMeters() throws {
        let loaded = Self.site(Repository.path("simulators/sites/slice.yaml"))
        #expect(loaded.problems.map(\.description) == [])
        let site = try #require(loaded.value)
        #expect(site.endpoints.map(\.port) == [15_020, 15_021, 15_022])
        #expect(site.endpoints.allSatisfy { $0.host == "127.0.0.1" })
        #expect(site.meters.map(\.place) == [.boundary, .upsOutput, .rack])
        #expect(site.simulation?.start.iso8601 == "2026-03-01T06:00:00Z")
        #expect(site.simulation?.timeScale == 1)
        #expect(site.simulation?.sensors == .ideal)
        #expect(site.plant.racks.first?.nominalPower.watts == 132_000)
    }

    @Test func aDeviceWithoutAUnitIdIsAskedUnderThatOfItsMap() throws {
        let text = """
            format: 1
            site: {id: s, name: S, jurisdiction: SE}
            endpoints: [{id: a, host: 127.0.0.1, port: 1502}, {id: b, host: 127.0.0.1, port: 1503}]
            devices:
              - {id: pump, endpoint: a, map: imp_nmt_taco_vr}
              - {id: other-pump, endpoint: a, unit: 3, map: imp_nmt_taco_vr}
              - {id: meter, endpoint: b, map: schneider_iem3000}
            """
        let bench = try Workbench(["site.yaml": text])
        let loaded = bench.loadSite()
        let site = try #require(loaded.value, "\(loaded.problems)")
        let standard = try #require(try ShippedMapsTests.map("imp_nmt_taco_vr").defaultUnit)
        #expect(standard != 1)
        #expect(site.devices.map { Int($0.unit) } == [standard, 3, 1])
    }

    @Test func overridesChangeTheOneDeviceOnly() throws {
        let site = try #require(Self.site(Self.golden("hall.yaml")).value)
        let chiller = try #require(site.devices.first { $0.id == "chiller-1" })
        let changed = site.maps[chiller.map]
        let shipped = try ShippedMapsTests.map("trane_rthd_pic")
        #expect(changed.point(named: "chilled_water_setpoint")?.write?.range == 12...20)
        #expect(changed.point(named: "chilled_water_setpoint")?.pollClass == .fast)
        #expect(changed.point(named: "chilled_water_supply_temperature")?.validRange == 0...50)
        #expect(changed.points.map(\.name) == shipped.points.map(\.name))
        #expect(shipped.point(named: "chilled_water_setpoint")?.write?.range == 5...25)
    }

    @Test(arguments: [("devicemaps/README.md", "acme_hx7.yaml"), ("docs/site-format.md", "site.yaml")])
    func theExamplesOfTheDocumentationLoad(document: String, file: String) throws {
        let text = try String(contentsOfFile: Repository.path(document), encoding: .utf8)
        let example = try #require(text.components(separatedBy: "```yaml\n").last?.components(separatedBy: "```").first)
        let bench = try Workbench([file: example])
        let problems = file == "site.yaml" ? bench.loadSite().problems : bench.loadMap(file).problems
        #expect(bench.lines(problems, in: file) == [])
    }

    /// Whoever adds a key or a word to the format finds out here that the documentation does not have it.
    @Test func theDocumentationNamesEveryWordOfTheFormat() throws {
        let maps = try String(contentsOfFile: Repository.path("devicemaps/README.md"), encoding: .utf8)
        var words = DeviceCategory.allCases.map(\.rawValue) + Confirmation.allCases.map(\.rawValue)
        words += RegisterTable.allCases.map(\.rawValue) + WriteFunction.allCases.map(\.rawValue)
        words += PollClass.allCases.map(\.rawValue) + WordOrder.allCases.map(\.rawValue)
        #expect(words.filter { !maps.contains("`\($0)`") } == [])
    }

    /// A hundred racks, each with its meter and its device, on a page of sixty lines.
    @Test func aHundredRacksAreAPage() throws {
        let path = Repository.path("simulators/sites/hundred-racks.yaml")
        let loaded = Self.site(path)
        #expect(loaded.problems.map(\.description) == [])
        let site = try #require(loaded.value)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 60)
        let racks = (1...100).map { "rack-" + String(String($0 + 1_000).dropFirst()) }
        #expect(site.plant.racks.map(\.id) == racks)
        let units = (0..<100).map { "cdu-\($0 / 10 + 1)" }
        #expect(site.plant.racks.compactMap(\.coolantDistributionUnit) == units)
        #expect(site.plant.coolantDistributionUnits.count == 10 && site.endpoints.count == 22)
        #expect(site.meters.count { $0.place == .rack } == 100)
        let device = try #require(site.devices.first { $0.equipment == "rack-073" })
        #expect(device.id == "meter-rack-073" && device.unit == 3)
        #expect(site.endpoints[device.endpoint].id == "row-8-meters" && site.endpoints[device.endpoint].port == 15_208)
    }

    @Test func aGroupIsTheSameAsItsLists() throws {
        let top = "site: {id: t}\nendpoints: [{id: a, host: 127.0.0.1}]\ndevices: []\n"
        let short = try Workbench([
            "site.yaml": top + """
                groups:
                  - repeat: 1..2
                    devices: [{id: "m{n}", endpoint: a, unit: "{n+4}", map: janitza_umg604, equipment: "rack-{n:02}"}]
                    racks: [{id: "rack-{n:02}", power: "{n*10} kW"}]
                    meters: [{device: "m{n}", place: rack, carrier: electricity, rated: 1 MW}]
                """
        ])
        let long = try Workbench([
            "site.yaml": """
            site: {id: t}
            endpoints: [{id: a, host: 127.0.0.1}]
            devices:
              - {id: m1, endpoint: a, unit: 5, map: janitza_umg604, equipment: rack-01}
              - {id: m2, endpoint: a, unit: 6, map: janitza_umg604, equipment: rack-02}
            racks: [{id: rack-01, power: 10 kW}, {id: rack-02, power: 20 kW}]
            meters:
              - {device: m1, place: rack, carrier: electricity, rated: 1 MW}
              - {device: m2, place: rack, carrier: electricity, rated: 1 MW}
            """
        ])
        let made = try #require(short.loadSite().value)
        #expect(dump(made) == dump(try #require(long.loadSite().value)))
    }

    @Test func loadingTwiceGivesTheSame() throws {
        let first = try #require(Self.site(Self.golden("hall.yaml")).value)
        let second = try #require(Self.site(Self.golden("hall.yaml")).value)
        #expect(dump(first) == dump(second))
        #expect(first.points.map(\.id) == second.points.map(\.id))
    }

    @Test func mapNamesAreSortedAndEachOnce() throws {
        let bench = try Workbench(["maps/zeta.yaml": "", "maps/alpha.yaml": "", "maps/notes.txt": ""])
        let maps = bench.directory.path("maps")
        #expect(SiteFiles.mapNames(in: [maps, maps, "/nowhere"]) == ["alpha", "zeta"])
    }

    @Test func theFirstDirectoryWins() throws {
        let bench = try Workbench([
            "maps/janitza_umg604.yaml": BrokenMapsTests.head
                + "points: {active_power: {address: 7}}\ngolden: [{point: active_power, words: [1], value: 1}]\n",
            "site.yaml": """
            site: {id: test}
            endpoints: [{id: a, host: 127.0.0.1}]
            devices: [{id: m, endpoint: a, map: janitza_umg604}]
            """,
        ])
        #expect(bench.loadSite().value?.maps.map(\.vendor) == ["Acme"])
    }

    @Test func aSharedValueMayStandBehindAnAlias() throws {
        let bench = try Workbench([
            "site.yaml": """
            site: {id: test}
            endpoints: [{id: a, host: 127.0.0.1}]
            devices:
              - {id: one, endpoint: a, unit: 1, map: janitza_umg604, intervals: &quick {fast: 200 ms}}
              - {id: two, endpoint: a, unit: 2, map: janitza_umg604, intervals: *quick}
            """
        ])
        let loaded = bench.loadSite()
        #expect(loaded.problems == [])
        #expect(loaded.value?.devices.map { $0.interval(.fast) } == [.milliseconds(200), .milliseconds(200)])
    }
}
