// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// One alarm's way through the states of ANSI/ISA-18.2-2016.
///
/// normal - active - acknowledged - normal, or active - returned - normal; shelving and suppression lie above and
/// end with their time or their cause. A condition counts once it has lasted its on-delay, and is gone once it has
/// been away for its off-delay.
struct AlarmEntry: Hashable, Sendable, Codable {
    let id: String
    private(set) var priority: AlarmPriority
    private(set) var message: String
    private(set) var response: String
    private(set) var state = AlarmState.normal
    /// Plant time at which ``state`` was entered.
    private(set) var since: Timestamp
    /// Whether the condition counts as present, delays included.
    private(set) var isPresent = false
    /// Whether somebody has seen the present occurrence.
    private(set) var isAcknowledged = false
    /// Whether the operator sees it, or only the group it was put in.
    var isShown = false
    private(set) var shelvedUntil: Timestamp?
    private var changingSince: Timestamp?
    private var offDelay: Duration

    init(_ condition: AlarmCondition, at time: Timestamp) {
        id = condition.id
        priority = condition.priority
        message = condition.message
        response = condition.response
        offDelay = condition.offDelay
        since = time
    }

    /// Whether nothing is left to remember.
    var isOver: Bool { state == .normal && !isPresent && changingSince == nil }

    var record: AlarmRecord {
        AlarmRecord(id: id, priority: priority, state: state, message: message, response: response, since: since)
    }

    /// One cycle: the condition as it is now, nil where nobody gave it.
    ///
    /// - Returns: the state left, where it changed.
    mutating func step(_ condition: AlarmCondition?, isSuppressed: Bool, at time: Timestamp) -> AlarmState? {
        if let condition, condition.isPresent || isPresent {
            priority = condition.priority
            offDelay = condition.offDelay
            response = condition.response
            if condition.isPresent { message = condition.message }
        }
        let isRaw = condition?.isPresent ?? false
        if isRaw == isPresent {
            changingSince = nil
        } else {
            let began = changingSince ?? time
            changingSince = began
            if time - began >= (isRaw ? condition?.onDelay ?? .zero : offDelay) {
                changingSince = nil
                isPresent = isRaw
                if isRaw { isAcknowledged = false }
            }
        }
        // What followed from a cause and went with it is no news, though its off-delay has not run out yet.
        if state == .suppressed, !isSuppressed, !isRaw {
            isPresent = false
            changingSince = nil
        }
        if let until = shelvedUntil, time >= until { shelvedUntil = nil }
        return enter(target(isSuppressed: isSuppressed), at: time)
    }

    /// Notes that somebody has seen it.
    ///
    /// - Returns: the state left, where it changed.
    mutating func acknowledge(at time: Timestamp) -> AlarmState? {
        isAcknowledged = true
        return enter(target(isSuppressed: false), at: time)
    }

    /// Puts it aside until a time.
    ///
    /// - Returns: the state left, where it changed.
    mutating func shelve(until: Timestamp, at time: Timestamp) -> AlarmState? {
        shelvedUntil = until
        return enter(.shelved, at: time)
    }

    private func target(isSuppressed: Bool) -> AlarmState {
        if shelvedUntil != nil { return .shelved }
        if isSuppressed, isPresent { return .suppressed }
        if isPresent { return isAcknowledged ? .acknowledged : .active }
        // An alarm that came and went while nobody could see it needs no acknowledgement.
        let wasSeen = state == .active || state == .returned
        return wasSeen && !isAcknowledged ? .returned : .normal
    }

    private mutating func enter(_ next: AlarmState, at time: Timestamp) -> AlarmState? {
        guard next != state else { return nil }
        let left = state
        state = next
        since = time
        return left
    }
}
