// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// One list of a report: filtered, sorted, and drawn line by line.
protocol ScreenTable {
    associatedtype Row

    /// All rows of the report, before the filter.
    var total: Int { get }
    /// The rows that pass the filter, in order.
    var rows: [Row] { get }
    var glyphs: Glyphs { get }

    static func identifier(_ row: Row) -> String
    func heading(columns: Int) -> StyledLine
    func line(_ row: Row, columns: Int) -> StyledLine
    func details(_ row: Row, columns: Int) -> [StyledLine]
}

/// The filter and the order of one list.
struct ListChoice: Hashable, Sendable {
    /// What a row must contain, without regard to case; empty for all rows.
    var filter = ""
    /// The position in ``ScreenView/orders``.
    var order = 0

    /// Whether one of the texts contains the filter.
    func passes(_ texts: String...) -> Bool {
        guard !filter.isEmpty else { return true }
        let folded = filter.lowercased()
        return texts.contains { $0.lowercased().contains(folded) }
    }
}

extension Sequence {
    /// Sorted by a rule under which equals keep their order.
    func stablySorted(by precedes: (Element, Element) -> Bool) -> [Element] {
        enumerated()
            .sorted { left, right in
                if precedes(left.element, right.element) { return true }
                if precedes(right.element, left.element) { return false }
                return left.offset < right.offset
            }
            .map(\.element)
    }

    /// Sorted by a number downwards, elements without one last, equals in their order.
    func sortedDown(by number: (Element) -> Double?) -> [Element] {
        map { ($0, number($0).flatMap { $0.isFinite ? $0 : nil } ?? -.infinity) }
            .stablySorted { $0.1 > $1.1 }
            .map(\.0)
    }
}

/// The lines of a details page: a name at the left, what it is at the right.
struct DetailsPage {
    let glyphs: Glyphs
    let columns: Int
    private(set) var lines: [StyledLine] = []

    /// Columns of the names.
    private static let nameColumns = 16

    init(title: String, columns: Int, glyphs: Glyphs) {
        self.glyphs = glyphs
        self.columns = columns
        lines.append(StyledLine(title, .strong, glyphs))
        lines.append(StyledLine(glyphs))
    }

    mutating func add(_ name: String, _ text: String, _ role: ScreenRole = .normal) {
        var lead = StyledLine(glyphs)
        lead.add(name, columns: Self.nameColumns, .left, .faint)
        lead.blanks(1)
        lines += StyledLine.wrapped(text.isEmpty ? "none" : text, lead: lead, columns: columns, role)
    }

    mutating func add(_ name: String, _ reading: ReadingReport) {
        let value = DisplayValue(reading.value, unit: reading.unit).text
        guard let doubt = PlainSnapshot.doubt(reading) else { return add(name, value, reading.role) }
        add(name, "\(value)  \(doubt)", reading.role)
    }

    mutating func heading(_ text: String) {
        lines.append(StyledLine(glyphs))
        lines.append(StyledLine(text, .heading, glyphs))
    }

    mutating func paragraph(_ text: String, _ role: ScreenRole = .normal) {
        lines += StyledLine.wrapped(text, lead: StyledLine(glyphs), columns: columns, role)
    }

    /// The numbers a reason rests on.
    mutating func evidence(_ reason: Reason) {
        heading("RESTS ON")
        if reason.evidence.isEmpty { paragraph("The agent gives no numbers for this reason.", .faint) }
        let widest = reason.evidence.map { PlainText.width(glyphs.fit($0.name)) }.max() ?? 0
        for item in reason.evidence {
            var line = StyledLine(glyphs)
            line.add(item.name, columns: min(widest, max(8, columns - 16)))
            line.blanks(2)
            line.add(DisplayValue(item.value, unit: item.unit).text, .strong)
            lines.append(line)
        }
    }
}
