// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Synchronization

/// A plant clock that moves only when a test moves it.
package final class ManualClock: PlantClock {
    private let time: Mutex<Timestamp>

    package init(_ start: Timestamp = Timestamp(milliseconds: 1_772_344_800_000)) { time = Mutex(start) }

    package func now() -> Timestamp { time.withLock { $0 } }

    package func wallDuration(ofPlant duration: Duration) -> Duration { duration }

    package func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }
}
