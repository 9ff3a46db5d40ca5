// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension ControlCycle {
    /// Holds longer than this are refused: what shall stay must be asked for again.
    static let longestHold = 7.0 * 86_400
    /// Shelving longer than this is refused.
    static let longestShelving = 86_400.0

    /// Does what an operator asks, or says why not; either way it becomes an event.
    mutating func handle(
        _ request: OperatorRequest,
        _ image: ProcessImage,
        _ devices: [DeviceStatus],
        mayWrite: Bool,
        events: inout [Event]
    ) -> OperatorReply {
        let (kind, subject) = Self.describe(request.action)
        let reply = answer(request, image, devices, mayWrite: mayWrite, events: &events)
        let requester = request.requester.isEmpty ? "somebody unknown" : request.requester
        let why = request.reason.isEmpty ? "" : " (\(request.reason))"
        let verdict = reply.accepted ? "accepted" : "refused"
        events.append(
            Event(
                time: image.time,
                kind: "operator_\(kind)",
                subject: subject,
                message: "\(verdict), asked by \(requester)\(why): \(reply.message)"
            )
        )
        return reply
    }

    private static func describe(_ action: OperatorRequest.Action) -> (kind: String, subject: String) {
        switch action {
        case .hand(let point, _): ("hand", point.description)
        case .release(let point): ("release", point.description)
        case .mode(let loop, _): ("mode", loop)
        case .acknowledge(let alarm): ("acknowledge", alarm)
        case .shelve(let alarm): ("shelve", alarm)
        }
    }

    private mutating func answer(
        _ request: OperatorRequest,
        _ image: ProcessImage,
        _ devices: [DeviceStatus],
        mayWrite: Bool,
        events: inout [Event]
    ) -> OperatorReply {
        switch request.action {
        case .hand(let point, let value):
            if let refusal = identityRefusal(of: point, devices) { return Self.refused(refusal) }
            return hand(point, value, request, at: image.time, mayWrite: mayWrite)
        case .release(let point):
            return release(point, image)
        case .mode(let loop, let mode):
            if request.reason.isEmpty { return Self.refused("a change of mode needs a reason") }
            let (reply, changed) = modes.request(
                loop: loop,
                mode: mode,
                record: request.record,
                obstacle: mayWrite ? nil : obstacle
            )
            if let changed, mode == .automatic { loops.adopt(loop: changed, image) }
            return reply
        case .acknowledge(let alarm):
            guard let changes = alarms.acknowledge(alarm, at: image.time) else {
                return Self.refused("there is no alarm \(alarm) that waits to be acknowledged")
            }
            events += changes
            return OperatorReply(accepted: true, message: "\(alarm) is acknowledged")
        case .shelve(let alarm):
            return shelve(alarm, request, at: image.time, events: &events)
        }
    }

    private static func refused(_ message: String) -> OperatorReply { OperatorReply(accepted: false, message: message) }

    /// Why this agent writes nothing.
    private var obstacle: String {
        isAdvisoryOnly
            ? "this agent was started to advise only; start it without --advisory" : "this agent is on standby"
    }

    /// Why nothing is written to a point's device; nil where what it is is no reason.
    private func identityRefusal(of id: PointID, _ devices: [DeviceStatus]) -> String? {
        guard let slot = slotByID[id], devices.indices.contains(points.points[slot].device) else { return nil }
        let device = devices[points.points[slot].device]
        return device.identity?.refusal.map { "nothing is written to \(device.device): \($0)" }
    }

    private mutating func hand(
        _ id: PointID,
        _ value: Double,
        _ request: OperatorRequest,
        at time: Timestamp,
        mayWrite: Bool
    ) -> OperatorReply {
        guard let slot = slotByID[id] else {
            let isKnown = site.index(of: id) != nil
            return Self.refused(isKnown ? "\(id) cannot be written" : "there is no point \(id)")
        }
        guard mayWrite else { return Self.refused(obstacle) }
        if request.reason.isEmpty { return Self.refused("a hold needs a reason") }
        guard let seconds = request.holdSeconds, seconds > 0, seconds <= Self.longestHold else {
            return Self.refused("a hold needs an expiry between 1 s and 7 days")
        }
        let point = points.points[slot]
        guard point.range.contains(value) else {
            return Self.refused("\(id) takes \(point.range.words(point.unit)), not \(value)")
        }
        if case .writesFailed = writes.states[slot].hold {
            return Self.refused(
                "writing to \(id) has stopped after failures; check the device and release the point first"
            )
        }
        let expires = time + .seconds(seconds)
        writes.states[slot].takeOver()
        writes.states[slot].hold = .byOperator(
            value: value,
            expires: expires,
            reason: request.reason,
            requester: request.requester
        )
        return OperatorReply(accepted: true, message: "\(id) is held at \(value) until \(expires.iso8601)")
    }

    private mutating func release(_ id: PointID, _ image: ProcessImage) -> OperatorReply {
        guard let slot = slotByID[id] else { return Self.refused("there is no writable point \(id)") }
        guard writes.states[slot].hold != nil else { return Self.refused("\(id) is not in hand") }
        writes.states[slot].hold = nil
        writes.states[slot].handBack()
        let owner = ownerOfSlot[slot]
        guard owner >= 0 else { return OperatorReply(accepted: true, message: "\(id) is released") }
        let mode = modes[owner]
        if mode == .automatic { loops.adopt(loop: owner, image) }
        let loop = loops.descriptions[owner].id
        return OperatorReply(accepted: true, message: "\(id) is released to \(loop), which is \(mode.rawValue)")
    }

    private mutating func shelve(
        _ alarm: String,
        _ request: OperatorRequest,
        at time: Timestamp,
        events: inout [Event]
    ) -> OperatorReply {
        if request.reason.isEmpty { return Self.refused("shelving needs a reason") }
        guard let seconds = request.holdSeconds, seconds > 0, seconds <= Self.longestShelving else {
            return Self.refused("shelving needs a time between 1 s and 24 h")
        }
        guard let changes = alarms.shelve(alarm, for: .seconds(seconds), at: time) else {
            return Self.refused("there is no alarm \(alarm)")
        }
        events += changes
        return OperatorReply(accepted: true, message: "\(alarm) is shelved until \((time + .seconds(seconds)).iso8601)")
    }
}

extension AllowedValues {
    /// The values in words, for an operator.
    func words(_ unit: PointUnit) -> String {
        let sign = unit.symbol.isEmpty ? "" : " " + unit.symbol
        return switch self {
        case .interval(let range): "\(range.lowerBound) to \(range.upperBound)\(sign)"
        case .states(let states): states.map { "\($0)" }.joined(separator: " or ") + sign
        }
    }
}
