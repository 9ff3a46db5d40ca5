// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What one run came to.
package struct SimulationResult: Hashable, Sendable, Encodable {
    /// The controller's name.
    package let controller: String
    /// The site's identifier.
    package let site: String
    package let start: Timestamp
    /// Plant time simulated, in hours.
    package let hours: Double
    package let seed: UInt64
    package let keyFigures: RunKeyFigures
    package let energy: RunEnergy
    package let modes: ModeHours
    /// In a fixed order, also where nothing was violated.
    package let violations: [LimitViolation]
    package let machines: [MachineUse]
    package let wear: ActuatorWear
    package let closure: BalanceClosure
    /// One row per hour, or per five minutes of a short run.
    package let series: [SeriesRow]

    /// The series is for files: a year of it would bury the figures.
    private enum CodingKeys: String, CodingKey {
        case controller, site, start, hours, seed, keyFigures, energy, modes, violations, machines, wear, closure
    }

    /// Whether the run may be used: every day's balance closes, and the meters agree with the plant.
    package var isValid: Bool { closure.isClosed }

    /// Whether it uses less beside the racks and breaks no limit by more.
    func isBetter(than other: SimulationResult) -> Bool {
        guard let own = keyFigures.pue, let others = other.keyFigures.pue, own < others else { return false }
        return zip(violations, other.violations).allSatisfy { $0.kelvinMinutes <= $1.kelvinMinutes }
    }
}

/// The key figures of a whole run from the plant's own balances; nil where there is nothing to divide by.
package struct RunKeyFigures: Hashable, Sendable, Encodable {
    /// Energy across the boundary per energy of the racks (category 3), a ratio.
    package let pue: Double?
    /// The same ratio without the electricity of heat pumps and recovery pump, as the German EnEfG counts it.
    package let pueWithoutHeatUpgrade: Double?
    /// The mechanical part of PUE, a ratio: cooling electricity per energy of the racks.
    package let coolingShare: Double?
    /// Litres of make-up water per kilowatt hour of the racks.
    package let wue: Double?
    /// Heat handed off per energy across the boundary, a ratio.
    package let erf: Double?
    /// Energy across the boundary less heat handed off, per energy of the racks, a ratio.
    package let ere: Double?
    /// Grams of CO2 per kilowatt hour of the racks; nil where the site gives no carbon intensity.
    package let cue: Double?
}

/// Energy, heat and water of a run.
package struct RunEnergy: Hashable, Sendable, Encodable {
    /// Kilowatt hours of the racks.
    package internal(set) var informationTechnology = 0.0
    /// Kilowatt hours across the boundary.
    package internal(set) var facility = 0.0
    /// Kilowatt hours of chillers.
    package internal(set) var chillers = 0.0
    /// Kilowatt hours of tower fans, basin heaters and condenser water pumps.
    package internal(set) var towers = 0.0
    /// Kilowatt hours of facility water pumps.
    package internal(set) var facilityPumps = 0.0
    /// Kilowatt hours of CDU pumps.
    package internal(set) var coolantUnits = 0.0
    /// Kilowatt hours of air handlers' fans.
    package internal(set) var airHandlers = 0.0
    /// Kilowatt hours of heat pumps and recovery pump.
    package internal(set) var heatUpgrade = 0.0
    /// Kilowatt hours lost between boundary and racks, with lighting and offices.
    package internal(set) var electrical = 0.0
    /// Kilowatt hours of heat the network took.
    package internal(set) var heatExported = 0.0
    /// Cubic metres of make-up water.
    package internal(set) var water = 0.0
    /// The highest mean power across the boundary over 15 minutes, in kilowatts.
    package internal(set) var peakPower = 0.0

    /// Kilowatt hours of cooling, without what only upgrades heat.
    package var cooling: Double { chillers + towers + facilityPumps + coolantUnits + airHandlers }
}

/// Hours by how the heat left facility water, told from the plant and not from the controller.
package struct ModeHours: Hashable, Sendable, Encodable {
    /// Economizer alone.
    package internal(set) var free = 0.0
    /// Economizer and chillers.
    package internal(set) var partial = 0.0
    /// Chillers alone.
    package internal(set) var mechanical = 0.0
    /// Heat recovery alone, or nothing at all.
    package internal(set) var none = 0.0
    /// Hours in which heat was recovered, whatever cooled besides.
    package internal(set) var recovering = 0.0
    /// How often the mode changed.
    package internal(set) var changes = 0
    /// The first changes with the hour since the start.
    package internal(set) var log: [ModeChange] = []

    /// Changes that are kept.
    package static let logged = 1_000
}

