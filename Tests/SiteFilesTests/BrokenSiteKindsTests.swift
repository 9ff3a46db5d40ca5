// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import SiteFiles
import TestKit
import Testing

/// Mistakes that show only where sections, files and device maps meet.
struct BrokenSiteKindsTests {
    static let cases: [BrokenFile] = versions + meaning + doubts + groups + files + values

    static let tail = "\nendpoints: [{id: a, host: 127.0.0.1}]\ndevices: [{id: m, endpoint: a, map: janitza_umg604}]\n"

    static let versions = [
        BrokenFile(
            name: "a file of a later version, of which nothing else is said",
            text: "format: 2\nsite: {id: Test}\nnovelties: []\n",
            problems: ["1:9: 'format' is 2, but this program reads up to 1: the file was written for a later version"]
        ),
        BrokenFile(
            name: "a file of an older version",
            text: "site: {id: test}\nformat: 0\n",
            problems: [
                "2:9: 'format' is 0, but this program reads from 1 on; change the file as 'Versions of the format'"
            ]
        ),
        BrokenFile(
            name: "a format that is no number",
            text: "format: one\nsite: {id: test}\n",
            problems: ["1:9: 'format' must be a whole number, but is 'one'"]
        ),
        BrokenFile(
            name: "an included file of a later version",
            text: "format: 1\ninclude: [more.yaml]\nsite: {id: t}" + tail,
            problems: ["more.yaml:1:9: 'format' is 3, but this program reads up to 1"],
            others: ["more.yaml": "format: 3\nnovelties: []\n"]
        ),
    ]

    /// A meter whose total is no running total, with a setpoint that it keeps for five seconds.
    static let acme =
        BrokenMapsTests.head + """
            points:
              active_energy_import: {address: 0, unit: kWh, scale: 1}
              pump_speed_command:
                {address: 9, unit: "%", scale: 0.1, write: {range: [0, 100], lease: 5 s, home: 100}}
            golden:
              - {point: active_energy_import, words: [1], value: 1}
              - {point: pump_speed_command, words: [1000], value: 100}
            """

    static let meaning = [
        BrokenFile(
            name: "a meter on a point that is no counter",
            text: """
                site: {id: test}
                endpoints: [{id: a, host: 127.0.0.1}]
                devices: [{id: m, endpoint: a, map: acme_meter}]
                meters: [{device: m, place: boundary, carrier: electricity, rated: 1 MW}]
                """,
            problems: [
                "4:19: device 'm' cannot meter electricity: point 'active_energy_import' of map acme_meter is no "
                    + "running total in joules; give it 'counter' in the map"
            ],
            others: ["maps/acme_meter.yaml": acme]
        ),
        BrokenFile(
            name: "a lease that a cycle outlasts",
            text: """
                site: {id: test}
                cycle: {interval: 2 s}
                endpoints: [{id: a, host: 127.0.0.1}]
                devices:
                  - {id: m, endpoint: a, map: acme_meter}
                  - {id: k, endpoint: a, unit: 2, map: acme_meter}
                """,
            problems: [
                "2:8: device 'm' keeps a written pump_speed_command for 5 s only, which is shorter than three "
                    + "cycles of 2 s plant time; shorten 'interval'"
            ],
            others: ["maps/acme_meter.yaml": acme]
        ),
        BrokenFile(
            name: "a time scale that outruns a lease",
            text: """
                site: {id: test}
                simulation: {start: "2026-03-01T06:00:00Z", time_scale: 1000}
                endpoints: [{id: a, host: 127.0.0.1}]
                devices: [{id: cdu-1, endpoint: a, map: simulated_cdu}]
                """,
            problems: [
                "2:13: device 'cdu-1' keeps a written coolant_supply_temperature_setpoint for 120 s only, "
                    + "which is shorter than three cycles of 50 s plant time; lower 'time_scale'"
            ]
        ),
        BrokenFile(
            name: "a map with an error",
            text:
                "site: {id: test}" + tail.replacing("janitza_umg604", with: "bad_map"),
            problems: [
                "3:37: the map 'bad_map' cannot be used; correct the problems of its file",
                "maps/bad_map.yaml:1:1: a device map must be a mapping of keys to values",
            ],
            others: ["maps/bad_map.yaml": "- nothing\n"]
        ),
        BrokenFile(
            name: "a rack whose CDU no device serves, where the plant has none",
            text: """
                site: {id: test}
                endpoints: [{id: a, host: 127.0.0.1}]
                devices:
                  - {id: m, endpoint: a, map: janitza_umg604, equipment: rack-1}
                  - {id: cdu-1, endpoint: a, unit: 2, map: simulated_cdu}
                meters: [{device: m, place: rack, carrier: electricity, rated: 1 MW},
                  {device: m, place: boundary, carrier: electricity, rated: 1 MW},
                  {device: m, place: ups_output, carrier: electricity, rated: 1 MW}]
                racks: [{id: rack-1, power: 132 kW, coolant_distribution_unit: cdu-2}]
                """,
            problems: ["9:9: no device serves the CDU 'cdu-2' of rack 'rack-1'; did you mean 'cdu-1'?"]
        ),
        BrokenFile(
            name: "a network colder than its return",
            text: "site: {id: test}" + tail + """
                plant:
                  district_heating: {design_heat: 6 MW, supply_required: 40 degC}
                """,
            problems: [
                "5:21: 'district_heating' needs 'heat_recovery' in 'plant'; add it or remove 'district_heating'",
                "5:58: the network's supply of 40 degC is not above its return of 45 degC",
            ]
        ),
    ]

