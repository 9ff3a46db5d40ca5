// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// One report with when it came and the trend that led to it.
struct ReportSnapshot: Sendable {
    let report: StatusReport
    /// When the report came, since the view was started.
    let received: Duration
    let trends: ReportTrends
}

/// The last headline values of the reports seen, for the small curves beside them.
struct ReportTrends: Sendable {
    /// Samples kept of each value.
    static let maximumSamples = 240
    /// Values followed at most.
    static let maximumSeries = 64

    /// Oldest first, nil where there was no current value; by the value's name.
    private var series: [String: [Double?]] = [:]
    private var lastTime: Timestamp?

    /// The samples of a value, oldest first.
    func samples(_ name: String) -> [Double?] { series[name] ?? [] }

    /// Takes one sample of each headline value.
    ///
    /// A report of a cycle seen before adds nothing, and one from an earlier plant time begins anew: the agent was
    /// started again.
    mutating func add(_ report: StatusReport) {
        if let lastTime {
            guard report.site.plantTime != lastTime else { return }
            if report.site.plantTime < lastTime { series = [:] }
        }
        lastTime = report.site.plantTime
        for value in report.summary {
            guard series[value.name] != nil || series.count < Self.maximumSeries else { continue }
            var samples = series[value.name] ?? []
            if samples.count >= Self.maximumSamples { samples.removeFirst() }
            samples.append(value.reading.isCurrent ? value.reading.value : nil)
            series[value.name] = samples
        }
    }
}

extension ReadingReport {
    /// Whether the value may be taken as the present one.
    var isCurrent: Bool { quality == Quality.good.word || quality == Quality.uncertain.word }

    /// How the value is drawn; the quality's word stands beside it.
    var role: ScreenRole {
        switch quality {
        case Quality.good.word: .normal
        case Quality.uncertain.word: .warning
        case Quality.stale.word: .stale
        default: .alarm
        }
    }

    /// The sign before a line whose value is not good.
    var sign: String {
        switch quality {
        case Quality.good.word: " "
        case Quality.uncertain.word: "~"
        default: "!"
        }
    }
}
