// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// The load of inference service over day and week, as a utilisation of 0...1.
///
/// Lowest from 2 to 6 o'clock, highest from 14 to 22 o'clock local time, ten percent less at weekends, with a slow
/// random wander on top.
package struct InferenceLoad: Sendable {
    /// The largest step in seconds for which the wander keeps its spread.
    package static let largestStepSeconds = 600.0

    /// How far local time is ahead of UTC.
    private let zoneOffset: Duration
    private var random: SplitMix64
    /// Present distance from the daily course, as a utilisation.
    private var wander: Double

    /// The standard deviation of the wander, as a utilisation.
    private static let wanderSpread = 0.03
    /// The time constant of the wander, in seconds.
    private static let wanderTimeConstant = 1_800.0

    package init(zoneOffset: Duration = .zero, random: SplitMix64) {
        self.zoneOffset = zoneOffset
        self.random = random
        wander = self.random.normal() * Self.wanderSpread
    }

    /// Moves on by `dt` seconds to plant time `time`.
    ///
    /// - Returns: the utilisation over the step, 0...1.
    package mutating func step(to time: Timestamp, dt: Double) -> Double {
        if dt > 0 {
            // First-order autoregression with the backward Euler factor: stable at any dt, no exponential needed.
            let keep = 1 / (1 + min(dt, Self.largestStepSeconds) / Self.wanderTimeConstant)
            wander = keep * wander + Self.wanderSpread * (1 - keep * keep).squareRoot() * random.normal()
        }
        let middle = time - .seconds(dt / 2)
        return min(max(Self.dailyCourse(localTime: middle + zoneOffset) + wander, 0.2), 1)
    }

    /// The utilisation expected at a local time.
    package static func dailyCourse(localTime: Timestamp) -> Double {
        let secondOfDay = localTime - localTime.floored(to: .seconds(86_400))
        let hour = secondOfDay.inSeconds / 3_600
        let share: Double =
            switch hour {
            case ..<2: 1 - smoothStep((hour + 2) / 4)
            case ..<6: 0
            case ..<14: smoothStep((hour - 6) / 8)
            case ..<22: 1
            default: 1 - smoothStep((hour - 22) / 4)
            }
        return (0.45 + 0.40 * share) * (isWeekend(localTime) ? 0.9 : 1)
    }

    /// Saturday and Sunday; day 0 of the epoch was a Thursday.
    private static func isWeekend(_ time: Timestamp) -> Bool {
        let day = time.floored(to: .seconds(86_400)).milliseconds / 86_400_000
        return [2, 3].contains(((day % 7) + 7) % 7)
    }

    /// Rises from 0 to 1 with level ends.
    private static func smoothStep(_ x: Double) -> Double { x * x * (3 - 2 * x) }
}
