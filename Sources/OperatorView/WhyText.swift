// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// The chain from wish to outcome for one point, as the lines `thermocline why` prints.
package enum WhyText {
    /// Renders a report, a newline behind every line.
    package static func render(_ report: WhyReport) -> String {
        var lines = ["\(report.point)"]
        let reading = report.reading
        let state = reading.quality == "good" ? "" : "  \(reading.quality) \(reading.cause)"
        lines.append("  is       \(text(reading.value, reading.unit))\(state)")
        if let decision = report.decision {
            lines.append("  wish     \(text(decision.wish, reading.unit))  by \(decision.origin)")
            lines.append("           because \(decision.reason.text)")
            lines += evidence(decision.reason)
            for binding in decision.boundBy {
                lines.append("  bound    by \(binding.layer.rawValue): \(binding.reason.text)")
                lines += evidence(binding.reason)
            }
            let sent = decision.isSent ? "sent" : "advisory, not sent"
            lines.append("  decided  \(text(decision.value, reading.unit))  (\(sent))")
        } else {
            lines.append("  decided  nothing: no loop has a say in this point")
        }
        if let command = report.command {
            lines.append("  command  \(text(command.value, reading.unit))  by \(command.origin)")
        }
        if let outcome = report.outcome {
            let readBack = outcome.readBack.map { ", reads back \(text($0, reading.unit))" } ?? ""
            lines.append("  outcome  \(outcome.result.rawValue)\(readBack)  \(outcome.time.iso8601)  \(outcome.detail)")
        }
        if let loop = report.loop {
            lines.append("  loop     \(loop.id) is \(loop.mode.rawValue), \(loop.state) since \(loop.since.iso8601)")
            lines.append("           \(loop.reason.text)")
        }
        return lines.map { PlainText.clean($0) + "\n" }.joined()
    }

    private static func evidence(_ reason: Reason) -> [String] {
        reason.evidence.map { "             \($0.name) = \(text($0.value, $0.unit))" }
    }

    private static func text(_ value: Double?, _ unit: PointUnit) -> String { DisplayValue(value, unit: unit).text }
}
