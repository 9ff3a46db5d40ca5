// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant

/// Wall time that only ever goes forward, since an origin of its own; set by hand in tests.
package typealias WallClock = @Sendable () -> Duration

/// The machine's own clock, since now.
func continuousClock() -> WallClock {
    let origin = ContinuousClock.now
    return { ContinuousClock.now - origin }
}

/// Which plant steps are due at a wall time: plant time in fixed steps, so many of them per wall second.
struct SimulationPace: Sendable {
    /// Plant time per step: short enough for every signal the plant has.
    static let step = Duration.seconds(1)

    /// Plant seconds per wall second.
    let timeScale: Double
    private var began: Duration
    /// Steps taken since `began`.
    private var taken = 0

    init(timeScale: Double, began: Duration) {
        self.timeScale = timeScale
        self.began = began
    }

    private var stepsPerWallSecond: Double { timeScale / Self.step.inSeconds }

    /// How many steps have become due and are not taken yet.
    func stepsDue(at wall: Duration) -> Int { max(0, Int((wall - began).inSeconds * stepsPerWallSecond) - taken) }

    mutating func take(_ steps: Int) { taken += steps }

    /// Lets plant time go on from here as if the steps that are due had never been.
    mutating func giveUpWhatIsDue(at wall: Duration) {
        began = wall
        taken = 0
    }
}

extension Timestamp {
    /// Wall time now, in UTC.
    static var wallNow: Timestamp { Timestamp(secondsSinceEpoch: Date().timeIntervalSince1970) }
}
