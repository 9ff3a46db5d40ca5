// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// All that control decided in one cycle.
package struct ControlOutputs: Sendable {
    /// In the order of the loops.
    package let loops: [LoopStatus]
    /// One per point that somebody wishes for or holds, in site order.
    package let decisions: [Decision]
    /// What is due to be sent now, in the order in which it must leave.
    package let commands: [Command]
    /// What an operator should see, worst first.
    package let alarms: [AlarmRecord]
    package let events: [Event]
    /// One per request, in the order of the requests.
    package let replies: [OperatorReply]

    package init(
        loops: [LoopStatus] = [],
        decisions: [Decision] = [],
        commands: [Command] = [],
        alarms: [AlarmRecord] = [],
        events: [Event] = [],
        replies: [OperatorReply] = []
    ) {
        self.loops = loops
        self.decisions = decisions
        self.commands = commands
        self.alarms = alarms
        self.events = events
        self.replies = replies
    }
}

/// What control keeps across a restart.
package struct ControlSnapshot: Sendable, Codable {
    /// One point's write state.
    struct SavedPoint: Sendable, Codable {
        let point: PointID
        let state: PointWriteState
    }

    /// How long a loop has been in its state.
    struct SavedLoop: Sendable, Codable {
        let loop: String
        let state: String
        let since: Timestamp
    }

    /// The site it was taken on.
    package let site: String
    /// Plant time of the last cycle in it; nil before the first.
    package let time: Timestamp?
    let epoch: Int
    let modes: [LoopModes.Entry]
    let states: [SavedLoop]
    let loops: LoopSetSnapshot
    let points: [SavedPoint]
    let alarms: AlarmEngine
}
