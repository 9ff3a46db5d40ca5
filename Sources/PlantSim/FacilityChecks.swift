// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// What of a site description the simulator cannot build.
enum FacilityChecks {
    static func problems(of site: SiteDescription) -> [SimulationProblem] {
        rackProblems(of: site) + electricalProblems(of: site) + plantProblems(of: site)
    }

    private static func rackProblems(of site: SiteDescription) -> [SimulationProblem] {
        var problems: [SimulationProblem] = []
        if site.plant.racks.isEmpty {
            let message = "no racks, so there is no load to simulate; describe racks under plant"
            problems.append(SimulationProblem(subject: "site", message: message))
        }
        for rack in site.plant.racks {
            if !(rack.nominalPower.watts > 0) || !rack.nominalPower.isFinite {
                let message = "nominal power of \(rack.nominalPower.watts) W; give a power above zero"
                problems.append(SimulationProblem(subject: rack.id, message: message))
            }
            for (name, share) in [("liquid share", rack.liquidShare), ("idle share", rack.idleShare)]
            where !(0...1).contains(share.fraction) {
                let message = "\(name) of \(share.fraction); give a share between 0 and 1"
                problems.append(SimulationProblem(subject: rack.id, message: message))
            }
        }
        return problems
    }

    private static func electricalProblems(of site: SiteDescription) -> [SimulationProblem] {
        guard let electrical = site.plant.electrical, electrical.lossShare == nil else { return [] }
        let ratings = [
            ("transformer", electrical.transformerRating), ("UPS", electrical.uninterruptibleRating),
            ("distribution", electrical.distributionRating),
        ]
        return ratings.filter { !($0.1.watts > 0) || !$0.1.isFinite }.map { name, rating in
            let message = "\(name) rating of \(rating.watts) W; give a power above zero"
            return SimulationProblem(subject: "site", message: message)
        }
    }

    private static func plantProblems(of site: SiteDescription) -> [SimulationProblem] {
        let plant = site.plant
        guard plant.hasCooling else { return [] }
        var problems = plant.facilityWater == nil ? dryProblems(plant) : []
        for (index, loop) in plant.waterLoops.enumerated() {
            guard let water = loop.facilityWater else { continue }
            problems += loadProblems(plant, loop: index, water) + waterProblems(loop, water)
        }
        if let liquid = plant.liquidLoop, liquid.facilityWater == nil || plant.facilityWater == nil {
            let message = "a loop for liquid needs facility_water, and one for the air handlers beside it"
            problems.append(SimulationProblem(subject: "liquid-loop", message: message))
        }
        if !SimulatedWorld.climates.contains(plant.surroundings.climate) {
            let names = SimulatedWorld.climates.joined(separator: ", ")
            let message = "there is no climate '\(plant.surroundings.climate)'; take one of \(names)"
            problems.append(SimulationProblem(subject: "surroundings", message: message))
        }
        if plant.airHandlers.isEmpty, plant.outdoorAirHandlers.isEmpty {
            let message =
                "racks and UPS give heat to the air, but there are neither air_handlers nor outdoor_air_handlers; "
                + "describe them under plant"
            problems.append(SimulationProblem(subject: "site", message: message))
        }
        return problems + takerProblems(plant)
    }

    /// A water loop needs units that give it heat.
    private static func loadProblems(
        _ plant: PlantComposition,
        loop: Int,
        _ water: FacilityWaterDescription
    ) -> [SimulationProblem] {
        let loads = plant.loads(ofLoop: loop)
        let hasLiquid = !plant.coolantDistributionUnits.isEmpty || !plant.immersionTanks.isEmpty
        if loads.hasLiquid && hasLiquid || loads.hasAir && !plant.airHandlers.isEmpty { return [] }
        let units =
            switch loads {
            case .all: "coolant_distribution_units, immersion_tanks or air_handlers"
            case .liquid: "coolant_distribution_units or immersion_tanks"
            case .air: "air_handlers"
            }
        let message = "nothing gives heat to this loop; describe \(units) under plant"
        return [SimulationProblem(subject: water.id, message: message)]
    }

    /// A water loop needs a way from the loads to the outside.
    private static func waterProblems(
        _ loop: WaterLoopDescription,
        _ water: FacilityWaterDescription
    ) -> [SimulationProblem] {
        var problems: [SimulationProblem] = []
        func add(_ subject: String, _ message: String) {
            problems.append(SimulationProblem(subject: subject, message: message))
        }
        if loop.chillers.isEmpty, loop.waterEconomizer == nil {
            let message =
                "a facility water loop needs chillers, a water_economizer or both to give its heat to condenser water; "
                + "describe them under plant"
            add(water.id, message)
        }
        if loop.condenserWater == nil {
            add(water.id, "a facility water loop without condenser_water cannot be simulated; describe it under plant")
        }
        let rejections = [
            ("cooling_towers", !loop.coolingTowers.isEmpty), ("dry_coolers", !loop.dryCoolers.isEmpty),
            ("ambient_water", loop.ambientWater != nil),
        ].filter(\.1).map(\.0)
        if rejections.isEmpty {
            let message =
                "nothing takes heat from condenser water; describe cooling_towers, dry_coolers or ambient_water under "
                + "plant"
            add(loop.condenserWater?.id ?? water.id, message)
        } else if rejections.count > 1 {
            let message =
                "\(rejections.joined(separator: " and ")) on one condenser water cannot be simulated; keep one"
            add(loop.condenserWater?.id ?? water.id, message)
        }
        return problems
    }

    /// What needs water where there is none.
    private static func dryProblems(_ plant: PlantComposition) -> [SimulationProblem] {
        let parts =
            plant.coolantDistributionUnits.map(\.id) + plant.immersionTanks.map(\.id) + plant.airHandlers.map(\.id)
        return parts.prefix(1).map {
            SimulationProblem(subject: $0, message: "needs facility_water to give its heat to; describe it under plant")
        }
    }

    private static func takerProblems(_ plant: PlantComposition) -> [SimulationProblem] {
        let recoveries = plant.waterLoops.compactMap(\.heatRecovery)
        guard let recovery = recoveries.first else { return [] }
        if recoveries.count > 1 || plant.loopOfRecovery != plant.loopOfLiquid {
            let message = "takes heat from the return of CDUs and tanks, so it stands in their loop and in no other"
            return [SimulationProblem(subject: recovery.id, message: message)]
        }
        guard let taker = plant.districtHeating else {
            let message = "nobody takes the heat; describe district_heating under plant"
            return [SimulationProblem(subject: recovery.id, message: message)]
        }
        let sources =
            plant.coolantDistributionUnits.map(\.coolantSupplySetpoint.celsius)
            + plant.immersionTanks.map(\.coolantSupplySetpoint.celsius)
        guard let warmest = sources.max() else {
            let message =
                "takes heat from the return of CDUs and immersion tanks, but there are none; describe them under plant"
            return [SimulationProblem(subject: recovery.id, message: message)]
        }
        // Returns stand some 10 K above the supply that a unit holds.
        guard plant.heatPumps.isEmpty, taker.supplyRequired.celsius > warmest + 12 else { return [] }
        let message =
            "asks for \(taker.supplyRequired.celsius) °C, which water of CDUs and tanks that hold \(warmest) °C does "
            + "not reach without heat_pumps; add them or lower supply_required"
        return [SimulationProblem(subject: taker.id, message: message)]
    }
}
