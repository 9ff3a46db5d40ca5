// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// The electrical power of one rack: as it reads now, and as its meters counted it over five minutes.
package struct RackPower: Hashable, Sendable {
    package let rack: String
    /// The sum of the rack's meters in watts, with the worst quality and the oldest source time among them.
    package let power: Reading
    /// Mean power over the covered part of the last five minutes in watts; nil below 90 % covered.
    package let meanWatts: Double?
    /// Share of the five minutes that all the rack's meters cover, 0...1.
    package let completeness: Double
}

/// A rack's mean power over a window.
struct RackMean: Sendable {
    var watts: Double?
    /// Share of the window that all the rack's meters cover, 0...1.
    var completeness = 0.0

    init() {}

    init(_ sums: WindowSums) {
        guard !sums.meters.isEmpty else { return }
        completeness = sums.completeness
        guard completeness >= Indicator.leastCompleteness - 1e-9 else { return }
        watts = Double(sums.deltas.reduce(0, +)) / sums.coveredSeconds
    }
}

/// The live power points of one rack's meters.
struct RackFeeds: Sendable {
    let rack: String
    /// Empty where a meter of the rack gives no power, or the rack has no meter.
    let points: [PointIndex]

    init(rack: RackDescription, meters: [Int], site: SiteDescription) {
        let points = meters.compactMap {
            site.index(of: PointID(device: site.meters[$0].device, point: CarrierPoints(.electricity).rate))
        }
        self.rack = rack.id
        self.points = points.count == meters.count ? points : []
    }

    /// Positions in the site of the meters that each rack has, in the order of racks.
    static func meters(of site: SiteDescription) -> [[Int]] {
        let equipment = Dictionary(site.devices.map { ($0.id, $0.equipment) }, uniquingKeysWith: { first, _ in first })
        var byRack: [String: [Int]] = [:]
        for (position, meter) in site.meters.enumerated() where meter.place == .rack {
            byRack[equipment[meter.device] ?? meter.device, default: []].append(position)
        }
        return site.plant.racks.map { byRack[$0.id] ?? [] }
    }

    func live(_ image: ProcessImage) -> Reading {
        guard let first = points.first else { return .bad(.notAvailable, at: image.time) }
        var worst = image[first]
        guard points.count > 1 else { return worst }
        var time = worst.sourceTime
        var watts = worst.value
        for point in points.dropFirst() {
            let reading = image[point]
            if reading.quality > worst.quality { worst = reading }
            time = min(time, reading.sourceTime)
            watts += reading.value
        }
        return Reading(value: watts, quality: worst.quality, cause: worst.cause, sourceTime: time)
    }
}
