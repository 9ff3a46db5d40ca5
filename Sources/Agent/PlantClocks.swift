// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Plant

/// Plant time of a real site: wall time in UTC.
package struct SystemPlantClock: PlantClock {
    package init() {}

    package func now() -> Timestamp { .wallNow }

    package func wallDuration(ofPlant duration: Duration) -> Duration { duration }
}

/// Plant time of a simulated site: runs from an anchor at a fixed scale (DESIGN rule 8).
package struct ScaledPlantClock: PlantClock {
    package let anchor: ClockAnchor
    /// Plant seconds per wall second, above 0.
    package let timeScale: Double

    package init(anchor: ClockAnchor, timeScale: Double) {
        precondition(timeScale > 0, "a time scale of \(timeScale) would stop or reverse plant time")
        self.anchor = anchor
        self.timeScale = timeScale
    }

    package func now() -> Timestamp {
        let wallElapsed = Double(Timestamp.wallNow.milliseconds - anchor.wall.milliseconds)
        return Timestamp(milliseconds: anchor.plant.milliseconds + Int64(wallElapsed * timeScale))
    }

    package func wallDuration(ofPlant duration: Duration) -> Duration { duration / timeScale }
}

/// One moment on both clocks; kept in the store so that a restarted agent goes on where plant time is.
package struct ClockAnchor: Hashable, Sendable, Codable {
    package let wall: Timestamp
    package let plant: Timestamp

    package init(wall: Timestamp, plant: Timestamp) {
        self.wall = wall
        self.plant = plant
    }
}

extension Timestamp {
    /// Wall time now, in UTC.
    package static var wallNow: Timestamp { Timestamp(secondsSinceEpoch: Date().timeIntervalSince1970) }
}
