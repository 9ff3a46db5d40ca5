// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The first page: alarms, key figures, plant values, loops, devices and racks at a glance.
///
/// One column below 110 columns, two from there on. Sections are set apart by blank lines where all of it then still
/// fits, and the notes on key figures come last.
struct OverviewPage {
    let report: StatusReport
    let trends: ReportTrends
    let glyphs: Glyphs

    /// Columns from which the page has two columns.
    private static let splitColumns = 110
    /// Alarms shown before the rest is counted.
    private static let maximumAlarms = 3
    /// Loops and sick devices shown before the rest is counted.
    private static let maximumEntries = 12

    init(_ snapshot: ReportSnapshot, _ glyphs: Glyphs) {
        report = snapshot.report
        trends = snapshot.trends
        self.glyphs = glyphs
    }

    /// The lines of the page for a body of so many columns and rows.
    func lines(columns: Int, rows: Int) -> [StyledLine] {
        guard columns >= Self.splitColumns else {
            let sections = [
                alarms(columns), figures(columns), plant(columns), loops(columns, reasonLines: 0), devices(columns),
                racks(columns), notes(columns),
            ]
            return joined(sections, rows: rows)
        }
        let left = columns / 2 - 1
        let right = columns - left - 3
        return beside(
            joined([figures(left), plant(left), racks(left)], rows: rows),
            joined([alarms(right), loops(right, reasonLines: 2), devices(right), notes(right)], rows: rows),
            leftColumns: left
        )
    }

    private func joined(_ sections: [[StyledLine]], rows: Int) -> [StyledLine] {
        let filled = sections.filter { !$0.isEmpty }
        let count = filled.reduce(0) { $0 + $1.count } + max(0, filled.count - 1)
        let separator = count <= rows ? [StyledLine(glyphs)] : []
        return Array(filled.joined(separator: separator))
    }

    private func beside(_ left: [StyledLine], _ right: [StyledLine], leftColumns: Int) -> [StyledLine] {
        (0..<max(left.count, right.count)).map { index in
            var line = index < left.count ? left[index] : StyledLine(glyphs)
            line.pad(to: leftColumns)
            line.add(" \(glyphs.divider) ", .faint)
            if index < right.count { line.add(right[index]) }
            return line
        }
    }

    private func heading(_ title: String, _ note: String = "", _ role: ScreenRole = .normal) -> StyledLine {
        var line = StyledLine(title, .heading, glyphs)
        if !note.isEmpty { line.add("  \(note)", role) }
        return line
    }

    // MARK: - Alarms

    private func alarms(_ columns: Int) -> [StyledLine] {
        let standing = AlarmTable.urgentFirst(report.alarms)
        let counts = AlarmState.allCases.filter { $0 != .normal }.compactMap { state in
            let count = standing.count { $0.state == state }
            return count == 0 ? nil : "\(count) \(state.rawValue)"
        }
        let isCalm = !standing.contains { $0.state == .active }
        let note = counts.isEmpty ? "none" : counts.joined(separator: ", ")
        var lines = [cut(heading("ALARMS", note, isCalm ? .good : .alarm), to: columns)]
        for alarm in standing.filter({ $0.state == .active || $0.state == .returned }).prefix(Self.maximumAlarms) {
            var line = StyledLine(glyphs)
            let role = AlarmTable.role(alarm)
            line.add("\(AlarmTable.sign(alarm)) \(alarm.priority.rawValue.uppercased())", columns: 9, .left, role)
            line.add(alarm.id, role)
            line.add("  \(alarm.message)")
            lines.append(cut(line, to: columns))
        }
        return lines
    }

    // MARK: - Key figures

