// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// All families of a site's points, sorted by name.
struct PointFamilies: Sendable {
    let families: [PointSeries]

    /// Puts every point of the site into its family, under the name and with the labels that remote write sends it by.
    init(site: SiteDescription) {
        var summaries: [String: String] = [:]
        for point in site.points {
            let map = site.mapPoint(point.index)
            if !map.summary.isEmpty, summaries[map.name] == nil { summaries[map.name] = map.summary }
        }
        var members: [String: [PointMetric]] = [:]
        for metric in PointMetric.all(of: site) { members[metric.family, default: []].append(metric) }
        families = members.sorted { $0.key < $1.key }.compactMap { name, metrics in
            guard let first = metrics.first else { return nil }
            let point = site[first.point]
            let suffix = point.unit.metricSuffix
            var series = PointSeries(
                MetricFamily(
                    name,
                    first.isCounter ? .counter : first.isStateSet ? .stateSet : .gauge,
                    unit: name.hasSuffix("_" + suffix) ? suffix : "",
                    help: Self.help(summaries[point.id.point], point: point.id.point)
                )
            )
            for metric in metrics { series.add(metric) }
            return series
        }
    }

    private static func help(_ summary: String?, point: String) -> String {
        var text = summary ?? String(point.map { $0 == "_" ? " " : $0 })
        while text.last == "." { text.removeLast() }
        text = text.prefix(1).uppercased() + text.dropFirst()
        return text + ". Newest reading of the agent's own polling; absent while stale or bad."
    }
}
