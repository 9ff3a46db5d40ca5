// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Simulation

/// Months added up: parts of PUE as shares of the racks' energy, hours by cooling mode scaled to a year.
struct YearOfFigures {
    static let header =
        "site,weather,controller,days,pue,wue,chillers,towers,facility_pumps,coolant_units,air_handlers,electrical,"
        + "free_hours,partial_hours,mechanical_hours,kelvin_minutes,valid"

    /// In kilowatt hours; water in cubic metres.
    private var parts = Array(repeating: 0.0, count: 7)
    private var racks = 0.0
    private var facility = 0.0
    private var hours = Array(repeating: 0.0, count: 3)
    private var total = 0.0
    /// Beyond thermal limits, in the simulated time.
    private var kelvinMinutes = 0.0
    private var isValid = true

    init(_ results: [SimulationResult]) {
        for result in results {
            let energy = result.energy
            let present = [
                energy.chillers, energy.towers, energy.facilityPumps, energy.coolantUnits, energy.airHandlers,
                energy.electrical, energy.water * 1_000,
            ]
            for index in parts.indices { parts[index] += present[index] }
            let ways = [result.modes.free, result.modes.partial, result.modes.mechanical]
            for index in hours.indices { hours[index] += ways[index] }
            racks += energy.informationTechnology
            facility += energy.facility
            total += result.hours
            kelvinMinutes += result.violations.reduce(0) { $0 + $1.kelvinMinutes }
            isValid = isValid && result.isValid
        }
    }

    /// Energy across the boundary over that of the racks, a ratio.
    var pue: Double { facility / racks }

    func line(_ names: [String]) -> String {
        let shares = parts.map { String(format: "%.4f", $0 / racks) }
        let year = hours.map { String(format: "%.0f", $0 / total * 8_760) }
        let ends = [String(format: "%.1f", kelvinMinutes), "\(isValid)"]
        return (names + [String(format: "%.4f", pue), shares[6]] + shares.prefix(6) + year + ends)
            .joined(separator: ",")
    }
}
