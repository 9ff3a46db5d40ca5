// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension AgentFamily {
    /// How every device is doing: up, age of its last reply, what went over its wire.
    static func devices(of site: SiteDescription) -> [AgentFamily] {
        let labels = DeviceLabels(site)
        let limits = Dictionary(zip(site.devices.map(\.id), site.replyLimits), uniquingKeysWith: { first, _ in first })
        func family(
            _ name: String,
            _ kind: MetricFamily.Kind = .gauge,
            unit: String = "",
            help: String,
            value: @escaping @Sendable (DeviceStatus, CycleRecord) -> Double?
        ) -> AgentFamily {
            .measured(MetricFamily("thermocline_device_" + name, kind, unit: unit, help: help)) { record, buffer in
                for status in record.devices {
                    guard let device = labels[status.device], let value = value(status, record) else { continue }
                    buffer.sample(device, value)
                }
            }
        }
        return [
            info(of: site, labels: labels),
            family("up", help: "Whether the device answers: 1 after a good reply in three of its fastest intervals.") {
                status,
                record in
                limits[status.device].map { status.isUp(at: record.image.time, within: $0) ? 1 : 0 }
            },
            family("identity_confirmed", help: "Whether the device said that it is the product of its map.") {
                status,
                _ in
                status.identity.map { $0.state == .confirmed ? 1 : 0 }
            },
            family("identity_mismatches", .counter, help: "Answers that named another product than the map does.") {
                status,
                _ in
                (status.identity?.mismatches).map { Double($0) }
            },
            family("last_reply_age_seconds", unit: "seconds", help: "Plant time since the last good reply.") {
                status,
                record in
                status.lastReply.map { (record.image.time - $0).inSeconds }
            },
            family("last_reply_timestamp_seconds", unit: "seconds", help: "Plant time of the last good reply.") {
                status,
                _ in
                status.lastReply?.secondsSinceEpoch
            },
            family("round_trip_seconds", unit: "seconds", help: "Mean wall time from request to reply.") { status, _ in
                status.requests > 0 ? status.roundTripSeconds : nil
            },
            family("requests", .counter, help: "Requests sent since the agent started.") { status, _ in
                Double(status.requests)
            },
            family("timeouts", .counter, help: "Requests that were not answered in time.") { status, _ in
                Double(status.timeouts)
            },
            family("exceptions", .counter, help: "Requests answered with a Modbus exception.") { status, _ in
                Double(status.exceptions)
            },
            family("late_replies", .counter, help: "Replies that came too late and were discarded.") { status, _ in
                Double(status.lateReplies)
            },
            family("malformed_replies", .counter, help: "Replies that were no answer to the request.") { status, _ in
                Double(status.malformedReplies)
            },
            family("overruns", .counter, help: "Scans skipped because the one before had not ended.") { status, _ in
                Double(status.overruns)
            },
        ]
    }

    private static func info(of site: SiteDescription, labels: DeviceLabels) -> AgentFamily {
        let lines = site.devices.map { device in
            let endpoint = site.endpoints[device.endpoint]
            let map = site.maps[device.map]
            let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
            return ExpositionBuffer.labels([
                ("device", device.id), ("equipment", device.equipment), ("endpoint", endpoint.id),
                ("address", "\(host):\(endpoint.port)"),
                ("unit_id", String(device.unit)), ("map", map.name), ("category", map.category.rawValue),
            ])
        }
        return AgentFamily(
            family: MetricFamily("thermocline_device", .info, help: "What the device is and where it answers."),
            isMeasured: false
        ) { _, buffer in
            for line in lines { buffer.sample(line, 1) }
        }
    }
}

/// The labels of every device of a site, put together once.
struct DeviceLabels: Sendable {
    private let labels: [String: [UInt8]]

    init(_ site: SiteDescription) {
        labels = Dictionary(
            site.devices.map { device in
                (device.id, ExpositionBuffer.labels([("device", device.id), ("equipment", device.equipment)]))
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    subscript(_ device: String) -> [UInt8]? { labels[device] }
}
