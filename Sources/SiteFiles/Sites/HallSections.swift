// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// The pieces of equipment in a hall: CDUs and air handlers, and the air around the whole plant.
extension SiteDecoder {
    var coolantDistributionUnit: Rule<CoolantDistributionUnitDescription> {
        .mapping("a CDU") { [self] fields in
            let id = fields.required("id", equipmentNames.definition)
            let capacity = fields.required("capacity", .power(example: "1350 kW"))
            let coolantFlow = fields.required("design_coolant_flow", .flow(example: "27 L/s"))
            let waterFlow = fields.required("design_facility_water_flow", .flow(example: "16 L/s"))
            let approach = fields.optional("approach", .difference)
            let coolant = fields.optional("coolant", Rule<Coolant>.word)
            let pumpPower = fields.optional("pump_power", .power(example: "12 kW"))
            let setpoint = fields.optional("coolant_supply_setpoint", .temperature(5...60, example: "32 degC"))
            guard let id, let capacity, let coolantFlow, let waterFlow else { return nil }
            var unit = CoolantDistributionUnitDescription(
                id: id,
                capacity: capacity,
                designCoolantFlow: coolantFlow,
                designFacilityWaterFlow: waterFlow
            )
            if let approach { unit.approach = approach }
            if let coolant { unit.coolant = coolant }
            if let pumpPower { unit.pumpPower = pumpPower }
            if let setpoint { unit.coolantSupplySetpoint = setpoint }
            return unit
        }
    }

    var airHandler: Rule<AirHandlerDescription> {
        .mapping("an air handler") { [self] fields in
            let id = fields.required("id", equipmentNames.definition)
            let hall = fields.optional("hall", .identifier, default: "hall-1")
            let capacity = fields.required("capacity", .power(example: "180 kW"))
            let airFlow = fields.required("design_air_flow", .flow(example: "13 m3/s"))
            let fanPower = fields.required("fan_power", .power(example: "6 kW"))
            let setpoint = fields.optional("supply_air_setpoint", .temperature(10...40, example: "24 degC"))
            let control = fields.optional("fan_control", Rule<FanControl>.word)
            guard let id, let capacity, let airFlow, let fanPower else { return nil }
            var unit = AirHandlerDescription(
                id: id,
                hall: hall,
                capacity: capacity,
                designAirFlow: airFlow,
                fanPower: fanPower
            )
            if let setpoint { unit.supplyAirSetpoint = setpoint }
            if let control { unit.fanControl = control }
            return unit
        }
    }

    var surroundings: Rule<SurroundingsDescription> {
        .mapping("'surroundings'") { [self] fields in
            var surroundings = SurroundingsDescription()
            if let pressure = fields.optional("atmospheric_pressure", .pressure(50e3...110e3, example: "1013 hPa")) {
                surroundings.atmosphericPressure = pressure
            }
            weatherStation = fields.optional("weather_station", Rule<String>.identifier.placed)
            if let weatherStation { surroundings.weatherStation = weatherStation.value }
            if let climate = fields.optional("climate", .identifier) {
                surroundings.climate = climate
                climatePlace = fields.place(of: "climate")
            }
            return surroundings
        }
    }

    static var electrical: Rule<ElectricalDescription> {
        Rule<ElectricalDescription>.mapping("'electrical'") { fields in
            if fields.has("loss_share") { return lossShare(fields) }
            let transformer = fields.required("transformer_rating", .power(example: "16 MW"))
            let uninterruptible = fields.required("ups_rating", .power(example: "12 MW"))
            let distribution = fields.required("distribution_rating", .power(example: "12.5 MW"))
            let auxiliary = fields.optional("auxiliary", .power(example: "40 kW"))
            let vintage = fields.optional("vintage", Rule<PowerChainVintage>.word)
            guard let transformer, let uninterruptible, let distribution else { return nil }
            var electrical = ElectricalDescription(
                transformerRating: transformer,
                uninterruptibleRating: uninterruptible,
                distributionRating: distribution
            )
            if let auxiliary { electrical.auxiliary = auxiliary }
            if let vintage { electrical.vintage = vintage }
            return electrical
        }
    }

    /// A share says all of a chain, so whatever stands beside it would mean nothing.
    private static func lossShare(_ fields: Fields) -> ElectricalDescription? {
        let share = fields.required("loss_share", .share(0...0.5))
        let anything = Rule<Bool> { _, _, _ in true }
        for key in ["transformer_rating", "ups_rating", "distribution_rating", "auxiliary", "vintage"]
        where fields.optional(key, anything) != nil {
            fields.problems.error(
                fields.place(of: key),
                "'\(key)' stands beside 'loss_share', which says all that is lost; keep one"
            )
        }
        return share.map(ElectricalDescription.init(lossShare:))
    }
}
