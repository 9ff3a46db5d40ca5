// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The three lines at the top: which site, how current, which view.
enum ScreenHeader {
    static func draw(_ model: ScreenModel, on buffer: inout ScreenBuffer) {
        drawSite(model, on: &buffer)
        drawCurrency(model, on: &buffer)
        drawTabs(model, on: &buffer)
    }

    /// SIMULATED and its scale come first: they are the last thing a narrow screen loses.
    private static func drawSite(_ model: ScreenModel, on buffer: inout ScreenBuffer) {
        var line = StyledLine(model.glyphs)
        guard let site = model.shown?.report.site else {
            line.add("Thermocline  \(model.source)", .strong)
            return buffer.draw(line, row: 0, column: 0, columns: buffer.width)
        }
        if let timeScale = site.timeScale {
            line.add(" SIMULATED \(DecimalText.short(timeScale, decimals: 3))x ", .badge)
            line.blanks(1)
        }
        let name = site.name.isEmpty || site.name == site.id ? site.id : "\(site.name) (\(site.id))"
        var right = StyledLine(model.glyphs)
        right.add(DisplayValue.moment(site.plantTime), .strong)
        if buffer.width >= 100 { right.add("  Thermocline \(site.version)", .faint) }
        let isWide = line.width + right.width + 12 <= buffer.width
        let room = buffer.width - line.width - (isWide ? right.width + 2 : 0)
        line.add(name, columns: max(0, room), .left, .strong)
        if isWide {
            line.blanks(2)
            line.add(right)
        }
        buffer.draw(line, row: 0, column: 0, columns: buffer.width)
    }

    private static func drawCurrency(_ model: ScreenModel, on buffer: inout ScreenBuffer) {
        var line = StyledLine(model.glyphs)
        switch model.currency {
        case .live(let age):
            line.add("live", .good)
            line.add("  report \(span(age)) old, cycle \(model.shown?.report.site.sequence ?? 0)")
            if let wall = wallTime(model) { line.add(", wall time \(wall)", .faint) }
            let source = StyledLine(model.source, .faint, model.glyphs)
            if line.width + 2 + source.width <= buffer.width {
                line.pad(to: buffer.width - source.width)
                line.add(source)
            }
        case .waiting(let fault):
            let text = fault == nil ? "waiting for the agent" : "AGENT NOT ANSWERING"
            line.add(text, fault == nil ? .notice : .banner)
        case .late(let age):
            line = banner("REPORT LATE", [", \(span(age)) old"], model, buffer.width)
        case .silent(let fault, let age):
            let head = "AGENT NOT ANSWERING: \(withoutPlace(fault, model))"
            line = banner(head, [", \(span(age)) old"], model, buffer.width)
        case .standing(let standing):
            let head = "AGENT'S CYCLE STANDS STILL for \(span(standing))"
            line = banner(head, [], model, buffer.width)
        case .frozen(let age, let fault):
            let silent = fault.map { "; AGENT NOT ANSWERING: \(withoutPlace($0, model))" } ?? ""
            line.add(PlainText.left("FROZEN at \(clock(model)), \(span(age)) old\(silent)", buffer.width), .badge)
        }
        buffer.draw(line, row: 1, column: 0, columns: buffer.width)
    }

    /// A full-width line that keeps the time shown; its head gives way to it, and to what else is behind it last.
    private static func banner(
        _ head: String,
        _ extra: [String],
        _ model: ScreenModel,
        _ width: Int
    ) -> StyledLine {
        let showing = ", showing \(clock(model))"
        let leastHead = 20
        let tail = ([showing] + extra).joined()
        let end = PlainText.width(tail) + leastHead <= width ? tail : showing
        let room = max(0, width - PlainText.width(end))
        var line = StyledLine(PlainText.cut(model.glyphs.fit(head), to: room), .banner, model.glyphs)
        line.add(end, .banner)
        line.add(PlainText.blanks(width - line.width), .banner)
        return line
    }

    /// A fault without the agent's address in front, which the operator knows.
    private static func withoutPlace(_ fault: String, _ model: ScreenModel) -> String {
        let place = model.source + ": "
        return fault.hasPrefix(place) ? String(fault.dropFirst(place.count)) : fault
    }

