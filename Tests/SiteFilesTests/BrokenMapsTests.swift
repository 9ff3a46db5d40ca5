// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import SiteFiles
import Testing

/// A device map that is nearly right is the worst kind: what can be checked is checked.
struct BrokenMapsTests {
    /// The top of a map that is right, seven lines, for cases about what follows.
    static let head = """
        format: 1
        vendor: Acme
        model: M1
        category: power_meter
        confirmation: one_good_source
        sources: [a manual]
        defaults: {table: holding_register, type: uint16, unit: kW}

        """

    static let cases: [BrokenFile] = header + coding + addresses + writing + golden + facts

    static let header = [
        BrokenFile(
            name: "nothing of what a map needs",
            text: "format: 2\ncategory: meter\nvendr: Acme\n",
            problems: [
                "1:1: a device map needs 'vendor'; add it",
                "1:1: a device map needs 'model'; add it",
                "1:1: a device map needs 'confirmation'; add it",
                "1:1: a device map needs 'sources'; add it",
                "1:1: a device map needs 'points'; add it",
                "1:1: warning: the map has no 'golden' vectors",
                "1:9: 'format' is 2, outside 1...1 (the version of the map format)",
                "2:11: 'category' cannot be 'meter'; the words for 'category' are: power_meter",
                "3:1: a device map has no key 'vendr'; did you mean 'vendor'?",
            ]
        ),
        BrokenFile(
            name: "limits and identity",
            text: head + """
                limits:
                  maximum_registers_per_read: 126
                  response_timeout: 0 s
                  prohibited: [{table: coil, from: 9, to: 3}, {table: holding, from: 0, to: 1}]
                identity: {table: holding_register, address: 11, type: uint16, accept: [EM24]}
                points: {active_power: {address: 0}}
                golden: [{point: active_power, words: [1], value: 1}]
                """,
            problems: [
                "9:31: 'maximum_registers_per_read' is 126, outside 1...125",
                "10:21: 'response_timeout' is 0 s, outside 0.01...60 s",
                "11:43: 'to' is below 'from'",
                "11:55: 'table' cannot be 'holding'; the words for 'table' are: coil, discrete_input",
                "12:72: 'accept' must list whole numbers for type uint16, but has 'EM24'",
            ]
        ),
    ]

    static let coding = [
        BrokenFile(
            name: "types and units",
            text: head + """
                points:
                  a: {address: 0, type: unit16}
                  b: {address: 1, type: "bit:16"}
                  c: {address: 2, unit: kilowatt}
                  d: {address: 3, table: coil, type: int16, unit: count}
                  e: {address: 4, type: bool, unit: boolean}
                  f: {address: 5, scale: 0}
                  g: {address: 6, scale: ten, order: big}
                  h: {address: 7, labels: {0: off, one: on}, unit: enumeration}
                  i: {address: 8, labels: {0: off}, unit: kW}
                  Active Power: {address: 9}
                golden: []
                """,
            problems: [
                "9:25: 'type' cannot be 'unit16'; did you mean 'uint16'",
                "10:25: 'type' cannot be 'bit:16'; did you mean 'bit:0'",
                "11:25: 'unit' cannot be 'kilowatt'; the units are: degC, degF",
                "12:38: type int16 does not fit table coil; write type: bool",
                "13:25: type bool does not fit table holding_register; write type: bit:0 to bit:15",
                "14:26: 'scale' is 0, so every value would be",
                "15:26: 'scale' must be a number, but is 'ten'",
                "15:38: 'order' cannot be 'big'; the words for 'order' are: high_first, low_first",
                "16:36: the code 'one' must be a whole number",
                "17:43: 'unit' is kW, but the point's type or labels make it enumeration",
                "18:3: 'point name' is 'Active Power'; write lower snake case",
            ]
        ),
        BrokenFile(
            name: "sentinels, ranges and counters",
            text: head + """
                points:
                  a: {address: 0, sentinels: [0x1FFFF]}
                  b: {address: 1, type: int16, sentinels: [-32768, -32769]}
                  c: {address: 2, sentinels: {0x8000: absent, 0x8001: sensor_absent}}
                  d: {address: 3, sentinels: [1, 2, 3, 4, 5]}
                  e: {address: 4, valid_range: [100, 0]}
                  f: {address: 5, valid_range: [0 kW, 10 degC]}
                  g: {address: 6, valid_range: 100}
                  h: {address: 7, unit: kWh, counter: {modulus: 0, resolution: 1 W}}
                golden: []
                """,
            problems: [
                "9:31: the sentinel '0x1FFFF' is not a pattern of the 16 bits of type uint16",
                "10:52: the sentinel '-32769' is not a pattern of the 16 bits of type int16",
                "11:39: '0x8000' cannot be 'absent'; the words for '0x8000' are: not_available, sensor_absent",
                "12:3: d: it has 5 sentinels; keep to 4",
                "13:32: 'valid_range' begins above its end",
                "14:39: 'valid_range' is in degC, which measures celsius; use W, kW, MW",
                "15:32: 'valid_range' must be a list of two values, [low, high], but is '100'",
                "16:49: 'modulus' must be above 0, or 'never'",
                "16:64: 'resolution' is in W, which measures watts; use J, Wh, kWh, MWh, MJ, GJ",
            ]
        ),
    ]

