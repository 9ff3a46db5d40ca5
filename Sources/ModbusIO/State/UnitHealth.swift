// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Whether one device answers, apart from the connection it shares with others: connecting, up, degraded or down.
///
/// One failure, a time-out or a gateway that cannot reach it, makes a device degraded; so does an exception. Two
/// failures in a row make it down: it gets single probes instead of its scans, so that it cannot eat the time of
/// the devices behind the same endpoint. Any answer but its gateway's refusal ends both.
package struct UnitHealth: Hashable, Sendable {
    /// Failures in a row after which a device is down.
    package static let failureLimit = 2

    /// Failures in a row since the last answer.
    package private(set) var failures = 0
    /// Why the newest request failed or was refused; ``QualityCause/none`` since the last good reply.
    package private(set) var cause = QualityCause.none
    /// When a device that is down is asked again; nil for another one.
    package private(set) var probeAt: MonotonicTime?
    /// Whether it ever gave a good reply.
    package private(set) var hasReplied = false

    package init() {}

    package var isDown: Bool { probeAt != nil }

    /// How the device stands, seen over a connection that stands.
    package var link: DeviceStatus.Link {
        if isDown { return .down }
        // One that has never been heard is not up, however few the questions that it left unanswered.
        if failures > 0, !hasReplied { return .connecting }
        if cause != .none { return .degraded }
        return hasReplied ? .up : .connecting
    }

    /// The device gave a good reply; tells whether it was down before.
    @discardableResult
    package mutating func replied() -> Bool {
        defer {
            failures = 0
            cause = .none
            probeAt = nil
            hasReplied = true
        }
        return isDown
    }

    /// The device answered with an exception; tells whether it was down before.
    @discardableResult
    package mutating func refused(_ refusal: QualityCause) -> Bool {
        defer {
            failures = 0
            cause = refusal
            probeAt = nil
        }
        return isDown
    }

    /// The device did not answer; one that is down is asked again after `interval` nanoseconds at the earliest.
    package mutating func failed(_ failure: QualityCause, at now: MonotonicTime, interval: Int64) {
        failures += 1
        cause = failure
        if failures >= Self.failureLimit { probeAt = now + interval }
    }
}
