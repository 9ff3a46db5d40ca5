// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// Dry coolers, ambient water, immersion tanks and outdoor-air handlers.
extension SiteDecoder {
    var dryCooler: Rule<DryCoolerDescription> {
        .mapping("a dry cooler") { [self] fields in
            let id = fields.required("id", equipmentNames.definition)
            let heat = fields.required("rated_heat", .power(example: "2930 kW"))
            let entering = fields.optional("rated_entering", .temperature(10...80, example: "46 degC"))
            let leaving = fields.optional("rated_leaving", .temperature(5...75, example: "40.5 degC"))
            let dryBulb = fields.optional("rated_dry_bulb", .temperature(0...55, example: "35 degC"))
            let fanPower = fields.optional("fan_power", .power(example: "118 kW"))
            let setpoint = fields.optional("leaving_setpoint", .temperature(5...60, example: "25 degC"))
            let pads = fields.optional("pad_effectiveness", .share(0.1...0.95))
            guard let id, let heat else { return nil }
            var cooler = DryCoolerDescription(id: id, ratedHeat: heat, fanPower: fanPower, padEffectiveness: pads)
            if let entering { cooler.ratedEntering = entering }
            if let leaving { cooler.ratedLeaving = leaving }
            if let dryBulb { cooler.ratedDryBulb = dryBulb }
            if let setpoint { cooler.leavingSetpoint = setpoint }
            if cooler.ratedEntering <= cooler.ratedLeaving || cooler.ratedLeaving <= cooler.ratedDryBulb {
                problems.error(
                    fields.place,
                    "dry cooler '\(id)' cannot cool \(Self.celsius(cooler.ratedEntering)) to "
                        + "\(Self.celsius(cooler.ratedLeaving)) with air of \(Self.celsius(cooler.ratedDryBulb)); "
                        + "rated_entering must be above rated_leaving, and that above rated_dry_bulb"
                )
            }
            return cooler
        }
    }

    func ambientWater(_ prefix: String) -> Rule<AmbientWaterDescription> {
        .mapping("'ambient_water'") { [self] fields in
            let id = identifier(fields, standard: prefix + "ambient-water")
            let source = fields.required("source", Rule<AmbientWaterDescription.Source>.word)
            let heat = fields.required("design_heat", .power(example: "5 MW"))
            let flow = fields.required("design_flow", .flow(example: "200 L/s"))
            let pumpPower = fields.required("pump_power", .power(example: "60 kW"))
            let approach = fields.optional("design_approach", .difference)
            let setpoint = fields.optional("leaving_setpoint", .temperature(4...50, example: "15 degC"))
            let warmest = fields.optional("discharge_maximum", .temperature(5...45, example: "28 degC"))
            let rise = fields.optional("discharge_rise", .difference)
            guard let id, let source, let heat, let flow, let pumpPower else { return nil }
            var water = AmbientWaterDescription(
                id: id,
                source: source,
                designHeat: heat,
                designFlow: flow,
                pumpPower: pumpPower
            )
            if let approach { water.designApproach = approach }
            if let setpoint { water.leavingSetpoint = setpoint }
            if let warmest { water.dischargeMaximum = warmest }
            if let rise { water.dischargeRise = rise }
            return water
        }
    }

    var immersionTank: Rule<ImmersionTankDescription> {
        .mapping("an immersion tank") { [self] fields in
            let id = fields.required("id", equipmentNames.definition)
            let capacity = fields.required("capacity", .power(example: "210 kW"))
            let approach = fields.optional("approach", .difference)
            let setpoint = fields.optional("coolant_supply_setpoint", .temperature(15...60, example: "40 degC"))
            let pumpPower = fields.optional("pump_power", .power(example: "2 kW"))
            guard let id, let capacity else { return nil }
            var tank = ImmersionTankDescription(id: id, capacity: capacity, pumpPower: pumpPower)
            if let approach { tank.approach = approach }
            if let setpoint { tank.coolantSupplySetpoint = setpoint }
            return tank
        }
    }

    var outdoorAirHandler: Rule<OutdoorAirHandlerDescription> {
        .mapping("an outdoor-air handler") { [self] fields in
            let id = fields.required("id", equipmentNames.definition)
            let hall = fields.optional("hall", .identifier, default: "hall-1")
            let airFlow = fields.required("design_air_flow", .flow(example: "13 m3/s"))
            let fanPower = fields.required("fan_power", .power(example: "6 kW"))
            let setpoint = fields.optional("supply_air_setpoint", .temperature(10...40, example: "24 degC"))
            guard let id, let airFlow, let fanPower else { return nil }
            var unit = OutdoorAirHandlerDescription(id: id, hall: hall, designAirFlow: airFlow, fanPower: fanPower)
            if let setpoint { unit.supplyAirSetpoint = setpoint }
            return unit
        }
    }

    private static func celsius(_ temperature: Temperature) -> String {
        NumberText.short(temperature.celsius) + " degC"
    }
}
