// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import SiteFiles
import TestKit
import Testing

/// `maps lint`: what loads and is doubtful all the same.
struct MapLintTests {
    /// Eight lines; `points:` is the ninth, its first point the tenth.
    static let head = BrokenMapsTests.head + "numbering: zero_based\n"
    static let proof = "golden: [{point: active_power, words: [1], value: 1}]\n"

    /// A map that is right but for the points of the case, the first of which stands in line 11.
    static func map(_ points: String, golden: String = "") -> String {
        let lines = points.split(separator: "\n").map { "  \($0)\n" }.joined()
        let vectors = golden.split(separator: "\n").map { "  - \($0)\n" }.joined()
        return head + "points:\n  active_power: {address: 500}\n" + lines
            + "golden:\n  - {point: active_power, words: [1], value: 1}\n" + vectors
    }

    static let cases = registers + values + writing + naming

    static let registers = [
        BrokenFile(
            name: "two points at one address",
            text: map("output_power: {address: 500}"),
            problems: ["11:3: warning: point 'output_power' stands at address 500 of holding_register, where"]
        ),
        BrokenFile(
            name: "one bit twice",
            text: map(
                "run_status: {address: 7, type: \"bit:3\"}\nfault_status: {address: 7, type: \"bit:3\"}",
                golden: "{point: run_status, words: [8], value: 1}"
            ),
            problems: ["12:3: warning: point 'fault_status' has bits of register 7 that 'run_status' has too"]
        ),
        BrokenFile(
            name: "a bit inside a range of bits",
            text: map(
                "load_ratio: {address: 7, type: \"bits:0..7\", unit: \"%\"}\nrun_status: {address: 7, type: \"bit:3\"}",
                golden: "{point: run_status, words: [8], value: 1}\n{point: load_ratio, words: [8], value: 8}"
            ),
            problems: ["12:3: warning: point 'run_status' has bits of register 7 that 'load_ratio' has too"]
        ),
        BrokenFile(
            name: "a value that begins in another one",
            text: map(
                """
                active_energy_import: {address: 10, type: uint32, order: high_first, unit: kWh, counter: true}
                active_energy_export: {address: 11, type: uint32, order: high_first, unit: kWh, counter: true}
                """,
                golden: "{point: active_energy_import, words: [0, 1], value: 1}"
            ),
            problems: ["12:3: warning: point 'active_energy_export' takes registers 11...12, which cut into 'active_en"]
        ),
        BrokenFile(
            name: "a register in the middle of a long value",
            text: map(
                """
                active_energy_import: {address: 10, type: uint64, order: high_first, unit: kWh, counter: true}
                output_power: {address: 12}
                """,
                golden: "{point: active_energy_import, words: [0, 0, 0, 1], value: 1}"
            ),
            problems: ["12:3: warning: point 'output_power' takes registers 12...12, which cut into"]
        ),
        BrokenFile(
            name: "printed numbers taken for addresses",
            text: map("output_power: {address: 40011}\nthermal_power: {address: 40012}"),
            problems: [
                "11:27: warning: address 40011 looks like a printed number that names its table, as 1 others do: 10 on "
            ]
        ),
        BrokenFile(
            name: "one address off the grid of all others",
            text: map(
                (0..<7).map {
                    "circuit_\($0)_active_power: {address: \($0 == 4 ? 9 : 2 * $0), type: float32, order: low_first}"
                }
                .joined(separator: "\n").replacing("address: 10", with: "address: 20"),
                golden: "{point: circuit_1_active_power, words: [0, 0x3F80], value: 1}"
            ),
            problems: [
                "15:37: warning: address 9 is odd where the 6 other values of several registers stand at even ones"
            ]
        ),
        BrokenFile(
            name: "a document that may count from anywhere",
            text: BrokenMapsTests.head + "points: {active_power: {address: 1}}\n" + proof,
            problems: ["1:1: warning: the map does not say how its document counts registers; add 'numbering'"]
        ),
        BrokenFile(
            name: "a word order that nobody stated",
            text: map(
                "output_power: {address: 1, type: float32}",
                golden: "{point: output_power, words: [0x3F80, 0], value: 1}"
            ),
            problems: ["11:3: warning: point 'output_power' takes 2 registers, but nothing says which comes first"]
        ),
    ]

