// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import SiteFiles
import TestKit
import Testing

/// Maps whose points are found by walking a device's models.
struct SunSpecMapTests {
    static let meter = """
        models:
          - ids: [203, 204]
            length: 6
            defaults: {type: int16, unit: W}
            points:
              active_power: {address: 2, scale_factor_address: 3}
              active_energy_import: {address: 4, type: uint32, order: high_first, unit: Wh, counter: true}
            golden: [{point: active_power, words: [5], scale_factor_word: 1, value: 50}]
          - ids: [213]
            length: 4
            points: {active_power: {address: 2, type: float32, unit: kW}}
            golden: [{point: active_power, words: [0x3F80, 0], value: 1}]

        """

    @Test func modelsBecomePointsOnADeviceThatHasThoseItNeeds() throws {
        let bench = try Workbench(["acme.yaml": BrokenMapsTests.head + Self.meter])
        let loaded = bench.loadMap("acme.yaml")
        #expect(loaded.problems.map(\.description) == [])
        let map = try #require(loaded.value)
        #expect(map.points.map(\.name) == ["active_power", "active_energy_import"])
        #expect(map.points.map(\.address) == [40_004, 40_006] && map.points[0].scaleFactorAddress == 40_005)
        #expect(map.sunSpec?.layouts.map(\.ids) == [[203, 204], [213]])
        #expect(map.points[1].counter?.rollover == 4_294_967_296 * 3_600.0)
        // The defaults of the map, then those of the model, then the point's own.
        let float = map.sunSpec?.layouts[1].points[0]
        #expect(float?.table == .holdingRegister && float?.unit.spelling == "kW")
        #expect(map.alternatives.map(\.name) == ["acme:213"])
        #expect(map.alternatives[0].goldenVectors.map(\.words) == [[0x3F80, 0]])
    }

    @Test func aSiteNamesTheMapAndItsPointsLikeAnyOther() throws {
        let bench = try Workbench([
            "maps/acme.yaml": BrokenMapsTests.head + Self.meter,
            "site.yaml": """
            site: {id: test}
            endpoints: [{id: a, host: 127.0.0.1}]
            devices:
              - {id: one, endpoint: a, map: acme, points: {active_power: {poll: fast, scale: 40}}}
            """,
        ])
        let site = try #require(bench.loadSite().value)
        let map = site.maps[site.devices[0].map]
        let placed = map.placed(on: SunSpecChain(base: 0, [(204, 6)]))
        #expect(placed.points[0].scale == 40 && placed.points[0].pollClass == .fast && placed.points[0].address == 4)
    }

    static let cases = [
        BrokenFile(
            name: "a model without what it needs",
            text: BrokenMapsTests.head + "models: [{points: {a: {address: 2}}, golden: []}]\n",
            problems: ["8:10: a model needs 'ids'; add it", "8:10: a model needs 'length'; add it"]
        ),
        BrokenFile(
            name: "no model at all",
            text: BrokenMapsTests.head + "models: []\n",
            problems: ["8:9: 'models' is empty; list those the map reads"]
        ),
        BrokenFile(
            name: "ids that are none",
            text: BrokenMapsTests.head + "models: [{ids: [65535], length: 3, points: {a: {address: 2}}, golden: []}]\n",
            problems: ["8:17: 'ids' is 65535, outside 1...65534 (SunSpec model ids)"]
        ),
        BrokenFile(
            name: "an empty list of ids",
            text: BrokenMapsTests.head + "models: [{ids: [], length: 3, points: {a: {address: 2}}, golden: []}]\n",
            problems: ["8:16: 'ids' is empty"]
        ),
        BrokenFile(
            name: "points that are not in the model",
            text: BrokenMapsTests.head + """
                models:
                  - ids: [1]
                    length: 4
                    points:
                      a: {address: 1}
                      b: {address: 5, type: uint32}
                      c: {address: 2, scale_factor_address: 6}
                    golden: []
                """,
            problems: [
                "12:20: point 'a' is not in the model, whose registers are 2...5 counted from its id",
                "13:20: point 'b' is not in the model", "14:20: point 'c' is not in the model",
            ]
        ),
        BrokenFile(
            name: "points outside the holding registers, and commands",
            text: BrokenMapsTests.head + """
                models:
                  - ids: [1]
                    length: 4
                    points:
                      a: {address: 2, table: input_register}
                      b: {address: 3, write: {range: [0, 5]}}
                    golden: []
                """,
            problems: [
                "12:30: the models of a device stand in its holding registers",
                "13:30: points of models are read only",
            ]
        ),
        BrokenFile(
            name: "models that contradict one another",
            text: BrokenMapsTests.head + """
                models:
                  - {ids: [1, 2], length: 4, points: {a: {address: 2}, b: {address: 3}}, golden: []}
                  - {ids: [2], length: 4, points: {a: {address: 2, unit: V}, b: {address: 3, counter: true}},
                     golden: []}
                """,
            problems: [
                "10:5: model 2 is listed already; name it once",
                "10:36: point 'a' is something else in a model further up",
                "10:62: point 'b' is something else in a model further up",
            ]
        ),
        BrokenFile(
            name: "points and vectors beside models",
            text: BrokenMapsTests.head + """
                models: [{ids: [1], length: 4, points: {a: {address: 2}}, golden: []}]
                points: {a: {address: 0}}
                golden: []
                """,
            problems: [
                "9:1: a device map has no key 'points'", "9:9: a map has either points of fixed addresses or 'models'",
                "10:1: a device map has no key 'golden'",
                "10:9: a map has either points of fixed addresses or 'models'",
            ]
        ),
        BrokenFile(
            name: "a model without vectors, and one whose vector does not hold",
            text: BrokenMapsTests.head + """
                models:
                  - {ids: [1], length: 4, points: {a: {address: 2}}}
                  - {ids: [2], length: 4, points: {b: {address: 2}}, golden: [{point: b, words: [3], value: 4}]}
                """,
            problems: [
                "9:5: warning: the map has no 'golden' vectors", "10:63: the golden vector of 'b' does not hold",
            ]
        ),
    ]

    @Test(arguments: cases) func everyProblemIsReportedAtItsPlace(_ file: BrokenFile) throws {
        file.expect(try Workbench.mapProblems(file.text))
    }

    @Test func theLinterLooksAtEveryModel() throws {
        let text =
            BrokenMapsTests.head + """
                numbering: zero_based
                models:
                  - ids: [1]
                    length: 8
                    points:
                      active_power: {address: 2}
                      current_l1: {address: 2, unit: A}
                    golden: [{point: active_power, words: [1], value: 1}, {point: current_l1, words: [1], value: 1}]
                  - ids: [2]
                    length: 8
                    points:
                      active_power: {address: 2}
                      voltage_l1: {address: 3, unit: V}
                    golden: [{point: active_power, words: [1], value: 1}]

                """
        let bench = try Workbench(["acme.yaml": text])
        let lines = SiteFiles.lintMap(path: bench.directory.path("acme.yaml")).loaded.problems.map(\.message)
        #expect(lines.count == 2)
        #expect(lines.first?.contains("'current_l1' stands at address 40004") == true)
        #expect(lines.last?.contains("no golden vector proves the coding of 'voltage_l1'") == true)
    }
}