    private func figures(_ columns: Int) -> [StyledLine] {
        let rows = FigureRow.all(of: report.kpis)
        guard !rows.isEmpty else { return [] }
        let window = columns < 60 ? 8 : 11
        let label = max(8, columns - 2 - KPIWindow.allCases.count * window)
        var title = StyledLine(glyphs)
        title.add("KEY FIGURES", columns: label + 2, .left, .heading)
        for name in KPIWindow.allCases { title.add(name.rawValue + " ", columns: window, .right, .faint) }
        return [title]
            + rows.map { row in
                var line = StyledLine(glyphs)
                line.blanks(2)
                line.add(row.label, columns: label)
                for name in KPIWindow.allCases {
                    let result = row.results.first { $0.window == name }
                    let isIndicative = result?.value != nil && result?.reason.isEmpty == false
                    let number = result.map { DisplayValue($0.value, figure: $0.name).number } ?? ""
                    let role: ScreenRole = isIndicative ? .warning : result?.value == nil ? .faint : .strong
                    line.add(number + (isIndicative ? "*" : " "), columns: window, .right, role)
                }
                return line
            }
    }

    private func notes(_ columns: Int) -> [StyledLine] {
        let lines = KeyFigureNote.all(of: report.kpis).flatMap { note in
            var lead = StyledLine(glyphs)
            lead.blanks(2)
            return StyledLine.wrapped(note.text, lead: lead, columns: columns, limit: 2, .faint)
        }
        return lines.isEmpty ? [] : [heading("NOTES ON KEY FIGURES")] + lines
    }

    // MARK: - Plant values

    private func plant(_ columns: Int) -> [StyledLine] {
        guard !report.summary.isEmpty else { return [] }
        let perLine = columns >= 76 ? 2 : 1
        let cell = (columns - 2 - (perLine - 1) * 2) / perLine
        var lines = [heading("PLANT")]
        for start in stride(from: 0, to: report.summary.count, by: perLine) {
            var line = StyledLine(glyphs)
            for value in report.summary[start..<min(start + perLine, report.summary.count)] {
                line.blanks(2)
                add(value, columns: cell, to: &line)
            }
            lines.append(line)
        }
        return lines
    }

    /// Label, value, and the trend; where the value is doubtful, its quality in place of the trend.
    private func add(_ value: SummaryValue, columns: Int, to line: inout StyledLine) {
        let shown = DisplayValue(value.reading.value, unit: value.reading.unit).text
        let room = max(0, columns - 11)
        let label = min(max(16, room * 3 / 5), 26, room)
        line.add(value.label, columns: label)
        line.add(shown, columns: min(11, columns), .right, value.reading.isCurrent ? .strong : value.reading.role)
        let rest = max(0, room - label)
        if value.reading.quality != Quality.good.word {
            let doubt = doubt(value.reading, columns: rest - 2)
            line.add(" \(value.reading.sign)\(doubt)", columns: rest, .left, value.reading.role)
        } else {
            let samples = trends.samples(value.name)
            let least = Self.leastSpan(value.reading.unit, samples)
            line.add(" " + glyphs.sparkline(samples, columns: rest - 1, least: least), columns: rest, .left, .notice)
        }
    }

    /// Quality, cause and age, or as much of that as there is room for.
    private func doubt(_ reading: ReadingReport, columns: Int) -> String {
        let age = reading.ageSeconds.map { " " + DisplayValue.span(seconds: $0) } ?? ""
        let spellings = [PlainSnapshot.doubt(reading) ?? "", reading.quality + age]
        return spellings.first { PlainText.width(glyphs.fit($0)) <= columns } ?? reading.quality
    }

    /// The span below which a movement is noise, in the unit of the samples.
    private static func leastSpan(_ unit: PointUnit, _ samples: [Double?]) -> Double {
        switch unit {
        case .celsius, .kelvins: 1
        case .ratio: 0.05
        default: (samples.compactMap { $0 }.last { $0.isFinite } ?? 0).magnitude * 0.05
        }
    }

    // MARK: - Loops, devices, racks

