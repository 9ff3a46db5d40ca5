// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// A Telegraf configuration with `[[inputs.modbus]]`: the styles `register`, `request` and `metric`.
///
/// Addresses are those on the wire. In the style `register`, FIXED, UFIXED and the old FLOAT32 are integers with a
/// scale, as wide as the addresses they list; in the others FLOAT32 is IEEE 754.
enum TelegrafList {
    static func read(_ tree: YAMLNode, problems: ProblemCollector) -> [DraftMap] {
        guard let plugins = tree.child("inputs")?.child("modbus")?.elements, !plugins.isEmpty else {
            problems.error(tree.place, "there is no [[inputs.modbus]] section")
            return []
        }
        return plugins.enumerated().flatMap { number, plugin in
            drafts(of: plugin, name: plugin.child("name")?.scalarText ?? "modbus_\(number + 1)")
        }
    }

    private static let lists: [(key: String, table: RegisterTable)] = [
        ("discrete_inputs", .discreteInput), ("coils", .coil), ("input_registers", .inputRegister),
        ("holding_registers", .holdingRegister),
    ]

    /// One draft for each unit id the plugin reads.
    private static func drafts(of plugin: YAMLNode, name: String) -> [DraftMap] {
        var drafts: [DraftMap] = []
        func take(_ points: [DraftPoint], unit: Int?) {
            if let index = drafts.firstIndex(where: { $0.defaultUnit == unit }) {
                drafts[index].points += points
                return
            }
            var draft = DraftMap(section: drafts.isEmpty ? name : "\(name) unit \(unit.map(String.init) ?? "?")")
            draft.defaultUnit = unit
            draft.points = points
            let known = Set(lists.map(\.key) + ["name", "slave_id", "request", "metric", "controller", "workarounds"])
            draft.notes = plugin.notes(beside: known)
            draft.notes += plugin.child("workarounds")?.entries?.map { "\($0.key): \($0.value.asComment)" } ?? []
            drafts.append(draft)
        }
        let ownUnit = unit(plugin)
        for (key, table) in lists {
            let fields = plugin.child(key)?.elements ?? []
            if !fields.isEmpty { take(fields.map { registerField($0, table) }, unit: ownUnit) }
        }
        for style in ["request", "metric"] {
            for group in plugin.child(style)?.elements ?? [] {
                let fields = (group.child("fields")?.elements ?? []).filter { $0.child("omit")?.scalarText != "true" }
                take(fields.map { field($0, of: group, inheriting: style == "request") }, unit: unit(group) ?? ownUnit)
            }
        }
        return drafts
    }

    private static func unit(_ node: YAMLNode) -> Int? { node.child("slave_id")?.scalarText.flatMap { Int($0) } }

    /// A field of the style `register`.
    private static func registerField(_ node: YAMLNode, _ table: RegisterTable) -> DraftPoint {
        var point = named(node)
        point.table = table
        let addresses = node.child("address")?.elements.compactMap { $0.scalarText.flatMap { NumberText.integer($0) } }
        point.address = addresses?.first
        let count = addresses?.count ?? 0
        if let first = addresses?.first, addresses != Array(first..<first + count) {
            point.obstacle = "its addresses \(addresses ?? []) do not follow one another"
        }
        if table.holdsBits {
            point.type = "bool"
        } else {
            let word = node.child("data_type")?.scalarText ?? ""
            switch word {
            case "FIXED": point.type = "int\(16 * count)"
            case "UFIXED", "FLOAT32": point.type = "uint\(16 * count)"
            case "STRING": point.type = "string:\(count)"
            default: type(word.replacing("-IEEE", with: ""), node, of: &point)
            }
            let width = point.type.flatMap { RegisterType(spelling: $0)?.registerCount }
            if let width, width != count {
                point.obstacle = "\(count) addresses for \(word), which takes \(width)"
            }
            order(node.child("byte_order")?.scalarText ?? "", of: &point)
            point.multiply(by: node.child("scale")?.scalarText)
        }
        let known = ["name", "address", "data_type", "byte_order", "scale", "bit", "measurement"]
        point.notes += node.notes(beside: Set(known))
        return point
    }

    /// A field of the style `request` or `metric`.
    private static func field(_ node: YAMLNode, of group: YAMLNode, inheriting: Bool) -> DraftPoint {
        var point = named(node)
        point.address = node.child("address")?.scalarText.flatMap { NumberText.integer($0) }
        let word = (inheriting ? group : node).child("register")?.scalarText ?? "holding"
        switch word {
        case "coil": point.table = .coil
        case "discrete": point.table = .discreteInput
        case "holding": point.table = .holdingRegister
        case "input": point.table = .inputRegister
        default: point.obstacle = "there is no register '\(word.shortened)'"
        }
        if point.table?.holdsBits == true {
            point.type = "bool"
        } else {
            type(node.child("type")?.scalarText ?? "", node, of: &point)
            order(group.child("byte_order")?.scalarText ?? "", of: &point)
            point.multiply(by: node.child("scale")?.scalarText)
        }
        let known = ["name", "address", "register", "type", "scale", "bit", "length", "omit", "measurement", "output"]
        point.notes += node.notes(beside: Set(known))
        return point
    }

    private static func named(_ node: YAMLNode) -> DraftPoint {
        var point = DraftPoint(label: node.child("name")?.scalarText ?? "", place: node.place)
        point.takeUnitOfName()
        return point
    }

    private static func type(_ word: String, _ node: YAMLNode, of point: inout DraftPoint) {
        switch word {
        case "BIT": point.type = "bit:\(node.child("bit")?.scalarText ?? "0")"
        case "INT8L": point.type = "int8:low"
        case "INT8H": point.type = "int8:high"
        case "UINT8L": point.type = "uint8:low"
        case "UINT8H": point.type = "uint8:high"
        case "INT16", "UINT16", "INT32", "UINT32", "INT64", "UINT64", "FLOAT16", "FLOAT32", "FLOAT64":
            point.type = word.lowercased()
        case "STRING": point.type = "string:\(node.child("length")?.scalarText ?? "1")"
        case "": break
        default: point.obstacle = "there is no type '\(word.shortened)'"
        }
    }

    private static func order(_ word: String, of point: inout DraftPoint) {
        switch word {
        case "AB", "ABCD", "ABCDEFGH": break
        case "BA", "BADC", "BADCFEHG": point.isLowByteFirst = true
        case "CDAB", "GHEFCDAB": point.isLowWordFirst = true
        case "DCBA", "HGFEDCBA":
            point.isLowByteFirst = true
            point.isLowWordFirst = true
        case "": point.notes.append("no byte_order is stated; ABCD is taken")
        default: point.obstacle = "there is no byte_order '\(word.shortened)'"
        }
        let count = point.type.flatMap { RegisterType(spelling: $0)?.registerCount } ?? 1
        if count == 1 || point.type?.hasPrefix("string") == true { point.isLowWordFirst = false }
    }
}
