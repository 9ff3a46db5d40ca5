// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// The section `plant`: what stands there and how large it is.
extension SiteDecoder {
    /// The composition without the racks of the top level, which the site's rule adds.
    var plant: Rule<PlantComposition> {
        .mapping("'plant'") { [self] fields in
            var plant = PlantComposition()
            plant.surroundings = fields.optional("surroundings", surroundings, default: plant.surroundings)
            racks += fields.optional("racks", list(rack.placed, "a rack", Limits.racks), default: [])
            plant.coolantDistributionUnits = fields.optional(
                "coolant_distribution_units",
                list(coolantDistributionUnit, "a CDU", Limits.equipment),
                default: []
            )
            plant.airHandlers = fields.optional(
                "air_handlers",
                list(airHandler, "an air handler", Limits.equipment),
                default: []
            )
            plant.facilityWater = fields.optional("facility_water", facilityWater)
            plant.chillers = fields.optional("chillers", list(chiller, "a chiller", Limits.equipment), default: [])
            plant.coolingTowers = fields.optional(
                "cooling_towers",
                list(coolingTower, "a cooling tower", Limits.equipment),
                default: []
            )
            plant.condenserWater = fields.optional("condenser_water", condenserWater)
            plant.waterEconomizer = fields.optional("water_economizer", waterEconomizer)
            plant.heatRecovery = fields.optional("heat_recovery", heatRecovery)
            plant.heatPumps = fields.optional(
                "heat_pumps",
                list(heatPump, "a heat pump", Limits.equipment),
                default: []
            )
            plant.districtHeating = fields.optional("district_heating", districtHeating)
            plant.electrical = fields.optional("electrical", Self.electrical)
            checkWhatNeedsWhat(plant, fields)
            return plant
        }
    }

    /// A part without the part it feeds would have nowhere to put its heat.
    private func checkWhatNeedsWhat(_ plant: PlantComposition, _ fields: Fields) {
        let needs: [(key: String, isThere: Bool, needed: String, isMet: Bool)] = [
            (
                "coolant_distribution_units", !plant.coolantDistributionUnits.isEmpty, "facility_water",
                plant.facilityWater != nil
            ),
            ("air_handlers", !plant.airHandlers.isEmpty, "facility_water", plant.facilityWater != nil),
            ("chillers", !plant.chillers.isEmpty, "facility_water", plant.facilityWater != nil),
            ("chillers", !plant.chillers.isEmpty, "condenser_water", plant.condenserWater != nil),
            ("cooling_towers", !plant.coolingTowers.isEmpty, "condenser_water", plant.condenserWater != nil),
            ("condenser_water", plant.condenserWater != nil, "cooling_towers", !plant.coolingTowers.isEmpty),
            ("water_economizer", plant.waterEconomizer != nil, "facility_water", plant.facilityWater != nil),
            ("water_economizer", plant.waterEconomizer != nil, "condenser_water", plant.condenserWater != nil),
            (
                "heat_recovery", plant.heatRecovery != nil, "coolant_distribution_units",
                !plant.coolantDistributionUnits.isEmpty
            ),
            ("heat_pumps", !plant.heatPumps.isEmpty, "heat_recovery", plant.heatRecovery != nil),
            ("heat_pumps", !plant.heatPumps.isEmpty, "district_heating", plant.districtHeating != nil),
            ("district_heating", plant.districtHeating != nil, "heat_pumps", !plant.heatPumps.isEmpty),
        ]
        // A section that is there but wrong has its own problem.
        for need in needs where need.isThere && !need.isMet && !fields.has(need.needed) {
            problems.error(
                fields.place(of: need.key),
                "'\(need.key)' needs '\(need.needed)' in 'plant'; add it or remove '\(need.key)'"
            )
        }
    }
}

extension Rule where Value == Power {
    /// A power above zero, up to 10 GW.
    static func power(example: String) -> Rule {
        Rule<Double>.quantity(.watts, 1...10e9, example: example).map { Power(watts: $0) }
    }
}

extension Rule where Value == VolumeFlow {
    /// A flow above zero, of air or of a liquid.
    static func flow(example: String) -> Rule {
        Rule<Double>.quantity(.cubicMetersPerSecond, 1e-6...10_000, example: example)
            .map { VolumeFlow(cubicMetersPerSecond: $0) }
    }
}

extension Rule where Value == Volume {
    /// A volume above zero.
    static func volume(example: String) -> Rule {
        Rule<Double>.quantity(.cubicMeters, 1e-3...1e6, example: example).map { Volume(cubicMeters: $0) }
    }
}

extension Rule where Value == Pressure {
    /// A pressure in a range of pascals.
    static func pressure(_ pascals: ClosedRange<Double>, example: String) -> Rule {
        Rule<Double>.quantity(.pascals, pascals, example: example).map { Pressure(pascals: $0) }
    }
}

extension Rule where Value == Temperature {
    /// A temperature in a range of degrees Celsius.
    static func temperature(_ celsius: ClosedRange<Double>, example: String) -> Rule {
        Rule<Double>.quantity(.celsius, celsius, example: example).map { Temperature(celsius: $0) }
    }
}

extension Rule where Value == TemperatureDifference {
    /// The difference between two streams of a machine: 0.1 to 40 K.
    static var difference: Rule {
        Rule<Double>.quantity(.kelvins, 0.1...40, example: "4 K").map { TemperatureDifference(kelvins: $0) }
    }
}

extension Rule where Value == Ratio {
    /// A share, bare or in percent.
    static func share(_ range: ClosedRange<Double>) -> Rule {
        Rule<Double>.quantity(.ratio, range, example: "25 %", bare: SourceUnit("ratio", .ratio))
            .map { Ratio(fraction: $0) }
    }
}
