// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import SiteFiles
import TestKit
import Testing
import Thermo

@Suite("Scenario files")
struct ScenarioFileTests {
    private static func load(_ text: String) throws -> (Scenario?, [String]) {
        let directory = try TemporaryDirectory()
        let path = directory.path("s.yaml")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let loaded = SiteFiles.loadScenario(path: path)
        return (loaded.value, loaded.problems.map { $0.description.replacing(path, with: "s.yaml") })
    }

    @Test("carry every part")
    func whole() throws {
        let (scenario, problems) = try Self.load(
            """
            format: 1
            title: all of it
            run: {start: "2026-07-20T08:00:00Z", for: 1 h, step: 10 s, climate: frankfurt, utilisation: 80 %, seed: 7}
            faults:
              - {at: "2026-07-20T08:10:00Z", for: 5 min, devices: "cdu-*", stuck: true}
              - {after: 5 min, equipment: cdu-1, valve_stuck: {position: 30 %}}
              - {after: 5 min, devices: cdu-1, restart: {away: 20 s, value: 25}}
            events: [{after: 1 min, heat_wave: {dry_bulb: 5 K, wet_bulb: 2 K, for: 5 d, ramp: 12 h}}]
            agent: [{after: 30 min, stopped_for: 10 min, snapshot_age: 1 min}]
            expect:
              - {points: "cdu-*/coolant_supply_temperature", at_most: 34 degC, except_for: 1 min, from: 5 min}
            """
        )
        #expect(problems.isEmpty, "\(problems)")
        let value = try #require(scenario)
        #expect(value.faults.map(\.after) == [.seconds(600), .seconds(300)])
        #expect(value.faults.last?.lasts == .seconds(20))
        #expect(value.plantFaults.map(\.fault) == [.valveStuck(Ratio(fraction: 0.3))])
        #expect(value.events.count == 1 && value.stops.first?.snapshotAge == .seconds(60))
        #expect(value.run.utilisation == Ratio(fraction: 0.8) && value.run.seed == 7)
        guard case .limit(let limit) = value.expectations.first?.kind else {
            Issue.record("no limit")
            return
        }
        #expect(limit.range.upperBound == 34 && limit.unit == .celsius && limit.exceptFor == .seconds(60))
    }

    @Test(
        "say where they are wrong, and what was meant",
        arguments: [
            ("faults: [{equipment: a, tripp: true}]", "s.yaml:1:10: a fault needs exactly one of"),
            ("faults: [{equipment: a, tripp: true}]", "s.yaml:1:25: a fault has no key 'tripp'; did you mean 'trip'"),
            ("faults: [{devices: a, trip: true}]", "s.yaml:1:20: 'devices' goes with faults of devices"),
            ("faults: [{equipment: a, stuck: true}]", "s.yaml:1:22: 'equipment' goes with faults of the plant"),
            ("faults: [{trip: true}]", "s.yaml:1:10: a fault of the plant needs 'equipment'"),
            ("faults: [{at: \"2026-07-20T08:10:00Z\", reset: true}]", "'at' needs the moment the run starts"),
            ("faults: [{utility_lost: {ride_through: [cdu]}}]", "did you mean 'cdus'"),
            ("expect: []", "s.yaml:1:1: a scenario in which nothing happens"),
            ("agent: [{after: 1 min}]", "needs 'stopped_for'"),
            ("agent: []\nexpect: [{points: a, alarms: b}]", "s.yaml:2:10: an expectation needs exactly one of"),
            ("agent: []\nexpect: [{points: a, at_most: 5 degX}]", "has the unknown unit 'degX'"),
            ("agent: []\nexpect: [{points: a}]", "points need 'at_least', 'at_most' or both"),
            ("agent: []\nexpect: [{alarms: a}]", "alarms need either 'count'"),
            ("agent: []\nexpect: [{safe_commands: true, from: 2 h, until: 1 h}]", "'until' is not after 'from'"),
            ("format: 2\nagent: []", "s.yaml:1:9: 'format' is 2"),
        ]
    )
    func problems(text: String, problem: String) throws {
        let (scenario, problems) = try Self.load(text)
        #expect(scenario == nil)
        #expect(problems.contains { $0.contains(problem) }, "\(problems)")
    }

