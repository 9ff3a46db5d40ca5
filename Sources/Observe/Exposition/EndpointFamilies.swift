// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension AgentFamily {
    /// What polling each endpoint is like: its connection, what went over it, how long it took.
    ///
    /// The label `endpoint` is the identifier of the site file; `thermocline_endpoint_info` has the address.
    static func endpoints(of site: SiteDescription) -> [AgentFamily] {
        let labels = EndpointLabels(site)
        return [info(of: site), link(labels), devices(labels)] + counters(labels) + [
            counts("malformed_replies", "Frames that answered no request, by what was wrong with them.", labels) {
                $0.malformedReplies.map { (("reason", $0.name), $0.count) }
            },
            counts("exceptions", "Requests answered with a Modbus exception, by its code; 0 is no code.", labels) {
                $0.exceptions.map { (("code", String($0.code)), $0.count) }
            },
            counts("doubtful_reads", "Reads whose values were not believed, by why.", labels) {
                $0.doubts.map { (("reason", $0.name), $0.count) }
            },
            histogram("round_trip_seconds", "Wall time from a request to its reply.", labels) { $0.roundTrip },
            histogram("scan_lateness_seconds", "Wall time from the moment a scan was due to its begin.", labels) {
                $0.scanLateness
            },
        ]
    }

    private typealias Write = @Sendable (EndpointMetrics, [UInt8], inout ExpositionBuffer) -> Void

    private static func family(
        _ name: String,
        _ kind: MetricFamily.Kind,
        unit: String = "",
        _ help: String,
        _ labels: EndpointLabels,
        write: @escaping Write
    ) -> AgentFamily {
        let family = MetricFamily("thermocline_endpoint_" + name, kind, unit: unit, help: help)
        return AgentFamily(family: family, isMeasured: true) { state, buffer in
            for metrics in state.endpoints {
                if let own = labels[metrics.endpoint] { write(metrics, own, &buffer) }
            }
        }
    }

    private static func counters(_ labels: EndpointLabels) -> [AgentFamily] {
        func counter(_ name: String, _ help: String, _ value: @escaping @Sendable (EndpointMetrics) -> Int)
            -> AgentFamily
        {
            family(name, .counter, help, labels) { $2.sample($1, Double(value($0))) }
        }
        return [
            family("up", .gauge, "Whether the endpoint answers: 1 up or degraded, 0 connecting or down.", labels) {
                $2.sample($1, $0.isUp ? 1 : 0)
            },
            counter("connections", "Connections that came to stand.") { $0.connections },
            counter("connection_losses", "Connections that were lost, and attempts that failed.") {
                $0.connectionLosses
            },
            counter("requests", "Reads and messages of writes that were sent.") { $0.requests },
            counter("replies", "Requests answered with what was asked for.") { $0.replies },
            counter("timeouts", "Requests that were not answered in time.") { $0.timeouts },
            counter("late_replies", "Replies that came too late and were discarded.") { $0.lateReplies },
            counter("duplicate_replies", "Replies that came a second time and were discarded.") {
                $0.duplicateReplies
            },
            counter("overruns", "Scans skipped because the one before had not ended.") { $0.overruns },
        ]
    }

    private static func link(_ labels: EndpointLabels) -> AgentFamily {
        let states: [DeviceStatus.Link] = [.connecting, .up, .degraded, .down]
        let name = "thermocline_endpoint_link"
        let suffixes = states.map { ExpositionBuffer.labels([(name, $0.rawValue)]) }
        return family("link", .stateSet, "How the connection stands.", labels) { metrics, own, buffer in
            for (state, suffix) in zip(states, suffixes) {
                buffer.sample(own + [UInt8(ascii: ",")] + suffix, metrics.link == state ? 1 : 0)
            }
        }
    }

    private static func devices(_ labels: EndpointLabels) -> AgentFamily {
        let suffixes = ["up", "degraded", "down"].map { ExpositionBuffer.labels([("state", $0)]) }
        return family("devices", .gauge, "Devices behind the endpoint, by how they answer.", labels) {
            metrics,
            own,
            buffer in
            let counts = [metrics.devicesUp, metrics.devicesDegraded, metrics.devicesDown]
            for (count, suffix) in zip(counts, suffixes) {
                buffer.sample(own + [UInt8(ascii: ",")] + suffix, Double(count))
            }
        }
    }

    private static func counts(
        _ name: String,
        _ help: String,
        _ labels: EndpointLabels,
        _ values: @escaping @Sendable (EndpointMetrics) -> [(label: (name: String, value: String), count: Int)]
    ) -> AgentFamily {
        family(name, .counter, help, labels) { metrics, own, buffer in
            for (label, count) in values(metrics) {
                buffer.sample(own + [UInt8(ascii: ",")] + ExpositionBuffer.labels([label]), Double(count))
            }
        }
    }

    private static func histogram(
        _ name: String,
        _ help: String,
        _ labels: EndpointLabels,
        _ value: @escaping @Sendable (EndpointMetrics) -> DurationHistogram
    ) -> AgentFamily {
        let bounds = (DurationHistogram.boundsInSeconds.map(\.description) + ["+Inf"])
            .map { [UInt8(ascii: ",")] + ExpositionBuffer.labels([("le", $0)]) }
        return family(name, .histogram, unit: "seconds", help, labels) { metrics, own, buffer in
            let histogram = value(metrics)
            let cumulative = histogram.cumulative
            for (bound, count) in zip(bounds, cumulative) {
                buffer.sample(own + bound, Double(count), suffix: "_bucket")
            }
            buffer.sample(own, histogram.sumSeconds, suffix: "_sum")
            buffer.sample(own, Double(cumulative.last ?? 0), suffix: "_count")
        }
    }

    private static func info(of site: SiteDescription) -> AgentFamily {
        let lines = site.endpoints.map { endpoint in
            let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
            return ExpositionBuffer.labels([("endpoint", endpoint.id), ("address", "\(host):\(endpoint.port)")])
        }
        return AgentFamily(
            family: MetricFamily("thermocline_endpoint", .info, help: "Where the endpoint is."),
            isMeasured: false
        ) { _, buffer in
            for line in lines { buffer.sample(line, 1) }
        }
    }
}

/// The label of every endpoint of a site, put together once.
private struct EndpointLabels: Sendable {
    private let labels: [String: [UInt8]]

    init(_ site: SiteDescription) {
        labels = Dictionary(
            site.endpoints.map { ($0.id, ExpositionBuffer.labels([("endpoint", $0.id)])) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    subscript(_ endpoint: String) -> [UInt8]? { labels[endpoint] }
}
