// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The series of one family of points, with everything but the values put together once per site.
struct PointSeries: Sendable {
    let family: MetricFamily
    private var values: [ValueSeries] = []
    private var states: [StateSeries] = []
    /// Names and labels of all series, one behind the other.
    private var text: [UInt8] = []

    /// A point whose value is shown as it is.
    private struct ValueSeries: Sendable {
        let point: PointIndex
        let text: Range<Int>
    }

    /// A point whose value is one of named states.
    private struct StateSeries: Sendable {
        struct State: Sendable {
            let codes: [Int]
            let text: Range<Int>
        }

        let point: PointIndex
        let states: [State]
        /// The labels of the point, for a code that has no name.
        let labels: [(name: String, value: String)]
    }

    init(_ family: MetricFamily) { self.family = family }

    var textSize: Int { text.count + 24 * (values.count + states.count) }

    mutating func add(_ metric: PointMetric) {
        let labels = metric.series.labels.map { (name: $0.name, value: $0.value) }
        guard metric.isStateSet else {
            values.append(ValueSeries(point: metric.point, text: append(labels)))
            return
        }
        let states = metric.states.map { state in
            StateSeries.State(codes: state.codes, text: append(labels + [(name: family.name, value: state.name)]))
        }
        self.states.append(StateSeries(point: metric.point, states: states, labels: labels))
    }

    private mutating func append(_ labels: [(name: String, value: String)]) -> Range<Int> {
        let start = text.count
        text.append(contentsOf: family.sampleName.utf8)
        text.append(UInt8(ascii: "{"))
        text.append(contentsOf: ExpositionBuffer.labels(labels))
        text.append(contentsOf: "} ".utf8)
        return start..<text.count
    }

    /// Writes the series whose readings are current; stale and bad ones are left out, so nothing old looks live.
    func write(_ image: ProcessImage, to buffer: inout ExpositionBuffer) {
        buffer.begin(family)
        for series in values {
            guard let value = image[series.point].usableValue else { continue }
            buffer.sample(text[series.text], value)
        }
        for series in states {
            guard let value = image[series.point].usableValue, let code = Int(exactly: value) else { continue }
            var isNamed = false
            for state in series.states {
                let holds = state.codes.contains(code)
                isNamed = isNamed || holds
                buffer.sample(text[state.text], holds ? 1 : 0)
            }
            if !isNamed {
                buffer.sample(ExpositionBuffer.labels(series.labels + [(name: family.name, value: String(code))]), 1)
            }
        }
    }
}
