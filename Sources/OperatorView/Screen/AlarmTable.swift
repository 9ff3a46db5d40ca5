// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The alarms that are not normal, those that ask for somebody first.
struct AlarmTable: ScreenTable {
    enum Order: String, CaseIterable {
        case urgency
        case newest
        case name
    }

    let total: Int
    let rows: [AlarmRecord]
    let glyphs: Glyphs
    private let now: Timestamp
    private let order: Order
    private let nameColumns: Int

    init(_ report: StatusReport, _ choice: ListChoice, _ glyphs: Glyphs) {
        let order = Order.allCases[choice.order % Order.allCases.count]
        let standing = report.alarms.filter { $0.state != .normal }
        let passing = standing.filter {
            choice.passes($0.id, $0.message, $0.priority.rawValue, $0.state.rawValue)
        }
        total = standing.count
        rows =
            switch order {
            case .urgency: Self.urgentFirst(passing)
            case .newest: passing.stablySorted { $0.since > $1.since }
            case .name: passing.stablySorted { NaturalOrder.precedes($0.id, $1.id) }
            }
        self.order = order
        self.glyphs = glyphs
        now = report.site.plantTime
        nameColumns = max(5, PlainSnapshot.nameColumns(standing.map(\.id)))
    }

    static func identifier(_ row: AlarmRecord) -> String { row.id }

    /// By state, then priority, then newest first.
    static func urgentFirst(_ alarms: [AlarmRecord]) -> [AlarmRecord] {
        let states: [AlarmState] = [.active, .returned, .acknowledged, .shelved, .suppressed]
        return states.flatMap { state in
            AlarmPriority.allCases.flatMap { priority in
                alarms
                    .filter { $0.state == state && $0.priority == priority }
                    .stablySorted { $0.since > $1.since }
            }
        }
    }

    /// How an alarm is drawn; priority and state stand there as words.
    static func role(_ alarm: AlarmRecord) -> ScreenRole {
        switch (alarm.state, alarm.priority) {
        case (.active, .high): .alarm
        case (.active, _): .warning
        case (.returned, _), (.acknowledged, _): .notice
        case (.shelved, _), (.suppressed, _), (.normal, _): .faint
        }
    }

    /// `!` where nobody has acknowledged it yet.
    static func sign(_ alarm: AlarmRecord) -> String {
        switch alarm.state {
        case .active: "!"
        case .returned: "~"
        case .normal, .acknowledged, .shelved, .suppressed: " "
        }
    }

    func heading(columns: Int) -> StyledLine {
        func title(_ text: String, _ mine: Order) -> String { order == mine ? text + glyphs.sorted : text }
        var line = StyledLine(glyphs)
        line.blanks(2)
        line.add(title("PRIORITY", .urgency), columns: 10)
        line.add("STATE", columns: 13)
        line.add(title("FOR", .newest), columns: 7, .right)
        line.add("  " + title("ALARM", .name), columns: nameColumns + 3)
        line.add("MESSAGE")
        return line
    }

    func line(_ alarm: AlarmRecord, columns: Int) -> StyledLine {
        let role = Self.role(alarm)
        var line = StyledLine(glyphs)
        line.add(Self.sign(alarm), columns: 2, .left, role)
        line.add(alarm.priority.rawValue.uppercased(), columns: 10, .left, role)
        line.add(alarm.state.rawValue, columns: 13, .left, role)
        line.add(DisplayValue.span(from: alarm.since, to: now), columns: 7, .right)
        line.blanks(2)
        line.add(alarm.id, columns: nameColumns)
        line.blanks(1)
        line.add(alarm.message, columns: columns - line.width)
        return line
    }

    func details(_ alarm: AlarmRecord, columns: Int) -> [StyledLine] {
        var page = DetailsPage(title: "ALARM \(alarm.id)", columns: columns, glyphs: glyphs)
        page.add("Priority", alarm.priority.rawValue.uppercased(), Self.role(alarm))
        page.add("State", "\(alarm.state.rawValue): \(Self.meaning(alarm.state))", Self.role(alarm))
        page.add("Since", "\(DisplayValue.moment(alarm.since)), \(DisplayValue.span(from: alarm.since, to: now)) ago")
        page.add("What is wrong", alarm.message, .strong)
        page.add("What to do", alarm.response)
        return page.lines
    }

    private static func meaning(_ state: AlarmState) -> String {
        switch state {
        case .normal: "nothing wrong"
        case .active: "present, nobody has acknowledged it"
        case .acknowledged: "present, somebody looks after it"
        case .returned: "gone, nobody has acknowledged it"
        case .shelved: "silenced by an operator for a time"
        case .suppressed: "silenced, it follows from another cause"
        }
    }
}
