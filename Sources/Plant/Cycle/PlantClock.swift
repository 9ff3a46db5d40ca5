// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Where plant time comes from: the one clock for stamps, dwell, leases, windows and weather.
///
/// Equal to wall time on a real site; runs from a fixed start at a fixed scale on a simulated one; set by hand in
/// tests. Socket time-outs and back-off never use it.
package protocol PlantClock: Sendable {
    /// Plant time now.
    func now() -> Timestamp

    /// How much wall time passes while so much plant time does.
    func wallDuration(ofPlant duration: Duration) -> Duration
}
