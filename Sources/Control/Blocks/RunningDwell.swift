// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// How long something has been in its present state; what minimum on and off times are judged by.
///
/// Encoding it keeps the time across a restart: a block that began its hold anew would lock the economizer out for 20
/// min after every restart. Time without the agent does not count. Exact for any dt.
package struct RunningDwell: Hashable, Sendable, Codable {
    package private(set) var isOn: Bool
    /// How long `isOn` has had its value.
    package private(set) var elapsed: Duration

    package init(isOn: Bool = false, elapsed: Duration = .zero) {
        self.isOn = isOn
        self.elapsed = elapsed
    }

    /// Takes the state as it is now; a change starts the count at zero.
    package mutating func step(_ isOn: Bool, dt: Duration) {
        if isOn == self.isOn {
            elapsed = min(elapsed + max(dt, .zero), longestCount)
        } else {
            self.isOn = isOn
            elapsed = .zero
        }
    }

    /// Whether it has been on for at least `duration`.
    package func hasBeenOn(for duration: Duration) -> Bool { isOn && elapsed >= duration }

    /// Whether it has been off for at least `duration`.
    package func hasBeenOff(for duration: Duration) -> Bool { !isOn && elapsed >= duration }
}
