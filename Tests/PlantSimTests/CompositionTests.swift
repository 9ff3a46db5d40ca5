// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

/// What can be put together into a plant, and what the simulator says of what cannot.
struct CompositionTests {
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
        CompositionCase(name: "no chillers", subjects: []) { $0.chillers = [] },
        CompositionCase(name: "no economizer", subjects: []) { $0.waterEconomizer = nil },
        CompositionCase(name: "neither chillers nor economizer", subjects: ["facility-water"]) {
            ($0.chillers, $0.waterEconomizer) = ([], nil)
        },
        CompositionCase(name: "no condenser water", subjects: ["facility-water"]) { $0.condenserWater = nil },
        CompositionCase(name: "dry coolers", subjects: []) { ($0.coolingTowers, $0.dryCoolers) = ([], coolers) },
        CompositionCase(name: "lake water", subjects: []) { ($0.coolingTowers, $0.ambientWater) = ([], lake) },
        CompositionCase(name: "nothing that rejects", subjects: ["condenser-water"]) { $0.coolingTowers = [] },
        CompositionCase(name: "towers and dry coolers", subjects: ["condenser-water"]) { $0.dryCoolers = coolers },
        CompositionCase(name: "outdoor air beside the loop", subjects: []) {
            ($0.airHandlers, $0.outdoorAirHandlers) = ([], fans)
        },
        CompositionCase(name: "nobody for the air", subjects: ["site"]) { $0.airHandlers = [] },
        CompositionCase(name: "CDUs without water", subjects: ["cdu-1", "heat-recovery"]) {
            ($0.facilityWater, $0.outdoorAirHandlers, $0.districtHeating) = (nil, fans, nil)
        },
        CompositionCase(name: "a network too warm without heat pumps", subjects: ["district"]) { $0.heatPumps = [] },
        CompositionCase(name: "recovery without CDUs", subjects: ["heat-recovery"]) {
            $0.coolantDistributionUnits = []
        },
    ]

    @Test(arguments: cases)
    func isBuiltOrRefusedWithItsPart(entry: CompositionCase) {
        entry.expectBuiltOrRefused(from: HallSite.plant(climate: "stockholm"))
    }

    /// Every way out of the heat, an hour at work: what goes in comes out or stays in.
    @Test(arguments: cases.filter { $0.subjects.isEmpty })
    func balanceCloses(entry: CompositionCase) throws {
        try entry.expectBalance(from: HallSite.plant(climate: "stockholm"))
    }
}
