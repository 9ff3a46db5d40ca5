// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// The value a sequence works with while a reading comes and goes.
///
/// A usable reading (good or uncertain, finite) passes. Without one the last usable value stands for `limit`, and
/// then there is none: the caller falls to more cooling, never to a guess. Before the first usable reading there is
/// no value. Exact for any dt.
package struct HeldReading: Hashable, Sendable, Codable {
    /// The value in the point's base unit; nil where none may be used.
    package private(set) var value: Double?
    /// How long the value has been older than the newest reading.
    package private(set) var age: Duration = .zero

    package init() {}

    /// Takes the newest reading.
    @discardableResult
    package mutating func step(_ reading: Reading, limit: Duration, dt: Duration) -> Double? {
        if let usable = reading.usableValue {
            value = usable
            age = .zero
        } else {
            age = min(age + max(dt, .zero), longestCount)
            if age > limit { value = nil }
        }
        return value
    }
}
