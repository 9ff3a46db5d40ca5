// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

// Key figures: one row per figure, one column per window, and below them why a value is absent or only indicative.
extension PlainSnapshot {
    static func keyFigures(_ results: [KPIResult], on page: inout PlainPage) {
        guard !results.isEmpty else { return }
        let rows = FigureRow.all(of: results)
        let column = page.width < 80 ? 8 : 11
        let label = page.width - KPIWindow.allCases.count * column
        // One column stays free behind each number for the asterisk of an indicative one.
        let windows = KPIWindow.allCases.map { PlainText.right($0.rawValue, column - 1) + " " }
        page.heading(PlainText.left("KEY FIGURES", label) + windows.joined())
        for row in rows {
            let cells = KPIWindow.allCases.map { window in
                cell(row.results.first { $0.window == window }, column)
            }
            page.line(PlainText.left("  \(row.label)", label) + cells.joined())
        }
        for note in KeyFigureNote.all(of: results) { page.paragraph(note.text, indent: 4, limit: 2) }
    }

    private static func cell(_ result: KPIResult?, _ column: Int) -> String {
        guard let result else { return PlainText.blanks(column) }
        let isIndicative = result.value != nil && !result.reason.isEmpty
        let number = DisplayValue(result.value, figure: result.name).number
        return PlainText.right(number, column - 1) + (isIndicative ? "*" : " ")
    }
}

/// All windows of one figure at one category and boundary.
struct FigureRow {
    let title: String
    /// In the order of ``KPIWindow``.
    let results: [KPIResult]

    var label: String {
        guard let figure = results.first?.name else { return title }
        let unit = DisplayValue(0, figure: figure).unit
        return unit.isEmpty ? title : "\(title) (\(unit))"
    }

    /// The rows in the order of ``KPIName``, then as the report gives them.
    ///
    /// The boundary is named where one figure and category are given over more than one.
    static func all(of results: [KPIResult]) -> [FigureRow] {
        var rows: [FigureRow] = []
        for name in KPIName.allCases {
            var rest = results.filter { $0.name == name }
            let named = rest
            while let first = rest.first {
                let isSame = { (other: KPIResult) in
                    other.category == first.category && other.boundary == first.boundary
                }
                let hasRival = named.contains { $0.category == first.category && $0.boundary != first.boundary }
                var title = name.rawValue.uppercased()
                if let category = first.category { title += " category \(category)" }
                if hasRival { title += ", \(first.boundary)" }
                let ordered = KPIWindow.allCases.flatMap { window in
                    rest.filter { isSame($0) && $0.window == window }
                }
                rows.append(FigureRow(title: title, results: ordered))
                rest.removeAll(where: isSame)
            }
        }
        return rows
    }
}