    static let addresses = [
        BrokenFile(
            name: "addresses and the printed numbers",
            text: head + """
                numbering: modicon_5
                limits: {prohibited: [{table: holding_register, from: 90, to: 99}], maximum_registers_per_read: 3}
                points:
                  a: {address: 65536}
                  b: {address: 65535, type: float32}
                  c: {address: 10, vendor_notation: "40010"}
                  d: {address: 10, vendor_notation: "40011"}
                  e: {address: 89, type: uint32}
                  f: {address: 20, type: float64}
                golden: []
                """,
            problems: [
                "11:16: 'address' is 65536, outside 0...65535",
                "12:16: 2 registers from 65535 end behind the last address, 65535",
                "13:37: 'vendor_notation' is 40010, but address 10 of table holding_register is printed as 40011 in "
                    + "modicon_5 numbering",
                "15:3: point 'e' lies in the prohibited range 90...99",
                "16:3: point 'f' takes 4 registers, more than the 3 one read may ask for",
            ]
        ),
        BrokenFile(
            name: "a printed number without its numbering",
            text: head + "points: {a: {address: 10, vendor_notation: \"11\"}}\ngolden: []\n",
            problems: ["8:44: 'vendor_notation' is a number, but the map does not say how its document counts"]
        ),
        BrokenFile(
            name: "one point twice, through a repeat",
            text: head + """
                points:
                  phase_1: {address: 0}
                  "phase_{n}": {repeat: 1..2, address: "{n}"}
                golden: []
                """,
            problems: ["10:3: the point 'phase_1' was given before, at line 9"]
        ),
    ]

    static let writing = [
        BrokenFile(
            name: "writes",
            text: head + """
                points:
                  a: {address: 0, table: input_register, write: {range: [0, 1]}}
                  b: {address: 1, unit: degC, scale: 0.1, offset: -45, write: {range: [-50, 25]}}
                  c: {address: 2, type: float32, write: {range: [0, 1], function: single_register}}
                  d: {address: 4, write: {range: [0, 1], feedback: bb}}
                  e: {address: 5, write: {range: [0, 1], feedback: b, lease: 0 s}}
                  f: {address: 6, write: {}}
                golden: []
                """,
            problems: [
                "9:49: table input_register cannot be written",
                "10:71: the write range or home value does not fit type uint16, which holds -45...6508.5 degC here",
                "11:67: single_register cannot write type float32 of table holding_register; use multiple_registers",
                "12:52: 'feedback' names no point of this map: 'bb'; did you mean 'b'?",
                "13:62: 'lease' is 0 s, outside 1...86400 s",
                "14:26: 'write' needs 'range'; add it",
            ]
        ),
        BrokenFile(
            name: "a feedback in another unit",
            text: head + """
                points:
                  a: {address: 0, write: {range: [0, 1], feedback: b}}
                  b: {address: 1, unit: degC}
                golden: []
                """,
            problems: ["9:52: 'feedback' b is in celsius, the command in watts; they cannot be compared"]
        ),
    ]

