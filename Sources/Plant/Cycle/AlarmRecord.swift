// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The states an alarm goes through (ANSI/ISA-18.2-2016, figure 3).
package enum AlarmState: String, CaseIterable, Sendable, Codable {
    case normal
    case active
    case acknowledged
    /// The condition is gone, nobody has acknowledged it yet.
    case returned
    case shelved
    case suppressed
}

/// How soon somebody must act.
package enum AlarmPriority: String, CaseIterable, Sendable, Codable {
    case high
    case medium
    case low
}

/// One alarm as it stands.
package struct AlarmRecord: Hashable, Sendable, Codable {
    /// Stable: `cdu-3/supply_temperature_high`.
    package let id: String
    package let priority: AlarmPriority
    package let state: AlarmState
    /// What is wrong, with the value and the limit.
    package let message: String
    /// What the operator should do.
    package let response: String
    /// Plant time at which the present state was entered.
    package let since: Timestamp

    package init(
        id: String,
        priority: AlarmPriority,
        state: AlarmState,
        message: String,
        response: String,
        since: Timestamp
    ) {
        self.id = id
        self.priority = priority
        self.state = state
        self.message = message
        self.response = response
        self.since = since
    }
}

/// Something worth keeping that is not an alarm: a meter reset, a mode change, an operator's request.
package struct Event: Hashable, Sendable, Codable {
    /// Plant time.
    package let time: Timestamp
    /// Lower snake case, stable across releases: `meter_reset`.
    package let kind: String
    /// The device, loop or person it concerns.
    package let subject: String
    package let message: String

    package init(time: Timestamp, kind: String, subject: String, message: String) {
        self.time = time
        self.kind = kind
        self.subject = subject
        self.message = message
    }
}
