// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Which request comes next.
extension EndpointSession {
    /// Starts the scans that have become due; those whose last one is still running skip and are counted.
    mutating func activateDue(at now: MonotonicTime) {
        guard now >= earliestDue else { return }
        for group in groups.indices where groups[group].grid.due <= now {
            let passed = groups[group].grid.advance(beyond: now)
            let device = groups[group].device
            guard !devices[device].health.isDown, devices[device].identity.permitsReads, isReady(device) else {
                continue
            }
            let skipped = groups[group].isActive ? passed : passed - 1
            if skipped > 0 {
                devices[device].state.overruns += skipped
                counters.overruns += skipped
                effects.append(.deviceChanged(device))
                effects.append(.overrun(device: device, skipped: skipped))
            }
            let isNew = !groups[group].isActive
            activate(group, at: now)
            if isNew { groups[group].dueAt = groups[group].grid.due + -groups[group].grid.interval }
        }
        earliestDue = groups.reduce(.never) { min($0, $1.grid.due) }
    }

    /// Starts a group's scan unless one is running.
    mutating func activate(_ group: Int, at now: MonotonicTime) {
        guard !groups[group].isActive, isReady(groups[group].device) else { return }
        groups[group].memory.review(at: now)
        groups[group].cursor = 0
        groups[group].halvings = 0
        groups[group].isActive = true
        groups[group].dueAt = nil
        groups[group].deadline = now + groups[group].grid.interval
        active.append(group)
    }

    /// Ends a group's scan.
    mutating func finish(_ group: Int) {
        guard groups[group].isActive else { return }
        groups[group].isActive = false
        active.removeAll { $0 == group }
    }

    /// Ends a scan that has no more blocks to read, else moves it to its next one.
    mutating func advance(_ group: Int, from entry: Int, at now: MonotonicTime) {
        guard groups[group].isActive else { return }
        if let next = groups[group].memory.next(from: entry, at: now) {
            groups[group].cursor = next
        } else {
            finish(group)
        }
    }

    mutating func pick(at now: MonotonicTime) -> SessionJob? {
        if nextProbe(at: now) <= now, let job = pickProbe(at: now) { return job }
        if nextIdentityAt <= now, let job = pickIdentity(at: now) { return job }
        if !unready.isEmpty, let job = pickPreparation(at: now) { return job }
        while let group = mostUrgent(at: now) {
            if let entry = groups[group].memory.next(from: groups[group].cursor, at: now) {
                return .scan(group: group, entry: entry)
            }
            finish(group)
        }
        return nil
    }

    /// The running scan that goes on: of those whose devices answer, the one with the nearest end of its interval.
    ///
    /// Devices that have failed or not answered yet come behind them, unless the rest that their last time-out cost
    /// them is over.
    func mostUrgent(at now: MonotonicTime) -> Int? {
        guard active.count > 1 else { return active.first }
        let isResting = now < nextProbeAt
        return active.min { left, right in
            if isResting {
                let doubts = (doubt(ofDevice: groups[left].device), doubt(ofDevice: groups[right].device))
                if doubts.0 != doubts.1 { return doubts.0 < doubts.1 }
            }
            return groups[left].deadline == groups[right].deadline
                ? left < right : groups[left].deadline < groups[right].deadline
        }
    }

    /// 0 for a device that has answered since time-outs began, 1 where it has not been asked since, 2 where it has
    /// never been heard, 3 where its last request failed.
    func doubt(ofDevice device: Int) -> Int {
        if devices[device].health.failures > 0 { return 3 }
        if devices[device].health.link == .connecting { return 2 }
        return devices[device].lastAnswer < disturbedSince ? 1 : 0
    }

    /// When the next probe of a device that is down may leave.
    func nextProbe(at now: MonotonicTime) -> MonotonicTime {
        guard downCount > 0 else { return .never }
        var earliest = MonotonicTime.never
        for device in devices {
            if let probeAt = device.health.probeAt { earliest = min(earliest, probeAt) }
        }
        return max(earliest, nextProbeAt)
    }

    /// The block that shows fastest whether the device that has been down longest unasked answers again.
    private func pickProbe(at now: MonotonicTime) -> SessionJob? {
        var longest: (device: Int, probeAt: MonotonicTime)?
        for (position, device) in devices.enumerated() {
            guard let probeAt = device.health.probeAt, probeAt <= now, probeAt < longest?.probeAt ?? .never else {
                continue
            }
            longest = (position, probeAt)
        }
        guard let device = longest?.device else { return nil }
        if devices[device].identity.isAskedFirst, let reader = devices[device].plan.identity {
            return .identify(device: device, block: reader.block)
        }
        guard isReady(device) else { return .prepare(device: device) }
        for group in devices[device].groups {
            if let entry = groups[group].memory.next(from: 0, at: now) { return .probe(group: group, entry: entry) }
        }
        // Every block rests because the device refused it: any of them shows whether it answers.
        return devices[device].groups.first { !groups[$0].memory.entries.isEmpty }.map { .probe(group: $0, entry: 0) }
    }
}