    private func loops(_ columns: Int, reasonLines: Int) -> [StyledLine] {
        guard !report.loops.isEmpty else { return [] }
        var lines = [heading("LOOPS")]
        let name = PlainSnapshot.nameColumns(report.loops.map(\.id))
        for loop in report.loops.prefix(Self.maximumEntries) {
            var line = StyledLine(glyphs)
            line.blanks(2)
            line.add(loop.id, columns: name)
            line.add("  " + loop.mode.rawValue, columns: 12, .left, LoopTable.role(loop.mode))
            let age = DisplayValue.span(from: loop.since, to: report.site.plantTime)
            line.add(" \(PlainSnapshot.words(loop.state)) for \(age)")
            if reasonLines == 0, columns - line.width > 16 { line.add("  \(loop.reason.text)", .faint) }
            lines.append(cut(line, to: columns))
            guard reasonLines > 0 else { continue }
            var lead = StyledLine(glyphs)
            lead.blanks(4)
            lines += StyledLine.wrapped(loop.reason.text, lead: lead, columns: columns, limit: reasonLines, .faint)
        }
        return lines + rest(report.loops.count, "loops", key: "3")
    }

    private func devices(_ columns: Int) -> [StyledLine] {
        let up = report.devices.count { $0.link == .up }
        let isWell = up == report.devices.count
        let note = report.devices.isEmpty ? "none" : "\(up) of \(report.devices.count) up"
        var lines = [heading("DEVICES", note, isWell ? .good : .alarm)]
        let sick = DeviceTable.worstFirst(report.devices).filter { $0.link != .up }
        for device in sick.prefix(Self.maximumEntries) {
            var line = StyledLine(glyphs)
            let role = DeviceTable.role(device.link)
            line.add("\(DeviceTable.sign(device.link)) \(device.device)  ", role)
            line.add("\(device.link.rawValue)  \(device.detail)")
            lines.append(cut(line, to: columns))
        }
        return lines + rest(sick.count, "devices", key: "4")
    }

    /// One line for each hall: how many racks, their power, and how much of what they are built for.
    private func racks(_ columns: Int) -> [StyledLine] {
        guard !report.racks.isEmpty else { return [] }
        var halls: [String] = []
        for rack in report.racks where !halls.contains(rack.hall) { halls.append(rack.hall) }
        var lines = [heading("RACKS")]
        let name = PlainSnapshot.nameColumns(halls)
        for hall in halls.prefix(Self.maximumEntries) {
            let racks = report.racks.filter { $0.hall == hall }
            let current = racks.filter(\.power.isCurrent)
            let watts = current.compactMap(\.power.value).reduce(0, +)
            let nominal = current.map(\.nominalWatts).reduce(0, +)
            var line = StyledLine(glyphs)
            line.blanks(2)
            line.add(hall, columns: name)
            line.add("  \(racks.count) \(racks.count == 1 ? "rack" : "racks")", columns: 12)
            let missing = racks.count - current.count
            let total = current.isEmpty ? DecimalText.missing : DisplayValue(watts, unit: .watts).text
            line.add(total, columns: 10, .right, .strong)
            if nominal > 0 {
                line.add("\(DecimalText.fixed(watts / nominal * 100, decimals: 0))%", columns: 6, .right)
            }
            if missing > 0 { line.add("  ! \(missing) without a current value", .alarm) }
            let room = min(22, columns - line.width)
            if nominal > 0, room >= 8 { line.add("  " + glyphs.bar(watts / nominal, columns: room - 2), .good) }
            lines.append(cut(line, to: columns))
        }
        return lines + rest(halls.count, "halls", key: "2")
    }

    private func rest(_ count: Int, _ noun: String, key: String) -> [StyledLine] {
        guard count > Self.maximumEntries else { return [] }
        return [StyledLine("  and \(count - Self.maximumEntries) more \(noun): key \(key)", .faint, glyphs)]
    }

    /// The line cut to columns, with a mark where something is missing.
    private func cut(_ line: StyledLine, to columns: Int) -> StyledLine {
        guard line.width > columns else { return line }
        var shown = StyledLine(glyphs)
        for span in line.spans {
            let room = columns - shown.width
            guard room > 0 else { break }
            shown.add(PlainText.cut(span.text, to: room), span.role)
        }
        return shown
    }
}
