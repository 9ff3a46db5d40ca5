// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The moments at which one group of points is due: a fixed grid, so that lateness never adds up.
///
/// A scan that is still running when the next is due makes that one skip: it is counted, never queued.
package struct ScanGrid: Hashable, Sendable {
    /// Nanoseconds of wall time between two scans, at least 1.
    package let interval: Int64
    /// The next moment on the grid.
    package private(set) var due: MonotonicTime

    /// Makes a grid whose first moment lies `phase` of an interval, 0 to below 1, behind `start`.
    package init(start: MonotonicTime, interval: Int64, phase: Double) {
        self.interval = max(1, interval)
        due = start + Int64(Double(self.interval) * phase)
    }

    /// Moves to the first moment of the grid after `now` and tells how many were passed.
    package mutating func advance(beyond now: MonotonicTime) -> Int {
        guard due <= now else { return 0 }
        let passed = (now - due) / interval + 1
        due = due + passed * interval
        return Int(passed)
    }

    /// A phase in 0..<1 for the n-th of any number of grids, so that they lie evenly whatever their number.
    ///
    /// Multiples of the golden ratio's fraction: Knuth, The Art of Computer Programming, vol. 3, section 6.4.
    package static func phase(_ position: Int, offset: Double) -> Double {
        let value = Double(position) * 0.618_033_988_749_894_9 + offset
        return value - value.rounded(.down)
    }
}
