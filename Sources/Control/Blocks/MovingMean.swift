// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The time-weighted mean of a number over the last so many seconds.
///
/// Each sample counts for the dt that ends with it. The window is kept in at most 61 slices of a sixtieth of its
/// length; the oldest one counts for the part of it that is inside, so the mean of a constant is exact and that of a
/// ramp off by at most half a slice. Before the window has filled it is the mean of what there is. A sample that is
/// not finite is left out. A dt longer than the window makes the sample the mean.
///
/// - Source: Control Description Language, `Reals.MovingAverage`.
package struct MovingMean: Hashable, Sendable, Codable {
    private struct Slice: Hashable, Sendable, Codable {
        var seconds: Double
        var integral: Double
    }

    private static let sliceCount = 60.0
    private var slices: [Slice] = []

    package init() {}

    /// The mean in the unit of the input; nil before the first finite sample.
    package private(set) var mean: Double?

    /// Takes one sample.
    @discardableResult
    package mutating func step(_ input: Double, window: Duration, dt: Duration) -> Double? {
        let windowSeconds = window.inSeconds
        guard input.isFinite else { return mean }
        let seconds = min(max(dt, .zero).inSeconds, windowSeconds)
        guard mean != nil, windowSeconds > 0 else {
            mean = input
            return input
        }
        if let last = slices.last, last.seconds + seconds <= windowSeconds / Self.sliceCount {
            slices[slices.count - 1] = Slice(
                seconds: last.seconds + seconds,
                integral: last.integral + input * seconds
            )
        } else if seconds > 0 {
            slices.append(Slice(seconds: seconds, integral: input * seconds))
        }
        drop(beyond: windowSeconds)
        mean = total(over: windowSeconds) ?? input
        return mean
    }

    package mutating func reset() { self = MovingMean() }

    private mutating func drop(beyond windowSeconds: Double) {
        var sum = slices.reduce(0) { $0 + $1.seconds }
        while let first = slices.first, sum - first.seconds >= windowSeconds {
            sum -= first.seconds
            slices.removeFirst()
        }
    }

    private func total(over windowSeconds: Double) -> Double? {
        let sum = slices.reduce(0) { $0 + $1.seconds }
        guard sum > 0, let first = slices.first, first.seconds > 0 else { return nil }
        let outside = max(0, sum - windowSeconds)
        let integral = slices.reduce(0) { $0 + $1.integral } - first.integral * outside / first.seconds
        return integral / (sum - outside)
    }
}
