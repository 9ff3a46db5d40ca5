// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Follows a number no faster than it may rise or fall.
///
/// The first step, and the first after ``reset(to:)`` with nil, takes the input over as it is. NaN and infinite
/// inputs hold the output. Exact for any dt: two steps of 5 s move as far as one of 10 s.
///
/// - Source: Control Description Language, `Reals.LimitSlewRate`, without its first-order lag.
package struct LimitSlewRate: Hashable, Sendable, Codable {
    /// The last output, in the unit of the input; nil before the first.
    package private(set) var output: Double?

    package init(output: Double? = nil) { self.output = output.flatMap { $0.isFinite ? $0 : nil } }

    /// Takes one sample.
    ///
    /// - Parameters:
    ///   - input: The value to follow.
    ///   - rise: How far the output may rise in one second, in the unit of the input, at least 0.
    ///   - fall: How far it may fall in one second, at least 0.
    ///   - dt: Plant time since the sample before.
    /// - Returns: The limited value; NaN only where no finite input was ever given.
    @discardableResult
    package mutating func step(_ input: Double, rise: Double, fall: Double, dt: Duration) -> Double {
        guard input.isFinite else { return output ?? .nan }
        guard let last = output else {
            output = input
            return input
        }
        let seconds = max(dt, .zero).inSeconds
        let moved = min(max(input, last - max(fall, 0) * seconds), last + max(rise, 0) * seconds)
        output = moved
        return moved
    }

    /// Goes on from `value`, or from the next input where it is nil or not finite.
    package mutating func reset(to value: Double?) { output = value.flatMap { $0.isFinite ? $0 : nil } }
}
