// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// All that control decided in one cycle.
package struct ControlOutputs: Sendable {
    /// In the order of the loops.
    package let loops: [LoopStatus]
    /// What is due to be sent now, in the order in which it must leave.
    package let commands: [Command]
    /// The points of ``commands``, one each.
    package let commandPoints: [PointIndex]
    /// What an operator should see, worst first.
    package let alarms: [AlarmRecord]
    package let events: [Event]
    /// One per request, in the order of the requests.
    package let replies: [OperatorReply]
    private let arbitration: CycleArbitration

    init(
        loops: [LoopStatus],
        arbitration: CycleArbitration,
        commands: [Command],
        commandPoints: [PointIndex],
        alarms: [AlarmRecord],
        events: [Event],
        replies: [OperatorReply]
    ) {
        self.loops = loops
        self.arbitration = arbitration
        self.commands = commands
        self.commandPoints = commandPoints
        self.alarms = alarms
        self.events = events
        self.replies = replies
    }

    /// One per point that somebody wishes for or holds, in site order; put together each time it is asked for, since
    /// a simulation never asks.
    package var decisions: [Decision] { arbitration.decisions() }
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
