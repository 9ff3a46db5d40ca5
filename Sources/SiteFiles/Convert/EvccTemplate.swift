// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Yams

/// An evcc device template: a YAML file whose `render` text says which registers to read.
///
/// The text is a template itself. Lines that stand under a condition are left out, but for the `else` branch, which
/// is what the device is read with unless somebody chose otherwise; each condition is noted.
enum EvccTemplate {
    /// The quantities of evcc, with their units (W, kWh, A, V, %) and what maps call them.
    private static let quantities: [(key: String, names: [String], unit: String, isCounter: Bool)] = [
        ("power", ["active_power"], "W", false),
        ("energy", ["active_energy_import"], "kWh", true),
        ("import", ["active_energy_import"], "kWh", true),
        ("export", ["active_energy_export"], "kWh", true),
        ("returnenergy", ["active_energy_export"], "kWh", true),
        ("currents", ["current_l1", "current_l2", "current_l3"], "A", false),
        ("voltages", ["voltage_l1", "voltage_l2", "voltage_l3"], "V", false),
        ("powers", ["active_power_l1", "active_power_l2", "active_power_l3"], "W", false),
        ("soc", ["battery_state_of_charge"], "%", false),
    ]

    static func read(_ tree: YAMLNode, problems: ProblemCollector) -> [DraftMap] {
        guard let render = tree.child("render"), let text = render.scalarText else {
            problems.error(tree.place, "there is no 'render' text, which every evcc template has")
            return []
        }
        let product = tree.child("products")?.elements.first
        let description = product?.child("description")
        var draft = DraftMap(section: tree.child("template")?.scalarText ?? "template")
        draft.vendor = product?.child("brand")?.scalarText
        draft.model = (description?.child("generic") ?? description?.child("en"))?.scalarText
        let (plain, conditions) = Self.plain(text)
        draft.notes = conditions
        guard let rendered = YAMLText.tree(of: plain, below: render.place, problems: problems) else { return [] }
        for entry in rendered.entries ?? [] where entry.key != "type" {
            draft.points += points(of: entry, notes: &draft.notes)
        }
        if let count = tree.child("products")?.elements.count, count > 1 {
            draft.notes.append("the template names \(count) products; vendor and model are those of the first")
        }
        return [draft]
    }

