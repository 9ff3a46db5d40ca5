// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Judges whether a value moved faster than what it measures can: a disturbed line, a loose sensor.
///
/// Compared is with the last value that was believed, and what is permitted grows with the time since. So a spike never
/// becomes the measure, and a step that stays is believed once the quantity could have come that far.
package struct RateWatch: Hashable, Sendable {
    /// The last value that was believed, in the base unit.
    private var value = Double.nan
    /// Plant time of it.
    private var at = Timestamp(milliseconds: 0)

    package init() {}

    /// Judges the newest value.
    ///
    /// - Parameters:
    ///   - value: The decoded value, in the base unit.
    ///   - now: Plant time of the reply.
    ///   - limit: The most it can move in a second, in the base unit.
    ///   - step: One step of its register, in the base unit, which it may move at any time.
    /// - Returns: Whether it is believed; the first one is.
    package mutating func accepts(_ value: Double, at now: Timestamp, limit: Double, step: Double) -> Bool {
        let seconds = Double(max(0, (now - at).wholeMilliseconds)) / 1_000
        // Rounding of the register may add a step at either end.
        guard self.value.isNaN || abs(value - self.value) <= limit * seconds + step else { return false }
        self.value = value
        at = now
        return true
    }
}