    static let golden = [
        BrokenFile(
            name: "golden vectors that do not hold",
            text: head + """
                points:
                  a: {address: 0, scale: 0.1, sentinels: [0xFFFF]}
                  b: {address: 1, type: "string:2"}
                  c: {address: 3, scale_factor_address: 9}
                golden:
                  - {point: a, words: [123], value: 12.4}
                  - {point: a, words: [0xFFFF], value: 6553.5}
                  - {point: a, words: [0], value: none}
                  - {point: a, words: [1, 2], value: 12}
                  - {point: a, words: [65536], value: 12}
                  - {point: aa, words: [1], value: 12}
                  - {point: a, words: [1]}
                  - {point: b, words: [0x4142, 0x4300], text: ABX}
                  - {point: b, words: [0x4142, 0x4300], value: 7}
                  - {point: c, words: [5], value: 5}
                """,
            problems: [
                "13:5: the golden vector of 'a' does not hold: the words mean 12.3 kW, not 12.4",
                "14:5: the golden vector of 'a' does not hold: the words mean no value (not available), not 6553.5",
                "15:5: the golden vector of 'a' does not hold: the words mean 0.0, not 'none'",
                "16:23: point 'a' of type uint16 takes 1 words, not 2",
                "17:24: 'words' is 65536, outside 0...65535",
                "18:13: there is no point 'aa'; did you mean 'a'",
                "19:13: point 'a' of type uint16 needs 'value'; give it",
                "20:5: the golden vector of 'b' does not hold: the words read 'ABC', not 'ABX'",
                "21:13: point 'b' of type string:2 needs 'text'; give it",
                "22:13: point 'c' has a scale-factor register; add or remove 'scale_factor_word'",
            ]
        )
    ]

