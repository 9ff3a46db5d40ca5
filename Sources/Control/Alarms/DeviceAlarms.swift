// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Alarms of devices that do not answer, or that are not what their maps describe: one per cause, with all that
/// follows from it suppressed.
package struct DeviceAlarms: Sendable {
    /// What the identifier of a communication alarm ends with.
    package static let suffix = "/communication_lost"
    /// What the identifier of an alarm ends with where another device answers than the map describes.
    package static let mismatchSuffix = "/identity_mismatch"
    /// What it ends with where the device does not say what it is.
    package static let unconfirmedSuffix = "/identity_unconfirmed"
    static let onDelay = Duration.seconds(30)
    /// Shorter than ``offDelay``: whoever has put the right device in waits for it.
    private static let identityOffDelay = Duration.seconds(10)
    private static let offDelay = Duration.seconds(30)

    private let deviceIDs: [String]
    private let equipmentIDs: [String]
    private let endpointOfDevice: [Int]
    private let endpointIDs: [String]
    private let devicesPerEndpoint: [Int]
    private let isControlled: [Bool]

    package init(site: SiteDescription, points: ControlledPoints) {
        deviceIDs = site.devices.map(\.id)
        equipmentIDs = site.devices.map(\.equipment)
        endpointOfDevice = site.devices.map(\.endpoint)
        endpointIDs = site.endpoints.map(\.id)
        var counts = Array(repeating: 0, count: site.endpoints.count)
        for device in site.devices { counts[device.endpoint] += 1 }
        devicesPerEndpoint = counts
        var controlled = Array(repeating: false, count: site.devices.count)
        for point in points.points { controlled[point.device] = true }
        isControlled = controlled
    }

    /// The conditions of what is down now, and the identifiers whose other alarms follow from it.
    ///
    /// - Parameter devices: in site order; empty where nobody watches links.
    /// - Returns: both, in site order.
    package func conditions(_ devices: [DeviceStatus]) -> (conditions: [AlarmCondition], suppressed: [String]) {
        guard devices.count == deviceIDs.count else { return ([], []) }
        let strangers = devices.indices.filter { devices[$0].identity?.refusal != nil }
        let down = devices.indices.filter { devices[$0].link == .down }
        guard !down.isEmpty || !strangers.isEmpty else { return ([], []) }
        var downPerEndpoint = Array(repeating: 0, count: endpointIDs.count)
        for device in down where !isWrongDevice(devices[device]) { downPerEndpoint[endpointOfDevice[device]] += 1 }
        var conditions = strangers.map { identityCondition(devices[$0], isControlled[$0]) }
        var suppressed: [String] = []
        var reported = Array(repeating: false, count: endpointIDs.count)
        for device in down {
            let endpoint = endpointOfDevice[device]
            suppressed.append(deviceIDs[device])
            if isEquipmentSilent(device, devices) { suppressed.append(equipmentIDs[device]) }
            guard !isWrongDevice(devices[device]) else { continue }
            let isWhole = devicesPerEndpoint[endpoint] > 1 && downPerEndpoint[endpoint] == devicesPerEndpoint[endpoint]
            guard isWhole else {
                conditions.append(condition(deviceIDs[device], isControlled[device], devices[device].detail))
                continue
            }
            guard !reported[endpoint] else { continue }
            reported[endpoint] = true
            let isAnyControlled = down.contains { endpointOfDevice[$0] == endpoint && isControlled[$0] }
            let detail = "all \(devicesPerEndpoint[endpoint]) devices behind it are silent: \(devices[device].detail)"
            conditions.append(condition(endpointIDs[endpoint], isAnyControlled, detail))
        }
        return (conditions, suppressed)
    }

    /// Whether no device that serves the same equipment answers, so that nothing is known of it any more.
    private func isEquipmentSilent(_ device: Int, _ devices: [DeviceStatus]) -> Bool {
        let equipment = equipmentIDs[device]
        guard equipment != deviceIDs[device] else { return false }
        return devices.indices.allSatisfy { equipmentIDs[$0] != equipment || devices[$0].link == .down }
    }

    private func isWrongDevice(_ device: DeviceStatus) -> Bool { device.identity?.state == .mismatch }

    private func identityCondition(_ device: DeviceStatus, _ isControlled: Bool) -> AlarmCondition {
        let isWrong = isWrongDevice(device)
        let effect = isWrong ? "its readings are not used" : "its readings are uncertain"
        return AlarmCondition(
            id: device.device + (isWrong ? Self.mismatchSuffix : Self.unconfirmedSuffix),
            isPresent: true,
            priority: isWrong ? (isControlled ? .high : .medium) : (isControlled ? .medium : .low),
            message: "\(device.identity?.refusal ?? ""); \(effect) and nothing is written",
            response: isWrong
                ? "check address, unit id, map and the device itself; the right one is taken over without a restart"
                : "check the firmware; leave 'identity' out of a map of your own where the device has none",
            onDelay: .zero,
            offDelay: Self.identityOffDelay
        )
    }

    private func condition(_ id: String, _ isControlled: Bool, _ detail: String) -> AlarmCondition {
        AlarmCondition(
            id: id + Self.suffix,
            isPresent: true,
            priority: isControlled ? .medium : .low,
            message: detail.isEmpty ? "the device does not answer" : detail,
            response: "check power, network and gateway of the device; its own controller keeps running",
            onDelay: Self.onDelay,
            offDelay: Self.offDelay
        )
    }
}