    static let doubts = [
        BrokenFile(
            name: "what can be run, but is probably not meant",
            text: """
                site: {id: test}
                endpoints:
                  - {id: a, host: 127.0.0.1}
                  - {id: unused, host: 127.0.0.2}
                devices:
                  - {id: m, endpoint: a, map: janitza_umg604, equipment: rack-l}
                  - {id: cdu-1, endpoint: a, unit: 3, map: template_cdu}
                  - {id: cdu-9, endpoint: a, unit: 4, map: template_cdu}
                  - {id: weather, endpoint: a, unit: 5, map: vaisala_wxt530}
                plant:
                  surroundings: {weather_station: wether}
                  racks: [{id: rack-1, power: 132 kW, liquid_share: 90 %, coolant_distribution_unit: cdu-1}]
                  facility_water: {design_flow: 100 L/s, volume: 10 m3}
                  coolant_distribution_units:
                    - {id: cdu-1, capacity: 100 kW, design_coolant_flow: 2 L/s, design_facility_water_flow: 2 L/s}
                    - {id: cdu-2, capacity: 1 MW, design_coolant_flow: 2 L/s, design_facility_water_flow: 2 L/s}
                """,
            problems: [
                "4:10: warning: no device answers at endpoint 'unused'; remove it or add its devices",
                "6:5: warning: device 'm' serves 'rack-l', which is no rack or piece of equipment; did you mean "
                    + "'rack-1'?",
                "7:44: warning: map 'template_cdu' is a template, whose registers are to be filled in",
                "11:35: warning: no device serves the weather station 'wether'; did you mean 'weather'?",
                "12:11: warning: rack 'rack-1' has no power meter, so its power is not shown",
                "15:12: warning: the racks of CDU 'cdu-1' (1) give up to 119 kW to their coolant, more than its 100 kW",
                "16:12: warning: no rack names the CDU 'cdu-2', so it carries no heat",
            ]
        )
    ]

