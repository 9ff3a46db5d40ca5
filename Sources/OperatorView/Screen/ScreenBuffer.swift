// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What a piece of text means; the terminal decides how that looks.
///
/// No role is the only bearer of what it says: a word or a sign stands beside it.
package enum ScreenRole: UInt8, CaseIterable, Sendable {
    case normal
    /// A title or a headline value.
    case strong
    /// What stands in the background: units, rules, hints.
    case faint
    /// The heading over a list or a section.
    case heading
    case good
    /// Worth knowing, nothing to do: advisory, connecting.
    case notice
    case warning
    case alarm
    /// Values that are not current.
    case stale
    /// SIMULATED, FROZEN: a state of the whole screen.
    case badge
    /// The line that says that the screen is not live.
    case banner
    /// The view that is shown.
    case tab
    /// A key in the bar at the bottom.
    case key
}

/// One position of the screen.
package struct ScreenCell: Hashable, Sendable {
    /// One character with its marks; empty in the second column of a wide character.
    package var text: String
    package var role: ScreenRole
    /// Whether the cell belongs to the selected line of a list.
    package var isSelected: Bool

    package init(_ text: String = " ", _ role: ScreenRole = .normal, isSelected: Bool = false) {
        self.text = text
        self.role = role
        self.isSelected = isSelected
    }
}

/// A screen as a grid of cells: what a layout draws and a terminal shows.
///
/// Writing never leaves the grid, whatever the text and the place, and whatever is written has been cleaned of
/// everything that does not simply occupy columns.
package struct ScreenBuffer: Hashable, Sendable {
    /// Sizes beyond this are cut: no terminal is larger, and a broken one must not exhaust memory.
    package static let maximumSide = 1_000

    /// The number of columns.
    package let width: Int
    /// The number of rows.
    package let height: Int
    /// Row by row from the top left.
    package private(set) var cells: [ScreenCell]

    package init(width: Int, height: Int) {
        self.width = min(max(width, 0), Self.maximumSide)
        self.height = min(max(height, 0), Self.maximumSide)
        cells = Array(repeating: ScreenCell(), count: self.width * self.height)
    }

    /// The cell at a place inside the grid.
    package subscript(row: Int, column: Int) -> ScreenCell { cells[row * width + column] }

    /// Writes text from a place to the right, cut at `columns` and at the edge.
    ///
    /// - Returns: The columns written.
    @discardableResult
    package mutating func write(
        _ text: String,
        row: Int,
        column: Int,
        columns limit: Int = .max,
        role: ScreenRole = .normal,
        isSelected: Bool = false
    ) -> Int {
        guard row >= 0, row < height, column >= 0, column < width else { return 0 }
        let end = limit < width - column ? column + max(0, limit) : width
        var place = column
        var last: Int?
        for scalar in PlainText.clean(text).unicodeScalars {
            let columns = PlainText.columns(scalar)
            if columns == 0 {
                if let last { cells[last].text.unicodeScalars.append(scalar) }
                continue
            }
            guard place + columns <= end else { break }
            let index = row * width + place
            for covered in 0..<columns {
                release(index + covered, row: row)
                cells[index + covered] = ScreenCell(covered == 0 ? String(scalar) : "", role, isSelected: isSelected)
            }
            last = index
            place += columns
        }
        return place - column
    }

    /// Gives whole rows other roles, as where all of them are out of date.
    mutating func recast(rows: Range<Int>, _ change: (ScreenRole) -> ScreenRole) {
        let rows = rows.clamped(to: 0..<height)
        for index in rows.lowerBound * width..<rows.upperBound * width { cells[index].role = change(cells[index].role) }
    }

    /// Blanks the other half of a wide character that is about to lose one half.
    private mutating func release(_ index: Int, row: Int) {
        if cells[index].text.isEmpty, index > row * width { cells[index - 1].text = " " }
        if index + 1 < (row + 1) * width, cells[index + 1].text.isEmpty { cells[index + 1].text = " " }
    }
}

extension ScreenBuffer {
    /// The characters of one row without the blanks at its end.
    package func text(row: Int) -> String {
        var text = cells[row * width..<(row + 1) * width].map(\.text).joined()
        while text.last == " " { text.removeLast() }
        return text
    }

    /// The rows as text, each ended by a newline.
    package var text: String { (0..<height).map { text(row: $0) + "\n" }.joined() }
}
