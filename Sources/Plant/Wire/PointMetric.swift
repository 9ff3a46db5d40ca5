// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The identity of one time series: a name and labels.
package struct MetricSeries: Hashable, Sendable {
    package let name: String
    /// In the order of the metrics page; whoever needs them sorted sorts them.
    package let labels: [MetricLabel]

    package init(_ name: String, _ labels: [MetricLabel] = []) {
        self.name = name
        self.labels = labels
    }

    /// The same series with one label more.
    package func with(_ label: MetricLabel) -> MetricSeries { MetricSeries(name, labels + [label]) }
}

/// One label of a time series.
package struct MetricLabel: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// The series of one point of a site.
package struct PointMetric: Sendable {
    package let point: PointIndex
    /// The series of the value; for a point with named states, the series without the state's own label.
    package let series: MetricSeries
    /// The name of the family, without `_total`.
    package let family: String
    /// Whether the value is a running total, which is never negative.
    package let isCounter: Bool
    /// Whether the value is one of named states, each of which has a series of 0 or 1.
    package let isStateSet: Bool
    /// The names of the states with their codes, each name once, in the map's order.
    package let states: [(name: String, codes: [Int])]

    /// The samples of a current value; none where the value cannot be one of this series.
    package func samples(of value: Double) -> [(series: MetricSeries, value: Double)] {
        guard isStateSet else { return isCounter && value < 0 ? [] : [(series, value)] }
        guard let code = Int(exactly: value) else { return [] }
        var samples = states.map { state in
            (series: series.with(MetricLabel(family, state.name)), value: state.codes.contains(code) ? 1.0 : 0)
        }
        // A code the map does not name is shown by its number.
        if !samples.contains(where: { $0.value == 1 }) {
            samples.append((series: series.with(MetricLabel(family, String(code))), value: 1))
        }
        return samples
    }

    /// The series of every point of a site, in the order of the points.
    ///
    /// A name is a counter where any map of the site says so, and a set of states where any map names its codes: a
    /// family has one type, whatever the devices.
    package static func all(of site: SiteDescription) -> [PointMetric] {
        var counters: Set<String> = []
        var stateSets: Set<String> = []
        for point in site.points {
            let map = site.mapPoint(point.index)
            if map.counter != nil { counters.insert(map.name) }
            if map.baseUnit == .enumeration, !map.labels.isEmpty { stateSets.insert(map.name) }
        }
        let families = site.points.map { point in
            MetricNaming.familyApartFromOwn(
                point: point.id.point,
                unit: point.unit,
                isCounter: counters.contains(point.id.point)
            )
        }
        // Two names may meet in one family; what one of them is, the family is.
        var counterFamilies: Set<String> = []
        var stateFamilies: Set<String> = []
        for (point, family) in zip(site.points, families) {
            if counters.contains(point.id.point) { counterFamilies.insert(family) }
            if stateSets.contains(point.id.point) { stateFamilies.insert(family) }
        }
        var seen: Set<MetricSeries> = []
        return zip(site.points, families).map { point, family in
            let device = site.devices[point.device]
            let isCounter = counterFamilies.contains(family)
            var series = MetricSeries(
                isCounter ? family + "_total" : family,
                [MetricLabel("device", device.id), MetricLabel("equipment", device.equipment)]
            )
            // Two points of one device may differ only in what a metric's name cannot say; the point tells them apart.
            if !seen.insert(series).inserted { series = series.with(MetricLabel("point", point.id.point)) }
            return PointMetric(
                point: point.index,
                series: series,
                family: family,
                isCounter: isCounter,
                isStateSet: !isCounter && stateFamilies.contains(family),
                states: states(of: site.mapPoint(point.index))
            )
        }
    }

    private static func states(of map: MapPoint) -> [(name: String, codes: [Int])] {
        var names: [String] = []
        for label in map.labels where !names.contains(label.name) { names.append(label.name) }
        return names.map { name in (name, map.labels.filter { $0.name == name }.map(\.code)) }
    }
}
