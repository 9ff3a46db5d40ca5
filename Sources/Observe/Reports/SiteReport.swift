// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

/// The answer to `GET /api/v1/site`: what a fleet needs to know before it places work here.
///
/// Every figure says how far it may be trusted; one that cannot be given is nil, with the reason in `basis`.
package struct SiteReport: Hashable, Sendable, Codable {
    package let id: String
    package let name: String
    /// ISO 3166-1 alpha-2 code of the country whose law the site's data is under.
    package let jurisdiction: String
    package let version: String
    /// Plant time of the cycle the figures come from.
    package let plantTime: Timestamp
    /// Plant seconds per wall second; nil on a real site.
    package let timeScale: Double?
    /// The racks' nominal power together.
    package let capacity: SiteFigure
    /// The power of those racks that can be read.
    package let informationTechnologyPower: SiteFigure
    /// Capacity less power, with every rack that cannot be read counted as fully loaded.
    package let headroom: SiteFigure
    package let kpis: [KPIResult]

    enum CodingKeys: String, CodingKey {
        case id, name, jurisdiction, version, plantTime, timeScale, capacity, headroom, kpis
        case informationTechnologyPower = "itPower"
    }
}

/// One figure with how far it may be trusted.
package struct SiteFigure: Hashable, Sendable, Codable {
    /// The figure in `unit`; nil where it cannot be given.
    package let value: Double?
    package let unit: PointUnit
    /// `good`, `uncertain` or `bad`.
    package let quality: String
    /// Share of the nominal power behind the figure that is known from good readings, 0...1.
    package let confidence: Double
    /// What the figure rests on, or why it is missing.
    package let basis: String
}

extension SiteReport {
    package init(site: SiteDescription, record: CycleRecord, version: String) {
        id = site.id
        name = site.name
        jurisdiction = site.jurisdiction
        self.version = version
        plantTime = record.image.time
        timeScale = site.simulation?.timeScale
        kpis = record.kpis

        let load = RackLoad(site.plant.racks, record.racks)
        capacity = SiteFigure(
            value: load.racks == 0 ? nil : load.nominalWatts,
            unit: .watts,
            quality: (load.racks == 0 ? Quality.bad : .good).word,
            confidence: load.racks == 0 ? 0 : 1,
            basis: load.racks == 0 ? "the site file names no racks" : "nominal power of \(load.racks) racks"
        )
        informationTechnologyPower = SiteFigure(
            value: load.readRacks == 0 ? nil : load.readWatts,
            unit: .watts,
            quality: load.quality.word,
            confidence: load.confidence,
            basis: "\(load.readRacks) of \(load.racks) racks read"
        )
        let unreadRacks = load.racks - load.readRacks
        headroom = SiteFigure(
            value: load.readRacks == 0 ? nil : max(0, load.nominalWatts - load.readWatts - load.unreadNominalWatts),
            unit: .watts,
            quality: load.quality.word,
            confidence: load.confidence,
            basis: load.readRacks == 0
                ? "no rack can be read"
                : unreadRacks == 0
                    ? "every rack read" : "\(unreadRacks) of \(load.racks) racks not read, counted as fully loaded"
        )
    }
}

/// The racks' load as far as it can be read.
private struct RackLoad {
    var racks = 0
    var readRacks = 0
    var nominalWatts = 0.0
    var readWatts = 0.0
    var unreadNominalWatts = 0.0
    var goodNominalWatts = 0.0

    /// - Parameters:
    ///   - descriptions: the racks of the site.
    ///   - powers: one per rack in the same order; empty in a record without them.
    init(_ descriptions: [RackDescription], _ powers: [RackPower]) {
        for (position, rack) in descriptions.enumerated() {
            racks += 1
            nominalWatts += rack.nominalPower.watts
            let reading = position < powers.count ? powers[position].power : .notYetRead
            guard let watts = reading.usableValue else {
                unreadNominalWatts += rack.nominalPower.watts
                continue
            }
            readRacks += 1
            readWatts += watts
            if reading.isGood { goodNominalWatts += rack.nominalPower.watts }
        }
    }

    var confidence: Double { nominalWatts > 0 ? goodNominalWatts / nominalWatts : 0 }

    var quality: Quality {
        if readRacks == 0 { return .bad }
        return readRacks == racks && goodNominalWatts == nominalWatts ? .good : .uncertain
    }
}