    static let groups = [
        BrokenFile(
            name: "groups that are none",
            text: "groups: {racks: []}\nsite: {id: test}" + tail,
            problems: ["1:9: 'groups' must be a list ('- ...' lines), but is a mapping"]
        ),
        BrokenFile(
            name: "what a group cannot hold",
            text: "site: {id: test}" + tail + """
                groups:
                  - just text
                  - {rack: [], meters: {}, loops: []}
                  - {repeat: {row: 1..2, n: 1..3}, racks: []}
                  - {repeat: {Row: 1..2}, racks: []}
                  - repeat: 1..2
                    racks: [{repeat: 1..3, id: "rack-{n}", power: 1 kW}]
                  - {repeat: {row: 1..2}, racks: [{id: "rack-{row}", power: "{row} kW"}, {id: "{rwo}", power: 1 kW}]}
                """,
            problems: [
                "5:5: a group must be a mapping of lists, but this is 'just text'",
                "6:6: a group has no key 'rack'; did you mean 'racks'?",
                "6:24: 'meters' must be a list ('- ...' lines), but is a mapping",
                "6:28: a group has no key 'loops'; its keys are: ",
                "7:14: 'repeat' of a group must be a range such as 1..10, or one with a name",
                "8:14: 'repeat' of a group must be a range such as 1..10, or one with a name",
                "10:14: this 'repeat' and that of the group around it both count n; name the group's number",
                "11:79: 'id' is '{rwo}'; write lower-case letters",
            ]
        ),
        BrokenFile(
            name: "groups that make the same rack twice, or too many",
            text: "site: {id: test}" + tail + """
                groups:
                  - {repeat: 1..2, racks: [{id: rack-1, power: 1 kW}]}
                  - {repeat: {row: 1..10000}, racks: [{id: "a{row}", power: 1 kW}, {id: "b{row}", power: 1 kW}]}
                """,
            problems: [
                "5:33: the rack 'rack-1' was given before, at line 5",
                "6:5: groups make more than 10000 entries",
            ]
        ),
    ]

    static let files = [
        BrokenFile(
            name: "an include that is no list",
            text: "include: more.yaml\nsite: {id: t}" + tail,
            problems: ["1:10: 'include' must be a list of file names, but is 'more.yaml'"]
        ),
        BrokenFile(
            name: "an included list",
            text: "include: [more.yaml]\nsite: {id: t}" + tail,
            problems: ["more.yaml:1:1: an included file must be a mapping of sections, but this is a list"],
            others: ["more.yaml": "- rack-1\n"]
        ),
        BrokenFile(
            name: "the same device in two files",
            text: "include: [more.yaml]\nsite: {id: t}" + tail,
            problems: ["more.yaml:1:16: the device 'm' was given before, at "],
            others: ["more.yaml": "devices: [{id: m, endpoint: a, unit: 2, map: janitza_umg604}]\n"]
        ),
        BrokenFile(
            name: "a merge key",
            text: "site: &x {id: t}\nkpis: {<<: *x}" + tail,
            problems: ["2:8: YAML merge keys are not supported; use 'repeat' or 'defaults'"]
        ),
    ]

