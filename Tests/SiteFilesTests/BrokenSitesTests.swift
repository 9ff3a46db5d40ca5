// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import SiteFiles
import Testing

/// Every mistake has its line, its column, and a sentence that says what to do; one file shows all of its mistakes.
struct BrokenSitesTests {
    /// The top of a site that is right, eight lines, for cases about what follows.
    static let head = """
        site: {id: test}
        endpoints:
          - {id: a, host: 127.0.0.1, port: 15020}
          - {id: b, host: 127.0.0.1, port: 15021}
        devices:
          - {id: meter-a, endpoint: a, map: janitza_umg604}
          - {id: meter-b, endpoint: b, map: schneider_iem3000, equipment: rack-1}
          - {id: weather, endpoint: b, unit: 7, map: vaisala_wxt530}

        """

    static let cases: [BrokenFile] = references + values + structure + meters

    static let references = [
        BrokenFile(
            name: "unknown endpoint",
            text: """
                site: {id: test}
                endpoints: [{id: basement, host: 127.0.0.1}]
                devices:
                  - {id: meter, endpoint: basment, map: janitza_umg604}
                """,
            problems: ["4:27: there is no endpoint 'basment'; did you mean 'basement'?"]
        ),
        BrokenFile(
            name: "unknown map, near and far",
            text: """
                site: {id: test}
                endpoints: [{id: a, host: 127.0.0.1}]
                devices:
                  - {id: one, endpoint: a, map: janitza_umg64}
                  - {id: two, endpoint: a, map: ../secret}
                """,
            problems: ["4:33: there is no map 'janitza_umg64' in ", "5:33: there is no map '../secret' in "]
        ),
        BrokenFile(
            name: "duplicate endpoint and device",
            text: head + """
                loops:
                  - {id: l, kind: water_economizer}
                  - {id: l, kind: water_economiser}
                """,
            problems: [
                "11:10: the loop 'l' was given before, at line 10",
                "11:19: 'kind' cannot be 'water_economiser'; did you mean 'water_economizer'?",
            ]
        ),
        BrokenFile(
            name: "the same things twice",
            text: """
                site: {id: test}
                endpoints:
                  - {id: a, host: 127.0.0.1, port: 502}
                  - {id: a, host: 127.0.0.1, port: 503}
                  - {id: c, host: 127.0.0.1, port: 502}
                devices:
                  - {id: m, endpoint: a, map: janitza_umg604}
                  - {id: m, endpoint: c, map: janitza_umg604}
                  - {id: k, endpoint: a, map: janitza_umg604}
                """,
            problems: [
                "4:10: the endpoint 'a' was given before, at line 3",
                "5:5: endpoint 'c' is at 127.0.0.1:502 like 'a' (line 3)",
                "8:10: the device 'm' was given before, at line 7",
                "9:5: device 'k' has the endpoint, unit id and map of 'm' (line 7)",
            ]
        ),
        BrokenFile(
            name: "unknown point in an override",
            text: """
                site: {id: test}
                endpoints: [{id: a, host: 127.0.0.1}]
                devices:
                  - id: m
                    endpoint: a
                    map: trane_rthd_pic
                    points:
                      run_state: {poll: fast}
                      chilled_water_setpoint: {write_range: [4 degC, 20 degC]}
                      run_status: {write_range: [0, 1]}
                      rated_load_current_ratio: {valid_range: [0 kW, 100 %]}
                """,
            problems: [
                "8:7: map trane_rthd_pic has no point 'run_state'; did you mean 'run_status'?",
                "9:45: a site may only narrow the map's write range of 5...25 degC",
                "10:33: the map does not allow writing point 'run_status'",
                "11:48: 'valid_range' is in kW, which measures watts; use ratio, %, %RH",
            ]
        ),
    ]

