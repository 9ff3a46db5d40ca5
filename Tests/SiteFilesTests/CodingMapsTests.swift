// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import SiteFiles
import Testing

/// Maps with sums of registers and folded power factors: what is refused, what is doubted, what is read.
struct CodingMapsTests {
    static let broken = [
        BrokenFile(
            name: "parts",
            text: BrokenMapsTests.head + """
                numbering: one_based
                points:
                  a: {parts: [{address: 1}]}
                  b: {parts: [{address: 3}, {address: 3}]}
                  c: {parts: [{address: 4}, {address: 68}]}
                  d: {parts: [{address: 70}, {address: 71, factor: 0}]}
                  e: {parts: [{address: 72, type: float32}, {address: 74}]}
                  f: {parts: [{address: 75}, {address: 76}], address: 75}
                  g: {parts: [{address: 77}, {address: 78}], write: {range: [0, 1]}}
                  h: {parts: [{address: 79, vendor_notation: "79"}, {address: 80}]}
                  i: {parts: [{address: 81, scale: 10}, {address: 82}]}
                  j: {parts: [{address: 83}, {address: 84}], labels: {0: off}}
                golden: []
                """,
            problems: [
                "10:14: 'parts' has fewer than two; write 'address' and 'type' for a value of one",
                "11:29: the part at 3 has a register that the part at 3 has too; correct one of them",
                "12:14: the parts stand 65 registers apart, so that one read cannot bring them at one time; 64 are",
                "13:52: 'factor' is 0, outside 1...1000000000000000 (factors)",
                "14:35: a part cannot be float32; write type: uint16, int16, uint32 or int32",
                "15:55: 'address' beside 'parts': each part has its own 'address'; move it there",
                "16:53: 'write' beside 'parts': a device may act between two registers, so a sum cannot be written",
                "17:46: 'vendor_notation' is 79, but address 79 of table holding_register is printed as 80",
                "18:29: a part has no key 'scale'",
                "19:54: 'labels' beside 'parts': a sum is no code; remove 'labels'",
            ]
        ),
        BrokenFile(
            name: "power factors",
            text: BrokenMapsTests.head + """
                points:
                  a: {address: 1, power_factor: folded, unit: ratio}
                  b: {address: 2, power_factor: four_quadrant, unit: kW}
                golden: []
                """,
            problems: [
                "9:33: 'power_factor' cannot be 'folded'; the words for 'power_factor' are: four_quadrant, lead_lag_",
                "10:33: 'power_factor' is for a ratio, but the point is in kW; correct one of them",
            ]
        ),
    ]

    @Test(arguments: broken)
    func isExplained(file: BrokenFile) throws {
        file.expect(try Workbench.mapProblems(file.text))
    }

    static let doubtful = [
        BrokenFile(
            name: "a part too short for the next",
            text: MapLintTests.map(
                "thermal_power: {parts: [{address: 10}, {address: 11, factor: 1000000}]}",
                golden: "{point: thermal_power, words: [1, 2], value: 2000001}"
            ),
            problems: [
                "11:26: warning: the part at 10 ends at 65535, short of the 1000000 that one more of the next part"
            ]
        ),
        BrokenFile(
            name: "a total of parts without an end",
            text: MapLintTests.map(
                """
                heat_energy:
                  {parts: [{address: 10}, {address: 11, factor: 1000}], unit: kWh, counter: true}
                """,
                golden: "{point: heat_energy, words: [1, 2], value: 2001}"
            ),
            problems: [
                "12:79: warning: a total of several parts does not tell where it starts again; write 'counter: {mod"
            ]
        ),
        BrokenFile(
            name: "parts whose word order nobody gave",
            text: MapLintTests.map(
                "thermal_power: {parts: [{address: 10, type: uint32}, {address: 12, type: uint32}]}",
                golden: "{point: thermal_power, words: [0, 1, 0, 2], value: 3}"
            ),
            problems: ["11:3: warning: point 'thermal_power' takes 4 registers, but nothing says which comes first"]
        ),
        BrokenFile(
            name: "a point on a part",
            text: MapLintTests.map(
                """
                thermal_power: {parts: [{address: 10}, {address: 13, factor: 1000}]}
                output_power: {address: 12}
                rated_power: {address: 13}
                """,
                golden: "{point: thermal_power, words: [1, 0, 0, 2], value: 2001}"
            ),
            problems: ["13:3: warning: point 'rated_power' takes registers 13...13, which cut into 'thermal_power'"]
        ),
        BrokenFile(
            name: "a power factor that may be folded",
            text: MapLintTests.map(
                "power_factor: {address: 10, type: float32, order: high_first, unit: ratio}",
                golden: "{point: power_factor, words: [0x3F00, 0], value: 0.5}"
            ),
            problems: ["11:3: warning: meters that tell four quadrants in one number send a power factor as up to 2"]
        ),
        BrokenFile(
            name: "a coding of power factors that no vector proves",
            text: MapLintTests.map(
                """
                power_factor: {address: 10, unit: ratio, scale: 0.001, power_factor: four_quadrant}
                efficiency: {address: 11, unit: ratio, scale: 0.001}
                """,
                golden: "{point: efficiency, words: [500], value: 0.5}"
            ),
            problems: ["11:3: warning: no golden vector proves the coding of 'power_factor'"]
        ),
    ]

    @Test(arguments: doubtful)
    func isDoubted(file: BrokenFile) throws {
        file.expect(try MapLintTests.problems(file.text).lines)
    }

    @Test func partsStandInTheirOrderWithTypeFactorAndPrintedNumbers() throws {
        let bench = try Workbench([
            "m.yaml": BrokenMapsTests.head + """
                numbering: zero_based
                points:
                  outdoor_dry_bulb_temperature:
                    parts:
                      - {address: 26, vendor_notation: "26"}
                      - {address: 3, vendor_notation: "3", type: int16, factor: 10}
                    unit: degC
                    scale: 0.1
                golden: []
                """
        ])
        let map = try #require(bench.loadMap("m.yaml").value)
        let point = try #require(map.points.first)
        #expect(point.address == 3 && point.type.registerCount == 24 && point.source == "registers 26, 3")
        #expect(
            point.type
                == .combined([
                    RegisterPart(offset: 23, type: .unsigned(bits: 16)),
                    RegisterPart(offset: 0, type: .signed(bits: 16), factor: 10),
                ])
        )
        #expect(point.type.spelling == "uint16 + 10 x int16")
    }
}
