// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import SiteFiles
import TestKit
import Testing

/// Maps of devices whose settings decide what a register means, and of what else few products need.
struct SettingMapsTests {
    static let broken = [
        BrokenFile(
            name: "values coded by a register",
            text: BrokenMapsTests.head + """
                points:
                  a: {address: 1, coded_by: {address: 9, type: int16, cases: {0: {}}}}
                  b: {address: 2, coded_by: {address: 9, type: "bit:3", cases: {2: {unit: MW}}}}
                  c: {address: 3, coded_by: {address: 9, type: "bit:3", cases: {0: {unit: kWh}}}}
                  d: {address: 4, coded_by: {address: 9, type: "bit:3", cases: {}}}
                  e: {address: 5, coded_by: {address: 9, type: "bit:3", cases: {0: {scale: 0}}}}
                  f: {address: 6, coded_by: {address: 9, type: "bit:3", cases: [0]}}
                  g: {address: 7, scale_factor_address: 8, coded_by: {address: 9, type: uint16, cases: {0: {}}}}
                  h: {address: 8, type: "bit:1", coded_by: {address: 9, type: uint16, cases: {0: {}}}}
                  i: {address: 10, coded_by: {address: 400, type: uint16, cases: {0: {}}}}
                  j: {address: 11, coded_by: {address: 9, type: uint16, cases: {1: {}, 0x01: {}}}}
                  k: {address: 12, coded_by: {address: 9, type: uint16, cases: {0: {}}}}
                golden:
                  - {point: k, words: [1], value: 1}
                  - {point: k, words: [1], value: 1, coded_by_word: 7}
                """,
            problems: [
                "9:48: a code cannot be int16; write type: uint16, bit:N, bits:A..B, uint8:high or uint8:low",
                "10:65: the code '2' must be a whole number of 0...1",
                "11:75: kWh and the point's kW do not measure the same; correct one of them",
                "12:64: 'cases' has 0 codes; list those the document names, 32 at most",
                "13:76: 'scale' is 0, so every value would be; correct it",
                "14:64: 'cases' must be a mapping from codes to what they change, but is a list",
                "15:54: 'coded_by' beside 'labels' or 'scale_factor_address' says one thing twice; keep one of them",
                "16:44: 'coded_by' is for numbers; remove it from codes and texts",
                "17:30: 'coded_by' of point 'i' stands 391 registers from end to end, more than one read of this",
                "18:72: the code 1 is listed already; name it once",
                "21:13: point 'k' is coded by another register; add or remove 'coded_by_word'",
                "22:5: the golden vector of 'k' does not hold: the words mean no value (scale factor invalid), not 1.0",
            ]
        ),
        BrokenFile(
            name: "conditions on settings",
            text: BrokenMapsTests.head + """
                points:
                  a: {address: 1, valid_while: {point: z, range: [0, 0]}}
                  b: {address: 2, valid_while: {point: b, range: [0, 0]}}
                  c: {address: 3, valid_while: {point: d, range: [0, 0]}}
                  d: {address: 4, type: "version:8.8"}
                  e: {address: 5, valid_while: {point: a}}
                golden: []
                """,
            problems: [
                "9:40: 'valid_while' names no point of this map: 'z'; did you mean 'a' or 'b' or 'c'?",
                "10:40: 'valid_while' names the point itself; name the setting it depends on, or use 'valid_range'",
                "11:40: 'valid_while' names 'd', which cannot be read as a number; name the point that shows how the",
                "13:32: 'valid_while' needs 'range'; add it",
            ]
        ),
        BrokenFile(
            name: "texts and whole blocks",
            text: BrokenMapsTests.head + """
                limits: {even_reads: 2, whole_blocks: [{table: holding_register, from: 9, to: 8}]}
                points:
                  a: {address: 1, type: "characters:8"}
                  b: {address: 9, type: "version:4.4.4"}
                  c: {address: 10, type: "characters:65:low"}
                golden: []
                """,
            problems: [
                "8:22: 'even_reads' must be true or false, but is '2'",
                "8:79: 'to' is below 'from'; write the lower address first",
                "10:25: 'type' cannot be 'characters:8'; did you mean 'characters:8:low'?",
                "11:25: 'type' cannot be 'version:4.4.4'; did you mean 'version:4.4.8'?",
                "12:26: 'type' cannot be 'characters:65:low'; did you mean 'characters:8:low'?",
            ]
        ),
    ]

    @Test(arguments: broken)
    func isExplained(file: BrokenFile) throws {
        file.expect(try Workbench.mapProblems(file.text))
    }

    static let doubtful = [
        BrokenFile(
            name: "a code that no vector proves",
            text: MapLintTests.map(
                """
                output_power:
                  {address: 10, coded_by: {address: 11, type: "bit:0", cases: {0: {unit: kW}, 1: {unit: MW}}}}
                """,
                golden: "{point: output_power, words: [1], value: 1, coded_by_word: 2}"
            ),
            problems: ["12:29: warning: no golden vector proves what code 1 makes of 'output_power' (x 1 MW); work one"]
        ),
        BrokenFile(
            name: "a condition that is always met",
            text: MapLintTests.map(
                """
                remote_status: {address: 10, type: "bit:0"}
                output_power: {address: 11, valid_while: {point: remote_status, range: [0, 1]}}
                """,
                golden: "{point: remote_status, words: [1], value: 1}"
            ),
            problems: [
                "12:44: warning: 'valid_while' is met by everything 'remote_status' can read, so it guards nothing"
            ]
        ),
        BrokenFile(
            name: "a setting that is read once",
            text: MapLintTests.map(
                """
                remote_status: {address: 10, type: "bit:0", poll: once}
                output_power: {address: 11, valid_while: {point: remote_status, range: [1, 1]}}
                """,
                golden: "{point: remote_status, words: [1], value: 1}"
            ),
            problems: ["12:44: warning: the setting 'remote_status' is hardly ever read, so nobody would see it change"]
        ),
    ]

    @Test(arguments: doubtful)
    func isDoubted(file: BrokenFile) throws {
        file.expect(try MapLintTests.problems(file.text).lines)
    }

    /// What a point depends on when it is read, it depends on when it is written.
    @Test func aWriteWaitsForTheSetting() throws {
        let bench = try Workbench([
            "m.yaml": BrokenMapsTests.head + """
                points:
                  setpoint: {address: 1, valid_while: {point: mode, range: [2, 3]}, write: {range: [0, 5]}}
                  other:
                    address: 2
                    valid_while: {point: mode, range: [2, 3]}
                    write: {range: [0, 5], precondition: {point: mode, range: [4, 4]}}
                  mode: {address: 3, unit: enumeration}
                golden: [{point: setpoint, words: [1], value: 1}]
                """
        ])
        let loaded = SiteFiles.loadMap(path: bench.directory.path("m.yaml"))
        let map = try #require(loaded.value, "\(loaded.problems)")
        #expect(map.points[0].validWhile == PointCondition(point: "mode", range: 2...3))
        #expect(map.points[0].write?.precondition == map.points[0].validWhile)
        #expect(map.points[1].write?.precondition?.range == 4...4)
    }

    /// Spelling and type, both ways.
    @Test(arguments: [
        ("characters:8:low", RegisterType.characters(registers: 8, .low)),
        ("characters:1:high", .characters(registers: 1, .high)), ("version:4.4.8", .version(widths: [4, 4, 8])),
        ("version:16.16.16.16", .version(widths: [16, 16, 16, 16])),
    ])
    func spelling(text: String, type: RegisterType) {
        #expect(RegisterType(spelling: text) == type && type.spelling == text)
    }
}
