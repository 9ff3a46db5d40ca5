// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What an operator asks of the agent, as it travels over the command socket.
package struct OperatorRequest: Hashable, Sendable, Codable {
    /// What is asked.
    package enum Action: Hashable, Sendable, Codable {
        /// Hold a point at a value, in its base unit, until `expires`.
        case hand(point: PointID, value: Double)
        case release(point: PointID)
        case mode(loop: String, mode: LoopMode)
        case acknowledge(alarm: String)
        case shelve(alarm: String)
    }

    package let action: Action
    /// Plant seconds until what it holds lapses; nil for requests that hold nothing.
    package let holdSeconds: Double?
    package let reason: String
    /// The proof a promotion to automatic rests on; nil for every other request.
    package let record: CommissioningRecord?
    /// Who asked, as the socket or the login tells; set by the agent, not by the sender.
    package var requester: String

    package init(
        action: Action,
        holdSeconds: Double? = nil,
        reason: String,
        record: CommissioningRecord? = nil,
        requester: String = ""
    ) {
        self.action = action
        self.holdSeconds = holdSeconds
        self.reason = reason
        self.record = record
        self.requester = requester
    }
}

/// The agent's answer to a request.
package struct OperatorReply: Hashable, Sendable, Codable {
    package let accepted: Bool
    /// What was done, or why not and what to do about it.
    package let message: String

    package init(accepted: Bool, message: String) {
        self.accepted = accepted
        self.message = message
    }
}