    @Test("are held against the site")
    func names() throws {
        let loaded = SiteFiles.loadSite(
            path: Repository.path("simulators/sites/hall-10mw.yaml"),
            mapDirectories: [Repository.path("devicemaps")]
        )
        let site = try #require(loaded.value)
        let (scenario, _) = try Self.load(
            """
            faults:
              - {devices: cdu-9x, reset: true}
              - {equipment: chiler-1, trip: true}
              - {equipment: tower-1, trip: true}
            expect:
              - {points: facility-water/facility_water_suply_temperature, at_most: 26 degC}
              - {points: "cdu-*/coolant_supply_temperature", at_most: 5 K}
              - {loop: economiser, enters: free_cooling}
              - {starts: "cdu-*", at_most: 1}
            """
        )
        let problems = SiteFiles.problems(of: try #require(scenario), on: site)
        #expect(problems.count == 7)
        for (problem, part) in zip(
            problems,
            [
                "did you mean 'cdu-", "did you mean 'chiller-1'", "no equipment for this fault", "did you mean",
                "is in celsius, not in kelvins", "did you mean 'economizer'", "no machine",
            ]
        ) {
            #expect(problem.contains(part), "\(problem)")
        }
    }
}

/// The JSON Schema for editors says of scenarios what the code says.
struct ScenarioSchemaTests {
    private static func keysOfTheDecoder() throws -> Set<String> {
        let folder = Repository.path("Sources/SiteFiles/Scenarios")
        // Of the events, which site files have too, and of lists.
        var keys: Set<String> = [
            "repeat", "weather_front", "district_permit", "load_step", "heat_wave", "dry_bulb", "dew_point",
            "wet_bulb", "over", "ramp", "to",
        ]
        let calls = [
            /(?:fields\.(?:required|optional)|list|device|plant)\(\s*"(\w+)"/, /^ *\("(\w+)", \./,
            /, \("(\w+)", \.\w+\)/,
        ]
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file.hasSuffix(".swift") {
            let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
            for line in text.split(separator: "\n") {
                for call in calls { for match in line.matches(of: call) { keys.insert(String(match.1)) } }
            }
            for match in text.matches(of: /optional\(\s*"(\w+)"/) { keys.insert(String(match.1)) }
        }
        return keys
    }

    private static func keysOfTheSchema() throws -> Set<String> {
        let data = try Data(contentsOf: URL(fileURLWithPath: Repository.path("docs/scenario.schema.json")))
        var keys: Set<String> = []
        func walk(_ value: Any) {
            if let object = value as? [String: Any] {
                if let properties = object["properties"] as? [String: Any] { keys.formUnion(properties.keys) }
                for value in object.values { walk(value) }
            } else if let list = value as? [Any] {
                for value in list { walk(value) }
            }
        }
        walk(try JSONSerialization.jsonObject(with: data))
        return keys
    }

    @Test func schemaAndDecoderKnowTheSameKeys() throws {
        let (schema, decoder) = (try Self.keysOfTheSchema(), try Self.keysOfTheDecoder())
        #expect(schema.subtracting(decoder).sorted() == [], "in the schema only")
        #expect(decoder.subtracting(schema).sorted() == [], "in the decoder only")
    }

    @Test func theDocumentationNamesEveryKey() throws {
        let page = try String(contentsOfFile: Repository.path("docs/scenario-format.md"), encoding: .utf8)
        let told = try String(contentsOfFile: Repository.path("simulators/README.md"), encoding: .utf8)
        let missing = try Self.keysOfTheSchema().filter { key in
            key != "wet_bulb" && key != "dry_bulb" && key != "dew_point" && !page.contains(key) && !told.contains(key)
        }
        #expect(missing.sorted() == [])
    }
}
