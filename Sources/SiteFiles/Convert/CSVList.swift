// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// A register list as a table, the columns named in its first line; see devicemaps/README.md.
///
/// Comma, semicolon or tab between the columns, whichever the first line has most of; RFC 4180 quotes.
enum CSVList {
    static let columns = [
        "name", "table", "address", "type", "order", "byte_order", "unit", "scale", "offset", "sentinels", "counter",
        "vendor_notation", "summary",
    ]

    static func read(_ text: String, file: String, problems: ProblemCollector) -> [DraftMap] {
        let rows = rows(of: text).filter { row in
            row.cells.contains { !$0.isEmpty } && row.cells.first?.hasPrefix("#") != true
        }
        guard let head = rows.first else {
            problems.error(.start(of: file), "the file holds no lines; the first one names the columns")
            return []
        }
        let names = head.cells.map { $0.lowercased().replacing(" ", with: "_") }
        for needed in ["name", "table", "address", "type"] where !names.contains(needed) {
            let place = Place(file: file, line: head.line, column: 1)
            problems.error(
                place,
                "the first line names no column '\(needed)'; the columns are: \(columns.joined(separator: ", "))"
            )
        }
        guard !problems.hasErrors else { return [] }
        guard rows.count <= Limits.pointsPerMap + 1 else {
            let place = Place(file: file, line: head.line, column: 1)
            problems.error(place, "\(rows.count - 1) lines are more than the \(Limits.pointsPerMap) points of a map")
            return []
        }
        var draft = DraftMap(section: "table")
        draft.points = rows.dropFirst().map { point($0, names: names, file: file) }
        return [draft]
    }

    private struct Row {
        let line: Int
        var cells: [String]
    }

    private static func rows(of text: String) -> [Row] {
        let first = text.prefix { $0 != "\n" && $0 != "\r\n" }
        let separators: [Character] = [",", ";", "\t"]
        let separator = separators.max { left, right in
            first.count { $0 == left } < first.count { $0 == right }
        }
        var rows: [Row] = []
        var row = Row(line: 1, cells: [])
        var cell = ""
        var line = 1
        var isQuoted = false
        var wasQuote = false
        func close(_ cell: inout String, _ row: inout Row) {
            row.cells.append(cell.trimmed)
            cell = ""
        }
        for character in text {
            let isEnd = character == "\n" || character == "\r\n"
            if isEnd { line += 1 }
            if isQuoted {
                if character == "\"" {
                    isQuoted = false
                    wasQuote = true
                } else {
                    cell.append(isEnd ? " " : character)
                }
                continue
            }
            if character == "\"" {
                // A quote doubled inside quotes stands for itself.
                if wasQuote { cell.append(character) }
                isQuoted = wasQuote || cell.trimmed.isEmpty
            } else if character == separator {
                close(&cell, &row)
            } else if isEnd {
                close(&cell, &row)
                rows.append(row)
                row = Row(line: line, cells: [])
            } else {
                cell.append(character)
            }
            wasQuote = false
        }
        close(&cell, &row)
        return rows + [row]
    }

    private static func point(_ row: Row, names: [String], file: String) -> DraftPoint {
        var cells: [String: String] = [:]
        for (name, cell) in zip(names, row.cells) where !cell.isEmpty { cells[name] = cell }
        let place = Place(file: file, line: row.line, column: 1)
        var point = DraftPoint(label: cells["name"] ?? "", place: place)
        let table = cells["table"] ?? ""
        point.table = self.table(table)
        if point.table == nil, !table.isEmpty { point.obstacle = "there is no table '\(table.shortened)'" }
        point.address = cells["address"].flatMap { NumberText.integer($0) }
        if point.address == nil, let text = cells["address"] {
            point.obstacle = "the address '\(text.shortened)' is no number"
        }
        point.type = point.table?.holdsBits == true ? "bool" : cells["type"].map(type)
        point.isLowWordFirst = isLowFirst(cells["order"], "order", of: &point)
        point.isLowByteFirst = isLowFirst(cells["byte_order"], "byte_order", of: &point)
        if let unit = cells["unit"] {
            point.unit = SourceUnit.named(unit) == nil ? nil : unit
            if point.unit == nil { point.notes.append("unit: \(unit), which is not on the list of units") }
        }
        point.multiply(by: cells["scale"])
        if let offset = cells["offset"], let number = Double(offset), number != 0 { point.offset = offset }
        point.sentinels = (cells["sentinels"] ?? "").split { $0 == " " || $0 == "|" }.map(String.init)
        point.isCounter = ["true", "yes", "1"].contains(cells["counter"]?.lowercased() ?? "")
        point.printed = cells["vendor_notation"]
        point.summary = cells["summary"] ?? ""
        for name in names where !columns.contains(name) {
            if let cell = cells[name] { point.notes.append("\(name): \(cell.shortened)") }
        }
        return point
    }

    /// The table of a word, or of the function code that reads it.
    private static func table(_ word: String) -> RegisterTable? {
        switch word.lowercased().replacing(" ", with: "_") {
        case "coil", "coils", "1", "01": .coil
        case "discrete_input", "discrete", "2", "02": .discreteInput
        case "holding_register", "holding", "3", "03": .holdingRegister
        case "input_register", "input", "4", "04": .inputRegister
        default: nil
        }
    }

    /// The type of a word: as maps write it, or one of the usual short names.
    private static func type(_ word: String) -> String {
        let lowered = word.lowercased().replacing(" ", with: "")
        switch lowered {
        case "u16", "unsigned16", "word": return "uint16"
        case "s16", "i16", "signed16": return "int16"
        case "u32", "unsigned32", "dword": return "uint32"
        case "s32", "i32", "signed32": return "int32"
        case "u64", "unsigned64": return "uint64"
        case "s64", "i64", "signed64": return "int64"
        case "float", "f32", "real", "ieee754": return "float32"
        case "double", "f64": return "float64"
        default: return lowered
        }
    }

    private static func isLowFirst(_ word: String?, _ column: String, of point: inout DraftPoint) -> Bool {
        switch word?.lowercased() {
        case nil, "high_first", "big": return false
        case "low_first", "little": return true
        case let word?:
            point.obstacle = "there is no \(column) '\(word.shortened)'; write high_first or low_first"
            return false
        }
    }
}
