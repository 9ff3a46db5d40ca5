// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim

/// The rows of a run's series: means and sums over an hour, or over five minutes of a short run.
struct SeriesBuilder: Sendable {
    private(set) var rows: [SeriesRow] = []
    private let length: Double
    private var seconds = 0.0
    private var elapsed = 0.0
    private var waterBefore = 0.0
    private var exportedBefore = 0.0
    private var sums = Sums()

    /// Runs up to this long get rows of five minutes.
    private static let short = Duration.seconds(7 * 86_400)

    /// Sums over the present row, each value times seconds.
    private struct Sums {
        var dryBulb = 0.0
        var wetBulb = 0.0
        var racks = 0.0
        var boundary = 0.0
        var chillers = 0.0
        var towers = 0.0
        var water = 0.0
        var coolant = 0.0
        var running = 0.0
        var free = 0.0
        var partial = 0.0
        var mechanical = 0.0
    }

    init(duration: Duration) { length = duration <= Self.short ? 300 : 3_600 }

    /// Adds one step of `dt` seconds.
    ///
    /// - Returns: Whether the row is full and ``close(_:)`` is due.
    mutating func add(
        _ flows: PowerFlows,
        _ cooling: CoolingPowers?,
        _ seen: PlantObservation,
        _ way: CoolingWay,
        dt: Double
    ) -> Bool {
        sums.dryBulb += seen.dryBulb * dt
        sums.wetBulb += seen.wetBulb * dt
        sums.racks += flows.informationTechnology * dt
        sums.boundary += flows.boundary * dt
        if let powers = cooling {
            sums.chillers += powers.chillers * dt
            sums.towers += powers.towers * dt
            sums.water += seen.facilityWaterSupply * dt
            sums.coolant += seen.warmestCoolant * dt
        }
        sums.running += Double(seen.runningChillers) * dt
        switch way {
        case .free: sums.free += dt
        case .partial: sums.partial += dt
        case .mechanical: sums.mechanical += dt
        case .none: break
        }
        seconds += dt
        elapsed += dt
        return seconds >= length
    }

    /// Closes the present row, where anything is in it.
    mutating func close(_ balance: PlantBalance) {
        guard seconds > 0 else { return }
        rows.append(
            SeriesRow(
                hours: elapsed / 3_600,
                dryBulb: sums.dryBulb / seconds,
                wetBulb: sums.wetBulb / seconds,
                itPower: sums.racks / seconds / 1_000,
                facilityPower: sums.boundary / seconds / 1_000,
                chillerPower: sums.chillers / seconds / 1_000,
                towerPower: sums.towers / seconds / 1_000,
                heatExported: (balance.exported - exportedBefore) / seconds / 1_000,
                water: (balance.makeUp - waterBefore) / 1_000,
                facilityWater: sums.water / seconds,
                coolant: sums.coolant / seconds,
                chillers: sums.running / seconds,
                free: sums.free / seconds,
                partial: sums.partial / seconds,
                mechanical: sums.mechanical / seconds
            )
        )
        exportedBefore = balance.exported
        waterBefore = balance.makeUp
        sums = Sums()
        seconds = 0
    }
}
