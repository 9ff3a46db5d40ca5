// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Which device answers: asked before its points are read and before anything is written to it.
extension EndpointSession {
    /// The identity registers were read.
    package mutating func identified(_ words: [UInt16], at now: MonotonicTime, plantTime: Timestamp) {
        guard let request = endRequest(at: now) else { return }
        let device = request.device
        if let reader = devices[device].plan.identity {
            let answer = reader.judge(words)
            devices[device].identity.answered(isAccepted: answer.isAccepted, at: now)
            if !answer.isAccepted { devices[device].state.identityMismatches += 1 }
            settleIdentity(of: device, found: answer.isAccepted ? "" : reader.shown(answer), at: now)
        }
        noteReply(of: device, after: now - request.sent, at: now, plantTime: plantTime)
        planIdentities()
        refresh(device)
    }

    /// A device answered the read of its identity registers with an exception.
    mutating func identityRefused(by device: Int, _ exception: ModbusException, at now: MonotonicTime) {
        let interval = devices[device].plan.fastestInterval
        devices[device].identity.refused(isLasting: exception.isLasting, at: now, interval: interval)
        if devices[device].identity.state == .unconfirmed {
            settleIdentity(of: device, found: exception.name, at: now)
        }
        refused(by: device, exception, at: now)
        planIdentities()
        refresh(device)
    }

    /// Something else of a device was answered while its identity may be awaited.
    mutating func heardInstead(of device: Int, at now: MonotonicTime) {
        guard devices[device].identity.isAwaited else { return }
        devices[device].identity.heard(at: now)
        settleIdentity(of: device, found: "no answer", at: now)
        planIdentities()
    }

    /// Every device behind a new connection, or one that was lost, has to say again what it is.
    mutating func beginIdentity(of device: Int, at now: MonotonicTime) {
        guard devices[device].plan.identity != nil else { return }
        devices[device].identity.begin(at: now)
        devices[device].state.identity = devices[device].identity.state
        planIdentities()
    }

    /// Works out anew when the next identity is to be asked for.
    mutating func planIdentities() {
        nextIdentityAt = devices.reduce(.never) { $1.health.isDown ? $0 : min($0, $1.identity.dueAt) }
    }

    /// The device that is to say next what it is; nil where none is, or where one that is known to live goes first.
    func pickIdentity(at now: MonotonicTime) -> SessionJob? {
        var next: Int?
        for device in devices.indices where !devices[device].health.isDown && devices[device].identity.dueAt <= now {
            guard let best = next else {
                next = device
                continue
            }
            let (own, others) = (doubt(ofDevice: device), doubt(ofDevice: best))
            let isEarlier = devices[device].identity.dueAt < devices[best].identity.dueAt
            if own < others || (own == others && isEarlier) { next = device }
        }
        guard let device = next, let reader = devices[device].plan.identity else { return nil }
        if now < nextProbeAt, let group = mostUrgent(at: now),
            doubt(ofDevice: groups[group].device) < doubt(ofDevice: device)
        {
            return nil
        }
        return .identify(device: device, block: reader.block)
    }

    /// The question that a command waits for.
    func pickIdentityForOrders(at now: MonotonicTime) -> SessionJob? {
        guard nextIdentityAt <= now, desk.orders.contains(where: { devices[$0.target.device].identity.isAwaited })
        else { return nil }
        return pickIdentity(at: now)
    }

    /// Why nothing may be written to a device; nil where it may, or where that is not known yet.
    func writeRefusal(ofDevice device: Int) -> String? {
        guard let state = devices[device].identity.state, let reader = devices[device].plan.identity else { return nil }
        return DeviceIdentity(state: state, expected: reader.expected, found: devices[device].found).refusal
    }

    /// Lets scans begin or end as a verdict asks for, and tells of a new one.
    private mutating func settleIdentity(of device: Int, found: String, at now: MonotonicTime) {
        guard let state = devices[device].identity.state, state != .awaited else { return }
        devices[device].state.identity = state
        if devices[device].identity.permitsReads {
            if !devices[device].health.isDown { for group in devices[device].groups { activate(group, at: now) } }
        } else {
            for group in devices[device].groups { finish(group) }
        }
        let text = state == .confirmed ? "" : found
        let isNews = devices[device].told != state || devices[device].found != text
        devices[device].found = text
        devices[device].told = state
        effects.append(.identified(device: device, found: text, isNews: isNews))
    }
}
