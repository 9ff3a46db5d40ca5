// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Simulation

/// Lines over days as SVG.
struct LinePlot {
    struct Point {
        /// Days since the start.
        let x: Double
        /// The value, in the unit of the title.
        let y: Double
    }

    struct Line {
        let name: String
        let points: [Point]
    }

    let title: String
    let lines: [Line]

    static let colors = ["#0b6e99", "#d9730d", "#6b7280", "#3f7d20", "#9b2c6f", "#444444"]
    private static let (width, height) = (900.0, 220.0)
    private static let (left, right, top, bottom) = (50.0, 10.0, 20.0, 24.0)

    func svg() -> String {
        let values = lines.flatMap(\.points).map(\.y).filter(\.isFinite)
        guard let least = values.min(), let most = values.max(), let end = lines.flatMap(\.points).map(\.x).max() else {
            return "<p>no data</p>\n"
        }
        let ticks = Self.ticks(from: least, to: most)
        let (low, high) = (min(least, ticks.first ?? least), max(most, ticks.last ?? most))
        func x(_ day: Double) -> Double {
            Self.left + (Self.width - Self.left - Self.right) * (end > 0 ? day / end : 0)
        }
        func y(_ value: Double) -> Double {
            let share = high > low ? (value - low) / (high - low) : 0.5
            return Self.height - Self.bottom - (Self.height - Self.top - Self.bottom) * share
        }
        var text = "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\">\n"
        for tick in ticks {
            text += "<path d=\"M\(Self.text(Self.left)) \(Self.text(y(tick)))H\(Self.text(Self.width - Self.right))\" "
            text += "stroke=\"#e3e8ec\"/><text x=\"\(Self.text(Self.left - 6))\" y=\"\(Self.text(y(tick) + 4))\" "
            text += "text-anchor=\"end\">\(String(format: "%g", tick))</text>\n"
        }
        for day in Self.ticks(from: 0, to: end) where day <= end {
            text += "<text x=\"\(Self.text(x(day)))\" y=\"\(Self.text(Self.height - 8))\" text-anchor=\"middle\">"
            text += "\(String(format: "%g", day)) d</text>\n"
        }
        for (index, line) in lines.enumerated() {
            let color = Self.colors[index % Self.colors.count]
            let points = line.points.filter(\.y.isFinite).map { "\(Self.text(x($0.x))),\(Self.text(y($0.y)))" }
            text += "<polyline fill=\"none\" stroke=\"\(color)\" points=\"\(points.joined(separator: " "))\"/>\n"
            text += "<text x=\"\(Self.text(Self.left + Double(index) * 130))\" y=\"12\" style=\"fill:\(color)\">"
            text += "\(SimulatePage.escaped(line.name))</text>\n"
        }
        return text + "</svg>\n"
    }

    static func text(_ value: Double) -> String { String(format: "%.1f", value) }

    /// Four to eight round numbers that span the range.
    static func ticks(from low: Double, to high: Double) -> [Double] {
        guard high > low else { return [low] }
        let rough = (high - low) / 5
        let power = pow(10, floor(log10(rough)))
        let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? rough
        let first = (low / step).rounded(.down)
        let last = (high / step).rounded(.up)
        return (0...Int(last - first)).map { (first + Double($0)) * step }
    }
}

/// One bar per controller, divided by cooling mode.
struct ModeBars {
    let results: [SimulationResult]

    func svg() -> String {
        let height = 26 * results.count + 30
        let names = ["free cooling", "economizer with chillers", "chillers alone", "neither"]
        var text = "<svg viewBox=\"0 0 900 \(height)\" role=\"img\">\n"
        for (index, name) in names.enumerated() {
            text +=
                "<text x=\"\(120 + index * 180)\" y=\"12\" style=\"fill:\(LinePlot.colors[index])\">\(name)</text>\n"
        }
        for (row, result) in results.enumerated() {
            let modes = result.modes
            let hours = [modes.free, modes.partial, modes.mechanical, modes.none]
            let total = max(hours.reduce(0, +), 1e-9)
            var x = 120.0
            let y = 22 + 26 * row
            text += "<text x=\"110\" y=\"\(y + 13)\" text-anchor=\"end\">\(result.controller)</text>\n"
            for (index, value) in hours.enumerated() {
                let width = 770 * value / total
                text += "<rect x=\"\(LinePlot.text(x))\" y=\"\(y)\" width=\"\(LinePlot.text(width))\" height=\"18\" "
                text += "fill=\"\(LinePlot.colors[index])\"><title>\(LinePlot.text(value)) h</title></rect>\n"
                x += width
            }
        }
        return text + "</svg>\n"
    }
}
