// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Puts what a cycle brought into the positions of the site's layout.
struct CycleSampler {
    let layout: CycleLayout
    private let meters: [MeterDescription]
    /// The position of the wish of every point that can be written; the decided value stands behind it.
    private let wishes: [PointID: Int]
    private(set) var row: CycleRow

    init(site: SiteDescription, layout: CycleLayout) {
        self.layout = layout
        meters = site.meters
        var wishes: [PointID: Int] = [:]
        for (position, series) in layout.series.enumerated() where series.kind == .wish {
            wishes[PointID(device: series.device, point: series.point)] = position
        }
        self.wishes = wishes
        row = CycleRow(seriesCount: layout.series.count)
    }

    /// Whether the layout has a place for what is decided for a point.
    func hasPlace(for point: PointID) -> Bool { wishes[point] != nil }

    /// Fills ``row`` from a record whose image has one reading for every point of the site.
    mutating func fill(from record: CycleRecord) {
        row.time = record.image.time.milliseconds
        row.wallTime = record.wallTime.milliseconds
        row.sequence = Int64(record.sequence)
        for (position, reading) in record.image.readings.enumerated() {
            row.set(
                position,
                bits: reading.value.bitPattern,
                quality: reading.quality,
                cause: reading.cause,
                sourceTime: reading.sourceTime
            )
        }
        for position in layout.readingCount..<layout.series.count { row.clear(position) }
        for (order, total) in record.totals.enumerated() { fill(total, order: order) }
        for decision in record.decisions {
            guard let position = wishes[decision.point] else { continue }
            for (place, value) in [(position, decision.wish), (position + 1, decision.value)] {
                row.set(
                    place,
                    bits: value.bitPattern,
                    quality: .good,
                    cause: .none,
                    sourceTime: record.image.time
                )
            }
        }
    }

    /// The part of ``row`` that the 15 min totals keep.
    var totalsRow: CycleRow {
        var totals = CycleRow(seriesCount: meters.count)
        totals.time = row.time
        totals.wallTime = row.wallTime
        totals.sequence = row.sequence
        for order in meters.indices {
            let position = layout.readingCount + order
            totals.bits[order] = row.bits[position]
            totals.status[order] = row.status[position]
            totals.sourceTimes[order] = row.sourceTimes[position]
        }
        return totals
    }

    private mutating func fill(_ total: MeterTotal, order: Int) {
        // Totals come in the order of the meter tree as a rule; a search is only for those that do not.
        func stands(_ meter: MeterDescription) -> Bool { meter.device == total.device && meter.place == total.place }
        let isInOrder = order < meters.count && stands(meters[order])
        guard let place = isInOrder ? order : meters.firstIndex(where: stands) else { return }
        row.set(
            layout.readingCount + place,
            bits: UInt64(bitPattern: total.total),
            quality: total.isCovered ? .good : .uncertain,
            cause: total.isCovered ? .none : .inputsNotGood,
            sourceTime: total.sourceTime
        )
    }
}
