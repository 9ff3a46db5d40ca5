// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A value that a point shall take, with who wanted it and why.
package struct Command: Hashable, Sendable, Codable {
    package let point: PointID
    /// The value in the point's base unit, after arbitration.
    package let value: Double
    /// The loop, operator or rule that asked.
    package let origin: String
    package let reason: Reason
    /// Plant time at which the command lapses unless it is given again.
    package let expires: Timestamp
    /// The right to write under which it was decided.
    package let authority: Authority

    package init(
        point: PointID,
        value: Double,
        origin: String,
        reason: Reason,
        expires: Timestamp,
        authority: Authority
    ) {
        self.point = point
        self.value = value
        self.origin = origin
        self.reason = reason
        self.expires = expires
        self.authority = authority
    }
}

/// Why something was decided: a stable code, a sentence, and the numbers the sentence rests on.
package struct Reason: Hashable, Sendable, Codable {
    /// Lower snake case, stable across releases: `economizer_predicted_benefit`.
    package let code: String
    /// One sentence for the operator, with values and units.
    package let text: String
    /// The readings and results it rests on, in the order the sentence uses them.
    package let evidence: [Evidence]

    package init(code: String, text: String, evidence: [Evidence] = []) {
        self.code = code
        self.text = text
        self.evidence = evidence
    }
}

/// One number a decision rests on.
package struct Evidence: Hashable, Sendable, Codable {
    /// A point, or the name of a computed quantity.
    package let name: String
    /// The value in `unit`.
    package let value: Double
    package let unit: PointUnit

    package init(name: String, value: Double, unit: PointUnit) {
        self.name = name
        self.value = value
        self.unit = unit
    }
}

/// Whether this agent may write, and since which handover.
package struct Authority: Hashable, Sendable, Codable {
    /// Whether this agent writes or waits.
    package enum Role: String, Sendable, Codable {
        case active
        case standby
    }

    package let role: Role
    /// Counts handovers; a command of an older epoch is refused.
    package let epoch: Int

    package init(role: Role, epoch: Int) {
        self.role = role
        self.epoch = epoch
    }

    package var mayWrite: Bool { role == .active }
}

/// How a write ended.
package struct WriteOutcome: Hashable, Sendable, Codable {
    /// The ways a write ends.
    package enum Result: String, Sendable, Codable {
        /// Read back within the point's resolution.
        case confirmed
        /// The device answered with an exception.
        case refused
        /// The device acknowledged, but reads back something else.
        case notTaken = "not_taken"
        case noReply = "no_reply"
        /// Stopped here before it left: not allowed, out of range, not active.
        case blocked
    }

    package let point: PointID
    /// The value sent, in the point's base unit.
    package let value: Double
    /// The value read back, in the point's base unit; nil where there was none.
    package let readBack: Double?
    package let result: Result
    /// What happened, for the log and the operator.
    package let detail: String
    /// Plant time of the outcome.
    package let time: Timestamp
    /// Wall time from sending to confirmation, in seconds.
    package let durationSeconds: Double

    package init(
        point: PointID,
        value: Double,
        readBack: Double?,
        result: Result,
        detail: String,
        time: Timestamp,
        durationSeconds: Double
    ) {
        self.point = point
        self.value = value
        self.readBack = readBack
        self.result = result
        self.detail = detail
        self.time = time
        self.durationSeconds = durationSeconds
    }
}
