// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import SiteFiles
import TestKit
import Testing
import Thermo

/// The section `plant: {liquid_loop: ...}`: what it comes to, and what of it is refused.
struct BrokenTwoLoopTests {
    private static let units = """
        plant:
          racks: [{id: rack-1, power: 132 kW, coolant_distribution_unit: cdu-1}]
          coolant_distribution_units: [{id: cdu-1, capacity: 1 MW, design_coolant_flow: 2 L/s, \
        design_facility_water_flow: 2 L/s}]

        """
    private static let handlers = """
          air_handlers: [{id: crah-1, capacity: 180 kW, design_air_flow: 10 m3/s, fan_power: 6 kW}]

        """
    private static let cold = """
          facility_water: {design_flow: 10 L/s, volume: 2 m3}
          chillers: [{id: chiller-1, capacity: 100 kW}]
          condenser_water: {design_flow: 10 L/s, volume: 2 m3}
          cooling_towers: [{id: tower-1, rated_heat: 200 kW, fan_power: 4 kW}]

        """
    private static let warm = """
            facility_water: {design_flow: 10 L/s, volume: 2 m3, supply_setpoint: 34 degC, supply_maximum: 36 degC}
            condenser_water: {design_flow: 10 L/s, volume: 2 m3}
            dry_coolers: [{id: cooler-1, rated_heat: 200 kW}]
            water_economizer: {design_heat: 150 kW, design_flow: 10 L/s}

        """

    static let cases: [BrokenFile] = [
        BrokenFile(
            name: "a second loop without consumers",
            text: BrokenSitesTests.head + "plant:\n  racks: [{id: rack-1, power: 132 kW}]\n" + handlers + cold
                + "  liquid_loop:\n" + warm,
            problems: [
                "17:5: 'liquid_loop' needs 'coolant_distribution_units' or 'immersion_tanks' in 'plant'; add it or"
            ]
        ),
        BrokenFile(
            name: "a second loop without a first",
            text: BrokenSitesTests.head + units + "  liquid_loop:\n" + warm,
            problems: ["13:5: 'liquid_loop' needs 'facility_water' in 'plant'; add it or remove 'liquid_loop'"]
        ),
        BrokenFile(
            name: "a first loop that nothing is left for",
            text: BrokenSitesTests.head + units + cold + "  liquid_loop:\n" + warm,
            problems: [
                "12:19: beside 'liquid_loop' this loop serves air handlers alone, and there are none; add "
                    + "'air_handlers' or put the parts of 'liquid_loop' here in its place"
            ]
        ),
        BrokenFile(
            name: "ids used in both loops",
            text: BrokenSitesTests.head + units + handlers + cold
                + "  liquid_loop:\n"
                + warm.replacing("cooler-1", with: "tower-1")
                .replacing("condenser_water: {", with: "condenser_water: {id: condenser-water, "),
            problems: [
                "19:27: the piece of equipment 'condenser-water' was given before, at line 15",
                "20:24: the piece of equipment 'tower-1' was given before, at line 16",
            ]
        ),
        BrokenFile(
            name: "heat recovery in both, and in the one without CDUs",
            text: BrokenSitesTests.head + units + handlers + cold
                + "  heat_recovery: {design_heat: 50 kW, design_flow: 2 L/s}\n"
                + "  district_heating: {design_heat: 50 kW}\n  liquid_loop:\n" + warm
                + "    heat_recovery: {id: second, design_heat: 50 kW, design_flow: 2 L/s}\n",
            problems: [
                "17:18: 'heat_recovery' takes heat from the return of CDUs and tanks, which is that of 'liquid_loop'; "
                    + "keep the one there"
            ]
        ),
        BrokenFile(
            name: "parts of the second loop without what they feed, and keys it does not have",
            text: BrokenSitesTests.head + units + handlers + cold + """
                  liquid_loop:
                    chillers: [{id: chiller-2, capacity: 1 MW}]
                    dry_coolers: [{id: cooler-1, rated_heat: 200 kW}]
                    ambient_water: {source: lake, design_heat: 1 MW, design_flow: 10 L/s, pump_power: 1 kW}
                    air_handlers: []

                """,
            problems: [
                "18:5: 'liquid_loop' needs 'facility_water', the water that it is; add it",
                "18:15: 'chillers' needs 'facility_water' in 'liquid_loop'",
                "18:15: 'chillers' needs 'condenser_water' in 'liquid_loop'",
                "19:18: 'dry_coolers' needs 'condenser_water' in 'liquid_loop'",
                "20:20: 'ambient_water' needs 'condenser_water' in 'liquid_loop'",
                "20:20: 'dry_coolers' and 'ambient_water' both take the heat of condenser water; keep one of them",
                "21:5: 'liquid_loop' has no key 'air_handlers'",
            ]
        ),
    ]

    @Test(arguments: cases)
    func everyMistakeHasItsPlaceAndItsAdvice(broken: BrokenFile) throws {
        let lines = try Workbench.siteProblems(broken.text)
        #expect(lines.count == broken.problems.count, "\(lines.joined(separator: "\n"))")
        for (line, start) in zip(lines, broken.problems) { #expect(line.hasPrefix(start), "\(line)") }
    }

    @Test func theSecondLoopHasItsOwnPartsAndUsualIds() throws {
        let text = BrokenSitesTests.head + Self.units + Self.handlers + Self.cold + "  liquid_loop:\n" + Self.warm
        let bench = try Workbench(["site.yaml": text])
        let site = try #require(GoodFilesTests.site(bench.directory.path("site.yaml")).value)
        let liquid = try #require(site.plant.liquidLoop)
        #expect(liquid.facilityWater?.id == "liquid-facility-water")
        #expect(liquid.condenserWater?.id == "liquid-condenser-water")
        #expect(liquid.waterEconomizer?.id == "liquid-economizer")
        #expect(liquid.dryCoolers.map(\.id) == ["cooler-1"] && site.plant.dryCoolers.isEmpty)
        #expect(site.plant.facilityWater?.id == "facility-water" && site.plant.chillers.map(\.id) == ["chiller-1"])
        #expect(site.plant.loads(ofLoop: 0) == .air && site.plant.loads(ofLoop: 1) == .liquid)
    }

    @Test func theShippedHallOnTwoLoopsLoadsWithoutProblems() throws {
        let loaded = GoodFilesTests.site(Repository.path("simulators/sites/two-loops.yaml"))
        #expect(loaded.problems.map(\.description) == [])
        let plant = try #require(loaded.value).plant
        #expect(plant.facilityWater?.supplySetpoint == Temperature(celsius: 20))
        #expect(plant.liquidLoop?.facilityWater?.supplySetpoint == Temperature(celsius: 34))
        #expect(plant.chillers.map(\.capacity) == Array(repeating: Power(megawatts: 1), count: 3))
    }
}
