// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Proof by feedback: a read-back shows that a device has taken a command, its feedback that it acts on it.
///
/// A device that does not is told of and left as it is: its leases are kept up, since what it will do once it can act
/// is what it was told last.
extension WriteSupervisor {
    /// What the identifier of such an alarm ends with.
    package static let notFollowedSuffix = "/not_followed"

    /// Compares the feedback of every point that was written with what its device took.
    mutating func watchFeedback(_ image: ProcessImage, isLinkUp: (Int) -> Bool) -> [Event] {
        var events: [Event] = []
        for slot in points.slotsWithFeedback {
            let point = points.points[slot]
            guard let rule = point.feedback else { continue }
            let reading = image[rule.index]
            let change = states[slot].watchFeedback(
                rule,
                isLinkUp(point.device) ? reading : .bad(.connectionLost, at: reading.sourceTime),
                at: image.time
            )
            guard let change else { continue }
            let isFailed = change == .failed
            events.append(
                Event(
                    time: image.time,
                    kind: isFailed ? "write_not_followed" : "write_followed",
                    subject: point.id.description,
                    message: isFailed ? notFollowed(slot, rule) : "\(rule.name) shows the command now"
                )
            )
        }
        return events
    }

    /// The alarms of devices that do not act on what they took.
    func feedbackConditions() -> [AlarmCondition] {
        points.slotsWithFeedback.compactMap { slot in
            guard states[slot].feedback.isFailed, let rule = points.points[slot].feedback else { return nil }
            return AlarmCondition(
                id: "\(points.points[slot].id)" + Self.notFollowedSuffix,
                isPresent: true,
                // A machine that is released may idle for lack of load; who starts one proves its start.
                priority: rule.isState ? .low : .medium,
                message: notFollowed(slot, rule),
                response:
                    "look for local mode, a lock-out, a trip or a stuck actuator; the command is kept up meanwhile",
                onDelay: .zero,
                offDelay: .zero
            )
        }
    }

    private func notFollowed(_ slot: Int, _ rule: FeedbackRule) -> String {
        let sign = points.points[slot].unit.symbol
        let unit = sign.isEmpty ? "" : " " + sign
        let command = states[slot].confirmed.map { "\($0)\(unit)" } ?? "the command"
        let shown = states[slot].feedback.shown.map { "\($0)" + (rule.isRunStatus ? "" : unit) } ?? "what it was"
        return "the device took \(command) and reads it back, but \(rule.name) stays at \(shown): "
            + "acknowledged, not acted on"
    }
}

extension PointWriteState {
    /// Looks at the feedback of a command that was confirmed; without one there is nothing to look at.
    mutating func watchFeedback(_ rule: FeedbackRule, _ reading: Reading, at time: Timestamp) -> FeedbackWatch.Change? {
        guard sentAt != nil, let confirmed, let confirmedAt, !isBlocked else {
            if feedback != FeedbackWatch() { feedback = FeedbackWatch() }
            return nil
        }
        let value = reading.sourceTime > confirmedAt ? reading.usableValue : nil
        return feedback.step(command: confirmed, rule, value: value, at: time)
    }
}
