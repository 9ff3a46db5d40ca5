// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Checks of `plant` alone: a part without the part it feeds would have nowhere to put its heat.
extension SiteDecoder {
    /// A part, and the parts of which it needs one.
    private struct Need {
        let key: String
        let isThere: Bool
        let needed: [String]
        let isMet: Bool

        init(_ key: String, _ isThere: Bool, _ needed: [String], _ isMet: Bool) {
            (self.key, self.isThere, self.needed, self.isMet) = (key, isThere, needed, isMet)
        }
    }

    func checkWhatNeedsWhat(_ plant: PlantComposition, _ fields: Fields) {
        // A section that is there but wrong has its own problem.
        for need in Self.needs(plant) where need.isThere && !need.isMet && !need.needed.contains(where: fields.has) {
            let needed = need.needed.map { "'\($0)'" }.joined(separator: " or ")
            problems.error(
                fields.place(of: need.key),
                "'\(need.key)' needs \(needed) in 'plant'; add it or remove '\(need.key)'"
            )
        }
        checkRejections(fields)
    }

    private static func needs(_ plant: PlantComposition) -> [Need] {
        let hasWater = plant.facilityWater != nil
        let hasCondenserWater = plant.condenserWater != nil
        let hasRejection =
            !plant.coolingTowers.isEmpty || !plant.dryCoolers.isEmpty || plant.ambientWater != nil
        let hasCoolant = !plant.coolantDistributionUnits.isEmpty || !plant.immersionTanks.isEmpty
        let water = ["facility_water"]
        let condenserWater = ["condenser_water"]
        let rejections = ["cooling_towers", "dry_coolers", "ambient_water"]
        return [
            Need("coolant_distribution_units", !plant.coolantDistributionUnits.isEmpty, water, hasWater),
            Need("immersion_tanks", !plant.immersionTanks.isEmpty, water, hasWater),
            Need("air_handlers", !plant.airHandlers.isEmpty, water, hasWater),
            Need("chillers", !plant.chillers.isEmpty, water, hasWater),
            Need("chillers", !plant.chillers.isEmpty, condenserWater, hasCondenserWater),
            Need("cooling_towers", !plant.coolingTowers.isEmpty, condenserWater, hasCondenserWater),
            Need("dry_coolers", !plant.dryCoolers.isEmpty, condenserWater, hasCondenserWater),
            Need("ambient_water", plant.ambientWater != nil, condenserWater, hasCondenserWater),
            Need("condenser_water", hasCondenserWater, rejections, hasRejection),
            Need("water_economizer", plant.waterEconomizer != nil, water, hasWater),
            Need("water_economizer", plant.waterEconomizer != nil, condenserWater, hasCondenserWater),
            Need(
                "heat_recovery",
                plant.heatRecovery != nil,
                ["coolant_distribution_units", "immersion_tanks"],
                hasCoolant
            ),
            Need("heat_pumps", !plant.heatPumps.isEmpty, ["heat_recovery"], plant.heatRecovery != nil),
            Need("heat_pumps", !plant.heatPumps.isEmpty, ["district_heating"], plant.districtHeating != nil),
            Need("district_heating", plant.districtHeating != nil, ["heat_recovery"], plant.heatRecovery != nil),
        ]
    }

    /// One condenser water loop has one kind of machine that takes its heat.
    private func checkRejections(_ fields: Fields) {
        let there = ["cooling_towers", "dry_coolers", "ambient_water"].filter(fields.has)
        guard there.count > 1 else { return }
        problems.error(
            fields.place(of: there[1]),
            "'\(there[0])' and '\(there[1])' both take the heat of condenser water; keep one of them"
        )
    }
}
