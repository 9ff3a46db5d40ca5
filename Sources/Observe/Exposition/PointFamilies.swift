// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// All families of a site's points, sorted by name.
struct PointFamilies: Sendable {
    let families: [PointSeries]

    /// Puts every point of the site into its family: one per canonical name and unit.
    ///
    /// A name is a counter where any map of the site says so, and a set of states where any map names its codes:
    /// a family has one type, whatever the devices.
    ///
    /// - Parameters:
    ///   - site: The site.
    ///   - taken: Names of families and samples that the agent uses for itself.
    init(site: SiteDescription, taken: Set<String>) {
        var counters: Set<String> = []
        var stateSets: Set<String> = []
        var summaries: [String: String] = [:]
        for point in site.points {
            let map = site.mapPoint(point.index)
            if map.counter != nil { counters.insert(map.name) }
            if map.baseUnit == .enumeration, !map.labels.isEmpty { stateSets.insert(map.name) }
            if !map.summary.isEmpty, summaries[map.name] == nil { summaries[map.name] = map.summary }
        }

        var members: [String: [PointDescription]] = [:]
        for point in site.points {
            var name = MetricNaming.family(
                point: point.id.point,
                unit: point.unit,
                isCounter: counters.contains(point.id.point)
            )
            if Self.endings.contains(where: { taken.contains(name + $0) }) {
                name = MetricNaming.prefix + "point_" + name.dropFirst(MetricNaming.prefix.count)
            }
            members[name, default: []].append(point)
        }

        families = members.sorted { $0.key < $1.key }.compactMap { name, points in
            guard let first = points.first else { return nil }
            let kind: MetricFamily.Kind =
                points.contains { counters.contains($0.id.point) }
                ? .counter : points.contains { stateSets.contains($0.id.point) } ? .stateSet : .gauge
            let suffix = first.unit.metricSuffix
            var series = PointSeries(
                MetricFamily(
                    name,
                    kind,
                    unit: name.hasSuffix("_" + suffix) ? suffix : "",
                    help: Self.help(summaries[first.id.point], point: first.id.point)
                )
            )
            for point in points {
                series.add(point, map: site.mapPoint(point.index), device: site.devices[point.device])
            }
            return series
        }
    }

    /// What may follow a family's name in a sample's.
    private static let endings = ["", "_total", "_info", "_bucket", "_sum", "_count", "_created"]

    private static func help(_ summary: String?, point: String) -> String {
        var text = summary ?? String(point.map { $0 == "_" ? " " : $0 })
        while text.last == "." { text.removeLast() }
        text = text.prefix(1).uppercased() + text.dropFirst()
        return text + ". Newest reading of the agent's own polling; absent while stale or bad."
    }
}
