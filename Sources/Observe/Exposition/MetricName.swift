// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// How a canonical point name becomes the name of a metric family.
package enum MetricName {
    package static let prefix = "thermocline_"

    /// Endings that both formats, or promtool's lint, keep for other kinds of metric than a gauge.
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
    static func sanitized(_ text: String) -> String {
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
}
