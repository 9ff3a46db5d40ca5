// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Judges whether a value stands still while others of the same device move: a sensor that is stuck or cut off.
///
/// Only points whose map says after how long are watched, because setpoints, idle machines and quiet weather stand
/// still and are true.
package struct FlatLineWatch: Hashable, Sendable {
    /// How often others must have moved meanwhile.
    package static let moves = 10

    private var value = Double.nan
    /// Plant time of the last change.
    private var since = Timestamp(milliseconds: 0)
    private var movesThen = 0

    package init() {}

    /// Judges the newest value.
    ///
    /// - Parameters:
    ///   - value: The decoded value, in the base unit.
    ///   - now: Plant time of the reply.
    ///   - limit: How long it may stand still, in milliseconds of plant time.
    ///   - moves: How often any point of the device has moved so far.
    /// - Returns: Whether it is doubtful.
    package mutating func isFlat(_ value: Double, at now: Timestamp, limit: Int64, moves: Int) -> Bool {
        guard value == self.value else {
            self.value = value
            since = now
            movesThen = moves
            return false
        }
        return (now - since).wholeMilliseconds > limit && moves - movesThen >= Self.moves
    }
}
