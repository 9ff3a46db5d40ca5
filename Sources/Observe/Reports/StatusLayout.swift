// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

/// Where the values of a status report stand in the images of one site, looked up once.
///
/// A pure function of site and record: the same cycle gives the same report.
package struct StatusLayout: Sendable {
    private let site: SiteDescription
    private let version: String
    private let racks: [RackPlaces]
    private let summary: [SummaryReader]

    private struct RackPlaces: Sendable {
        let rack: RackDescription
        let inletAirTemperature: PointIndex?
    }

    package init(site: SiteDescription, version: String) {
        self.site = site
        self.version = version
        racks = site.plant.racks.map { rack in
            RackPlaces(
                rack: rack,
                inletAirTemperature: site.index(equipment: rack.id, PointName.inletAirTemperature)
            )
        }
        summary = SummaryEntry.all(of: site.plant).compactMap { SummaryReader($0, site: site) }
    }

    /// Everything one screen needs, from one cycle.
    package func report(_ record: CycleRecord) -> StatusReport {
        StatusReport(
            site: header(record),
            kpis: record.kpis,
            racks: rackReports(record),
            summary: summary.map { $0.value(in: record.image) },
            loops: record.loops,
            devices: record.devices,
            alarms: record.alarms
        )
    }

    func header(_ record: CycleRecord) -> SiteHeader {
        SiteHeader(
            id: site.id,
            name: site.name,
            version: version,
            sequence: record.sequence,
            plantTime: record.image.time,
            wallTime: record.wallTime,
            timeScale: site.simulation?.timeScale
        )
    }

    func rackReports(_ record: CycleRecord) -> [RackReport] {
        racks.enumerated().map { position, places in
            let power = position < record.racks.count ? record.racks[position].power : .notYetRead
            return RackReport(
                id: places.rack.id,
                hall: places.rack.hall,
                nominalWatts: places.rack.nominalPower.watts,
                power: ReadingReport(power, unit: .watts, now: record.image.time),
                inletAirTemperature: places.inletAirTemperature.map { reading(at: $0, in: record) }
            )
        }
    }

    /// The readings of the points whose identifiers match, in site order; all where no pattern is given.
    func pointReports(_ record: CycleRecord, matching glob: PointGlob?) -> [PointReport] {
        site.points.compactMap { point in
            if let glob, !glob.matches(point.id) { return nil }
            return PointReport(
                id: point.id,
                equipment: site.devices[point.device].equipment,
                reading: reading(at: point.index, in: record)
            )
        }
    }

    func reading(at index: PointIndex, in record: CycleRecord) -> ReadingReport {
        ReadingReport(record.image[index], unit: site[index].unit, now: record.image.time)
    }
}
