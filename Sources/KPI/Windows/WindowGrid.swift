// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// The grids of plant time that window boundaries fall on.
///
/// Boundaries are multiples of the slot since 1970, so anybody can interpolate the stored totals at the very same
/// instants and get the same figure.
package enum WindowGrid: CaseIterable, Sendable {
    /// Slots of five seconds, for windows up to 15 minutes.
    case fine
    /// Slots of one minute, for an hour and more.
    case coarse

    /// The length of a slot in milliseconds.
    package var slotMilliseconds: Int64 { self == .fine ? 5_000 : 60_000 }

    /// The slot that a moment falls in: slot k spans k times its length up to, not including, the next.
    package func slot(at time: Timestamp) -> Int64 {
        let length = slotMilliseconds
        let quotient = time.milliseconds / length
        return time.milliseconds % length < 0 ? quotient - 1 : quotient
    }

    /// Plant time at which a slot ends.
    package func end(of slot: Int64) -> Timestamp { Timestamp(milliseconds: (slot + 1) * slotMilliseconds) }
}

extension KPIWindow {
    /// The grid that this window's boundaries fall on.
    package var grid: WindowGrid {
        switch self {
        case .fiveMinutes, .fifteenMinutes: .fine
        case .oneHour, .oneDay: .coarse
        }
    }

    /// How many slots of its grid the window spans.
    package var slots: Int64 { duration.wholeMilliseconds / grid.slotMilliseconds }
}
