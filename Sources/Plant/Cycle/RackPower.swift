// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The electrical power of one rack: as it reads now, and as its meters counted it over five minutes.
package struct RackPower: Hashable, Sendable {
    package let rack: String
    /// The sum of the rack's feeds in watts, with the worst quality and the oldest source time among them.
    package var power: Reading
    /// Mean power over the covered part of the last five minutes in watts; nil below 90 % covered.
    package let meanWatts: Double?
    /// Share of the five minutes that all the rack's meters cover, 0...1.
    package let completeness: Double

    package init(rack: String, power: Reading, meanWatts: Double? = nil, completeness: Double = 0) {
        self.rack = rack
        self.power = power
        self.meanWatts = meanWatts
        self.completeness = completeness
    }
}

/// The live power points of one rack, looked up once.
package struct RackFeeds: Hashable, Sendable {
    package let rack: String
    /// One per meter of the rack; that of any device of the rack where the meter tree names none.
    ///
    /// Empty where a meter of the rack gives no power: part of a sum is no sum.
    package let points: [PointIndex]

    /// Finds the points of a rack.
    ///
    /// - Parameters:
    ///   - rack: the rack.
    ///   - meters: positions of its meters in the site, as ``meters(of:)`` gives them.
    ///   - site: the site of both.
    package init(rack: RackDescription, meters: [Int], site: SiteDescription) {
        self.rack = rack.id
        guard !meters.isEmpty else {
            points = site.index(equipment: rack.id, PointName.activePower).map { [$0] } ?? []
            return
        }
        let found = meters.compactMap {
            site.index(of: PointID(device: site.meters[$0].device, point: PointName.activePower))
        }
        points = found.count == meters.count ? found : []
    }

    /// The feeds of every rack of a site, in the order of its racks.
    package static func all(of site: SiteDescription) -> [RackFeeds] {
        zip(site.plant.racks, meters(of: site)).map { RackFeeds(rack: $0, meters: $1, site: site) }
    }

    /// Positions in the site of the meters that each rack has, in the order of racks.
    package static func meters(of site: SiteDescription) -> [[Int]] {
        let equipment = Dictionary(site.devices.map { ($0.id, $0.equipment) }, uniquingKeysWith: { first, _ in first })
        var byRack: [String: [Int]] = [:]
        for (position, meter) in site.meters.enumerated() where meter.place == .rack {
            byRack[equipment[meter.device] ?? meter.device, default: []].append(position)
        }
        return site.plant.racks.map { byRack[$0.id] ?? [] }
    }

    /// The rack's power in an image: the sum in watts, with the worst quality and the oldest source time.
    package func live(_ image: ProcessImage) -> Reading {
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
