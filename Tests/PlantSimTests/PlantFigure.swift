// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import TestKit

/// One figure of docs/plant: what it shows and how its numbers come about.
struct PlantFigure: Sendable {
    /// The file's name without its ending.
    let name: String
    let title: String
    /// What stands at the left axis, with its unit.
    let ordinate: String
    /// Column names: the abscissa's, then the curves'.
    let names: [String]
    /// One row per abscissa.
    let rows: @Sendable () -> [[Double]]

    /// A figure of curves that are functions of the abscissa.
    init(
        _ name: String,
        title: String,
        ordinate: String,
        across: String,
        at values: [Double],
        curves: [(String, @Sendable (Double) -> Double)]
    ) {
        self.init(name, title: title, ordinate: ordinate, names: [across] + curves.map(\.0)) {
            values.map { value in [value] + curves.map { $0.1(value) } }
        }
    }

    /// A figure of a course in time or of any other table.
    init(
        _ name: String,
        title: String,
        ordinate: String,
        names: [String],
        rows: @escaping @Sendable () -> [[Double]]
    ) {
        self.name = name
        self.title = title
        self.ordinate = ordinate
        self.names = names
        self.rows = rows
    }

    func table() -> ChartTable { ChartTable(names: names, rows: rows()) }

    func drawing(of table: ChartTable) -> String {
        LineChart(title: title, ordinate: ordinate, table: table).text
    }

    static var all: [PlantFigure] {
        PlantFigure.rejection + PlantFigure.machines + PlantFigure.hall + PlantFigure.surroundings
    }

    /// Evenly spaced numbers with both ends.
    static func span(_ from: Double, _ to: Double, by step: Double) -> [Double] {
        stride(from: from, through: to + step / 1e6, by: step).map { ($0 * 1e9).rounded() / 1e9 }
    }
}
