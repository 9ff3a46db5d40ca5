// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// One rack's live feeds and its mean power over the last five minutes.
struct RackWindow: Sendable {
    let feeds: RackFeeds
    private var sums: WindowSums
    /// Mean power over the covered part of the window in watts; nil below 90 % covered.
    private(set) var meanWatts: Double?
    /// Share of the window that all the rack's meters cover, 0...1.
    private(set) var completeness = 0.0

    init(_ feeds: RackFeeds, meters: [Int]) {
        self.feeds = feeds
        sums = WindowSums(window: .fiveMinutes, meters: meters)
    }

    /// Moves the window on; `patience` is how long it waits for its meters, in milliseconds.
    mutating func step(_ now: Timestamp, patience: Int64, _ meters: [MeterAccumulator]) {
        guard !sums.meters.isEmpty, sums.advance(to: sums.lastSlot(now: now, patience: patience, meters), meters)
        else { return }
        completeness = sums.completeness
        let isEnough = completeness >= Indicator.leastCompleteness - 1e-9
        meanWatts = isEnough ? Double(sums.deltas.reduce(0, +)) / sums.coveredSeconds : nil
    }
}