    /// The text without its template lines and without what stands under conditions, line by line.
    static func plain(_ text: String) -> (text: String, conditions: [String]) {
        var lines: [String] = []
        var conditions: [String] = []
        // For each open block whether its lines count.
        var open: [Bool] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let trimmed = line.drop { $0 == " " }
            guard trimmed.hasPrefix("{{") else {
                let isLive = open.allSatisfy(\.self)
                lines.append(isLive ? inline(String(line)) : "")
                continue
            }
            lines.append("")
            let words = trimmed.dropFirst(2).drop { $0 == "-" || $0 == " " }
            if words.hasPrefix("if") || words.hasPrefix("range") || words.hasPrefix("with") {
                let condition = words.prefix { $0 != "}" && $0 != "-" }
                conditions.append("left out, line \(number + 1) of 'render' sets a condition: \(condition)".trimmed)
                open.append(false)
            } else if words.hasPrefix("else if") {
                if !open.isEmpty { open[open.count - 1] = false }
            } else if words.hasPrefix("else") {
                if !open.isEmpty { open[open.count - 1] = true }
            } else if words.hasPrefix("end") {
                _ = open.popLast()
            }
        }
        return (lines.joined(separator: "\n"), conditions)
    }

    /// A line with what the template would fill in made plain text.
    private static func inline(_ line: String) -> String { line.replacing(#/\{\{.*?\}\}/#, with: "template") }

    private static func points(of entry: YAMLEntry, notes: inout [String]) -> [DraftPoint] {
        guard let quantity = quantities.first(where: { $0.key == entry.key.lowercased() }) else {
            notes.append("left out: \(entry.key): \(entry.value.asComment)")
            return []
        }
        let sources = entry.value.elements.isEmpty ? [entry.value] : entry.value.elements
        return sources.enumerated().map { index, source in
            let name = index < quantity.names.count ? quantity.names[index] : "\(entry.key)_\(index + 1)"
            var point = DraftPoint(label: name, place: source.place)
            point.unit = quantity.unit
            point.isCounter = quantity.isCounter
            point.notes.append("the unit is evcc's for '\(entry.key)'")
            read(source, into: &point)
            return point
        }
    }

    private static func read(_ source: YAMLNode, into point: inout DraftPoint) {
        let kind = source.child("source")?.scalarText ?? ""
        guard kind == "modbus", let register = source.child("register") else {
            point.obstacle = "its source is '\(kind.shortened)', not one register"
            return
        }
        point.address = register.child("address")?.scalarText.flatMap { NumberText.integer($0) }
        let table = register.child("type")?.scalarText ?? "holding"
        switch table.lowercased() {
        case "holding": point.table = .holdingRegister
        case "input": point.table = .inputRegister
        case "coil": point.table = .coil
        default: point.obstacle = "register type '\(table.shortened)' reads nothing"
        }
        decode(register, into: &point)
        point.multiply(by: source.child("scale")?.scalarText)
        if point.scale?.hasPrefix("-") == true {
            point.notes.append("evcc turns the sign about; check which direction the device counts")
        }
        point.notes += register.notes(beside: ["address", "type", "decode", "bitmask"])
        point.notes += source.notes(beside: ["source", "register", "scale", "uri", "id"])
    }

    private static func decode(_ register: YAMLNode, into point: inout DraftPoint) {
        let word = register.child("decode")?.scalarText?.lowercased() ?? ""
        switch word {
        case "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64": point.type = word
        case "ieee754": point.type = "float32"
        case "int32s", "uint32s", "float32s", "ieee754s":
            point.type = word == "ieee754s" ? "float32" : String(word.dropLast())
            point.isLowWordFirst = true
        case "int16nan": (point.type, point.sentinels) = ("int16", ["0x8000", "0x7FFF"])
        case "uint16nan": (point.type, point.sentinels) = ("uint16", ["0xFFFF"])
        case "int32nan": (point.type, point.sentinels) = ("int32", ["0x80000000", "0x7FFFFFFF"])
        case "uint32nan": (point.type, point.sentinels) = ("uint32", ["0xFFFFFFFF"])
        case "uint64nan": (point.type, point.sentinels) = ("uint64", ["0xFFFFFFFFFFFFFFFF"])
        case "bool8" where point.table == .coil: point.type = "bool"
        case "bool16":
            let mask = register.child("bitmask")?.scalarText.flatMap { NumberText.integer($0) } ?? 0
            let isOneBit = mask > 0 && mask <= 0x8000 && mask.nonzeroBitCount == 1
            point.type = isOneBit ? "bit:\(mask.trailingZeroBitCount)" : nil
            if !isOneBit { point.obstacle = "its bitmask is not one bit" }
        case "": break
        default: point.obstacle = "there is no decode '\(word.shortened)'"
        }
    }
}

/// YAML that stands as text inside another file.
enum YAMLText {
    /// The tree with places in the outer file; nil, with a problem, where it is no YAML.
    static func tree(of text: String, below place: Place, problems: ProblemCollector) -> YAMLNode? {
        if let finding = YAMLScan.firstFinding(in: text) {
            problems.error(Self.place(finding.line, finding.column, below: place), finding.message)
            return nil
        }
        do {
            guard
                let root = try Parser(yaml: text, resolver: .basic, constructor: .default, encoding: .utf8)
                    .singleRoot()
            else { return YAMLNode(content: .mapping([]), place: place) }
            var left = Limits.nodesPerFile
            return node(root, below: place, left: &left, depth: 0)
        } catch {
            problems.error(place, "the text below is no YAML once its template lines are taken out: \(error)")
            return nil
        }
    }

    private static func place(_ line: Int, _ column: Int, below outer: Place) -> Place {
        Place(file: outer.file, line: outer.line + line, column: column)
    }

    private static func node(_ node: Node, below outer: Place, left: inout Int, depth: Int) -> YAMLNode {
        left -= 1
        let place = Self.place(node.mark?.line ?? 1, node.mark?.column ?? 1, below: outer)
        guard left > 0, depth <= Limits.nesting else { return YAMLNode(content: .broken, place: place) }
        switch node {
        case .scalar(let scalar):
            return YAMLNode(content: .scalar(scalar.string, isPlain: scalar.style == .plain), place: place)
        case .sequence(let sequence):
            var nodes: [YAMLNode] = []
            for element in sequence { nodes.append(Self.node(element, below: outer, left: &left, depth: depth + 1)) }
            return YAMLNode(content: .sequence(nodes), place: place)
        case .mapping(let mapping):
            var entries: [YAMLEntry] = []
            for (key, value) in mapping {
                guard let name = key.scalar?.string else { continue }
                let value = Self.node(value, below: outer, left: &left, depth: depth + 1)
                entries.append(YAMLEntry(key: name, keyPlace: value.place, value: value))
            }
            return YAMLNode(content: .mapping(entries), place: place)
        case .alias: return YAMLNode(content: .broken, place: place)
        }
    }
}

extension String {
    /// The text without blanks around it.
    var trimmed: String {
        let start = drop { $0 == " " || $0 == "\t" || $0 == "\r" }
        return String(start.reversed().drop { $0 == " " || $0 == "\t" || $0 == "\r" }.reversed())
    }
}
