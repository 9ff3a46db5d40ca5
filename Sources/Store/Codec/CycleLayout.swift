// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Which series the positions of a cycle's row stand for, and how the values of each come about.
///
/// Fixed while the agent runs: the readings in site order, the meters' totals, then wish and decided value of every
/// point that can be written. A restart with another site makes another layout; rows of both stand in the same file.
struct CycleLayout: Hashable, Sendable {
    let series: [StoredPoint]
    let models: [ValueModel]
    /// How many of the series, counted from the first, are readings.
    let readingCount: Int

    /// The most series one layout may have; a bound for what a damaged file can ask for.
    static let seriesLimit = 1_000_000

    init(series: [StoredPoint], models: [ValueModel]) {
        self.series = series
        self.models = models
        readingCount = series.prefix { $0.kind == .reading }.count
    }

    init(site: SiteDescription) {
        var series: [StoredPoint] = []
        var models: [ValueModel] = []
        for point in site.points {
            series.append(
                StoredPoint(device: point.id.device, point: point.id.point, kind: .reading, unit: point.unit)
            )
            models.append(ValueModel(site.mapPoint(point.index)))
        }
        let totals = CycleLayout.totals(of: site)
        series += totals.series
        models += totals.models
        for point in site.points where site.mapPoint(point.index).write != nil {
            for kind in [StoredPoint.Kind.wish, .decided] {
                series.append(
                    StoredPoint(device: point.id.device, point: point.id.point, kind: kind, unit: point.unit)
                )
                models.append(ValueModel(site.mapPoint(point.index)))
            }
        }
        self.init(series: series, models: models)
    }

    /// The layout of the 15 min totals: one series per meter, in the order of the meter tree.
    static func totals(of site: SiteDescription) -> CycleLayout {
        var seen: Set<String> = []
        let series = site.meters.map { meter in
            StoredPoint.total(
                device: meter.device,
                place: meter.place,
                isFirstOfDevice: seen.insert(meter.device).inserted
            )
        }
        return CycleLayout(series: series, models: Array(repeating: .whole, count: series.count))
    }

    /// The readings alone: the layout of roll-ups.
    var readings: CycleLayout {
        CycleLayout(series: Array(series.prefix(readingCount)), models: Array(models.prefix(readingCount)))
    }

    /// The bytes under which a database keeps the layout; `ids` are the series' numbers in that database.
    func encoded(ids: [Int64]) -> [UInt8] {
        var distinct: [ValueModel] = []
        var places: [ValueModel: Int] = [:]
        for model in models where places[model] == nil {
            places[model] = distinct.count
            distinct.append(model)
        }
        var writer = ByteWriter()
        writer.append(byte: 1)
        writer.append(count: distinct.count)
        for model in distinct { model.write(to: &writer) }
        writer.append(count: series.count)
        var previous: Int64 = 0
        for (id, model) in zip(ids, models) {
            writer.append(signed: id - previous)
            writer.append(count: places[model] ?? 0)
            previous = id
        }
        return writer.bytes
    }

    /// Reads what ``encoded(ids:)`` made; `seriesByID` is the database's own table of series.
    init(_ bytes: [UInt8], seriesByID: [Int64: StoredPoint]) throws(CodecError) {
        var reader = ByteReader(bytes)
        let format = try reader.byte()
        guard format == 1 else { throw CodecError(detail: "layout format \(format) is not known to this release") }
        var distinct: [ValueModel] = []
        for _ in 0..<(try reader.count(limit: Self.seriesLimit)) { distinct.append(try ValueModel(from: &reader)) }
        var series: [StoredPoint] = []
        var models: [ValueModel] = []
        var id: Int64 = 0
        for _ in 0..<(try reader.count(limit: Self.seriesLimit)) {
            id &+= try reader.signed()
            let model = try reader.count(limit: distinct.count)
            guard model < distinct.count else { throw CodecError(detail: "value model \(model) is not listed") }
            guard let point = seriesByID[id] else { throw CodecError(detail: "series \(id) has no name") }
            series.append(point)
            models.append(distinct[model])
        }
        self.init(series: series, models: models)
    }
}
