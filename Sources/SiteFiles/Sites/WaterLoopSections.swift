// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The parts of a facility water loop, and the loop of its own that CDUs and immersion tanks may have.
extension SiteDecoder {
    /// Reads the parts of one loop, whose keys stand in `plant` or in `liquid_loop`.
    ///
    /// - Parameters:
    ///   - fields: Where the keys stand.
    ///   - prefix: What the usual ids of parts of which a loop has one begin with.
    /// - Returns: the loop without the parts that are wrong.
    func waterLoop(_ fields: Fields, prefix: String) -> WaterLoopDescription {
        var loop = WaterLoopDescription()
        loop.facilityWater = fields.optional("facility_water", facilityWater(prefix))
        loop.chillers = fields.optional("chillers", list(chiller, "a chiller", Limits.equipment), default: [])
        loop.coolingTowers = fields.optional(
            "cooling_towers",
            list(coolingTower, "a cooling tower", Limits.equipment),
            default: []
        )
        loop.dryCoolers = fields.optional(
            "dry_coolers",
            list(dryCooler, "a dry cooler", Limits.equipment),
            default: []
        )
        loop.ambientWater = fields.optional("ambient_water", ambientWater(prefix))
        loop.condenserWater = fields.optional("condenser_water", condenserWater(prefix))
        loop.waterEconomizer = fields.optional("water_economizer", waterEconomizer(prefix))
        loop.heatRecovery = fields.optional("heat_recovery", heatRecovery)
        return loop
    }

    /// A second, warmer loop; the keys of `plant` itself are then those of the air handlers' loop.
    var liquidLoop: Rule<WaterLoopDescription> {
        .mapping("'liquid_loop'") { [self] fields in
            let loop = waterLoop(fields, prefix: "liquid-")
            if !fields.has("facility_water") {
                problems.error(fields.place, "'liquid_loop' needs 'facility_water', the water that it is; add it")
            }
            check(PlantNeeds.inside(loop), fields, section: "liquid_loop")
            checkRejections(fields)
            return loop
        }
    }
}
