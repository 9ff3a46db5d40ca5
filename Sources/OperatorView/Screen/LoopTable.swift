// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The control loops with their modes, states and reasons.
struct LoopTable: ScreenTable {
    enum Order: String, CaseIterable {
        case site
        case mode
        case newest
        case name
    }

    let total: Int
    let rows: [LoopStatus]
    let glyphs: Glyphs
    private let now: Timestamp
    private let order: Order
    private let nameColumns: Int

    init(_ report: StatusReport, _ choice: ListChoice, _ glyphs: Glyphs) {
        let order = Order.allCases[choice.order % Order.allCases.count]
        let passing = report.loops.filter {
            choice.passes($0.id, $0.mode.rawValue, PlainSnapshot.words($0.state), $0.reason.text)
        }
        total = report.loops.count
        rows =
            switch order {
            case .site: passing
            case .mode: LoopMode.allCases.flatMap { mode in passing.filter { $0.mode == mode } }
            case .newest: passing.stablySorted { $0.since > $1.since }
            case .name: passing.stablySorted { NaturalOrder.precedes($0.id, $1.id) }
            }
        self.order = order
        self.glyphs = glyphs
        now = report.site.plantTime
        nameColumns = max(4, min(20, PlainSnapshot.nameColumns(report.loops.map(\.id))))
    }

    static func identifier(_ row: LoopStatus) -> String { row.id }

    /// How a mode is drawn; its word stands there too.
    static func role(_ mode: LoopMode) -> ScreenRole {
        switch mode {
        case .automatic: .good
        case .advisory: .notice
        case .hand: .warning
        case .off: .faint
        }
    }

    func heading(columns: Int) -> StyledLine {
        func title(_ text: String, _ mine: Order) -> String { order == mine ? text + glyphs.sorted : text }
        var line = StyledLine(glyphs)
        line.blanks(1)
        line.add(title("LOOP", .name), columns: nameColumns)
        line.add(" " + title("MODE", .mode), columns: 11)
        line.add("STATE", columns: stateColumns(columns))
        line.add(title("FOR", .newest), columns: 8, .right)
        line.add("  REASON")
        return line
    }

    func line(_ loop: LoopStatus, columns: Int) -> StyledLine {
        var line = StyledLine(glyphs)
        line.blanks(1)
        line.add(loop.id, columns: nameColumns)
        line.add(" " + loop.mode.rawValue, columns: 11, .left, Self.role(loop.mode))
        line.add(PlainSnapshot.words(loop.state), columns: stateColumns(columns))
        line.add(DisplayValue.span(from: loop.since, to: now), columns: 8, .right)
        line.blanks(2)
        line.add(loop.reason.text, columns: columns - line.width, .left, .faint)
        return line
    }

    private func stateColumns(_ columns: Int) -> Int { columns < 110 ? 18 : 26 }

    func details(_ loop: LoopStatus, columns: Int) -> [StyledLine] {
        var page = DetailsPage(title: "LOOP \(loop.id)", columns: columns, glyphs: glyphs)
        page.add("Kind", PlainSnapshot.words(loop.kind.rawValue))
        page.add("Mode", "\(loop.mode.rawValue): \(Self.meaning(loop.mode))", Self.role(loop.mode))
        page.add("State", PlainSnapshot.words(loop.state), .strong)
        page.add("Since", since(loop))
        page.add("Reason", loop.reason.text)
        page.add("Reason code", loop.reason.code)
        page.evidence(loop.reason)
        return page.lines
    }

    /// The answer to "why is it doing that?" as far as the report has it.
    func why(_ loop: LoopStatus, columns: Int) -> [StyledLine] {
        let state = PlainSnapshot.words(loop.state)
        var page = DetailsPage(title: "WHY \(loop.id) is in \(state)", columns: columns, glyphs: glyphs)
        page.paragraph(loop.reason.text.isEmpty ? "The agent gives no reason." : loop.reason.text, .strong)
        page.paragraph("So since \(since(loop)); \(loop.mode.rawValue): \(Self.meaning(loop.mode)).")
        page.evidence(loop.reason)
        page.paragraph("")
        page.heading("FURTHER")
        page.paragraph("'thermocline why POINT' prints the whole chain of one point, from wish to outcome.", .faint)
        return page.lines
    }

    private func since(_ loop: LoopStatus) -> String {
        "\(DisplayValue.moment(loop.since)), \(DisplayValue.span(from: loop.since, to: now)) ago"
    }

    private static func meaning(_ mode: LoopMode) -> String {
        switch mode {
        case .automatic: "decides and writes"
        case .advisory: "decides and records, never writes"
        case .hand: "held by an operator"
        case .off: "does nothing"
        }
    }
}
