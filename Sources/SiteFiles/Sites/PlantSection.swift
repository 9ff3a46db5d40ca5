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
            plant.immersionTanks = fields.optional(
                "immersion_tanks",
                list(immersionTank, "an immersion tank", Limits.equipment),
                default: []
            )
            plant.outdoorAirHandlers = fields.optional(
                "outdoor_air_handlers",
                list(outdoorAirHandler, "an outdoor-air handler", Limits.equipment),
                default: []
            )
            plant.mainLoop = waterLoop(fields, prefix: "")
            plant.liquidLoop = fields.optional("liquid_loop", liquidLoop)
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