    static let values = [
        BrokenFile(
            name: "a range below what an unsigned value holds",
            text: map(
                "outdoor_dry_bulb_temperature: {address: 1, unit: degC, scale: 0.1, valid_range: [-40, 60]}",
                golden: "{point: outdoor_dry_bulb_temperature, words: [215], value: 21.5}"
            ),
            problems: [
                "11:83: warning: 'valid_range' goes beyond the 0...6553.5 degC that type uint16 holds here; narrow"
            ]
        ),
        BrokenFile(
            name: "a range above what the type holds",
            text: map("output_power: {address: 1, valid_range: [0, 100000]}"),
            problems: ["11:43: warning: 'valid_range' goes beyond the 0...65535 kW that type uint16 holds here"]
        ),
        BrokenFile(
            name: "colder than nothing",
            text: map(
                "room_temperature: {address: 1, type: int16, unit: degC, scale: 0.1, valid_range: [-300, 100]}",
                golden: "{point: room_temperature, words: [215], value: 21.5}"
            ),
            problems: ["11:84: warning: 'valid_range' allows values that cannot be: -273.15 to 6000 degC is all"]
        ),
        BrokenFile(
            name: "wetter than wet",
            text: map(
                "room_relative_humidity: {address: 1, unit: \"%RH\", valid_range: [0, 200]}",
                golden: "{point: room_relative_humidity, words: [45], value: 45}"
            ),
            problems: ["11:66: warning: 'valid_range' allows values that cannot be: 0 to 120 %RH is all"]
        ),
        BrokenFile(
            name: "steps too coarse for the quantity",
            text: map(
                "room_temperature: {address: 1, unit: degC, scale: 10}",
                golden: "{point: room_temperature, words: [2], value: 20}"
            ),
            problems: ["11:53: warning: one step of the register is 10 degC, which loses what the type resolves"]
        ),
        BrokenFile(
            name: "steps too coarse for the range",
            text: map(
                "room_temperature: {address: 1, unit: degC, scale: 2, valid_range: [20, 24]}",
                golden: "{point: room_temperature, words: [11], value: 22}"
            ),
            problems: [
                "11:53: warning: one step of the register is 2 degC, so 'valid_range' holds hardly more than one"
            ]
        ),
        BrokenFile(
            name: "a scale that leaves no reach",
            text: map(
                "room_temperature: {address: 1, type: int16, unit: degC, scale: 0.0001}",
                golden: "{point: room_temperature, words: [10000], value: 1}"
            ),
            problems: ["11:66: warning: the largest value of the register is 3.2768 degC, too little for a real one"]
        ),
        BrokenFile(
            name: "a running total that is not said to be one",
            text: map(
                "active_energy_import_l1: {address: 1, unit: kWh}",
                golden: "{point: active_energy_import_l1, words: [1], value: 1}"
            ),
            problems: [
                "11:3: warning: point 'active_energy_import_l1' is a running total by its name; add 'counter: true'"
            ]
        ),
        BrokenFile(
            name: "a signed total without its modulus",
            text: map(
                "run_hours: {address: 1, type: int16, unit: h, counter: true}",
                golden: "{point: run_hours, words: [1], value: 1}"
            ),
            problems: ["11:58: warning: a signed total does not tell where it starts again; write 'counter: {modulus"]
        ),
        BrokenFile(
            name: "a code that does not fit",
            text: map(
                "operating_mode: {address: 1, type: \"bits:0..3\", labels: {0: off, 16: on}}",
                golden: "{point: operating_mode, words: [0], value: 0}"
            ),
            problems: ["11:59: the code 16 does not fit type bits:0..3; correct one of them [labels]"]
        ),
        BrokenFile(
            name: "an identity that no register shows",
            text: BrokenMapsTests.head + """
                numbering: zero_based
                identity: {table: holding_register, address: 1, type: uint16, accept: [1, 70000]}
                points: {active_power: {address: 1}}
                golden: [{point: active_power, words: [1], value: 1}]
                """,
            problems: ["9:11: 'accept' lists 70000, which type uint16 cannot hold; correct one of them [identity]"]
        ),
        BrokenFile(
            name: "a coding that nothing proves",
            text: map("output_power: {address: 1, scale: 0.1}\nthermal_power: {address: 2, scale: 0.1}"),
            problems: ["11:3: warning: no golden vector proves the coding of 'output_power' (uint16, x 0.1 kW)"]
        ),
    ]

