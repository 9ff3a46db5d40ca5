// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Simulation

/// One HTML page that needs nothing else: the table and plots as SVG.
struct SimulatePage {
    let report: SimulateReport

    /// A plot has this many points a line at most; rows are averaged down to it.
    private static let points = 730

    func html() -> String {
        var body = "<h1>\(Self.escaped(report.title))</h1>\n" + table()
        for plot in plots { body += "<h2>\(Self.escaped(plot.title))</h2>\n" + plot.svg() }
        body += "<h2>Hours by cooling mode</h2>\n" + ModeBars(results: report.results).svg()
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Thermocline simulation</title>
            <style>
            body{font:15px/1.4 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#1b2733}
            h1{font-size:1.2em}h2{font-size:1em;margin:2em 0 .3em}
            table{border-collapse:collapse}td,th{padding:.15em .8em;border-bottom:1px solid #d8dee4}
            td+td,th+th{text-align:right}svg{width:100%;height:auto}text{font:11px system-ui,sans-serif;fill:#1b2733}
            </style></head><body>
            \(body)</body></html>

            """
    }

    private func table() -> String {
        let heads = report.results.map { "<th>\(Self.escaped($0.controller))</th>" }.joined()
        var text = "<table><tr><th></th>\(heads)</tr>\n"
        for row in report.rows {
            let name = row.unit.isEmpty ? row.name : "\(row.name), \(row.unit)"
            let cells = row.values.map { "<td>\(SimulateReport.number($0, decimals: row.decimals))</td>" }
            text += "<tr><td>\(Self.escaped(name))</td>\(cells.joined())</tr>\n"
        }
        return text + "</table>\n"
    }

    private var plots: [LinePlot] {
        [
            plot("Outdoor dry bulb and wet bulb, °C", of: report.results.prefix(1).map(\.self)) {
                [("dry bulb", $0.dryBulb), ("wet bulb", $0.wetBulb)]
            },
            plot("Facility power over rack power") { [("", $0.itPower > 0 ? $0.facilityPower / $0.itPower : .nan)] },
            plot("Chillers and towers, kW") { [("", $0.chillerPower + $0.towerPower)] },
            plot("Facility water supply, °C") { [("", $0.facilityWater)] },
            plot("Warmest coolant supply, °C") { [("", $0.coolant)] },
            plot("Heat exported, kW") { [("", $0.heatExported)] },
            plot("Make-up water, m³ per row of the series") { [("", $0.water)] },
        ]
    }

    private func plot(
        _ title: String,
        of results: [SimulationResult]? = nil,
        _ values: (SeriesRow) -> [(name: String, value: Double)]
    ) -> LinePlot {
        var lines: [LinePlot.Line] = []
        for result in results ?? report.results {
            let rows = result.series
            guard let first = rows.first else { continue }
            for (part, name) in values(first).map(\.name).enumerated() {
                let length = (rows.count + Self.points - 1) / Self.points
                let points = stride(from: 0, to: rows.count, by: length).map { start in
                    let part = rows[start..<min(start + length, rows.count)].map { values($0)[part].value }
                    return LinePlot.Point(x: rows[start].hours / 24, y: part.reduce(0, +) / Double(part.count))
                }
                lines.append(LinePlot.Line(name: name.isEmpty ? result.controller : name, points: points))
            }
        }
        return LinePlot(title: title, lines: lines)
    }

    static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: ">", with: "&gt;")
    }
}