    static let values = [
        BrokenFile(
            name: "numbers out of range",
            text: """
                site: {id: test, jurisdiction: Sweden}
                cycle: {interval: 10 ms}
                endpoints: [{id: a, host: 127.0.0.1, port: 70000}]
                devices:
                  - {id: m, endpoint: a, unit: 256, map: janitza_umg604}
                kpis: {category: 4}
                """,
            problems: [
                "1:32: 'jurisdiction' is 'Sweden'; write the two capital letters",
                "2:19: 'interval' is 10 ms, outside 0.1...60 s",
                "3:44: 'port' is 70000, outside 1...65535 (TCP ports)",
                "5:32: 'unit' is 256, outside 0...255 (Modbus unit ids)",
                "6:18: 'category' is 4, outside 1...3",
            ]
        ),
        BrokenFile(
            name: "wrong types",
            text: """
                site: {id: Test Site, name: [a]}
                endpoints: {id: a}
                devices:
                  - {id: m, endpoint: a, unit: one, map: janitza_umg604}
                  - just text
                simulation: {start: tomorrow, time_scale: fast}
                store: {budget: 200, raw: 90 min}
                """,
            problems: [
                "1:12: 'id' is 'Test Site'; write lower-case letters",
                "1:29: 'name' must be text, but is a list",
                "2:12: 'endpoints' must be a list ('- ...' lines), but is a mapping",
                "4:23: there is no endpoint 'a'; there are none",
                "4:32: 'unit' must be a whole number, but is 'one'; write digits only",
                "5:5: a device must be a mapping of keys to values, but this is 'just text'",
                "6:21: 'start' must be a moment such as 2026-03-01T06:00:00Z, but is 'tomorrow'",
                "6:43: 'time_scale' must be a number, but is 'fast'",
                "7:17: 'budget' must be a size such as '200 GB', but is '200'",
                "7:27: 'raw' must be whole days",
            ]
        ),
        BrokenFile(
            name: "units",
            text: head + """
                racks:
                  - {id: rack-1, power: 132}
                  - {id: rack-2, power: 132 kWatt}
                  - {id: rack-3, power: 132 kWh, liquid_share: 120 %}
                  - {id: rack-4, power: much}
                """,
            problems: [
                "10:25: 'power' is '132' without a unit; write it as '132 kW'",
                "11:25: 'power' has the unknown unit 'kWatt'",
                "12:25: 'power' is in kWh, which measures joules; use W, kW, MW",
                "12:48: 'liquid_share' is 120 %, outside 0...1",
                "13:25: 'power' must be a quantity such as '132 kW', but is 'much'",
            ]
        ),
        BrokenFile(
            name: "a number in quotes is text",
            text: """
                site: {id: test}
                endpoints: [{id: a, host: "127.0.0.1", port: "502"}]
                devices: [{id: m, endpoint: a, map: janitza_umg604}]
                """,
            problems: ["2:46: 'port' must be a whole number, but is the text '502'; write it without quotes"]
        ),
    ]

    static let structure = [
        BrokenFile(
            name: "unknown and missing keys",
            text: """
                site: {name: Nameless}
                endpoints: [{id: a, hots: 127.0.0.1}]
                device: []
                """,
            problems: [
                "1:1: a site file needs 'devices'; add it",
                "1:7: 'site' needs 'id'; add it",
                "2:13: an endpoint needs 'host'; add it",
                "2:21: an endpoint has no key 'hots'; did you mean 'host'?",
                "3:1: a site file has no key 'device'; did you mean 'devices'?",
            ]
        ),
        BrokenFile(
            name: "keys twice, and the rest is still read",
            text: """
                site: {id: test}
                endpoints:
                  - id: a
                    host: 127.0.0.1
                    host: 127.0.0.2
                    port: 0
                site: {id: again}
                devices: []
                """,
            problems: [
                "1:1: the key 'site' stands more than once in this mapping",
                "4:5: the key 'host' stands more than once in this mapping",
                "6:11: 'port' is 0, outside 1...65535",
            ]
        ),
        BrokenFile(
            name: "syntax error",
            text: "site: {id: test\nendpoints: [\n",
            problems: ["2:10: YAML syntax: "]
        ),
        BrokenFile(name: "empty file", text: "", problems: ["1:1: the file holds no YAML document"]),
        BrokenFile(name: "a list", text: "- a\n", problems: ["1:1: a site file must be a mapping of sections"]),
        BrokenFile(
            name: "two documents",
            text: "site: {id: test}\n---\nsite: {id: test}\n",
            problems: ["2:1: YAML syntax: but found another document"]
        ),
        BrokenFile(
            name: "a control character",
            text: "site:\n  id: te\u{7}st\n",
            problems: ["2:9: the control character U+7 is not allowed in YAML"]
        ),
        BrokenFile(
            name: "a key that is an alias",
            text: "a: &x [1]\n*x : 2\n",
            problems: ["2:1: a key must be plain text"]
        ),
        BrokenFile(name: "a key that is a list", text: "{[a, b]: 1}\n", problems: ["1:7: a key must be plain text"]),
        BrokenFile(
            name: "an unknown alias",
            text: "site: *nobody\n",
            problems: ["1:7: YAML syntax: found undefined alias"]
        ),
        BrokenFile(
            name: "repeat and its templates",
            text: """
                site: {id: test}
                endpoints:
                  - {repeat: 2..1, id: "a{n}", host: 127.0.0.1}
                  - {repeat: 1 to 3, id: "b{n}", host: 127.0.0.1}
                  - {repeat: 1..20000, id: "c{n}", host: 127.0.0.1}
                  - {repeat: 1..3, id: same, host: 127.0.0.1, port: "{500+n}"}
                  - {repeat: 1..3, id: "d{n}", host: 127.0.0.1, port: "{n/2}"}
                  - {repeat: 1..3, id: "e{n}", host: 127.0.0.1, port: {n}}
                devices: []
                """,
            problems: [
                "3:14: 'repeat' runs from 2 down to 1",
                "4:14: 'repeat' must be a range such as 1..76, but is '1 to 3'",
                "5:14: 'repeat' makes more than 10000 entries",
                "6:24: the endpoint 'same' was given before, at line 6",
                "7:55: the template '{n/2}' cannot be filled in",
                "8:55: 'port' must be a whole number, but is a mapping (a template such as {n} must stand in quotes)",
            ]
        ),
    ]

