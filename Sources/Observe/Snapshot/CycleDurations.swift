// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// A histogram of the wall time that cycles took.
struct CycleDurations: Hashable, Sendable {
    /// Upper bounds in seconds, with the spelling both exposition formats accept as `le`.
    static let bounds: [(seconds: Double, label: String)] = [
        (0.0001, "0.0001"), (0.00025, "0.00025"), (0.0005, "0.0005"), (0.001, "0.001"), (0.0025, "0.0025"),
        (0.005, "0.005"), (0.01, "0.01"), (0.025, "0.025"), (0.05, "0.05"), (0.1, "0.1"), (0.25, "0.25"),
        (0.5, "0.5"), (1, "1.0"), (2.5, "2.5"),
    ]

    /// Cycles per bucket, not cumulated; the last is for those longer than every bound.
    private(set) var counts = [Int](repeating: 0, count: Self.bounds.count + 1)
    /// Sum of all durations, in seconds.
    private(set) var sumSeconds = 0.0

    mutating func add(_ duration: Duration) {
        let seconds = max(0, duration.inSeconds)
        let bucket = Self.bounds.firstIndex { seconds <= $0.seconds } ?? Self.bounds.count
        counts[bucket] += 1
        sumSeconds += seconds
    }
}
