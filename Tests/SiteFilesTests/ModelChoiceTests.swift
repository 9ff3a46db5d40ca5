// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import SiteFiles
import TestKit
import Testing
import Thermo

/// The keys that choose a model of the simulated plant.
struct ModelChoiceTests {
    private static let chosen =
        BrokenSitesTests.head + """
            plant:
              surroundings: {climate: stockholm}
              facility_water: {design_flow: 100 L/s, volume: 10 m3, return_rise: 8 K}
              chillers: [{id: chiller-1, capacity: 2300 kW}]
              cooling_towers:
                - {id: tower-1, rated_heat: 1 MW, fan_power: 10 kW, model: york_calc, minimum_fan_speed: 30 %}
                - {id: tower-2, rated_heat: 1 MW, fan_power: 10 kW}
              condenser_water: {design_flow: 100 L/s, volume: 10 m3}
              water_economizer: {design_heat: 1 MW, design_flow: 100 L/s, approach_exponent: 0.8}
              electrical: {loss_share: 5 %}
            """

    @Test func theyAreRead() throws {
        let bench = try Workbench(["site.yaml": Self.chosen])
        let loaded = bench.loadSite()
        #expect(bench.lines(loaded.problems, in: "site.yaml") == [])
        let plant = try #require(loaded.value).plant
        #expect(plant.facilityWater?.returnRise == TemperatureDifference(kelvins: 8))
        #expect(plant.coolingTowers.map(\.model) == [.yorkCalc, .merkel])
        #expect(plant.coolingTowers.map(\.minimumFanSpeed.fraction) == [0.3, 0.2])
        #expect(plant.waterEconomizer?.approachExponent == 0.8)
        #expect(plant.electrical == ElectricalDescription(lossShare: Ratio(fraction: 0.05)))
    }

    @Test func withoutThemThePlantIsMadeOfItsRatings() throws {
        let plant = try #require(GoodFilesTests.site(Repository.path("simulators/sites/hall-10mw.yaml")).value).plant
        #expect(plant.facilityWater?.returnRise == nil && plant.waterEconomizer?.approachExponent == nil)
        #expect(plant.coolingTowers.allSatisfy { $0.model == .merkel && $0.minimumFanSpeed.fraction == 0.2 })
        #expect(plant.electrical?.lossShare == nil)
    }

    /// What to write instead in `chosen`, and what is said of it.
    @Test(arguments: [
        ("york_calc", "york", "14:64: 'model' cannot be 'york'; the words for 'model' are: merkel, york_calc"),
        ("speed: 30 %", "speed: 10 %", "14:94: 'minimum_fan_speed' is 10 %, outside 0.2...0.9"),
        ("speed: 30 %", "speed: 95 %", "14:94: 'minimum_fan_speed' is 95 %, outside 0.2...0.9"),
        ("8 K", "8 degC", "11:70: 'return_rise' is in degC, which measures celsius; use K"),
        ("0.8", "2.5", "17:82: 'approach_exponent' is 2.5, outside 0...2"),
        ("5 %", "60 %", "18:28: 'loss_share' is 60 %, outside 0...0.5"),
        (
            "5 %", "5 %, ups_rating: 12 MW",
            "18:45: 'ups_rating' stands beside 'loss_share', which says all that is lost; keep one"
        ),
        (
            "5 %", "5 %, auxiliary: 40 kW",
            "18:44: 'auxiliary' stands beside 'loss_share', which says all that is lost; keep one"
        ),
        ("{loss_share: 5 %}", "{vintage: legacy}", "18:15: 'electrical' needs 'transformer_rating'; add it"),
    ])
    func mistakesHaveTheirPlace(right: String, slip: String, problem: String) throws {
        try #require(Self.chosen.contains(right))
        let lines = try Workbench.siteProblems(Self.chosen.replacing(right, with: slip))
        #expect(lines.first?.hasPrefix(problem) == true, "\(lines)")
    }

