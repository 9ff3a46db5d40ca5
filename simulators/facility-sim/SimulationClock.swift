// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant

/// How plant time runs against wall time, in fixed steps.
struct SimulationClock {
    /// Plant time per step: short enough for every signal the plant has.
    static let step = Duration.seconds(1)

    /// Plant time at the start.
    let start: Timestamp
    /// Plant seconds per wall second.
    let timeScale: Double

    /// Starts the clock now.
    func started() -> Pace { Pace(timeScale: timeScale, began: ContinuousClock.now) }

    /// Which steps are due at a wall time.
    struct Pace {
        let timeScale: Double
        private var began: ContinuousClock.Instant
        /// Steps taken since `began`.
        private var taken = 0

        /// Steps taken at once at most, so that a signal is never waited for long.
        private static let largestBatch = 2_000
        /// How far plant time may lag before steps are given up, in wall time.
        private static let longestLagSeconds = 10.0

        init(timeScale: Double, began: ContinuousClock.Instant) {
            self.timeScale = timeScale
            self.began = began
        }

        /// Wall time until the next step is due, 50 ms to 1 s: registers change no more often than clients can see.
        var wait: Duration {
            let next = began + SimulationClock.step * Double(taken + 1) / timeScale
            return min(max(next - ContinuousClock.now, .milliseconds(50)), .seconds(1))
        }

        /// Tells how many steps are due, and counts them as taken.
        ///
        /// - Returns: the count, and whether steps were given up because the machine is too slow.
        mutating func stepsDue() -> (count: Int, isLate: Bool) {
            let now = ContinuousClock.now
            let perWallSecond = timeScale / SimulationClock.step.inSeconds
            let due = max(0, Int((now - began).inSeconds * perWallSecond) - taken)
            let count = min(due, Self.largestBatch)
            taken += count
            let isLate = Double(due - count) > Self.longestLagSeconds * perWallSecond
            if isLate {
                // Plant time goes on from here as if the rest had never been due.
                began = now
                taken = 0
            }
            return (count, isLate)
        }
    }
}

extension Timestamp {
    /// Wall time now, in UTC.
    static var wallNow: Timestamp { Timestamp(secondsSinceEpoch: Date().timeIntervalSince1970) }
}