    static let values = [
        BrokenFile(
            name: "countries",
            text: "site: {id: t, jurisdiction: XX}" + tail,
            problems: ["1:29: 'jurisdiction' is 'XX', which is no country of ISO 3166-1"]
        ),
        BrokenFile(
            name: "a country's other letters",
            text: "site: {id: t, jurisdiction: UK}" + tail,
            problems: ["1:29: 'jurisdiction' is 'UK', which ISO 3166-1 writes GB"]
        ),
        BrokenFile(
            name: "values of settings",
            text: """
                site: {id: t, name: }
                simulation: {time_scale: 0, events: [{after: 1 min, district_permit: yes}]}
                endpoints: [{id: a, host: "127.0.0.1:502"}, {id: b, host: "127 0 0 1"}]
                devices: []
                loops: [{id: l, kind: water_economizer, parameters: {valve_travel_seconds: 3 min}}]
                kpis: {renewable_share: 140 %, boundary: ""}
                store: {budget: 1 MB, minute: 0 d}
                """,
            problems: [
                "1:21: 'name' has no value; give one or remove the key",
                "2:13: 'simulation' needs 'start'; add it",
                "2:26: 'time_scale' is 0, outside 0.001...100000",
                "2:70: 'district_permit' must be true or false, but is 'yes'",
                "3:27: 'host' is '127.0.0.1:502', which is no host name or address; the port has its own key",
                "3:59: 'host' is '127 0 0 1', which is no host name or address",
                "5:76: 'valve_travel_seconds' must be a number, but is '3 min'",
                "6:25: 'renewable_share' is 140 %, outside 0...1",
                "6:42: 'boundary' must have 1 to 100 characters, but has 0",
                "7:17: 'budget' is 1 MB, outside 10000000...1000000000000000 bytes",
                "7:31: 'minute' is 0 d, outside 1...36600 days",
            ]
        ),
        BrokenFile(
            name: "settings of one device",
            text: """
                site: {id: t}
                endpoints: [{id: a, host: 127.0.0.1}]
                devices:
                  - id: m
                    endpoint: a
                    map: janitza_umg604
                    intervals: {fast: 1 ms, quick: 1 s}
                    points:
                      active_power: {scale: 0, poll: often, valid_range: [5 kW, 1 kW]}
                  - {id: k, endpoint: a, unit: 2, map: janitza_umg604, points: [active_power]}
                  - {id: j, endpoint: a, unit: 3, map: janitza_umg604, points: {active_power: {valid_range: 5 kW}}}
                """,
            problems: [
                "7:23: 'fast' is 1 ms, outside 0.05...86400 s",
                "7:29: 'intervals' has no key 'quick'; its keys are: fast, normal, slow, once",
                "9:29: 'scale' is 0, so every value would be; correct it",
                "9:38: 'poll' cannot be 'often'; the words for 'poll' are: fast, normal, slow, once",
                "9:58: 'valid_range' begins above its end; write the lower value first",
                "10:64: 'points' must be a mapping from point names to settings, but is a list",
                "11:93: 'valid_range' must be a list of two values, [low, high], but is '5 kW'",
            ]
        ),
    ]

    @Test(arguments: cases)
    func everyMistakeHasItsPlaceAndItsAdvice(file: BrokenFile) throws {
        file.expect(try Workbench.siteProblems(file))
    }

    /// The tables of all tests together, each kind of mistake counted once whatever names and numbers are in it.
    @Test func atLeastSixtyKindsOfMistakeAreFound() {
        let tables = BrokenSitesTests.cases + BrokenPlantTests.cases + Self.cases
        var kinds: Set<String> = []
        for line in tables.flatMap(\.problems) {
            let message = line.replacing(#/^([a-z/_]+\.yaml:)?[0-9]+:[0-9]+: /#, with: "")
            let words = message.replacing(#/'[^']*'/#, with: "'...'").replacing(#/[0-9]+/#, with: "0")
            kinds.insert(String(words.prefix(40)))
        }
        #expect(kinds.count >= 60, "\(kinds.count) kinds")
    }

    /// What a running agent would say against a site stands where the files say it.
    @Test func anObjectionStandsWhereItsSubjectDoes() throws {
        let bench = try Workbench([
            "site.yaml": "include: [more.yaml]\nsite: {id: t}" + Self.tail + "kpis: {category: 2}\n",
            "more.yaml": """
            loops:
              - {id: l, kind: water_economizer, parameters: {valve_travel_seconds: 3}}
            meters:
              - {device: m, place: boundary, carrier: electricity, rated: 1 MW}
            """,
        ])
        let loaded = SiteFiles.loadSite(
            path: bench.directory.path("site.yaml"),
            mapDirectories: [Repository.path("devicemaps")]
        ) { site in
            [
                SiteObjection(.loop("l"), "one"),
                SiteObjection(.parameter(loop: "l", name: "valve_travel_seconds"), "two"),
                SiteObjection(.meter(device: "m", place: .boundary), "three"), SiteObjection(.keyFigures, "four"),
                SiteObjection(.site, "five"), SiteObjection(.loop("unknown"), "six \(site.id)"),
            ]
        }
        #expect(loaded.value == nil)
        #expect(
            bench.lines(loaded.problems.filter { $0.severity == .error }, in: "site.yaml") == [
                "1:1: five", "1:1: six t", "5:7: four", "more.yaml:2:10: one", "more.yaml:2:50: two",
                "more.yaml:4:5: three",
            ]
        )
    }
}
