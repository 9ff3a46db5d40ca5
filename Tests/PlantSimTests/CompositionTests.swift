// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

/// What can be put together into a plant, and what the simulator says of what cannot.
struct CompositionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        /// Subjects of the problems; empty where the plant can be built.
        let subjects: [String]
        let change: @Sendable (inout PlantComposition) -> Void

        var testDescription: String { name }
    }

    private static let coolers = [DryCoolerDescription(id: "cooler-1", ratedHeat: Power(megawatts: 14))]
    private static let lake = AmbientWaterDescription(
        source: .deepLake,
        designHeat: Power(megawatts: 12),
        designFlow: VolumeFlow(litersPerSecond: 550),
        pumpPower: Power(kilowatts: 120)
    )
    private static let fans = [
        OutdoorAirHandlerDescription(
            id: "ahu-1",
            designAirFlow: VolumeFlow(cubicMetersPerSecond: 150),
            fanPower: Power(kilowatts: 90)
        )
    ]

    static let cases = [
        Case(name: "no chillers", subjects: []) { $0.chillers = [] },
        Case(name: "no economizer", subjects: []) { $0.waterEconomizer = nil },
        Case(name: "neither chillers nor economizer", subjects: ["facility-water"]) {
            ($0.chillers, $0.waterEconomizer) = ([], nil)
        },
        Case(name: "no condenser water", subjects: ["facility-water"]) { $0.condenserWater = nil },
        Case(name: "dry coolers", subjects: []) { ($0.coolingTowers, $0.dryCoolers) = ([], coolers) },
        Case(name: "lake water", subjects: []) { ($0.coolingTowers, $0.ambientWater) = ([], lake) },
        Case(name: "nothing that rejects", subjects: ["condenser-water"]) { $0.coolingTowers = [] },
        Case(name: "towers and dry coolers", subjects: ["condenser-water"]) { $0.dryCoolers = coolers },
        Case(name: "outdoor air beside the loop", subjects: []) {
            ($0.airHandlers, $0.outdoorAirHandlers) = ([], fans)
        },
        Case(name: "nobody for the air", subjects: ["site"]) { $0.airHandlers = [] },
        Case(name: "CDUs without water", subjects: ["cdu-1", "heat-recovery"]) {
            ($0.facilityWater, $0.outdoorAirHandlers, $0.districtHeating) = (nil, fans, nil)
        },
        Case(name: "a network too warm without heat pumps", subjects: ["district"]) { $0.heatPumps = [] },
        Case(name: "recovery without CDUs", subjects: ["heat-recovery"]) { $0.coolantDistributionUnits = [] },
    ]

    @Test(arguments: cases)
    func isBuiltOrRefusedWithItsPart(entry: Case) {
        var plant = HallSite.plant(climate: "stockholm")
        entry.change(&plant)
        let site = SiteDescription(id: "composed", endpoints: [], maps: [], devices: [], plant: plant)
        let made = Facility.make(site: site, seed: 1, start: HallSite.start)
        #expect(made.problems.map(\.subject) == entry.subjects, "\(made.problems)")
        #expect((made.0 == nil) == !entry.subjects.isEmpty)
    }

    /// Every way out of the heat, an hour at work: what goes in comes out or stays in.
    @Test(arguments: cases.filter { $0.subjects.isEmpty })
    func balanceCloses(entry: Case) throws {
        var plant = HallSite.plant(climate: "stockholm")
        entry.change(&plant)
        let site = SiteDescription(id: "composed", endpoints: [], maps: [], devices: [], plant: plant)
        var facility = try #require(Facility.make(site: site, seed: 1, start: HallSite.start).0)
        let stored = try #require(facility.storedHeat)
        for _ in 0..<180 { facility.step(dt: .seconds(20)) }
        let balance = try #require(facility.balance)
        let change = try #require(facility.storedHeat) - stored
        let taken = balance.released + balance.machines
        #expect(abs(taken - balance.rejected - balance.exported - change) < 1e-6 * taken)
        #expect(balance.rejected > 0.8 * taken)
    }
}
