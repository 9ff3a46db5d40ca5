// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A line of text in pieces of one role each, in the characters the terminal has.
struct StyledLine: Hashable, Sendable {
    /// Where text stands in a column wider than itself.
    enum Alignment {
        case left
        case right
    }

    struct Span: Hashable, Sendable {
        let text: String
        let role: ScreenRole
    }

    let glyphs: Glyphs
    private(set) var spans: [Span] = []
    /// The columns taken so far.
    private(set) var width = 0

    init(_ glyphs: Glyphs) { self.glyphs = glyphs }

    init(_ text: String, _ role: ScreenRole = .normal, _ glyphs: Glyphs) {
        self.init(glyphs)
        add(text, role)
    }

    /// The characters without their roles.
    var text: String { spans.map(\.text).joined() }

    /// Adds text as wide as it is.
    mutating func add(_ text: String, _ role: ScreenRole = .normal) {
        let fitted = glyphs.fit(text)
        guard !fitted.isEmpty else { return }
        spans.append(Span(text: fitted, role: role))
        width += PlainText.width(fitted)
    }

    /// Adds text cut or padded to a column.
    mutating func add(
        _ text: String,
        columns: Int,
        _ alignment: Alignment = .left,
        _ role: ScreenRole = .normal
    ) {
        let fitted = PlainText.cut(glyphs.fit(text), to: max(0, columns))
        let padding = columns - PlainText.width(fitted)
        if alignment == .right { blanks(padding) }
        add(fitted, role)
        if alignment == .left { blanks(padding) }
    }

    mutating func blanks(_ count: Int) { add(PlainText.blanks(count)) }

    /// Adds blanks up to a column.
    mutating func pad(to columns: Int) { blanks(columns - width) }

    /// Adds another line behind this one.
    mutating func add(_ line: StyledLine) {
        spans += line.spans
        width += line.width
    }

    /// Text broken over lines beside a lead; the lines after the first are indented to it.
    static func wrapped(
        _ text: String,
        lead: StyledLine,
        columns: Int,
        limit: Int = 40,
        _ role: ScreenRole = .normal
    ) -> [StyledLine] {
        let glyphs = lead.glyphs
        let indent = min(lead.width, max(0, columns - 16))
        let parts = PlainText.wrap(glyphs.fit(text), columns: max(1, columns - indent), limit: limit)
        guard !parts.isEmpty else { return lead.width > 0 ? [lead] : [] }
        var lines: [StyledLine] = lead.width > indent ? [lead] : []
        for part in parts {
            var line = StyledLine(glyphs)
            if lines.isEmpty { line = lead } else { line.blanks(indent) }
            line.add(part, role)
            lines.append(line)
        }
        return lines
    }
}

extension ScreenBuffer {
    /// Draws a line from a place to the right, cut at `columns` and at the edge.
    mutating func draw(
        _ line: StyledLine,
        row: Int,
        column: Int,
        columns: Int,
        isSelected: Bool = false
    ) {
        var taken = 0
        for span in line.spans where taken < columns {
            taken += write(
                span.text,
                row: row,
                column: column + taken,
                columns: columns - taken,
                role: span.role,
                isSelected: isSelected
            )
        }
        guard isSelected, taken < columns else { return }
        write(PlainText.blanks(min(columns, width) - taken), row: row, column: column + taken, isSelected: true)
    }
}
