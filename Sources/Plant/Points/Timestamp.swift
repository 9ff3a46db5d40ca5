// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A moment in plant or wall time, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Which of the two clocks a timestamp belongs to is said where it is declared; the two are never mixed.
package struct Timestamp: Comparable, Hashable, Sendable, Codable {
    /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Makes a timestamp from seconds since 1970-01-01T00:00:00Z, rounded to the nearest millisecond.
    package init(secondsSinceEpoch: Double) { milliseconds = Int64((secondsSinceEpoch * 1_000).rounded()) }

    /// Seconds since 1970-01-01T00:00:00Z.
    package var secondsSinceEpoch: Double { Double(milliseconds) / 1_000 }

    package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    package static func + (left: Self, right: Duration) -> Self {
        Self(milliseconds: left.milliseconds + right.wholeMilliseconds)
    }

    package static func - (left: Self, right: Duration) -> Self {
        Self(milliseconds: left.milliseconds - right.wholeMilliseconds)
    }

    package static func - (left: Self, right: Self) -> Duration {
        .milliseconds(left.milliseconds - right.milliseconds)
    }

    /// The latest multiple of `interval` since the epoch that is not after this moment.
    package func floored(to interval: Duration) -> Self {
        let step = max(1, interval.wholeMilliseconds)
        let remainder = ((milliseconds % step) + step) % step
        return Self(milliseconds: milliseconds - remainder)
    }

    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}

extension Duration {
    /// The duration in whole milliseconds, rounded toward zero.
    package var wholeMilliseconds: Int64 {
        let parts = components
        return parts.seconds * 1_000 + parts.attoseconds / 1_000_000_000_000_000
    }

    /// The duration in seconds.
    package var inSeconds: Double {
        // What `components` gives, without its divisions of 128 bits, where a duration is so short that it fits 64:
        // the step of a cycle does, and every block asks for it.
        if _high == 0 {
            let second: UInt64 = 1_000_000_000_000_000_000
            return Double(_low / second) + Double(_low % second) / 1e18
        }
        let parts = components
        return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    }
}
