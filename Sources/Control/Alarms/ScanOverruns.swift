// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Alarms of devices that are asked for more than they answer in time, so that scans are skipped again and again.
///
/// The readings are good, only rarer than the site file says. One skipped scan is nothing; what counts is that the
/// number keeps growing. Where all devices behind an endpoint lag, the endpoint is the cause and has the alarm.
package struct ScanOverruns: Sendable {
    /// What the identifier of such an alarm ends with.
    package static let suffix = "/scan_overrun"
    /// Time without a further skipped scan after which the scans keep up again.
    package static let memory = Duration.seconds(30)
    /// Time for which scans must have been skipped before it is an alarm.
    package static let onDelay = Duration.seconds(60)
    private static let offDelay = Duration.seconds(60)

    /// What was last seen of one device.
    private struct Watch {
        /// Scans skipped since the agent started; nil before the first look.
        var overruns: Int?
        /// Plant time at which that number last grew; nil where it has not.
        var grewAt: Timestamp?
    }

    private let deviceIDs: [String]
    private let endpointIDs: [String]
    private let endpointOfDevice: [Int]
    private let devicesPerEndpoint: [Int]
    /// Plant seconds per wall second: scans run on wall time, so what is waited here is wall time too.
    private let timeScale: Double
    private var watches: [Watch]
    /// Whether any number has ever grown; until then there is nothing to look for.
    private var hasGrown = false

    package init(site: SiteDescription) {
        deviceIDs = site.devices.map(\.id)
        endpointIDs = site.endpoints.map(\.id)
        endpointOfDevice = site.devices.map(\.endpoint)
        devicesPerEndpoint = site.endpoints.indices.map { endpoint in site.devices.count { $0.endpoint == endpoint } }
        timeScale = site.simulation?.timeScale ?? 1
        watches = Array(repeating: Watch(), count: site.devices.count)
    }

    /// Takes the numbers of one cycle.
    ///
    /// - Parameters:
    ///   - devices: in site order; empty where nobody watches links.
    ///   - time: plant time.
    /// - Returns: the conditions that are present, in site order.
    package mutating func step(_ devices: [DeviceStatus], at time: Timestamp) -> [AlarmCondition] {
        guard devices.count == watches.count else { return [] }
        for device in devices.indices where devices[device].overruns != watches[device].overruns {
            if let before = watches[device].overruns, devices[device].overruns > before {
                watches[device].grewAt = time
                hasGrown = true
            }
            watches[device].overruns = devices[device].overruns
        }
        guard hasGrown else { return [] }
        let memory = Self.memory * timeScale
        let lagging = devices.indices.filter { device in watches[device].grewAt.map { time - $0 < memory } ?? false }
        return conditions(lagging, devices)
    }

    private func conditions(_ lagging: [Int], _ devices: [DeviceStatus]) -> [AlarmCondition] {
        var perEndpoint = Array(repeating: 0, count: endpointIDs.count)
        for device in lagging { perEndpoint[endpointOfDevice[device]] += 1 }
        var reported = Array(repeating: false, count: endpointIDs.count)
        var conditions: [AlarmCondition] = []
        for device in lagging {
            let endpoint = endpointOfDevice[device]
            let count = devicesPerEndpoint[endpoint]
            guard count > 1, perEndpoint[endpoint] == count else {
                let message =
                    "scans are skipped because the one before had not ended: \(devices[device].overruns) so far"
                conditions.append(condition(deviceIDs[device], message))
                continue
            }
            guard !reported[endpoint] else { continue }
            reported[endpoint] = true
            let message = "scans of all \(count) devices behind it are skipped because those before had not ended"
            conditions.append(condition(endpointIDs[endpoint], message))
        }
        return conditions
    }

    private func condition(_ id: String, _ message: String) -> AlarmCondition {
        AlarmCondition(
            id: id + Self.suffix,
            isPresent: true,
            priority: .low,
            message: message,
            response: "poll it less often or fewer of its points, or spread its devices over more gateways; "
                + "readings are good but rarer than asked for",
            onDelay: Self.onDelay * timeScale,
            offDelay: Self.offDelay * timeScale
        )
    }
}
