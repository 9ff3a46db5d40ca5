// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// A value that a loop wants a point to take, before anybody narrows it.
package struct Wish: Hashable, Sendable {
    package let point: PointIndex
    /// The value in the point's base unit.
    package let value: Double
    package let reason: Reason

    package init(point: PointIndex, value: Double, reason: Reason) {
        self.point = point
        self.value = value
        self.reason = reason
    }
}

/// An interval that a point must stay in, whoever wishes.
package struct PointLimit: Hashable, Sendable {
    package let point: PointIndex
    package let layer: ArbitrationLayer
    /// The values allowed, in the point's base unit.
    package let allowed: ClosedRange<Double>
    package let reason: Reason

    package init(point: PointIndex, layer: ArbitrationLayer, allowed: ClosedRange<Double>, reason: Reason) {
        self.point = point
        self.layer = layer
        self.allowed = allowed
        self.reason = reason
    }
}

/// A condition that becomes an alarm when it lasts; given in every cycle in which it is present.
package struct AlarmCondition: Hashable, Sendable {
    /// Stable: `cdu-3/supply_temperature_high`.
    package let id: String
    package let isPresent: Bool
    package let priority: AlarmPriority
    /// What is wrong, with the value and the limit.
    package let message: String
    /// What the operator should do.
    package let response: String
    /// Plant time the condition must last before the alarm is raised.
    package let onDelay: Duration
    /// Plant time the condition must be gone before the alarm returns.
    package let offDelay: Duration

    package init(
        id: String,
        isPresent: Bool,
        priority: AlarmPriority,
        message: String,
        response: String,
        onDelay: Duration = .seconds(60),
        offDelay: Duration = .seconds(60)
    ) {
        self.id = id
        self.isPresent = isPresent
        self.priority = priority
        self.message = message
        self.response = response
        self.onDelay = onDelay
        self.offDelay = offDelay
    }
}

/// What one loop says in one cycle.
package struct LoopOutput: Sendable {
    /// The state of the sequence in its own words, lower snake case.
    package let state: String
    /// Why the sequence is in that state.
    package let reason: Reason
    /// What the loop wants, in a fixed order: no point twice, no point of another loop.
    package let wishes: [Wish]
    /// What it must not be allowed to do, whoever wishes.
    package let limits: [PointLimit]
    /// The conditions that are present, in a fixed order; one that is not given counts as gone.
    package let alarms: [AlarmCondition]
    /// State changes of this cycle.
    package let events: [Event]

    package init(
        state: String,
        reason: Reason,
        wishes: [Wish] = [],
        limits: [PointLimit] = [],
        alarms: [AlarmCondition] = [],
        events: [Event] = []
    ) {
        self.state = state
        self.reason = reason
        self.wishes = wishes
        self.limits = limits
        self.alarms = alarms
        self.events = events
    }
}