    /// What the correlation does not look at is a warning, unless it says what the correlation has anyway.
    @Test(arguments: [
        ("rated_wet_bulb: 25.6 degC, rated_approach: 3.9 K, rated_range: 5 K", []),
        ("rated_wet_bulb: 78 degF", []),
        (
            "rated_approach: 5 K",
            ["14:116: warning: 'rated_approach' is 5 K, but the model 'york_calc' has an approach of 3.9 K"]
        ),
        (
            "rated_wet_bulb: 20 degC, rated_approach: 3 K",
            ["14:116: warning: 'rated_wet_bulb' is 20 degC", "14:141: warning: 'rated_approach' is 3 K"]
        ),
    ])
    func ratingsThatTheCorrelationIgnoresAreDoubted(keys: String, warnings: [String]) throws {
        let text = Self.chosen.replacing("minimum_fan_speed: 30 %", with: "minimum_fan_speed: 30 %, \(keys)")
        let bench = try Workbench(["site.yaml": text])
        let loaded = bench.loadSite()
        #expect(loaded.value != nil && loaded.problems.allSatisfy { $0.severity == .warning })
        let lines = bench.lines(loaded.problems, in: "site.yaml")
        #expect(lines.count == warnings.count, "\(lines)")
        for (line, start) in zip(lines, warnings) { #expect(line.hasPrefix(start), "\(line)") }
        let merkel = try Workbench(["site.yaml": text.replacing("york_calc", with: "merkel")]).loadSite()
        #expect(merkel.problems.isEmpty)
    }

    private static let curves =
        "curves: {reference_cop: 6.33, reference_leaving: 5.56 degC, leaving_range: [4.44 degC, 8.89 degC], "
        + "condenser_range: [12.78 degC, 29.44 degC], "
        + "capft: [0.7277716, 0.01018101, -6.282438e-4, 0.01337701, -5.050352e-4, 1.527259e-3], "
        + "eirft: [0.3502330, -0.02301510, 5.749596e-4, 0.01902421, 3.109974e-4, -4.714517e-4], "
        + "eirfplr: [0.09861441, 0.5297727, 0.3707229]}"

    @Test func aChillerMayHaveItsMakersCurves() throws {
        let text = Self.chosen.replacing("2300 kW", with: "2300 kW, " + Self.curves)
        let loaded = try Workbench(["site.yaml": text]).loadSite()
        #expect(loaded.problems.map(\.description) == [])
        let curves = try #require(loaded.value?.plant.chillers.first?.curves)
        #expect(curves.performance == 6.33 && curves.referenceLeaving == Temperature(celsius: 5.56))
        #expect(curves.referenceCondenser == Temperature(celsius: 29.44))
        #expect(curves.leavingBox == Temperature(celsius: 4.44)...Temperature(celsius: 8.89))
        #expect(curves.capacity.count == 6 && curves.input[1] == -0.02301510 && curves.partLoad[2] == 0.3707229)
    }

    /// What to write instead in `curves`, and what is said of it.
    @Test(arguments: [
        ("reference_cop: 6.33, ", "", "needs 'reference_cop'; add it"),
        ("0.5297727, 0.3707229]", "0.5297727]", "'eirfplr' has 2 coefficients, but needs 3"),
        ("[0.09861441, ", "[0.9861441, ", "'eirfplr' must be above 0 at every part load and 1 at full load"),
        ("[0.7277716, ", "[7.277716, ", "'capft' is 7.5"),
        ("0.01902421", "-0.01902421", "'eirft' falls to "),
        ("[4.44 degC, 8.89 degC]", "[8.89 degC, 4.44 degC]", "'leaving_range' begins above its end"),
    ])
    func curvesThatCannotBeAreRefused(right: String, slip: String, problem: String) throws {
        try #require(Self.curves.contains(right))
        let curves = Self.curves.replacing(right, with: slip)
        let lines = try Workbench.siteProblems(Self.chosen.replacing("2300 kW", with: "2300 kW, " + curves))
        #expect(lines.first?.contains(problem) == true, "\(lines)")
    }

    /// None gives as much as a warning; a commissioning record is no site.
    @Test func everyShippedSiteLoadsWithoutProblems() throws {
        let folder = Repository.path("simulators/sites")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
            $0.hasSuffix(".yaml") && !$0.contains("commissioning")
        }
        #expect(names.contains("bounds.yaml"))
        for name in names.sorted() {
            #expect(GoodFilesTests.site(folder + "/" + name).problems.map(\.description) == [], "\(name)")
        }
    }
}
