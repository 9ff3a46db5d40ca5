// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// One headline of the overview: what it is called, and which points of the site it is read from.
struct SummaryEntry: Sendable {
    enum Source: Sendable {
        /// The point at one piece of equipment, or where that has none, at the first device that has it.
        case point(String, equipment: String?)
        /// The highest value of the point over all devices that have it.
        case highest(String)
        /// The sum of the point over all meters of a place; nothing where one of them does not have it.
        case meters(MeterPlace, EnergyCarrier, String)
        /// Wet bulb from dry bulb, relative humidity and pressure of the weather station.
        case wetBulb(equipment: String)
    }

    /// Stable name, lower snake case.
    let name: String
    let label: String
    let source: Source

    private init(_ name: String, _ label: String, _ source: Source) {
        self.name = name
        self.label = label
        self.source = source
    }

    /// The headlines in the order they are shown; a site shows those it has points for.
    static func all(of plant: PlantComposition) -> [SummaryEntry] {
        let weather = plant.surroundings.weatherStation
        let facilityWater = plant.facilityWater?.id
        let condenserWater = plant.condenserWater?.id
        func point(_ name: String, _ label: String, at equipment: String?) -> SummaryEntry {
            SummaryEntry(name, label, .point(name, equipment: equipment))
        }
        let liquid = plant.liquidLoop?.facilityWater.map { water in
            [
                SummaryEntry(
                    "liquid_loop_supply_temperature",
                    "Liquid loop supply",
                    .point(PointName.facilityWaterSupplyTemperature, equipment: water.id)
                ),
                SummaryEntry(
                    "liquid_loop_return_temperature",
                    "Liquid loop return",
                    .point(PointName.facilityWaterReturnTemperature, equipment: water.id)
                ),
            ]
        }
        let head = [
            point(PointName.outdoorDryBulbTemperature, "Outdoor dry bulb", at: weather),
            SummaryEntry("outdoor_wet_bulb_temperature", "Outdoor wet bulb", .wetBulb(equipment: weather)),
            SummaryEntry(
                "highest_inlet_air_temperature",
                "Warmest rack inlet",
                .highest(PointName.inletAirTemperature)
            ),
            SummaryEntry(
                "highest_coolant_supply_temperature",
                "Warmest coolant supply",
                .highest(PointName.coolantSupplyTemperature)
            ),
            point(PointName.facilityWaterSupplyTemperature, "Facility water supply", at: facilityWater),
            point(PointName.facilityWaterReturnTemperature, "Facility water return", at: facilityWater),
        ]
        let tail = [
            point(PointName.economizerLeavingTemperature, "Economizer leaving", at: plant.waterEconomizer?.id),
            point(PointName.condenserWaterSupplyTemperature, "Condenser water supply", at: condenserWater),
            SummaryEntry("boundary_power", "Site power", .meters(.boundary, .electricity, PointName.activePower)),
            SummaryEntry(
                "exported_heat_power",
                "Heat exported",
                .meters(.heatHandOff, .heat, PointName.thermalPower)
            ),
        ]
        return head + (liquid ?? []) + tail
    }
}
