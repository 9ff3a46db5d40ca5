// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The families of measurements that other parts of the agent hand in with each cycle.
enum ExtraFamilies {
    struct Entry {
        let family: MetricFamily
        let samples: [(labels: [UInt8], value: Double)]

        func write(to buffer: inout ExpositionBuffer) {
            buffer.begin(family)
            for sample in samples { buffer.sample(sample.labels, sample.value) }
        }
    }

    /// Groups measurements by name, sorted by name, labels in the order they came; drops names that are taken.
    ///
    /// Of two with the same name and labels the first counts.
    static func of(_ metrics: [AgentMetric], taken: Set<String>) -> [Entry] {
        var groups: [String: [AgentMetric]] = [:]
        for metric in metrics {
            groups[MetricNaming.prefix + MetricNaming.sanitized(metric.name), default: []].append(metric)
        }
        return groups.filter { !taken.contains($0.key) }.sorted { $0.key < $1.key }.compactMap { name, group in
            guard let first = group.first else { return nil }
            var seen: Set<[AgentMetricLabel]> = []
            let samples = group.filter { seen.insert($0.labels).inserted }.map { metric in
                let labels = metric.labels.map { (name: MetricNaming.sanitized($0.name), value: $0.value) }
                return (labels: ExpositionBuffer.labels(labels), value: metric.value)
            }
            return Entry(
                family: MetricFamily(name, first.kind == .counter ? .counter : .gauge, help: first.help),
                samples: samples
            )
        }
    }
}
