// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The head of one family of series: its name, what it measures and how.
struct MetricFamily: Hashable, Sendable {
    enum Kind: Sendable {
        case gauge
        case counter
        case stateSet
        case info
        case histogram
    }

    /// The name as OpenMetrics gives it: without `_total` or `_info`.
    let name: String
    let kind: Kind
    /// The unit the name ends with; empty where the values are bare numbers.
    let unit: String
    let help: String

    init(_ name: String, _ kind: Kind, unit: String = "", help: String) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.help = help
    }

    /// The name of the family's samples; those of a histogram add their own suffix.
    var sampleName: String {
        switch kind {
        case .gauge, .stateSet, .histogram: name
        case .counter: name + "_total"
        case .info: name + "_info"
        }
    }

    /// The word behind `# TYPE`.
    func typeWord(_ format: MetricFormat) -> String {
        switch (kind, format) {
        case (.gauge, _): "gauge"
        case (.counter, _): "counter"
        case (.histogram, _): "histogram"
        case (.stateSet, .openMetrics): "stateset"
        case (.info, .openMetrics): "info"
        case (.stateSet, .prometheusText), (.info, .prometheusText): "gauge"
        }
    }

    /// The name behind `# HELP` and `# TYPE`: plain text knows only sample names, OpenMetrics only families.
    func headName(_ format: MetricFormat) -> String {
        format == .openMetrics || kind == .histogram ? name : sampleName
    }
}
