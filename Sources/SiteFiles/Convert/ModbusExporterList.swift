// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The configuration of modbus_exporter (RichiH/modbus_exporter, `modbus.yml`): modules with metrics.
///
/// The first digit of an address is the function code, so 3 is a holding and 4 an input register, and what follows it
/// is the address on the wire: neither as the Modicon notation has it.
enum ModbusExporterList {
    static func read(_ tree: YAMLNode, problems: ProblemCollector) -> [DraftMap] {
        guard let modules = tree.child("modules")?.elements, !modules.isEmpty else {
            problems.error(tree.place, "there is no 'modules' list, which every modbus_exporter configuration has")
            return []
        }
        return modules.map(module)
    }

    private static func module(_ node: YAMLNode) -> DraftMap {
        var draft = DraftMap(section: node.child("name")?.scalarText ?? "module")
        draft.notes = node.notes(beside: ["name", "metrics", "protocol"])
        draft.points = node.child("metrics")?.elements.map(metric) ?? []
        return draft
    }

    private static func metric(_ node: YAMLNode) -> DraftPoint {
        var point = DraftPoint(label: node.child("name")?.scalarText ?? "", place: node.place)
        point.takeUnitOfName()
        // Labels tell apart what has one name.
        for entry in node.child("labels")?.entries ?? [] {
            point.name = DraftName.snakeCase("\(point.name)_\(entry.key)_\(entry.value.scalarText ?? "")")
        }
        point.summary = node.child("help")?.scalarText ?? ""
        point.multiply(by: node.child("factor")?.scalarText)
        point.isCounter = node.child("metricType")?.scalarText == "counter"
        address(node.child("address")?.scalarText ?? "", of: &point)
        type(node, of: &point)
        let known = [
            "name", "labels", "help", "factor", "metricType", "address", "dataType", "endianness", "bitOffset",
        ]
        point.notes += node.notes(beside: Set(known))
        return point
    }

    /// `300022` is function 3, address 22.
    private static func address(_ text: String, of point: inout DraftPoint) {
        guard let code = text.first, let address = Int(text.dropFirst()), text.allSatisfy(\.isNumber) else { return }
        point.address = address
        switch code {
        case "1": point.table = .coil
        case "2": point.table = .discreteInput
        case "3": point.table = .holdingRegister
        case "4": point.table = .inputRegister
        default: point.obstacle = "the address \(text) begins with no function code of 1 to 4"
        }
    }

    private static func type(_ node: YAMLNode, of point: inout DraftPoint) {
        let word = node.child("dataType")?.scalarText ?? ""
        let holdsBits = point.table?.holdsBits == true
        switch word {
        case "bool":
            let offset = node.child("bitOffset")?.scalarText
            guard holdsBits else {
                point.type = offset.map { "bit:\($0)" }
                if offset == nil { point.obstacle = "a bool of a register without 'bitOffset'" }
                return
            }
            point.type = "bool"
            if let offset, offset != "0" {
                point.obstacle = "bit \(offset) of a reply with bits; give the address of that coil or input itself"
            }
        case "int16", "int32", "int64", "uint16", "uint32", "uint64", "float16", "float32", "float64":
            point.type = word
            if holdsBits { point.obstacle = "type \(word) read with the function code of single bits" }
        case "": break
        default: point.obstacle = "there is no dataType '\(word.shortened)'"
        }
        order(node.child("endianness")?.scalarText ?? "big", of: &point)
    }

    private static func order(_ word: String, of point: inout DraftPoint) {
        guard let type = point.type.flatMap({ RegisterType(spelling: $0) }), !type.isTruthValue else { return }
        // The exporter changes 16-bit values for 'little' alone.
        let isWide = type.registerCount > 1
        switch word {
        case "big": break
        case "little":
            point.isLowByteFirst = true
            point.isLowWordFirst = isWide
        case "mixed": point.isLowByteFirst = isWide
        case "yolo": point.isLowWordFirst = isWide
        default: point.obstacle = "there is no endianness '\(word.shortened)'"
        }
    }
}
