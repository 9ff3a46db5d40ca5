// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Lines of plain text that never grow wider than the page and hold no control character but the line's end.
struct PlainPage {
    /// Columns below which text is not set beside its lead.
    private static let leastRoom = 24

    /// The columns of the page.
    let width: Int
    private(set) var lines: [String] = []

    init(width: Int) { self.width = width }

    /// Everything written, each line ended by a newline.
    var text: String { lines.map { $0 + "\n" }.joined() }

    /// Adds a line, cleaned and cut to the page, without blanks at its end.
    mutating func line(_ text: String = "") {
        var shown = PlainText.cut(text, to: width)
        while shown.last == " " { shown.removeLast() }
        lines.append(shown)
    }

    /// Adds an empty line and a heading, with a note behind it.
    mutating func heading(_ title: String, _ note: String = "") {
        line()
        guard !note.isEmpty else { return line(title) }
        paragraph(note, lead: "\(title)  ", limit: 2)
    }

    /// Adds text broken over at most `limit` indented lines.
    mutating func paragraph(_ text: String, indent: Int, limit: Int) {
        paragraph(text, lead: PlainText.blanks(indent), limit: limit)
    }

    /// Adds a lead and, beside it, text broken over at most `limit` lines.
    ///
    /// A lead that leaves too little room stands alone, and the text follows below it.
    mutating func paragraph(_ text: String, lead: String, limit: Int) {
        var lead = PlainText.clean(lead)
        if width - PlainText.width(lead) < Self.leastRoom {
            line(lead)
            lead = PlainText.blanks(6)
        }
        let indent = PlainText.width(lead)
        let wrapped = PlainText.wrap(text, columns: width - indent, limit: limit)
        if wrapped.isEmpty { line(lead) }
        for (position, part) in wrapped.enumerated() {
            line((position == 0 ? lead : PlainText.blanks(indent)) + part)
        }
    }

    /// Adds a line with one text at the left edge and one at the right; the left one gives way.
    mutating func spread(_ left: String, _ right: String) {
        let end = PlainText.cut(right, to: width)
        let room = width - PlainText.width(end) - 2
        line(room > 0 ? "\(PlainText.left(left, room))  \(end)" : end)
    }
}