/// How the heat leaves facility water.
package enum CoolingWay: String, Hashable, Sendable, Encodable {
    case free
    case partial
    case mechanical
    case none
}

/// One change of the cooling mode.
package struct ModeChange: Hashable, Sendable, Encodable {
    /// Hours since the start.
    package let hours: Double
    package let way: CoolingWay
}

/// How far and how long one limit was broken.
package struct LimitViolation: Hashable, Sendable, Encodable {
    /// The limit's name: `coolant_above_maximum`.
    package let limit: String
    /// Kelvin minutes beyond the limit.
    package internal(set) var kelvinMinutes = 0.0
    /// The worst excursion, in kelvins.
    package internal(set) var worst = 0.0
}

/// What one machine with a compressor went through.
package struct MachineUse: Hashable, Sendable, Encodable {
    package let id: String
    /// Compressor starts.
    package let starts: Int
    /// Hours that the compressor ran.
    package let hours: Double
}

/// How much was moved; a stroke is one way from end to end.
package struct ActuatorWear: Hashable, Sendable, Encodable {
    /// Strokes of the economizer valve.
    package internal(set) var economizerStrokes = 0.0
    /// Strokes of all valves.
    package internal(set) var valveStrokes = 0.0
    /// Speed travel of all tower fans, in full ranges.
    package internal(set) var fanTravel = 0.0
    /// Values that the controller wrote.
    package internal(set) var writes = 0
}

/// How well the balances close.
package struct BalanceClosure: Hashable, Sendable, Encodable {
    /// The worst day's heat that is not accounted for, as a share of the heat released.
    package internal(set) var worstHeat = 0.0
    /// The worst day's water that is not accounted for, as a share of what was lost or made up, whichever is more;
    /// what basins lack counts as not yet made up.
    package internal(set) var worstWater = 0.0
    /// The largest difference between metered and true energy of the site, as a share; nil without such meters,
    /// or where they are not exact.
    package internal(set) var meters: Double?

    /// A run whose balance is worse on any day is void.
    package static let limit = 0.001

    package init() {}

    package var isClosed: Bool {
        worstHeat <= Self.limit && worstWater <= Self.limit && (meters ?? 0) <= Self.limit
    }

    /// What keeps the run from being used, in a sentence each.
    package var objections: [String] {
        func percent(_ share: Double) -> Double { (share * 100_000).rounded() / 1_000 }
        let judged = [("heat", worstHeat), ("water", worstWater)].map { name, share in
            ("the \(name) balance of a day is open by \(percent(share)) %", share)
        }
        let metered = meters.map { [("meters and plant differ by \(percent($0)) % in energy", $0)] } ?? []
        return (judged + metered).filter { !($0.1 <= Self.limit) }.map(\.0)
    }
}

/// Means over one row of the series; temperatures in degrees Celsius, powers in kilowatts.
package struct SeriesRow: Hashable, Sendable, Encodable {
    /// Hours since the start, at the end of the row.
    package let hours: Double
    /// Outdoor dry bulb in degrees Celsius.
    package let dryBulb: Double
    /// Outdoor wet bulb in degrees Celsius.
    package let wetBulb: Double
    /// Power of the racks in kilowatts.
    package let itPower: Double
    /// Power across the boundary in kilowatts.
    package let facilityPower: Double
    /// Power of chillers in kilowatts.
    package let chillerPower: Double
    /// Power of towers and condenser water pumps in kilowatts.
    package let towerPower: Double
    /// Heat the network took in kilowatts.
    package let heatExported: Double
    /// Make-up water in cubic metres.
    package let water: Double
    /// Facility water supply in degrees Celsius.
    package let facilityWater: Double
    /// Warmest coolant supply in degrees Celsius.
    package let coolant: Double
    /// Mean number of chillers that ran.
    package let chillers: Double
    /// Share of the row with the economizer alone.
    package let free: Double
    /// Share of the row with economizer and chillers.
    package let partial: Double
    /// Share of the row with chillers alone.
    package let mechanical: Double
}