    private static func drawTabs(_ model: ScreenModel, on buffer: inout ScreenBuffer) {
        var line = StyledLine(model.glyphs)
        for view in ScreenView.allCases {
            let count = buffer.width >= 72 ? count(view, model.shown?.report) : nil
            let isShown = view == model.view
            line.add(isShown ? "[" : " ", isShown ? .tab : .normal)
            line.add("\(view.digit) \(view.title)", isShown ? .tab : .normal)
            if let count { line.add(" " + count.text, isShown && count.role == .faint ? .tab : count.role) }
            line.add(isShown ? "]" : " ", isShown ? .tab : .normal)
        }
        let note = note(model, columns: buffer.width - line.width - 1)
        line.pad(to: buffer.width - note.width)
        line.add(note)
        buffer.draw(line, row: 2, column: 0, columns: buffer.width)
    }

    /// The filter and the order of the list; the filter is cut, and the order left out, where there is no room.
    private static func note(_ model: ScreenModel, columns: Int) -> StyledLine {
        var note = StyledLine(model.glyphs)
        let choice = model.list.choice
        guard model.view.isList else { return note }
        if !choice.filter.isEmpty { note.add(PlainText.cut("/\(choice.filter)", to: max(0, columns)), .warning) }
        let orders = model.view.orders
        let order = StyledLine("  by \(orders[choice.order % orders.count])", .faint, model.glyphs)
        if note.width + order.width <= columns { note.add(order) }
        return note
    }

    /// What a tab says of its list without being opened.
    private static func count(_ view: ScreenView, _ report: StatusReport?) -> (text: String, role: ScreenRole)? {
        guard let report else { return nil }
        switch view {
        case .overview: return nil
        case .racks: return (String(report.racks.count), .faint)
        case .loops: return (String(report.loops.count), .faint)
        case .devices:
            let up = report.devices.count { $0.link == .up }
            let isAll = up == report.devices.count
            return ("\(up)/\(report.devices.count)" + (isAll ? "" : "!"), isAll ? .good : .alarm)
        case .alarms:
            let active = report.alarms.count { $0.state == .active }
            return active == 0 ? ("0", .good) : ("\(active)!", .alarm)
        }
    }

    /// The plant time of the report on the screen, hours to seconds.
    private static func clock(_ model: ScreenModel) -> String {
        guard let time = model.shown?.report.site.plantTime else { return DecimalText.missing }
        return hours(DisplayValue.moment(time))
    }

    /// The agent's wall time where it is not the plant's.
    private static func wallTime(_ model: ScreenModel) -> String? {
        guard let site = model.shown?.report.site, site.isSimulated else { return nil }
        return hours(DisplayValue.moment(site.wallTime))
    }

    private static func hours(_ moment: String) -> String {
        let parts = moment.split(separator: " ")
        return parts.count == 3 ? String(parts[1]) : moment
    }

    private static func span(_ duration: Duration) -> String { DisplayValue.span(seconds: duration.inSeconds) }
}

/// The line at the bottom: the keys that work now, or the filter being typed.
enum KeyBar {
    static func draw(_ model: ScreenModel, row: Int, on buffer: inout ScreenBuffer) {
        var line = StyledLine(model.glyphs)
        if model.isEditingFilter {
            let room = max(8, buffer.width - 52)
            let shown = model.glyphs.fit(model.list.choice.filter)
            line.add("/" + tail(shown, columns: room), .strong)
            line.add("_", .key)
            line.blanks(2)
        }
        let (bindings, gap) = fitting(model.bindings.filter(\.isInBar), columns: buffer.width - line.width)
        for (position, binding) in bindings.enumerated() {
            if position > 0 { line.blanks(gap) }
            line.add(binding.keys, .key)
            line.add(" " + binding.label)
        }
        buffer.draw(line, row: row, column: 0, columns: buffer.width)
    }

    /// The bindings and the blanks between them; below 80 columns those before help and quit go first.
    private static func fitting(_ bindings: [KeyBinding], columns: Int) -> (shown: [KeyBinding], gap: Int) {
        func width(_ bindings: [KeyBinding], _ gap: Int) -> Int {
            bindings.reduce(-gap) { $0 + PlainText.width($1.keys) + 1 + PlainText.width($1.label) + gap }
        }
        if width(bindings, 2) <= columns { return (bindings, 2) }
        var shown = bindings
        while shown.count > 2, width(shown, 1) > columns { shown.remove(at: shown.count - 3) }
        return (shown, 1)
    }

    /// The end of a text that is too wide: what was typed last stays in sight.
    private static func tail(_ text: String, columns: Int) -> String {
        var shown = text
        while PlainText.width(shown) > columns { shown.removeFirst() }
        return shown
    }
}
