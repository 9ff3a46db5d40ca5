// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What is asked of a device before its points are read.
///
/// Nothing else changes for such a device: its requests, time-outs and failures count like those of any other, and
/// while it is down the next step of its preparation is what it is probed with.
extension EndpointSession {
    /// Whether the points of a device may be read.
    func isReady(_ device: Int) -> Bool { devices[device].preparation?.isReady ?? true }

    /// A connection stands: what was found on the one before need not hold any more.
    mutating func restartPreparations() {
        for device in devices.indices { restartPreparation(of: device) }
    }

    /// A device that was lost is back: it may be another one.
    mutating func restartPreparation(of device: Int) {
        guard devices[device].preparation != nil else { return }
        devices[device].preparation?.restart()
        if !unready.contains(device) { unready.append(device) }
    }

    /// The next step of a device that is not down; one whose last request failed waits like its scans would.
    func pickPreparation(at now: MonotonicTime) -> SessionJob? {
        for device in unready where !devices[device].health.isDown && devices[device].identity.permitsReads {
            guard devices[device].health.failures == 0 || active.isEmpty || now >= nextProbeAt else { continue }
            if devices[device].preparation?.wanted(at: now) != nil { return .prepare(device: device) }
        }
        return nil
    }

    /// When the next step may be due.
    func nextPreparation(at now: MonotonicTime) -> MonotonicTime {
        unready.reduce(.never) { earliest, device in
            guard !devices[device].health.isDown, devices[device].identity.permitsReads,
                let preparation = devices[device].preparation
            else { return earliest }
            let pause = devices[device].health.failures == 0 ? now : nextProbeAt
            return min(earliest, max(preparation.restsUntil, pause))
        }
    }

    /// The registers that a step of a device's preparation reads; those of its first step where it rests.
    func preparationBlock(of device: Int, at now: MonotonicTime) -> ReadBlock {
        ReadBlock(of: devices[device].preparation?.wanted(at: now) ?? SunSpecWalk.firstRange)
    }

    /// The reply to a step of a device's preparation was read.
    package mutating func prepared(_ words: [UInt16], at now: MonotonicTime, plantTime: Timestamp) {
        guard let request = endRequest(at: now) else { return }
        heardInstead(of: request.device, at: now)
        noteReply(of: request.device, after: now - request.sent, at: now, plantTime: plantTime)
        if devices[request.device].preparation?.wanted(at: now) == request.request.block.range {
            devices[request.device].preparation?.walk.answered(words)
        }
        concludePreparation(of: request.device, at: now)
    }

    /// A device refused a step of its preparation with an exception.
    mutating func preparationRefused(_ request: OutstandingRequest, _ exception: ModbusException, at now: MonotonicTime)
    {
        heardInstead(of: request.device, at: now)
        refused(by: request.device, exception, at: now)
        if exception.isLasting {
            // What it refuses shows where it has no models; it is no fault of the device.
            devices[request.device].health.replied()
            if devices[request.device].preparation?.wanted(at: now) == request.request.block.range {
                devices[request.device].preparation?.walk.refused()
            }
        } else {
            devices[request.device].preparation?.rest(
                exception.cause,
                "SunSpec models: \(exception.cause.words)",
                at: now
            )
        }
        concludePreparation(of: request.device, at: now)
    }

    private mutating func concludePreparation(of device: Int, at now: MonotonicTime) {
        if let plans = devices[device].preparation?.conclude(at: now) {
            for (group, plan) in zip(devices[device].groups, plans) {
                groups[group].memory = BlockMemory(plan: plan, retryNanoseconds: Self.refusalRetry)
            }
        }
        if isReady(device) {
            unready.removeAll { $0 == device }
            for group in devices[device].groups { activate(group, at: now) }
        }
        refresh(device)
    }

    /// The map as it stands on the device, once after each change of its models.
    package mutating func takePlacement(ofDevice device: Int) -> DeviceMap? {
        defer { devices[device].preparation?.placed = nil }
        return devices[device].preparation?.placed
    }

    /// What a walk came to that did not come to the same as the one before, once.
    package mutating func takePreparationReport(ofDevice device: Int) -> String? {
        defer { devices[device].preparation?.report = nil }
        return devices[device].preparation?.report
    }

    /// The groups of a device.
    package func groups(ofDevice device: Int) -> Range<Int> { devices[device].groups }

    /// The reads of a group, as they are planned.
    package func reads(ofGroup group: Int) -> ReadPlan { groups[group].memory.plan }
}
