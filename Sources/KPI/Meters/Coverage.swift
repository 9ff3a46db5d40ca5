// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// How well a stretch of a meter's time is known, worst first.
package enum Coverage: UInt8, Comparable, Sendable {
    /// No measurement: energy in this time is unknown.
    case uncovered = 0
    /// The total at both ends is exact, what happened between is taken as linear.
    case interpolated = 1
    /// Measured.
    case covered = 2

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// One stretch of a meter's time between two of its totals.
struct MeterSegment {
    let start: Timestamp
    /// Later than `start`.
    let end: Timestamp
    /// The meter's total at `start`, in joules or millilitres.
    let startTotal: Int64
    /// The meter's total at `end`, in joules or millilitres; at least `startTotal`.
    let endTotal: Int64
    let coverage: Coverage

    /// The total at a moment inside the segment, by linear interpolation.
    func total(at milliseconds: Int64) -> Int64 {
        let share = Double(milliseconds - start.milliseconds) / Double(end.milliseconds - start.milliseconds)
        return startTotal + Int64((Double(endTotal - startTotal) * share).rounded())
    }
}
