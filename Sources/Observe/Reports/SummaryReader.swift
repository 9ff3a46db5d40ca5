// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// Reads one headline from the images of a site.
struct SummaryReader: Sendable {
    private enum Places: Sendable {
        case point(PointIndex)
        case highest([PointIndex])
        case total([Term])
        case wetBulb(dryBulb: PointIndex, humidity: PointIndex, pressure: PointIndex?, standard: Pressure)
    }

    private struct Term: Sendable {
        let index: PointIndex
        let sign: Double
    }

    let name: String
    let label: String
    let unit: PointUnit
    private let places: Places

    /// Looks the points up; nil where the site does not have them.
    init?(_ entry: SummaryEntry, site: SiteDescription) {
        guard let places = Self.places(of: entry.source, in: site) else { return nil }
        name = entry.name
        label = entry.label
        self.places = places
        switch places {
        case .point(let index): unit = site[index].unit
        case .highest(let indices): unit = indices.first.map { site[$0].unit } ?? .count
        case .total(let terms): unit = terms.first.map { site[$0.index].unit } ?? .count
        case .wetBulb: unit = .celsius
        }
    }

    func value(in image: ProcessImage) -> SummaryValue {
        SummaryValue(name: name, label: label, reading: ReadingReport(reading(in: image), unit: unit, now: image.time))
    }

    private func reading(in image: ProcessImage) -> Reading {
        switch places {
        case .point(let index):
            return image[index]
        case .highest(let indices):
            let readings = indices.map { image[$0] }
            let usable = readings.filter { $0.usableValue != nil }
            return usable.max { $0.value < $1.value } ?? readings.first ?? .bad(.notAvailable, at: image.time)
        case .total(let terms):
            return Self.total(terms.map { ($0.sign, image[$0.index]) }, at: image.time)
        case .wetBulb(let dryBulb, let humidity, let pressure, let standard):
            return Self.wetBulb(image[dryBulb], image[humidity], pressure.map { image[$0] }, standard: standard)
        }
    }

    /// The sum of several meters; as good as the worst of them, as old as the oldest.
    ///
    /// A feeder that cannot be read leaves no total: a sum over the others would look like a load that fell.
    private static func total(_ terms: [(sign: Double, reading: Reading)], at time: Timestamp) -> Reading {
        let readings = terms.map(\.reading)
        guard let worst = readings.max(by: { $0.quality < $1.quality }) else { return .bad(.notAvailable, at: time) }
        let sourceTime = readings.map(\.sourceTime).min() ?? time
        let value = terms.reduce(0) { $0 + $1.sign * $1.reading.value }
        let cause: QualityCause = readings.count == 1 || worst.isGood ? worst.cause : .inputsNotGood
        guard value.isFinite else { return Reading(value: .nan, quality: .bad, cause: cause, sourceTime: sourceTime) }
        return Reading(value: value, quality: worst.quality, cause: cause, sourceTime: sourceTime)
    }

    /// The wet bulb of outdoor air; as good as the worst of its inputs, as old as the oldest.
    ///
    /// A barometer that cannot be read is replaced by the site's standard pressure: 1 kPa moves the wet bulb by less
    /// than 0.1 K.
    static func wetBulb(_ dryBulb: Reading, _ humidity: Reading, _ pressure: Reading?, standard: Pressure) -> Reading {
        let air = MoistAir(
            dryBulb: Temperature(celsius: dryBulb.value),
            relativeHumidity: Ratio(fraction: humidity.value),
            pressure: pressure?.usableValue.map { Pressure(pascals: $0) } ?? standard
        )
        let worse = dryBulb.quality < humidity.quality ? humidity : dryBulb
        let sourceTime = min(dryBulb.sourceTime, humidity.sourceTime)
        let celsius = dryBulb.value.isFinite && humidity.value.isFinite ? air.wetBulb.celsius : .nan
        guard celsius.isFinite else {
            return Reading(value: .nan, quality: .bad, cause: .inputsNotGood, sourceTime: sourceTime)
        }
        return Reading(
            value: celsius,
            quality: worse.quality,
            cause: worse.isGood ? .none : .inputsNotGood,
            sourceTime: sourceTime
        )
    }

    private static func places(of source: SummaryEntry.Source, in site: SiteDescription) -> Places? {
        switch source {
        case .point(let point, let equipment):
            let own = equipment.flatMap { site.index(equipment: $0, point) }
            return (own ?? site.points.first { $0.id.point == point }?.index).map(Places.point)
        case .highest(let point):
            let indices = site.points.filter { $0.id.point == point }.map(\.index)
            return indices.isEmpty ? nil : .highest(indices)
        case .meters(let place, let carrier, let point):
            let meters = site.meters.filter { $0.place == place && $0.carrier == carrier }
            let terms = meters.compactMap { meter in
                site.index(of: PointID(device: meter.device, point: point))
                    .map { Term(index: $0, sign: Double(meter.sign)) }
            }
            return terms.isEmpty || terms.count < meters.count ? nil : .total(terms)
        case .wetBulb(let equipment):
            guard let dryBulb = site.index(equipment: equipment, PointName.outdoorDryBulbTemperature),
                let humidity = site.index(equipment: equipment, PointName.outdoorRelativeHumidity)
            else { return nil }
            return .wetBulb(
                dryBulb: dryBulb,
                humidity: humidity,
                pressure: site.index(equipment: equipment, PointName.outdoorAirPressure),
                standard: site.plant.surroundings.atmosphericPressure
            )
        }
    }
}
