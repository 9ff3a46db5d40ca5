// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A table of numbers as a file keeps it: one column of abscissae, then one column per curve.
package struct ChartTable: Hashable, Sendable {
    /// Column names with their units, the abscissa's first.
    package let names: [String]
    /// Rows in the order of the file, one number per name.
    package let rows: [[Double]]

    package init(names: [String], rows: [[Double]]) {
        self.names = names
        self.rows = rows
    }

    /// Reads what ``text`` writes; lines that are not all numbers are left out.
    package init(text: String) {
        let lines = text.split(separator: "\n")
        names = Self.fields(lines.first ?? "")
        rows = lines.dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
    }

    /// Comma-separated text, eight significant digits.
    package var text: String {
        let lines = rows.map { $0.map(Self.rounded).joined(separator: ",") }
        let header = names.map { $0.contains(",") ? "\"\($0)\"" : $0 }.joined(separator: ",")
        return ([header] + lines).joined(separator: "\n") + "\n"
    }

    /// The fields of a line; a comma between quotation marks does not part.
    private static func fields(_ line: Substring) -> [String] {
        var fields = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
        }
        return fields
    }

    /// A number with eight significant digits in the shortest form.
    private static func rounded(_ value: Double) -> String {
        guard value != 0, value.isFinite else { return "\(value)" }
        var scale = 1.0
        while abs(value) * scale < 1e7, scale < 1e12 { scale *= 10 }
        while abs(value) * scale >= 1e8, scale > 1e-12 { scale /= 10 }
        let result = (value * scale).rounded() / scale
        return result == 0 ? "0.0" : "\(result)"
    }
}

/// A line chart as SVG text, drawn from a table so that the same table gives the same bytes.
package struct LineChart: Sendable {
    package let title: String
    /// What stands at the left axis, with its unit.
    package let ordinate: String
    package let table: ChartTable

    package init(title: String, ordinate: String, table: ChartTable) {
        self.title = title
        self.ordinate = ordinate
        self.table = table
    }

    /// Told apart also without colour vision (Okabe and Ito, 2008).
    private static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
    private static let width = 640.0
    private static let height = 360.0
    private static let left = 64.0
    private static let right = 170.0
    private static let top = 36.0
    private static let bottom = 48.0

    /// The whole file.
    package var text: String {
        let x = Axis(table.rows.compactMap(\.first))
        let y = Axis(table.rows.flatMap { $0.dropFirst() })
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 360\"",
            " font-family=\"sans-serif\" font-size=\"12\">",
            "<title>\(Self.escaped(title))</title>",
            "<rect width=\"640\" height=\"360\" fill=\"#fff\"/>",
            "<text x=\"12\" y=\"20\" font-size=\"14\">\(Self.escaped(title))</text>",
        ]
        lines += grid(x, y)
        for column in table.names.indices.dropFirst() { lines += curve(column, x, y) }
        lines.append("</svg>")
        return lines.joined(separator: "\n") + "\n"
    }

    private func across(_ value: Double, _ axis: Axis) -> Double {
        Self.left + axis.share(value) * (Self.width - Self.left - Self.right)
    }

    private func down(_ value: Double, _ axis: Axis) -> Double {
        Self.height - Self.bottom - axis.share(value) * (Self.height - Self.top - Self.bottom)
    }

    private func grid(_ x: Axis, _ y: Axis) -> [String] {
        let floor = Self.short(Self.height - Self.bottom)
        let end = Self.short(Self.width - Self.right)
        var lines = ["<g stroke=\"#ddd\">"]
        for tick in x.ticks {
            let place = Self.short(across(tick, x))
            lines.append("<path d=\"M\(place) \(Self.short(Self.top))V\(floor)\"/>")
        }
        for tick in y.ticks {
            lines.append("<path d=\"M\(Self.short(Self.left)) \(Self.short(down(tick, y)))H\(end)\"/>")
        }
        lines.append("</g>")
        for tick in x.ticks {
            lines.append(
                "<text x=\"\(Self.short(across(tick, x)))\" y=\"328\" text-anchor=\"middle\">\(x.label(tick))</text>"
            )
        }
        for tick in y.ticks {
            let place = Self.short(down(tick, y) + 4)
            lines.append("<text x=\"58\" y=\"\(place)\" text-anchor=\"end\">\(y.label(tick))</text>")
        }
        let middle = Self.short((Self.left + Self.width - Self.right) / 2)
        let name = Self.escaped(table.names.first ?? "")
        lines.append("<text x=\"\(middle)\" y=\"350\" text-anchor=\"middle\">\(name)</text>")
        lines.append(
            "<text transform=\"translate(16 174) rotate(-90)\" text-anchor=\"middle\">\(Self.escaped(ordinate))</text>"
        )
        return lines
    }

    private func curve(_ column: Int, _ x: Axis, _ y: Axis) -> [String] {
        let points = table.rows.filter { $0.count > column && $0[column].isFinite }.map {
            "\(Self.short(across($0[0], x))) \(Self.short(down($0[column], y)))"
        }
        let colour = Self.colours[(column - 1) % Self.colours.count]
        let place = Self.top + 16 * Double(column)
        let key = Self.width - Self.right + 12
        let name = Self.escaped(table.names[column])
        return [
            "<path d=\"M\(points.joined(separator: "L"))\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.5\"/>",
            "<path d=\"M\(Self.short(key)) \(Self.short(place - 4))h16\" stroke=\"\(colour)\" stroke-width=\"3\"/>",
            "<text x=\"\(Self.short(key + 22))\" y=\"\(Self.short(place))\">\(name)</text>",
        ]
    }

    /// Tenths of a pixel, so that the last bits of a mathematics library do not show.
    private static func short(_ value: Double) -> String {
        let tenths = (value * 10).rounded()
        return tenths.truncatingRemainder(dividingBy: 10) == 0 ? "\(Int(tenths / 10))" : "\(tenths / 10)"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
        return result
    }
}

/// An axis with four to nine ticks at round numbers.
private struct Axis {
    let ticks: [Double]
    private let step: Double

    init(_ values: [Double]) {
        let finite = values.filter(\.isFinite)
        let low = finite.min() ?? 0
        let high = max(finite.max() ?? 1, low + 1e-9)
        var unit = 1e-9
        while unit * 10 < (high - low) / 4 { unit *= 10 }
        var step = unit
        for factor in [2.0, 5, 10] where (high - low) / step > 8 { step = unit * factor }
        self.step = step
        let first = (low / step + 1e-9).rounded(.down)
        let last = (high / step - 1e-9).rounded(.up)
        ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    }

    func share(_ value: Double) -> Double {
        guard let first = ticks.first, let last = ticks.last, last > first else { return 0 }
        return (value - first) / (last - first)
    }

    func label(_ tick: Double) -> String {
        let rounded = (tick / step).rounded() * step
        if step >= 1 { return "\(Int(rounded.rounded()))" }
        let digits = step >= 0.1 ? 10.0 : step >= 0.01 ? 100 : 1_000
        return "\((rounded * digits).rounded() / digits)"
    }
}