    static let facts = [
        BrokenFile(
            name: "what is said of the device",
            text: head + """
                default_unit: 256
                functions: [3, 7]
                limits: {response_timeout_floor: 1 ms}
                lint: {allow: [{rule: overlapping, reason: so}, {rule: overlap}]}
                omit: [active_power]
                points: {active_power: {address: 0}}
                golden: [{point: active_power, words: [1], value: 1}]
                """,
            problems: ["12:1: 'omit' leaves out points of the map that 'extends' names; add 'extends'"]
        ),
        BrokenFile(
            name: "unit id, functions, time-out and exceptions",
            text: head + """
                default_unit: 256
                functions: [3, 7]
                limits: {response_timeout_floor: 1 ms}
                lint: {allow: [{rule: overlapping, reason: so}, {rule: overlap}]}
                points: {active_power: {address: 0, flat_line_after: 1 s}}
                golden: [{point: active_power, words: [1], value: 1}]
                """,
            problems: [
                "8:15: 'default_unit' is 256, outside 0...255 (unit ids)",
                "9:16: 'functions' is 7, which reads or writes no point; the codes are [1, 2, 3, 4, 5, 6, 15, 16, 22",
                "10:34: 'response_timeout_floor' is 1 ms, outside 0.01...60 s",
                "11:23: 'rule' cannot be 'overlapping'; the words for 'rule' are: overlap, straddle",
                "11:49: an exception needs 'reason'; add it",
                "12:54: 'flat_line_after' is 1 s, outside 10...2592000 s",
            ]
        ),
        BrokenFile(
            name: "rates that limit nothing",
            text: head + """
                points:
                  active_power: {address: 0, rate_limit: 0}
                  run_status: {address: 1, type: "bit:0", rate_limit: 1}
                  active_energy_import: {address: 2, unit: kWh, counter: true, rate_limit: 5}
                golden: []
                """,
            problems: [
                "9:42: 'rate_limit' is 0; it must be above 0",
                "10:55: 'rate_limit' is for what moves through the values between; remove it",
                "11:76: 'rate_limit' is for what moves through the values between; remove it",
            ]
        ),
        BrokenFile(
            name: "functions that the points do not fit",
            text: head + """
                functions: [3, 6]
                points:
                  a: {address: 0, table: input_register}
                  b: {address: 1, type: uint32, write: {range: [0, 1]}}
                  c: {address: 3, write: {range: [0, 1], function: multiple_registers}}
                golden: []
                """,
            problems: [
                "10:26: table input_register of point 'a' is read with function 4, which 'functions' does not list",
                "11:40: 'functions' lists none of the codes that write this point, 16; add one or remove 'write'",
                "12:52: multiple_registers cannot write type uint16 of table holding_register; use single_register",
            ]
        ),
        BrokenFile(
            name: "conditions of writes",
            text: head + """
                points:
                  a: {address: 0, write: {range: [0, 1], precondition: {point: remot_status, range: [1, 1]}}}
                  b: {address: 1, write: {range: [0, 1], precondition: {point: name, range: [1, 1]}}}
                  c: {address: 2, write: {range: [0, 1], precondition: {point: level, range: [1 kW, 2 kW]}}}
                  d: {address: 3, write: {range: [0, 1], precondition: {point: level}}}
                  e: {address: 4, write: {range: [0, 1], restart_value: 70000, home: 60000}}
                  remote_status: {address: 5, type: "bit:0"}
                  name: {address: 6, type: "string:2"}
                  level: {address: 8, unit: "%"}
                golden: []
                """,
            problems: [
                "9:64: 'precondition' names no point of this map: 'remot_status'; did you mean 'remote_status'?",
                "10:64: 'precondition' names 'name', which cannot be read as a number",
                "11:79: 'range' is in kW, which measures watts; use ratio, %",
                "11:85: 'range' is in kW, which measures watts; use ratio, %",
                "12:56: 'precondition' needs 'range'; add it",
                "13:34: the write range or home value does not fit type uint16, which holds 0...65535 kW here",
            ]
        ),
        BrokenFile(
            name: "bits and templates",
            text: head + """
                points:
                  a: {address: 0, type: "bits:7..4"}
                  b: {address: 1, type: "bits:4..16"}
                  c: {address: 2, type: "bits:0..3", sentinels: [0x10]}
                  d_{n}: {repeat: 1..2, address: "{3*n*n*k}"}
                golden: []
                """,
            problems: [
                "9:25: 'type' cannot be 'bits:7..4'; did you mean 'bits:0..3'",
                "10:25: 'type' cannot be 'bits:4..16'; did you mean 'bits:0..3'",
                "11:50: the sentinel '0x10' is not a pattern of the 4 bits of type bits:0..3",
                "12:34: the template '{3*n*n*k}' cannot be filled in; use n, whole numbers, +, - and *",
            ]
        ),
    ]

    @Test(arguments: cases)
    func isExplained(file: BrokenFile) throws {
        file.expect(try Workbench.mapProblems(file.text))
    }

    @Test func aNameThatIsNoPointNameIsRefused() throws {
        let bench = try Workbench(["Acme Meter.yaml": Self.head + "points: {a: {address: 0}}\ngolden: []\n"])
        let problems = bench.loadMap("Acme Meter.yaml").problems
        #expect(problems.map(\.line) == [1])
    }

    @Test func theProblemsOfAMapAreReportedWithTheSiteThatUsesIt() throws {
        let bench = try Workbench([
            "maps/acme_meter.yaml": Self.head + "points: {a: {address: 99999}}\ngolden: []\n",
            "site.yaml": """
            site: {id: test}
            endpoints: [{id: a, host: 127.0.0.1}]
            devices:
              - {id: one, endpoint: a, map: acme_meter}
              - {id: two, endpoint: a, map: acme_meter}
            """,
        ])
        let lines = bench.lines(bench.loadSite().problems, in: "site.yaml")
        #expect(lines.count == 2)
        #expect(lines.first?.hasPrefix("4:33: the map 'acme_meter' cannot be used") == true)
        #expect(lines.last?.hasPrefix("maps/acme_meter.yaml:8:23: 'address' is 99999") == true)
    }
}
