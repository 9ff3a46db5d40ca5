// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// How long a device has taken to reply, and how long its next reply may take.
///
/// Mean and variation follow RFC 6298, section 2. The time-out is twice what that document says, `2 (mean + 4
/// variation)`, because a reply given up too early costs a reading; it doubles with each time-out in a row (section
/// 5.5) and never leaves the floor and ceiling of the device's map. A reply that comes late counts with the time it
/// took: transaction ids tell which request it answers, so Karn's rule is not needed.
package struct ResponseHistory: Hashable, Sendable {
    private static let doublingLimit = 16

    /// The shortest time-out, in nanoseconds.
    package let floor: Int64
    /// The longest time-out, in nanoseconds; also the one of a device that has not replied yet.
    package let ceiling: Int64
    /// The mean of the newest replies, in nanoseconds; nil before the first.
    package private(set) var mean: Int64?
    /// The mean deviation from the mean, in nanoseconds.
    package private(set) var variation: Int64 = 0
    private var doublings = 0
    /// How long the next reply may take, in nanoseconds.
    package private(set) var timeout: Int64

    package init(floor: Int64, ceiling: Int64) {
        self.ceiling = max(1, ceiling)
        self.floor = min(max(1, floor), self.ceiling)
        timeout = self.ceiling
    }

    /// A reply took so many nanoseconds.
    package mutating func replied(after roundTrip: Int64) {
        doublings = 0
        guard floor < ceiling else { return }
        if let before = mean {
            variation += (abs(roundTrip - before) - variation) / 4
            mean = before + (roundTrip - before) / 8
        } else {
            mean = roundTrip
            variation = roundTrip / 2
        }
        workOut()
    }

    /// A reply came behind its time-out, after so many nanoseconds.
    package mutating func repliedLate(after roundTrip: Int64) {
        mean = max(mean ?? 0, roundTrip)
        workOut()
    }

    package mutating func timedOut() {
        guard doublings < Self.doublingLimit else { return }
        doublings += 1
        workOut()
    }

    private mutating func workOut() {
        guard let mean else { return }
        let (base, overflow) = (2 * (mean + 4 * variation)).multipliedReportingOverflow(by: 1 << Int64(doublings))
        timeout = overflow ? ceiling : min(max(base, floor), ceiling)
    }
}
