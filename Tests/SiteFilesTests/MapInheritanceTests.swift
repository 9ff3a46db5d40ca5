// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import SiteFiles
import Testing

/// `extends`: what a map takes over, what it does not, and where problems are reported.
struct MapInheritanceTests {
    static let base =
        BrokenMapsTests.head + """
            limits: {maximum_gap: 4, response_timeout: 500 ms}
            identity: {table: holding_register, address: 9, type: uint16, accept: [1]}
            points:
              active_power: {address: 0, poll: fast}
              current_l{n}: {repeat: 1..3, address: "{9+n}", unit: A, scale: 0.1}
              frequency: {address: 20, unit: Hz, scale: 0.01}
            golden:
              - {point: active_power, words: [7], value: 7}
              - {point: current_l2, words: [25], value: 2.5}
              - {point: frequency, words: [5000], value: 50}
            """

    static let header = """
        format: 1
        extends: acme_base
        model: M2
        confirmation: secondary
        sources: [another manual]

        """

    static func load(_ text: String, base: String = base) throws -> (map: DeviceMap?, problems: [String]) {
        let bench = try Workbench(["acme_base.yaml": base, "acme_new.yaml": text])
        let loaded = bench.loadMap("acme_new.yaml")
        return (loaded.value, bench.lines(loaded.problems, in: "acme_new.yaml"))
    }

    @Test func pointsAndVectorsAreTakenOverAndTheProductsOwnFactsAreNot() throws {
        let (map, problems) = try Self.load(Self.header)
        #expect(problems == [])
        let loaded = try #require(map)
        #expect(loaded.points.map(\.name) == ["active_power", "current_l1", "current_l2", "current_l3", "frequency"])
        #expect(loaded.goldenVectors.count == 3)
        #expect(loaded.vendor == "Acme" && loaded.model == "M2" && loaded.title == "Acme M2")
        #expect(loaded.confirmation == .secondary)
        #expect(loaded.sources == ["another manual"])
        #expect(loaded.identity == nil)
        #expect(loaded.limits.maximumGap == 4)
    }

    @Test func oneOfARepeatMayChangeBeLeftOutAndNewOnesAdded() throws {
        let text =
            Self.header + """
                omit: [current_l3]
                defaults: {unit: V}
                limits: {maximum_gap: 8}
                points:
                  current_l2: {address: 44}
                  voltage: {address: 50}
                golden:
                  - {point: voltage, words: [230], value: 230}
                """
        let (map, problems) = try Self.load(text)
        #expect(problems == [])
        let loaded = try #require(map)
        #expect(loaded.points.map(\.name) == ["active_power", "current_l1", "current_l2", "frequency", "voltage"])
        #expect(loaded.points.map(\.address) == [0, 10, 44, 20, 50])
        #expect(loaded.points.map(\.unit.spelling) == ["kW", "A", "A", "Hz", "V"])
        #expect(loaded.goldenVectors.map(\.point) == ["active_power", "current_l2", "frequency", "voltage"])
        #expect(loaded.limits.maximumGap == 8)
        #expect(loaded.limits.responseTimeout == .milliseconds(500))
    }

    @Test func theVectorsOfAPointThatIsCodedOtherwiseAreNotTakenOver() throws {
        let text =
            Self.header + "points: {frequency: {scale: 0.1}}\ngolden: [{point: frequency, words: [500], value: 50}]\n"
        let (map, problems) = try Self.load(text)
        #expect(problems == [])
        #expect(map?.goldenVectors.map(\.point) == ["active_power", "current_l2", "frequency"])
        #expect(map?.point(named: "frequency")?.scale == 0.1)
    }

    @Test func problemsAreReportedInTheFileThatHasThem() throws {
        let inBase = try Self.load(Self.header, base: Self.base.replacing("address: 20", with: "address: 99999"))
        #expect(inBase.problems.count == 1, "\(inBase.problems)")
        #expect(inBase.problems.first?.hasPrefix("acme_base.yaml:13:") == true, "\(inBase.problems)")
        let own = try Self.load(Self.header + "omit: [current_l4]\npoints: {frequency: {address: 70000}}\n")
        #expect(
            own.problems.first?.hasPrefix("6:8: 'omit' names 'current_l4', which the extended map does not have")
                == true
        )
        #expect(own.problems.contains { $0.hasPrefix("7:31: 'address' is 70000") }, "\(own.problems)")
        let unknown = try Self.load(Self.header.replacing("acme_base", with: "acme_bose"))
        #expect(
            unknown.problems.first?.hasPrefix("2:10: 'extends' names no map: 'acme_bose'; did you mean 'acme_base'")
                == true
        )
    }

    @Test(.timeLimit(.minutes(1))) func mapsThatExtendOneAnotherInACircleAreRefused() throws {
        let bench = try Workbench([
            "a.yaml": Self.header.replacing("acme_base", with: "b"),
            "b.yaml": Self.header.replacing("acme_base", with: "c"),
            "c.yaml": Self.header.replacing("acme_base", with: "a"),
            "self.yaml": Self.header.replacing("acme_base", with: "self"),
        ])
        let lines = bench.lines(bench.loadMap("a.yaml").problems, in: "a.yaml")
        #expect(lines.count == 1)
        #expect(
            lines.first?.hasPrefix(
                "c.yaml:2:10: the maps extend one another in a circle: a.yaml -> b.yaml -> c.yaml -> a.yaml"
            ) == true
        )
        #expect(bench.loadMap("self.yaml").problems.first?.message.contains("self.yaml -> self.yaml") == true)
    }

    @Test func chainsAreFollowedUpToALimit() throws {
        var files = ["m0.yaml": Self.base]
        for level in 1...9 { files["m\(level).yaml"] = Self.header.replacing("acme_base", with: "m\(level - 1)") }
        let bench = try Workbench(files)
        #expect(bench.loadMap("m7.yaml").value?.points.count == 5)
        #expect(
            bench.loadMap("m9.yaml").problems.first?.message.hasPrefix("more than 8 maps extend one another") == true
        )
    }
}