    static let writing = [
        BrokenFile(
            name: "a lease that ends in the unknown",
            text: map("output_power: {address: 1, write: {range: [0, 1], lease: 60 s}}"),
            problems: ["11:60: a lease ends in a value of the device's own, but 'home' does not say which; add 'home'"]
        ),
        BrokenFile(
            name: "a lease kept up by wearing out memory",
            text: map("output_power: {address: 1, write: {range: [0, 1], lease: 60 s, home: 0, stored: true}}"),
            problems: ["11:60: a lease is kept up by writing again and again, and each write wears out memory"]
        ),
        BrokenFile(
            name: "a lease shorter than the settling",
            text: map("output_power: {address: 1, write: {range: [0, 1], lease: 5 s, home: 0, settle: 10 s}}"),
            problems: ["11:60: the lease ends before 'settle' is over; correct one of them [lease]"]
        ),
        BrokenFile(
            name: "a write range that guards nothing",
            text: map("output_power: {address: 1, write: {range: [0, 65535]}}"),
            problems: ["11:45: warning: 'range' is all that the register holds, so it guards nothing"]
        ),
        BrokenFile(
            name: "values that may be written and not read",
            text: map("output_power: {address: 1, valid_range: [0, 10], write: {range: [0, 20]}}"),
            problems: ["11:67: warning: 'range' lets values be written that would read back as bad"]
        ),
        BrokenFile(
            name: "a command that nothing shows",
            text: map("output_power: {address: 1, readable: false, write: {range: [0, 1]}}"),
            problems: ["11:54: warning: point 'output_power' cannot be read back and names no 'feedback'"]
        ),
        BrokenFile(
            name: "a command that shows itself",
            text: map("output_power: {address: 1, write: {range: [0, 1], feedback: output_power}}"),
            problems: ["11:63: warning: 'feedback' is the point itself; remove it"]
        ),
        BrokenFile(
            name: "a feedback that cannot be read",
            text: map(
                """
                output_power: {address: 1, write: {range: [0, 1], feedback: thermal_power}}
                thermal_power: {address: 2, readable: false}
                """
            ),
            problems: ["11:63: warning: 'feedback' thermal_power cannot be read; name a point that can"]
        ),
    ]

    static let naming = [
        BrokenFile(
            name: "a name nearly right",
            text: map("actve_power_l1: {address: 1}"),
            problems: [
                "11:3: warning: 'actve_power_l1' is not on the list of canonical names; did you mean 'active_power_"
            ]
        ),
        BrokenFile(
            name: "a name of one's own",
            text: map("flux_compensation: {address: 1}"),
            problems: [
                "11:3: warning: 'flux_compensation' is not on the list of canonical names; see 'thermocline maps n"
            ]
        ),
        BrokenFile(
            name: "a name that stands for another quantity",
            text: map("active_energy_import: {address: 1, counter: true}"),
            problems: ["11:3: warning: 'active_energy_import' is in watts, the canonical name stands for joules"]
        ),
        BrokenFile(
            name: "a report that can be written",
            text: map(
                "run_status: {address: 1, type: \"bit:0\", write: {}}",
                golden: "{point: run_status, words: [1], value: 1}"
            ),
            problems: ["11:3: warning: 'run_status' can be written, but a name in '_status' is what a device says"]
        ),
    ]

