// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Whether one device answers, apart from the connection it shares with others.
///
/// A device that twice in a row times out, or that its gateway cannot reach, is degraded: it gets single probes
/// instead of its scans, so that it cannot eat the time of the devices behind the same endpoint.
package struct UnitHealth: Hashable, Sendable {
    /// Failures in a row after which a device is degraded.
    package static let failureLimit = 2

    /// Failures in a row since the last answer.
    package private(set) var failures = 0
    package private(set) var cause = QualityCause.none
    /// When a degraded device is asked again; nil for a healthy one.
    package private(set) var probeAt: MonotonicTime?

    package init() {}

    package var isDegraded: Bool { probeAt != nil }

    /// The device answered; tells whether it was degraded before.
    @discardableResult
    package mutating func answered() -> Bool {
        defer { self = UnitHealth() }
        return isDegraded
    }

    /// The device did not answer; a degraded one is asked again after `interval` nanoseconds at the earliest.
    package mutating func failed(_ cause: QualityCause, at now: MonotonicTime, interval: Int64) {
        failures += 1
        self.cause = cause
        if failures >= Self.failureLimit { probeAt = now + interval }
    }
}
