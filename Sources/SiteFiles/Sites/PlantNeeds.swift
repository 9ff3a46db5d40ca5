// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// A part of the plant, and the parts of which it needs one: without it would have nowhere to put its heat.
struct PlantNeeds {
    let key: String
    let isThere: Bool
    let needed: [String]
    let isMet: Bool

    private init(_ key: String, _ isThere: Bool, _ needed: [String], _ isMet: Bool) {
        (self.key, self.isThere, self.needed, self.isMet) = (key, isThere, needed, isMet)
    }

    /// What the parts of one water loop need of each other.
    static func inside(_ loop: WaterLoopDescription) -> [PlantNeeds] {
        let hasWater = loop.facilityWater != nil
        let hasCondenserWater = loop.condenserWater != nil
        let hasRejection = !loop.coolingTowers.isEmpty || !loop.dryCoolers.isEmpty || loop.ambientWater != nil
        let water = ["facility_water"]
        let condenserWater = ["condenser_water"]
        let rejections = ["cooling_towers", "dry_coolers", "ambient_water"]
        return [
            PlantNeeds("chillers", !loop.chillers.isEmpty, water, hasWater),
            PlantNeeds("chillers", !loop.chillers.isEmpty, condenserWater, hasCondenserWater),
            PlantNeeds("cooling_towers", !loop.coolingTowers.isEmpty, condenserWater, hasCondenserWater),
            PlantNeeds("dry_coolers", !loop.dryCoolers.isEmpty, condenserWater, hasCondenserWater),
            PlantNeeds("ambient_water", loop.ambientWater != nil, condenserWater, hasCondenserWater),
            PlantNeeds("condenser_water", hasCondenserWater, rejections, hasRejection),
            PlantNeeds("water_economizer", loop.waterEconomizer != nil, water, hasWater),
            PlantNeeds("water_economizer", loop.waterEconomizer != nil, condenserWater, hasCondenserWater),
        ]
    }

    /// What the loads need of the loops.
    static func loads(_ plant: PlantComposition) -> [PlantNeeds] {
        let hasWater = plant.facilityWater != nil
        let hasWaterForLiquid = hasWater || plant.liquidLoop != nil
        let water = ["facility_water"]
        let anyWater = ["facility_water", "liquid_loop"]
        let liquid = ["coolant_distribution_units", "immersion_tanks"]
        let hasLiquid = !plant.coolantDistributionUnits.isEmpty || !plant.immersionTanks.isEmpty
        return [
            PlantNeeds(liquid[0], !plant.coolantDistributionUnits.isEmpty, anyWater, hasWaterForLiquid),
            PlantNeeds(liquid[1], !plant.immersionTanks.isEmpty, anyWater, hasWaterForLiquid),
            PlantNeeds("air_handlers", !plant.airHandlers.isEmpty, water, hasWater),
            PlantNeeds("liquid_loop", plant.liquidLoop != nil, liquid, hasLiquid),
            PlantNeeds("liquid_loop", plant.liquidLoop != nil, water, hasWater),
        ]
    }

    /// What heat export needs.
    static func export(_ plant: PlantComposition) -> [PlantNeeds] {
        let hasLiquid = !plant.coolantDistributionUnits.isEmpty || !plant.immersionTanks.isEmpty
        let hasRecovery = plant.loopOfRecovery != nil
        let liquid = ["coolant_distribution_units", "immersion_tanks"]
        let recovery = ["heat_recovery"]
        let district = plant.districtHeating != nil
        return [
            PlantNeeds("heat_recovery", plant.heatRecovery != nil, liquid, hasLiquid),
            PlantNeeds("heat_pumps", !plant.heatPumps.isEmpty, recovery, hasRecovery),
            PlantNeeds("heat_pumps", !plant.heatPumps.isEmpty, ["district_heating"], district),
            PlantNeeds("district_heating", district, recovery, hasRecovery),
        ]
    }
}

/// Checks of `plant` alone.
extension SiteDecoder {
    func checkWhatNeedsWhat(_ plant: PlantComposition, _ fields: Fields) {
        let needs = PlantNeeds.loads(plant) + PlantNeeds.inside(plant.mainLoop) + PlantNeeds.export(plant)
        check(needs, fields, section: "plant")
        checkRejections(fields)
        if fields.has("liquid_loop") { checkBesideLiquidLoop(plant, fields) }
    }

    func check(_ needs: [PlantNeeds], _ fields: Fields, section: String) {
        // A section that is there but wrong has its own problem.
        for need in needs where need.isThere && !need.isMet && !need.needed.contains(where: fields.has) {
            let needed = need.needed.map { "'\($0)'" }.joined(separator: " or ")
            problems.error(
                fields.place(of: need.key),
                "'\(need.key)' needs \(needed) in '\(section)'; add it or remove '\(need.key)'"
            )
        }
    }

    /// One condenser water loop has one kind of machine that takes its heat.
    func checkRejections(_ fields: Fields) {
        let there = ["cooling_towers", "dry_coolers", "ambient_water"].filter(fields.has)
        guard there.count > 1 else { return }
        problems.error(
            fields.place(of: there[1]),
            "'\(there[0])' and '\(there[1])' both take the heat of condenser water; keep one of them"
        )
    }

    /// With a loop for liquid, the plant's own loop serves air handlers and nothing else.
    private func checkBesideLiquidLoop(_ plant: PlantComposition, _ fields: Fields) {
        if fields.has("facility_water"), !fields.has("air_handlers") {
            problems.error(
                fields.place(of: "facility_water"),
                "beside 'liquid_loop' this loop serves air handlers alone, and there are none; add 'air_handlers' or "
                    + "put the parts of 'liquid_loop' here in its place"
            )
        }
        if fields.has("heat_recovery") {
            problems.error(
                fields.place(of: "heat_recovery"),
                "'heat_recovery' takes heat from the return of CDUs and tanks, which is that of 'liquid_loop'; "
                    + (plant.liquidLoop?.heatRecovery == nil ? "move it there" : "keep the one there")
            )
        }
    }
}