    static func problems(_ text: String) throws -> (lines: [String], allowed: Int) {
        let bench = try Workbench(["acme_meter.yaml": text])
        let result = SiteFiles.lintMap(path: bench.directory.path("acme_meter.yaml"))
        return (bench.lines(result.loaded.problems, in: "acme_meter.yaml"), result.allowed)
    }

    @Test(arguments: cases)
    func isFound(file: BrokenFile) throws {
        file.expect(try Self.problems(file.text).lines)
    }

    @Test func aMapThatIsRightHasNoFindings() throws {
        #expect(try Self.problems(Self.map("output_power: {address: 1}")).lines == [])
    }

    /// Each case of the two tables is another slip.
    @Test func moreThanFortyKindsOfSlipsAndEveryRuleAreTried() throws {
        let kinds = Self.cases.count + BrokenMapsTests.cases.reduce(0) { $0 + $1.problems.count }
        #expect(kinds >= 80)
        let found = try Self.cases.flatMap { try Self.problems($0.text).lines }
        let rules = Set(found.compactMap { $0.split(separator: " ").last }.filter { $0.hasPrefix("[") })
        #expect(rules.count == 15, "\(rules.sorted())")
    }

    // MARK: What a map may ask to be left alone

    static let exceptions = [
        BrokenFile(
            name: "an exception for one point",
            text: map("output_power: {address: 500}\nthermal_power: {address: 500}")
                + "lint: {allow: [{rule: overlap, points: [output_power], reason: one register with two names}]}\n",
            problems: [
                "12:3: warning: point 'thermal_power' stands at address 500 of holding_register, where 'active_power'",
                "12:3: warning: point 'thermal_power' stands at address 500 of holding_register, where 'output_power'",
            ]
        ),
        BrokenFile(
            name: "an exception for some",
            text: map("output_power: {address: 500}\nthermal_power: {address: 500}")
                + "lint: {allow: [{rule: overlap, points: [\"*_power\"], reason: one register with three names}]}\n",
            problems: []
        ),
        BrokenFile(
            name: "an exception that nothing needs",
            text: map("output_power: {address: 1}")
                + "lint: {allow: [{rule: straddle, reason: it was so once}]}\n",
            problems: ["14:16: warning: the exception from 'straddle' covers nothing; remove it [allowance]"]
        ),
        BrokenFile(
            name: "a word beside its bits",
            text: map(
                "status_word: {address: 7, unit: bits}\nrun_status: {address: 7, type: \"bit:3\"}",
                golden: "{point: run_status, words: [8], value: 1}\n{point: status_word, words: [8], value: 8}"
            ),
            problems: []
        ),
    ]

    @Test(arguments: exceptions)
    func isExcepted(file: BrokenFile) throws {
        file.expect(try Self.problems(file.text).lines)
    }

    @Test func findingsThatAMapExceptsAreCounted() throws {
        #expect(try Self.problems(Self.exceptions[0].text).allowed == 1)
        #expect(try Self.problems(Self.exceptions[1].text).allowed == 3)
        #expect(try Self.problems(Self.exceptions[2].text).allowed == 0)
    }

    @Test func theExampleOfTheDocumentationIsClean() throws {
        let text = try String(contentsOfFile: Repository.path("devicemaps/README.md"), encoding: .utf8)
        let example = try #require(text.components(separatedBy: "```yaml\n").last?.components(separatedBy: "```").first)
        #expect(try Self.problems(example).lines == [])
    }

    @Test(arguments: ShippedMapsTests.names)
    func aShippedMapIsClean(name: String) {
        let result = SiteFiles.lintMap(path: Repository.path("devicemaps/\(name).yaml"))
        #expect(result.loaded.problems.map(\.description) == [])
    }
}
