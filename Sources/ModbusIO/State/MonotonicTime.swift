// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A moment of wall time on a clock that only ever goes forward: for time-outs, pauses, back-off and scan grids.
package struct MonotonicTime: Comparable, Hashable, Sendable {
    /// Nanoseconds since an arbitrary origin.
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Later than any moment a process lives to see.
    package static let never = MonotonicTime(nanoseconds: .max)

    package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The moment so many nanoseconds later; ``never`` where that does not fit.
    package static func + (left: Self, nanoseconds: Int64) -> Self {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(nanoseconds)
        return overflow ? .never : Self(nanoseconds: sum)
    }

    /// Nanoseconds from the right moment to the left one.
    package static func - (left: Self, right: Self) -> Int64 { left.nanoseconds - right.nanoseconds }
}

extension Duration {
    /// The duration in whole nanoseconds, rounded toward zero; as near as it fits where it does not fit 292 years.
    package var wholeNanoseconds: Int64 {
        let parts = components
        let (seconds, overflow) = parts.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return parts.seconds < 0 ? .min : .max }
        let (sum, sumOverflow) = seconds.addingReportingOverflow(parts.attoseconds / 1_000_000_000)
        return sumOverflow ? (seconds < 0 ? .min : .max) : sum
    }
}
