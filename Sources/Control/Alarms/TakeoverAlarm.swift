// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// One alarm for all devices that came back with values of their own at about the same time.
///
/// Their points are led back without anybody's help, but a supply that blinks is worth knowing. A device whose silence
/// was long enough for an alarm of its own is left out: one cause, one alarm.
struct TakeoverAlarm: Sendable {
    static let id = "devices/restarted"
    /// Devices that come back within this time of each other count as one cause, and for so long it is shown.
    private static let window = Duration.seconds(600)
    /// Devices named in the message.
    private static let named = 8

    private var devices: [String] = []
    private var last: Timestamp?
    /// By position of the device: since when it is down.
    private var downSince: [Int: Timestamp] = [:]

    /// One cycle.
    ///
    /// - Parameters:
    ///   - changed: Positions of devices that came back with other values than they were given, in site order.
    ///   - site: The site.
    ///   - statuses: How links are doing, in site order; empty where nobody watches them.
    ///   - time: Plant time.
    /// - Returns: The condition while there is one.
    mutating func step(
        _ changed: [Int],
        _ site: SiteDescription,
        _ statuses: [DeviceStatus],
        at time: Timestamp
    ) -> AlarmCondition? {
        if let last, time - last > Self.window {
            devices = []
            self.last = nil
        }
        for device in changed where !wasReported(device, at: time) {
            if !devices.contains(site.devices[device].id) { devices.append(site.devices[device].id) }
            last = time
        }
        for position in statuses.indices {
            if statuses[position].link != .down {
                if downSince[position] != nil { downSince[position] = nil }
            } else if downSince[position] == nil {
                downSince[position] = time
            }
        }
        return devices.isEmpty ? nil : condition
    }

    private func wasReported(_ device: Int, at time: Timestamp) -> Bool {
        downSince[device].map { time - $0 >= DeviceAlarms.onDelay } ?? false
    }

    private var condition: AlarmCondition {
        let more = devices.count > Self.named ? " and \(devices.count - Self.named) more" : ""
        let names = devices.prefix(Self.named).joined(separator: ", ") + more
        return AlarmCondition(
            id: Self.id,
            isPresent: true,
            priority: .low,
            message: "\(devices.count) device(s) came back with values of their own and are led back: \(names)",
            response: "find out what made them restart, such as a break of their supply",
            onDelay: .zero,
            offDelay: .zero
        )
    }
}
