// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// How points, key figures and meters are named as time series, the same on every surface.
///
/// A dashboard must not care whether a series was scraped or sent by remote write.
package enum MetricNaming {
    /// What the name of every series begins with.
    package static let prefix = "thermocline_"

    /// Endings that the exposition formats keep for other kinds of metric than a gauge.
    private static let reservedEndings = [
        "_total", "_count", "_sum", "_bucket", "_info", "_created", "_gcount", "_gsum",
    ]

    /// The family's name: prefix, point, unit, each once; a counter's `_total` is not part of it.
    ///
    /// `energy_total` in joules as a counter gives `thermocline_energy_joules`, `supply_temperature_celsius` in
    /// celsius is left as it is, and a gauge called `fan_count` becomes `thermocline_fan_count_value`, since `_count`
    /// belongs to histograms.
    package static func family(point: String, unit: PointUnit, isCounter: Bool) -> String {
        var name = sanitized(point)
        if isCounter, name.hasSuffix("_total") { name.removeLast("_total".count) }
        let suffix = unit.metricSuffix
        if !suffix.isEmpty, name != suffix, !name.hasSuffix("_" + suffix) { name += "_" + suffix }
        if !isCounter, reservedEndings.contains(where: name.hasSuffix) { name += "_value" }
        return prefix + name
    }

    /// The text with every byte outside `a-z A-Z 0-9 _` replaced by an underscore.
    package static func sanitized(_ text: String) -> String {
        let bytes = text.utf8.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                byte
            default:
                UInt8(ascii: "_")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What may follow a family's name in a sample's.
    private static let sampleEndings = ["", "_total", "_info", "_bucket", "_sum", "_count", "_created"]

    /// The names, without prefix, of families that the agent writes of itself; a point of such a name is set apart.
    private static let ownNames: Set<String> = [
        "alarms", "build", "build_info", "cycle_age_seconds", "cycle_duration_seconds", "cycle_sequence", "device",
        "device_exceptions", "device_exceptions_total", "device_identity_confirmed", "device_identity_mismatches",
        "device_identity_mismatches_total", "device_info", "device_last_reply_age_seconds",
        "device_last_reply_timestamp_seconds", "device_late_replies", "device_late_replies_total",
        "device_malformed_replies", "device_malformed_replies_total", "device_overruns", "device_overruns_total",
        "device_requests", "device_requests_total", "device_round_trip_seconds", "device_timeouts",
        "device_timeouts_total", "device_up", "endpoint", "endpoint_connection_losses", "endpoint_connections",
        "endpoint_devices", "endpoint_doubtful_reads", "endpoint_duplicate_replies", "endpoint_exceptions",
        "endpoint_info", "endpoint_late_replies", "endpoint_link", "endpoint_malformed_replies", "endpoint_overruns",
        "endpoint_replies", "endpoint_requests", "endpoint_round_trip_seconds", "endpoint_scan_lateness_seconds",
        "endpoint_timeouts", "endpoint_up", "kpi_completeness_ratio", "kpi_denominator_joules",
        "kpi_numerator_cubic_meters", "kpi_numerator_joules", "kpi_uncertainty_ratio", "loop_mode", "loop_state",
        "loop_state_since_timestamp_seconds", "meter_covered", "meter_energy_joules", "meter_energy_joules_total",
        "meter_water_cubic_meters", "meter_water_cubic_meters_total", "plant_timestamp_seconds", "points",
        "rack_nominal_power_watts", "simulation_time_scale", "site", "site_info", "writes", "writes_total",
    ]

    /// The family's name, or one with `point_` in it where the agent itself uses the name.
    package static func familyApartFromOwn(point: String, unit: PointUnit, isCounter: Bool) -> String {
        let name = family(point: point, unit: unit, isCounter: isCounter)
        let bare = String(name.dropFirst(prefix.count))
        let isTaken =
            sampleEndings.contains { ownNames.contains(bare + $0) }
            || KPIName.allCases.contains { figure in sampleEndings.contains { name + $0 == figure.metricName } }
        return isTaken ? prefix + "point_" + bare : name
    }
}

extension KPIName {
    /// The base unit as the name of the figure's metric ends.
    package var metricUnit: String {
        switch self {
        case .wue: "cubic_meters_per_joule"
        case .cue: "grams_per_joule"
        case .pue, .erf, .ere, .ref, .cer: "ratio"
        }
    }

    /// The name of the figure's metric: `thermocline_pue_ratio`.
    package var metricName: String { "\(MetricNaming.prefix)\(rawValue)_\(metricUnit)" }
}
