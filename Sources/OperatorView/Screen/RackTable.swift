// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The racks with their power against what they are built for.
struct RackTable: ScreenTable {
    enum Order: String, CaseIterable {
        case power
        case load
        case inlet
        case doubt
        case name
    }

    let total: Int
    let rows: [RackReport]
    let glyphs: Glyphs
    private let order: Order
    private let nameColumns: Int
    private let hallColumns: Int

    init(_ report: StatusReport, _ choice: ListChoice, _ glyphs: Glyphs) {
        let order = Order.allCases[choice.order % Order.allCases.count]
        let passing = report.racks.filter { choice.passes($0.id, $0.hall, $0.power.quality, $0.power.cause) }
        total = report.racks.count
        rows =
            switch order {
            case .power: passing.sortedDown { $0.power.value }
            case .load: passing.sortedDown { Self.load($0) }
            case .inlet: passing.sortedDown { $0.inletAirTemperature?.value }
            case .doubt: passing.sortedDown { Self.doubt($0) }
            case .name: passing.stablySorted { NaturalOrder.precedes($0.id, $1.id) }
            }
        self.order = order
        self.glyphs = glyphs
        nameColumns = max(4, PlainSnapshot.nameColumns(report.racks.map(\.id)))
        hallColumns = min(12, max(4, PlainSnapshot.nameColumns(report.racks.map(\.hall))))
    }

    static func identifier(_ row: RackReport) -> String { row.id }

    /// Power as a share of nominal; nil where either is missing.
    private static func load(_ rack: RackReport) -> Double? {
        guard let watts = rack.power.value, rack.nominalWatts > 0 else { return nil }
        return watts / rack.nominalWatts
    }

    private static func doubt(_ rack: RackReport) -> Double? {
        Quality.allCases.first { $0.word == rack.power.quality }.map { Double($0.rawValue) }
    }

    private struct Columns {
        var hall = 0
        var bar = 0
        var state = 0
    }

    /// The columns left for the hall, the bar and the state; narrow screens do without them in this order.
    private func split(_ columns: Int) -> Columns {
        var rest = columns - 2 - nameColumns - 9 - 6 - 9
        var split = Columns()
        split.state = min(max(rest, 0), 24)
        rest -= split.state + 1
        if rest >= hallColumns + 1 {
            split.hall = hallColumns
            rest -= hallColumns + 1
        }
        if rest >= 6 { split.bar = min(rest - 1, 40) }
        if split.bar == 40 { split.state += rest - 41 }
        return split
    }

    func heading(columns: Int) -> StyledLine {
        let split = split(columns)
        func title(_ text: String, _ mine: Order) -> String { order == mine ? text + glyphs.sorted : text }
        var line = StyledLine(glyphs)
        line.blanks(2)
        line.add(title("RACK", .name), columns: nameColumns)
        if split.hall > 0 { line.add(" HALL", columns: split.hall + 1) }
        line.add(title("kW", .power), columns: 9, .right)
        line.add(title("LOAD", .load), columns: 6, .right)
        if split.bar > 0 { line.blanks(split.bar + 1) }
        line.add(title("INLET", .inlet), columns: 9, .right)
        line.add(" " + title("STATE", .doubt), columns: split.state)
        return line
    }

    func line(_ rack: RackReport, columns: Int) -> StyledLine {
        let split = split(columns)
        let load = Self.load(rack)
        let isOver = rack.power.isCurrent && (load ?? 0) > 1
        let role = rack.power.role
        var line = StyledLine(glyphs)
        line.add(isOver && rack.power.sign == " " ? "^" : rack.power.sign, columns: 2, .left, isOver ? .warning : role)
        line.add(rack.id, columns: nameColumns)
        if split.hall > 0 { line.add(" " + rack.hall, columns: split.hall + 1, .left, .faint) }
        let kilowatts = rack.power.value.map { DecimalText.fixed($0 / 1_000, decimals: 1) } ?? DecimalText.missing
        line.add(kilowatts, columns: 9, .right, role)
        let percent = load.map { DecimalText.fixed($0 * 100, decimals: 0) + "%" } ?? DecimalText.missing
        line.add(percent, columns: 6, .right, role)
        if split.bar > 0 {
            line.blanks(1)
            let barRole = isOver ? .warning : role == .normal ? .good : role
            line.add(load.map { glyphs.bar($0, columns: split.bar) } ?? "", columns: split.bar, .left, barRole)
        }
        let inlet = rack.inletAirTemperature
        let celsius = inlet.map { DisplayValue($0.value, unit: $0.unit).text } ?? ""
        line.add(celsius, columns: 9, .right, inlet?.role ?? .normal)
        line.add(" " + state(rack, isOver: isOver), columns: split.state, .left, isOver ? .warning : role)
        return line
    }

    private func state(_ rack: RackReport, isOver: Bool) -> String {
        if let doubt = PlainSnapshot.doubt(rack.power) { return doubt }
        return isOver ? "over nominal" : ""
    }

    func details(_ rack: RackReport, columns: Int) -> [StyledLine] {
        var page = DetailsPage(title: "RACK \(rack.id)", columns: columns, glyphs: glyphs)
        page.add("Hall", rack.hall)
        page.add("Power", rack.power)
        page.add("Nominal power", DisplayValue(rack.nominalWatts, unit: .watts).text)
        if let load = Self.load(rack) {
            let percent = DisplayValue(load, unit: .ratio).text
            page.add("Load", load > 1 ? "\(percent), over nominal" : percent, load > 1 ? .warning : .normal)
            page.add("", glyphs.bar(load, columns: min(40, max(0, columns - 20))), .good)
        }
        if let inlet = rack.inletAirTemperature { page.add("Inlet air", inlet) }
        page.add("Age of reading", rack.power.ageSeconds.map { DisplayValue.span(seconds: $0) } ?? "never read")
        return page.lines
    }
}
