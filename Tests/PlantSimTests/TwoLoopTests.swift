// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

/// The hall with its CDUs on a warm loop of their own.
struct TwoLoopTests {
    /// Gives the CDUs a warm loop with dry coolers and the heat export, and leaves the main loop what the air needs.
    @Sendable private static func split(_ plant: inout PlantComposition) {
        var liquid = WaterLoopDescription()
        liquid.facilityWater = FacilityWaterDescription(
            id: "warm-water",
            designFlow: VolumeFlow(litersPerSecond: 220),
            pumpPower: Power(kilowatts: 70),
            volume: Volume(cubicMeters: 60),
            supplySetpoint: Temperature(celsius: 34),
            supplyMaximum: Temperature(celsius: 36)
        )
        liquid.dryCoolers = (1...5).map {
            var cooler = DryCoolerDescription(id: "cooler-\($0)", ratedHeat: Power(kilowatts: 2_931))
            cooler.leavingSetpoint = Temperature(celsius: 32)
            return cooler
        }
        liquid.condenserWater = CondenserWaterDescription(
            id: "warm-condenser",
            designFlow: VolumeFlow(litersPerSecond: 250),
            pumpPower: Power(kilowatts: 60),
            volume: Volume(cubicMeters: 60)
        )
        liquid.waterEconomizer = WaterEconomizerDescription(
            id: "warm-economizer",
            designHeat: Power(megawatts: 9),
            designFlow: VolumeFlow(litersPerSecond: 220)
        )
        liquid.heatRecovery = plant.heatRecovery
        plant.heatRecovery = nil
        plant.facilityWater?.designFlow = VolumeFlow(litersPerSecond: 60)
        plant.facilityWater?.volume = Volume(cubicMeters: 20)
        plant.chillers = (1...3).map { ChillerDescription(id: "chiller-\($0)", capacity: Power(megawatts: 1)) }
        plant.coolingTowers.removeLast(4)
        plant.condenserWater?.designFlow = VolumeFlow(litersPerSecond: 107)
        plant.condenserWater?.volume = Volume(cubicMeters: 26)
        plant.waterEconomizer?.designHeat = Power(megawatts: 1.8)
        plant.waterEconomizer?.designFlow = VolumeFlow(litersPerSecond: 50)
        plant.liquidLoop = liquid
        for index in plant.coolantDistributionUnits.indices {
            plant.coolantDistributionUnits[index].coolantSupplySetpoint = Temperature(celsius: 38)
        }
    }

    private static var plant: PlantComposition {
        var plant = HallSite.plant(climate: "stockholm")
        split(&plant)
        return plant
    }

    private static let lake = AmbientWaterDescription(
        source: .lake,
        designHeat: Power(megawatts: 12),
        designFlow: VolumeFlow(litersPerSecond: 550),
        pumpPower: Power(kilowatts: 120)
    )

    static let cases = [
        CompositionCase(name: "dry coolers", subjects: []) { _ in },
        CompositionCase(name: "lake water", subjects: []) {
            $0.liquidLoop?.dryCoolers = []
            $0.liquidLoop?.ambientWater = lake
        },
        CompositionCase(name: "towers on both", subjects: []) {
            $0.liquidLoop?.dryCoolers = []
            $0.liquidLoop?.coolingTowers = (6...10).map {
                CoolingTowerDescription(
                    id: "tower-\($0)",
                    ratedHeat: Power(megawatts: 2),
                    fanPower: Power(kilowatts: 20)
                )
            }
        },
        CompositionCase(name: "a trim chiller", subjects: []) {
            $0.liquidLoop?.chillers = [ChillerDescription(id: "trim", capacity: Power(megawatts: 1))]
        },
        CompositionCase(name: "no CDUs", subjects: ["warm-water", "heat-recovery"]) {
            $0.coolantDistributionUnits = []
        },
        CompositionCase(name: "no air handlers", subjects: ["facility-water", "site"]) { $0.airHandlers = [] },
        CompositionCase(name: "no way out of the warm loop", subjects: ["warm-water"]) {
            $0.liquidLoop?.waterEconomizer = nil
        },
        CompositionCase(name: "nothing that rejects", subjects: ["warm-condenser"]) { $0.liquidLoop?.dryCoolers = [] },
        CompositionCase(name: "no water in the second", subjects: ["liquid-loop"]) {
            $0.liquidLoop?.facilityWater = nil
        },
        CompositionCase(name: "heat recovery in both", subjects: ["heat-recovery"]) {
            $0.heatRecovery = $0.liquidLoop?.heatRecovery
        },
    ]

    @Test(arguments: cases)
    func isBuiltOrRefusedWithItsPart(entry: CompositionCase) {
        entry.expectBuiltOrRefused(from: Self.plant)
    }

    /// Every way out of the warm loop, an hour at work: what goes in comes out or stays in.
    @Test(arguments: cases.filter { $0.subjects.isEmpty })
    func balanceCloses(entry: CompositionCase) throws {
        try entry.expectBalance(from: Self.plant)
    }

    /// With nobody in command, each loop holds its own temperature, and each unit shows that of its own.
    @Test func eachUnitHangsOnItsLoop() throws {
        let site = HallSite.make(climate: "frankfurt", change: Self.split)
        var facility = try #require(Facility.make(site: site, seed: 1, start: HallSite.start).0)
        for _ in 0..<360 { facility.step(dt: .seconds(10)) }
        func value(_ equipment: String, _ point: String) throws -> Double {
            let index = try #require(site.index(equipment: equipment, point))
            return try #require(facility.value(of: index))
        }
        let cold = try value("facility-water", PointName.facilityWaterSupplyTemperature)
        let warm = try value("cdu-1", PointName.facilityWaterEnteringTemperature)
        #expect(abs(cold - 18) < 0.5)
        #expect((32...34.5).contains(warm))
        #expect(abs(try value("cdu-1", PointName.coolantSupplyTemperature) - 38) < 0.5)
        // Nothing but air handlers draws on the cold loop: 12 of 180 kW at 8 K, about 65 L/s at most.
        #expect(try value("facility-water", PointName.facilityWaterVolumeFlow) < 0.065)
        var seen = PlantObservation()
        facility.observe(&seen)
        #expect(abs(seen.facilityWaterSupply - cold) < 0.1 && (32...34.5).contains(seen.liquidLoopSupply))
        #expect(seen.coolantBranchReturn > 40)
    }

    /// A fault of one loop's pumps leaves the other's flow as it was.
    @Test func faultsFindTheirLoop() throws {
        let site = HallSite.make(climate: "frankfurt", change: Self.split)
        var facility = try #require(Facility.make(site: site, seed: 1, start: HallSite.start).0)
        let event = PlantFaultEvent(
            after: .zero,
            lasts: nil,
            equipment: PointGlob("facility-water"),
            fault: .pumpLost(.full),
            origin: ""
        )
        facility.apply(PlantFaults([event], at: .zero, plant: site.plant))
        for _ in 0..<60 { facility.step(dt: .seconds(5)) }
        let flow = try #require(site.index(equipment: "facility-water", PointName.facilityWaterVolumeFlow))
        let unit = try #require(site.index(equipment: "cdu-1", PointName.facilityWaterVolumeFlow))
        #expect((facility.value(of: flow) ?? .nan) < 0.002)
        #expect((facility.value(of: unit) ?? .nan) > 0.004)
    }
}