    static let meters = [
        BrokenFile(
            name: "meters",
            text: head + """
                racks: [{id: rack-1, power: 132 kW}]
                meters:
                  - {device: meter-c, place: boundary, carrier: electricity, rated: 12 MW}
                  - {device: weather, place: boundary, carrier: electricity, rated: 12 MW}
                  - {device: meter-a, place: boundry, carrier: electricity, rated: 12 MW}
                  - {device: meter-a, place: boundary, carrier: water, rated: 12 MW}
                  - {device: meter-a, place: boundary, carrier: electricity, rated: 12 MWh, sign: 0}
                  - {device: meter-a, place: rack, carrier: electricity, rated: 100 kW}
                """,
            problems: [
                "11:14: there is no device 'meter-c'; did you mean 'meter-a' or 'meter-b'?",
                "12:14: device 'weather' cannot meter electricity: its map vaisala_wxt530 has no point "
                    + "'active_energy_import'",
                "13:30: 'place' cannot be 'boundry'; did you mean 'boundary'?",
                "14:14: device 'meter-a' cannot meter water: its map janitza_umg604 has no point 'water_volume'",
                "14:63: 'rated' is in MW, which measures watts; use m3/s, m3/h, L/s, L/min, L/h, gpm",
                "15:69: 'rated' is in MWh, which measures joules; use W, kW, MW",
                "15:83: 'sign' is 0; write 1 to add the meter or -1 to subtract it",
                "16:5: the rack meter 'meter-a' serves 'meter-a', which is no rack of 'racks'",
            ]
        ),
        BrokenFile(
            name: "one meter twice",
            text: head + """
                meters:
                  - {device: meter-a, place: boundary, carrier: electricity, rated: 12 MW}
                  - {device: meter-a, place: boundary, carrier: electricity, rated: 12 MW, sign: -1}
                """,
            problems: ["11:5: device 'meter-a' meters boundary before, at line 10"]
        ),
        BrokenFile(
            name: "a simulated site with a real device",
            text: """
                site: {id: test}
                simulation: {start: "2026-03-01T06:00:00Z", time_scale: 60}
                endpoints:
                  - {id: a, host: localhost}
                  - {id: b, host: 127.8.9.10}
                  - {id: c, host: "::1"}
                  - {id: d, host: 10.0.0.7}
                  - {id: e, host: 127.0.0.1.example.org}
                devices:
                  - {repeat: 1..2, id: "m{n}", endpoint: d, unit: "{n}", map: janitza_umg604}
                """,
            problems: [
                "7:5: endpoint 'd' at 10.0.0.7 is not on loopback, but the site is simulated",
                "8:5: endpoint 'e' at 127.0.0.1.example.org is not on loopback",
            ]
        ),
        BrokenFile(
            name: "warnings alone",
            text: head + """
                meters:
                  - {device: meter-a, place: boundary, carrier: electricity, rated: 12 MW}
                store: {raw: 900 d}
                """,
            problems: [
                "10:3: warning: no meter has place ups_output, so PUE of category 1 stays without a value",
                "11:8: warning: finer data is kept longer than coarser",
            ]
        ),
    ]

    @Test(arguments: cases)
    func isExplained(file: BrokenFile) throws {
        file.expect(try Workbench.siteProblems(file.text))
    }

    @Test func anErrorLeavesNoSiteAndAWarningDoes() throws {
        for file in Self.cases {
            let loaded = try Workbench(["site.yaml": file.text]).loadSite()
            #expect((loaded.value == nil) == loaded.problems.contains { $0.severity == .error }, "\(file.name)")
        }
    }
}
