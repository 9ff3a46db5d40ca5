// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import SwiftProtobuf

/// One value of one series at one moment.
package struct SeriesSample: Hashable, Sendable {
    package let series: MetricSeries
    /// The value in the unit the series' name ends with, or ``staleMarker``.
    package let value: Double
    /// Plant time of the value.
    package let time: Timestamp

    package init(_ series: MetricSeries, _ value: Double, at time: Timestamp) {
        self.series = series
        self.value = value
        self.time = time
    }

    /// The one NaN that says "this series ends here" (Remote-Write 1.0, section "Stale markers").
    package static let staleMarker = Double(bitPattern: 0x7ff0_0000_0000_0002)

    package static func == (left: Self, right: Self) -> Bool {
        left.series == right.series && left.time == right.time && left.value.bitPattern == right.value.bitPattern
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(series)
        hasher.combine(time)
        hasher.combine(value.bitPattern)
    }
}

/// Puts samples into the body of a remote-write request.
package struct WriteRequestEncoder: Sendable {
    private let externalLabels: [MetricLabel]

    package init(externalLabels: [MetricLabel]) { self.externalLabels = externalLabels }

    /// The compressed request: labels sorted by name, the samples of a series together and in the order given.
    package func encode(_ samples: [SeriesSample]) -> [UInt8] {
        var request = Prometheus_WriteRequest()
        var positions: [MetricSeries: Int] = [:]
        for sample in samples {
            let position = positions[sample.series] ?? request.timeseries.count
            if position == request.timeseries.count {
                positions[sample.series] = position
                var series = Prometheus_TimeSeries()
                series.labels = labels(of: sample.series)
                request.timeseries.append(series)
            }
            var encoded = Prometheus_Sample()
            encoded.value = sample.value
            encoded.timestamp = sample.time.milliseconds
            request.timeseries[position].samples.append(encoded)
        }
        // Without required fields and with valid strings only, encoding cannot fail; an empty body would be refused.
        let bytes: [UInt8] = (try? request.serializedBytes()) ?? []
        return Snappy.compress(bytes)
    }

    /// Sorted by the bytes of the name; a label without a value is no label, and a series' own wins over an external.
    private func labels(of series: MetricSeries) -> [Prometheus_Label] {
        var pairs = [MetricLabel("__name__", series.name)] + series.labels
        pairs += externalLabels.filter { external in !pairs.contains { $0.name == external.name } }
        return pairs.filter { !$0.value.isEmpty }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            .map { pair in
                var label = Prometheus_Label()
                label.name = pair.name
                label.value = pair.value
                return label
            }
    }
}
