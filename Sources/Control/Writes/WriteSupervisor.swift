// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Watches over the writes of all controlled points: what is due, what failed, who holds what.
///
/// Pure: the wire is elsewhere and answers with ``WriteOutcome``s of a later cycle.
package struct WriteSupervisor: Sendable {
    package let points: ControlledPoints
    /// By slot.
    package var states: [PointWriteState]
    /// Positions of the devices that the last look found with other values than they were given, after a break or a
    /// restart, in site order.
    private(set) var changedDevices: [Int] = []

    /// A value that is due to leave this cycle.
    package struct Due: Hashable, Sendable {
        package let slot: Int
        /// The value, in the point's base unit.
        package let value: Double
    }

    package init(points: ControlledPoints) {
        self.points = points
        states = Array(repeating: PointWriteState(), count: points.points.count)
    }

    /// Takes the outcomes that arrived since the cycle before, and counts those that never came.
    package mutating func record(_ outcomes: [WriteOutcome], slotOf: (PointID) -> Int?, at time: Timestamp) -> [Event] {
        var events: [Event] = []
        for outcome in outcomes {
            guard let slot = slotOf(outcome.point) else { continue }
            if states[slot].record(outcome) { events.append(stopped(slot, outcome.detail, time)) }
        }
        for slot in states.indices where states[slot].isPending {
            if states[slot].expirePending(points.points[slot], at: time) {
                events.append(stopped(slot, "no outcome was reported", time))
            }
        }
        return events
    }

    private func stopped(_ slot: Int, _ detail: String, _ time: Timestamp) -> Event {
        event("writes_stopped", slot, "two writes in a row failed, nothing more is sent: \(detail)", time)
    }

    private func event(_ kind: String, _ slot: Int, _ message: String, _ time: Timestamp) -> Event {
        Event(time: time, kind: kind, subject: points.points[slot].id.description, message: message)
    }

    /// Compares every point written with what its device shows.
    ///
    /// - Parameters:
    ///   - image: the readings.
    ///   - isLinkUp: by position of the device in the site.
    /// - Returns: what changed.
    package mutating func observe(_ image: ProcessImage, isLinkUp: (Int) -> Bool) -> [Event] {
        var events: [Event] = []
        var readopted: [(device: Int, slot: Int, count: Int)] = []
        changedDevices = []
        for slot in states.indices where states[slot].lastSent != nil {
            let point = points.points[slot]
            let given = states[slot].lastSent
            switch states[slot].observe(point, image[point.index], isLinkUp: isLinkUp(point.device)) {
            case .asExpected: break
            case .readopted:
                noteChange(slot, from: given, image)
                if let last = readopted.indices.last, readopted[last].device == point.device {
                    readopted[last].count += 1
                } else {
                    readopted.append((point.device, slot, 1))
                }
            case .revertedToHome:
                noteChange(slot, from: given, image)
                let message = "the device went back to its own value; it is taken over again"
                events.append(event("point_reverted", slot, message, image.time))
            case .takenInHand(let value):
                let message = "changed at the device to \(value) \(point.unit.symbol); left alone until released"
                events.append(event("point_in_hand", slot, message, image.time))
            }
        }
        for entry in readopted {
            let point = points.points[entry.slot]
            events.append(
                Event(
                    time: image.time,
                    kind: "device_readopted",
                    subject: point.id.device,
                    message: "the device is back; \(entry.count) point(s) are taken over from what it shows"
                )
            )
        }
        return events + watchFeedback(image, isLinkUp: isLinkUp)
    }

    /// Notes the device of a slot where it shows something else than it was given.
    private mutating func noteChange(_ slot: Int, from given: Double?, _ image: ProcessImage) {
        let point = points.points[slot]
        guard let given, let shown = image[point.index].usableValue, abs(shown - given) > point.tolerance,
            changedDevices.last != point.device
        else { return }
        changedDevices.append(point.device)
    }

    /// What is due to leave this cycle, by slot; ``PointWriteState/markSent(_:at:)`` what really leaves.
    ///
    /// - Parameters:
    ///   - image: the readings.
    ///   - dt: plant time since the cycle before.
    ///   - isLinkUp: by position of the device in the site.
    ///   - intent: by slot what the point shall take; nil where nobody commands it, which hands it back.
    /// - Returns: what is due, in site order.
    package mutating func plan(
        _ image: ProcessImage,
        dt: Duration,
        isLinkUp: (Int) -> Bool,
        intent: (Int) -> WriteIntent?
    ) -> [Due] {
        var due: [Due] = []
        for slot in states.indices {
            guard let intent = intent(slot) else {
                if !states[slot].isIdle, !states[slot].isBlocked { states[slot].handBack() }
                continue
            }
            let point = points.points[slot]
            guard isLinkUp(point.device) else { continue }
            let reading = image[point.index]
            if let value = states[slot].due(point, intent, reading: reading, at: image.time, dt: dt) {
                due.append(Due(slot: slot, value: value))
            }
        }
        return due
    }

    /// Ends operators' holds that have run out.
    package mutating func expireHolds(at time: Timestamp) -> [Event] {
        var events: [Event] = []
        for slot in states.indices where states[slot].isHeldByOperator {
            guard case .byOperator(_, let expires, _, let requester) = states[slot].hold, time >= expires else {
                continue
            }
            states[slot].hold = nil
            states[slot].takeOver()
            let message = "the hold by \(requester) has run out; the point follows its loop again"
            events.append(event("hold_expired", slot, message, time))
        }
        return events
    }

    /// After a handover of the right to write: every point is taken over from what it shows.
    package mutating func takeOverAll() {
        for slot in states.indices { states[slot].takeOver() }
    }

    /// The conditions that the state of writes raises; only those that are present.
    package func conditions(at time: Timestamp) -> [AlarmCondition] {
        var conditions: [AlarmCondition] = []
        for slot in states.indices where states[slot].isHeld || states[slot].waitingSince != nil {
            let point = points.points[slot]
            switch states[slot].hold {
            case .atDevice(let value, _):
                conditions.append(
                    AlarmCondition(
                        id: "\(point.id)/in_hand",
                        isPresent: true,
                        priority: .low,
                        message: "changed at the device to \(value) \(point.unit.symbol), and left alone since",
                        response: "find out who changed it; then: thermocline command release \(point.id)",
                        onDelay: .zero,
                        offDelay: .zero
                    )
                )
            case .writesFailed(let detail, _):
                conditions.append(
                    AlarmCondition(
                        id: "\(point.id)/write_failed",
                        isPresent: true,
                        priority: .medium,
                        message: "two writes in a row failed, nothing more is sent: \(detail)",
                        response: "check the device; then: thermocline command release \(point.id)",
                        onDelay: .zero,
                        offDelay: .zero
                    )
                )
            case .byOperator, nil: break
            }
            if let since = states[slot].waitingSince, time - since > CommandChain.proofTimeout {
                conditions.append(
                    AlarmCondition(
                        id: "\(point.id)/proof_missing",
                        isPresent: true,
                        priority: .medium,
                        message: "the command waits for a proof that does not come; what follows it is stopped",
                        response: "check pump, valve and feedback of the step before",
                        onDelay: .zero,
                        offDelay: .zero
                    )
                )
            }
        }
        return conditions + feedbackConditions()
    }
}
