// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Draws a model: header, tabs, a list or a page, and the bar of keys.
///
/// The same model and size give the same cells. Any size works: what does not fit is cut, the header first of all
/// keeps SIMULATED, the age of the report, and the fault.
package enum ScreenLayout {
    /// Rows above the body: site, currency, tabs.
    private static let headerRows = 3
    /// Columns from which details stand beside the list instead of over it.
    private static let splitColumns = 110
    /// Rows below a list from which the selected row is shown there in full.
    private static let leastPreviewRows = 6
    /// Columns of the list where details stand beside it.
    private static func listColumns(_ width: Int) -> Int { width * 9 / 20 }

    /// Renders a model for a terminal of some size.
    package static func render(_ model: ScreenModel, width: Int, height: Int) -> ScreenBuffer {
        var buffer = ScreenBuffer(width: width, height: height)
        guard buffer.width > 0, buffer.height > 0 else { return buffer }
        let body = headerRows..<max(headerRows, buffer.height - 1)
        drawBody(model, rows: body, on: &buffer)
        ScreenHeader.draw(model, on: &buffer)
        // The tabs carry counts, which are as old as the body.
        if !model.currency.isLive { buffer.recast(rows: headerRows - 1..<body.upperBound, { $0.whereNotLive }) }
        if buffer.height > headerRows { KeyBar.draw(model, row: buffer.height - 1, on: &buffer) }
        return buffer
    }

    /// Rows between the header and the bar of keys.
    static func bodyRows(_ height: Int) -> Int { max(0, height - headerRows - 1) }

    /// The lines of the page of text that is shown; nil where a list is.
    static func pageLines(_ model: ScreenModel, _ width: Int, _ height: Int) -> [StyledLine]? {
        if model.overlay == .help { return HelpPage.lines(model, columns: width) }
        guard let snapshot = model.shown else { return waitingLines(model, width) }
        if model.view == .overview {
            return OverviewPage(snapshot, model.glyphs).lines(columns: width, rows: bodyRows(height))
        }
        guard model.overlay != nil else { return nil }
        return detailsLines(model, snapshot.report, columns: detailsColumns(width))
    }

    private static func detailsColumns(_ width: Int) -> Int {
        width >= splitColumns ? width - listColumns(width) - 2 : width
    }

    private static func waitingLines(_ model: ScreenModel, _ width: Int) -> [StyledLine] {
        let blank = StyledLine(model.glyphs)
        var lines = [blank, StyledLine("Waiting for the first report of \(model.source)", .strong, model.glyphs)]
        if case .waiting(let fault?) = model.currency {
            lines.append(blank)
            lines += StyledLine.wrapped("The agent does not answer: \(fault)", lead: blank, columns: width, .alarm)
        }
        return lines
    }

    // MARK: - The body

    private static func drawBody(_ model: ScreenModel, rows: Range<Int>, on buffer: inout ScreenBuffer) {
        guard !rows.isEmpty else { return }
        let width = buffer.width
        let lines = pageLines(model, width, buffer.height)
        let isSplit = width >= splitColumns && model.view.isList && model.shown != nil
        if isSplit, model.overlay == .details || model.overlay == .why, let lines {
            let list = listColumns(width)
            drawList(model, rows: rows, columns: list, on: &buffer)
            for row in rows { buffer.write(model.glyphs.divider, row: row, column: list, role: .faint) }
            drawPage(lines, model, rows: rows, column: list + 2, on: &buffer)
        } else if let lines {
            drawPage(lines, model, rows: rows, column: 0, on: &buffer)
        } else {
            drawList(model, rows: rows, columns: width, on: &buffer)
        }
    }

    private static func drawPage(
        _ lines: [StyledLine],
        _ model: ScreenModel,
        rows: Range<Int>,
        column: Int,
        on buffer: inout ScreenBuffer
    ) {
        let top = max(0, min(model.pageTop, lines.count - rows.count))
        for (offset, row) in rows.enumerated() where top + offset < lines.count {
            buffer.draw(lines[top + offset], row: row, column: column, columns: buffer.width - column)
        }
        let last = buffer.width - 1
        if top > 0 { buffer.write(model.glyphs.above, row: rows.lowerBound, column: last, role: .strong) }
        if top + rows.count < lines.count {
            buffer.write(model.glyphs.below, row: rows.upperBound - 1, column: last, role: .strong)
        }
    }

    // MARK: - The four lists

    private static func drawList(
        _ model: ScreenModel,
        rows: Range<Int>,
        columns: Int,
        on buffer: inout ScreenBuffer
    ) {
        guard let report = model.shown?.report else { return }
        let choice = model.list.choice
        switch model.view {
        case .overview: return
        case .racks: draw(RackTable(report, choice, model.glyphs), model, rows, columns, on: &buffer)
        case .loops: draw(LoopTable(report, choice, model.glyphs), model, rows, columns, on: &buffer)
        case .devices: draw(DeviceTable(report, choice, model.glyphs), model, rows, columns, on: &buffer)
        case .alarms: draw(AlarmTable(report, choice, model.glyphs), model, rows, columns, on: &buffer)
        }
    }

    private static func draw(
        _ table: some ScreenTable,
        _ model: ScreenModel,
        _ rows: Range<Int>,
        _ columns: Int,
        on buffer: inout ScreenBuffer
    ) {
        var heading = StyledLine(table.glyphs)
        for span in table.heading(columns: columns).spans { heading.add(span.text, .heading) }
        buffer.draw(heading, row: rows.lowerBound, column: 0, columns: columns)
        let shown = table.rows
        let room = rows.count - 1
        guard !shown.isEmpty else {
            let filter = model.list.choice.filter
            let text = filter.isEmpty ? "none" : "none of \(table.total) contains '\(filter)'"
            let line = StyledLine("  " + text, .faint, table.glyphs)
            if room > 0 { buffer.draw(line, row: rows.lowerBound + 1, column: 0, columns: columns) }
            return
        }
        guard room > 0 else { return }
        let position = min(model.list.position, shown.count - 1)
        let top = max(0, min(max(model.list.top, position - room + 1), position, max(0, shown.count - room)))
        for offset in 0..<min(room, shown.count - top) {
            let index = top + offset
            let row = rows.lowerBound + 1 + offset
            let line = table.line(shown[index], columns: columns)
            buffer.draw(line, row: row, column: 0, columns: columns, isSelected: index == position)
        }
        guard model.overlay == nil else { return }
        let free = rows.dropFirst(1 + min(room, shown.count - top))
        drawPreview(table.details(shown[position], columns: columns), rows: free, columns, model.glyphs, on: &buffer)
    }

    /// The selected row in full, where the list leaves room below it.
    private static func drawPreview(
        _ lines: [StyledLine],
        rows: Range<Int>,
        _ columns: Int,
        _ glyphs: Glyphs,
        on buffer: inout ScreenBuffer
    ) {
        guard rows.count >= leastPreviewRows else { return }
        let rule = String(repeating: glyphs.rule, count: min(columns, buffer.width))
        buffer.write(rule, row: rows.lowerBound, column: 0, role: .faint)
        for (line, row) in zip(lines, rows.dropFirst()) {
            buffer.draw(line, row: row, column: 0, columns: columns)
        }
    }

    private static func detailsLines(_ model: ScreenModel, _ report: StatusReport, columns: Int) -> [StyledLine] {
        let choice = model.list.choice
        let glyphs = model.glyphs
        switch model.view {
        case .overview: return []
        case .racks: return details(RackTable(report, choice, glyphs), model, columns)
        case .devices: return details(DeviceTable(report, choice, glyphs), model, columns)
        case .alarms: return details(AlarmTable(report, choice, glyphs), model, columns)
        case .loops:
            let table = LoopTable(report, choice, glyphs)
            guard model.overlay == .why, let loop = selected(table, model) else {
                return details(table, model, columns)
            }
            return table.why(loop, columns: columns)
        }
    }

    private static func details(_ table: some ScreenTable, _ model: ScreenModel, _ columns: Int) -> [StyledLine] {
        if let row = selected(table, model) { return table.details(row, columns: columns) }
        let name = model.list.selected ?? ""
        return [StyledLine("\(name) is no longer in the list.", .warning, table.glyphs)]
    }

    /// The row the page was opened on; nil where the report or the filter has it no more.
    private static func selected<Table: ScreenTable>(_ table: Table, _ model: ScreenModel) -> Table.Row? {
        let rows = table.rows
        guard let name = model.list.selected else { return rows.first }
        let position = model.list.position
        if rows.indices.contains(position), Table.identifier(rows[position]) == name { return rows[position] }
        return rows.first { Table.identifier($0) == name }
    }
}

extension ScreenRole {
    /// How the role looks where the values are not live: nothing reads as good any more.
    fileprivate var whereNotLive: ScreenRole {
        switch self {
        case .normal, .good, .notice, .strong: .stale
        default: self
        }
    }
}
