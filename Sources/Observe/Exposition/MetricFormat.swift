// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The two text formats of the metrics page.
package enum MetricFormat: CaseIterable, Sendable {
    /// Prometheus text exposition format 0.0.4.
    case prometheusText
    /// OpenMetrics text format 1.0.0.
    case openMetrics

    /// The value of the answer's Content-Type field.
    package var contentType: String {
        switch self {
        case .prometheusText: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// Chooses the format that a request's Accept field likes best.
    ///
    /// OpenMetrics is chosen only where it is named, in a version served here, with at least the weight of plain
    /// text: a browser that takes anything gets the format people know. A field that allows neither gets plain
    /// text too, as every Prometheus exporter answers. Weights as in RFC 9110, section 12.4.2.
    package static func negotiated(accept: String?) -> MetricFormat {
        var openMetricsWeight = 0.0
        var namedTextWeight: Double?
        var wildcardWeight = 0.0
        for range in (accept ?? "").split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.trimmingBlanks() }
            guard let mediaType = parts.first?.lowercased() else { continue }
            let parameters = parts.dropFirst().map(MediaParameter.init)
            let weight = parameters.last { $0.name == "q" }.map { MediaParameter.weight($0.value) } ?? 1
            let version = parameters.first { $0.name == "version" }?.value
            switch mediaType {
            case "application/openmetrics-text" where version == nil || version == "1.0.0":
                openMetricsWeight = max(openMetricsWeight, weight)
            case "text/plain":
                namedTextWeight = max(namedTextWeight ?? 0, weight)
            case "text/*", "*/*":
                wildcardWeight = max(wildcardWeight, weight)
            default:
                break
            }
        }
        let textWeight = namedTextWeight ?? wildcardWeight
        return openMetricsWeight > 0 && openMetricsWeight >= textWeight ? .openMetrics : .prometheusText
    }
}

/// One `name=value` behind a media type.
private struct MediaParameter {
    let name: String
    let value: String

    init(_ text: Substring) {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        name = (halves.first ?? "").trimmingBlanks().lowercased()
        let raw = halves.count > 1 ? halves[1].trimmingBlanks() : ""
        value =
            raw.count >= 2 && raw.first == "\"" && raw.last == "\"" ? String(raw.dropFirst().dropLast()) : String(raw)
    }

    /// A quality value 0...1; what is no such number counts as 0, so that nonsense is never preferred.
    static func weight(_ text: String) -> Double {
        guard let value = Double(text), (0...1).contains(value) else { return 0 }
        return value
    }
}

extension Substring {
    fileprivate func trimmingBlanks() -> Substring {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var rest = drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }
}
