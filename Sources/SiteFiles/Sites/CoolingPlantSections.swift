// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// Facility water, chillers, towers, condenser water and the economizer exchanger.
extension SiteDecoder {
    func facilityWater(_ prefix: String) -> Rule<FacilityWaterDescription> {
        .mapping("'facility_water'") { [self] fields in
            let id = identifier(fields, standard: prefix + "facility-water")
            let flow = fields.required("design_flow", .flow(example: "180 L/s"))
            let volume = fields.required("volume", .volume(example: "60 m3"))
            let head = fields.optional("design_head", .pressure(1e3...2e6, example: "200 kPa"))
            let pumpPower = fields.optional("pump_power", .power(example: "100 kW"))
            let setpoint = fields.optional("supply_setpoint", .temperature(5...50, example: "20 degC"))
            let minimum = fields.optional("supply_minimum", .temperature(2...50, example: "15 degC"))
            let maximum = fields.optional("supply_maximum", .temperature(5...60, example: "26 degC"))
            let rise = fields.optional("return_rise", .difference)
            guard let id, let flow, let volume else { return nil }
            var water = FacilityWaterDescription(id: id, designFlow: flow, volume: volume)
            if let head { water.designHead = head }
            if let pumpPower { water.pumpPower = pumpPower }
            if let setpoint { water.supplySetpoint = setpoint }
            if let minimum { water.supplyMinimum = minimum }
            if let maximum { water.supplyMaximum = maximum }
            water.returnRise = rise
            if water.supplyMinimum > water.supplySetpoint || water.supplySetpoint > water.supplyMaximum {
                problems.error(
                    fields.place(of: "supply_setpoint"),
                    "the supply setpoint of \(NumberText.short(water.supplySetpoint.celsius)) degC is outside "
                        + "supply_minimum...supply_maximum, \(NumberText.short(water.supplyMinimum.celsius))..."
                        + "\(NumberText.short(water.supplyMaximum.celsius)) degC; correct one of them"
                )
            }
            return water
        }
    }

    var chiller: Rule<ChillerDescription> {
        .mapping("a chiller") { [self] fields in
            let id = fields.required("id", equipmentNames.definition)
            let capacity = fields.required("capacity", .power(example: "2300 kW"))
            let carnot = fields.optional("carnot_fraction", .share(0.1...0.9))
            let load = fields.optional("minimum_load", .share(0...0.9))
            let coldest = fields.optional("leaving_water_minimum", .temperature(2...30, example: "5 degC"))
            guard let id, let capacity else { return nil }
            var chiller = ChillerDescription(id: id, capacity: capacity)
            if let carnot { chiller.carnotFraction = carnot }
            if let load { chiller.minimumLoad = load }
            if let coldest { chiller.leavingWaterMinimum = coldest }
            chiller.curves = fields.optional("curves", chillerCurves)
            return chiller
        }
    }

    var coolingTower: Rule<CoolingTowerDescription> {
        .mapping("a cooling tower") { [self] fields in
            let id = fields.required("id", equipmentNames.definition)
            let heat = fields.required("rated_heat", .power(example: "2500 kW"))
            let fanPower = fields.required("fan_power", .power(example: "26 kW"))
            let wetBulb = fields.optional("rated_wet_bulb", .temperature(0...35, example: "25.6 degC"))
            let approach = fields.optional("rated_approach", .difference)
            let range = fields.optional("rated_range", .difference)
            let cycles = fields.optional("cycles_of_concentration", .number(1.1...20))
            let model = fields.optional("model", Rule<CoolingTowerModel>.word)
            let slowest = fields.optional("minimum_fan_speed", .share(0.2...0.9))
            guard let id, let heat, let fanPower else { return nil }
            var tower = CoolingTowerDescription(id: id, ratedHeat: heat, fanPower: fanPower)
            if let wetBulb { tower.ratedWetBulb = wetBulb }
            if let approach { tower.ratedApproach = approach }
            if let range { tower.ratedRange = range }
            if let cycles { tower.cyclesOfConcentration = cycles }
            if let model { tower.model = model }
            if let slowest { tower.minimumFanSpeed = slowest }
            warnOfUnusedRating(tower, fields)
            return tower
        }
    }

    func condenserWater(_ prefix: String) -> Rule<CondenserWaterDescription> {
        .mapping("'condenser_water'") { [self] fields in
            let id = identifier(fields, standard: prefix + "condenser-water")
            let flow = fields.required("design_flow", .flow(example: "537 L/s"))
            let volume = fields.required("volume", .volume(example: "120 m3"))
            let pumpPower = fields.optional("pump_power", .power(example: "120 kW"))
            let minimum = fields.optional("basin_minimum", .temperature(1...20, example: "6 degC"))
            guard let id, let flow, let volume else { return nil }
            var water = CondenserWaterDescription(id: id, designFlow: flow, volume: volume)
            if let pumpPower { water.pumpPower = pumpPower }
            if let minimum { water.basinMinimum = minimum }
            return water
        }
    }

    func waterEconomizer(_ prefix: String) -> Rule<WaterEconomizerDescription> {
        .mapping("'water_economizer'") { [self] fields in
            let id = identifier(fields, standard: prefix + "economizer")
            let heat = fields.required("design_heat", .power(example: "10.5 MW"))
            let flow = fields.required("design_flow", .flow(example: "180 L/s"))
            let approach = fields.optional("design_approach", .difference)
            let exponent = fields.optional("approach_exponent", .number(0...2))
            guard let id, let heat, let flow else { return nil }
            var economizer = WaterEconomizerDescription(
                id: id,
                designHeat: heat,
                designFlow: flow,
                approachExponent: exponent
            )
            if let approach { economizer.designApproach = approach }
            return economizer
        }
    }

    /// The `id` of a piece of equipment there is one of, or its usual identifier.
    func identifier(_ fields: Fields, standard: String) -> String? {
        if let given = fields.optional("id", equipmentNames.definition) { return given }
        guard !fields.has("id"), equipmentNames.define(standard, at: fields.place, problems: problems) else {
            return nil
        }
        return standard
    }
}
