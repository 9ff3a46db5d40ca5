// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

extension DeviceStatus {
    /// Whether a write can reach the device and may.
    package var takesWrites: Bool { (link == .up || link == .degraded) && identity?.refusal == nil }

    /// Whether the device answers: a link that stands, and a good reply within `limit` before `now` in plant time.
    package func isUp(at now: Timestamp, within limit: Duration) -> Bool {
        guard link == .up || link == .degraded, let lastReply else { return false }
        return now - lastReply <= limit
    }
}

extension SiteDescription {
    /// For each device, how old its last good reply may be while it counts as answering, in plant time.
    ///
    /// Three of the intervals at which its fastest points are read, as for a reading that is not stale.
    package var replyLimits: [Duration] {
        devices.map { device in
            let polled = maps[device.map].points.filter { point in
                point.isReadable && !point.type.isText
            }
            let classes = Set(polled.map(\.pollClass))
            let fastest = classes.map { device.interval($0) }.min() ?? device.interval(.normal)
            return max(fastest, effectiveCycleInterval) * 3
        }
    }
}
