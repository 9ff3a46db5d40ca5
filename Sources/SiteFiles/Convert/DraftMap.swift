// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// What another program's register list says of one product: the material of a map, with what it leaves open.
struct DraftMap {
    /// Where it stands in the list, as `--section` names it: a module, a plugin, a template.
    var section: String
    /// The product, where the list names it.
    var vendor: String?
    var model: String?
    /// The unit id the list reads, where it names one.
    var defaultUnit: Int?
    var points: [DraftPoint] = []
    /// What the list says of the product as a whole and a map has no key for.
    var notes: [String] = []
}

/// One register of a list.
struct DraftPoint {
    /// The name as the list has it.
    var label: String
    /// The name in the draft, lower snake case.
    var name: String
    /// Where it stands in the list.
    var place: Place
    var table: RegisterTable?
    /// On the wire, counted from 0; nil where the list gives none that can be.
    var address: Int?
    /// The register type as a map spells it.
    var type: String?
    var isLowWordFirst = false
    var isLowByteFirst = false
    /// Factor and addend as written, so that 0.1 stays 0.1.
    var scale: String?
    var offset: String?
    var unit: String?
    var sentinels: [String] = []
    var isCounter = false
    /// The number in the vendor's document; kept as text, so nothing is concluded from it.
    var printed: String?
    var summary = ""
    /// What the list says and a map has no key for, and what the owner must settle.
    var notes: [String] = []
    /// Why no point can be made of it; nil where one can.
    var obstacle: String?

    init(label: String, place: Place) {
        self.label = label
        self.place = place
        name = DraftName.snakeCase(label)
    }

    /// Why the point can only be left out, or nil.
    var omission: String? {
        if let obstacle { return obstacle }
        if table == nil { return "the list does not say which table" }
        guard let address else { return "the list gives no address" }
        guard (0...65_535).contains(address) else { return "address \(address) does not exist" }
        guard let type else { return "the list does not say how it is coded" }
        guard RegisterType(spelling: type) != nil else { return "there is no type '\(type)'" }
        return nil
    }

    /// Takes the unit that the name ends in, where it ends in one, and the rest as name, where maps call it so.
    mutating func takeUnitOfName() {
        guard let found = DraftName.unit(of: name) else { return }
        unit = found.unit
        notes.append("the unit is what the name ends in")
        if CanonicalNames.entry(for: found.rest) != nil { name = found.rest }
    }

    /// Takes over a factor, where it is one.
    mutating func multiply(by text: String?) {
        guard let text else { return }
        guard let number = Double(text), number.isFinite, number != 0 else {
            notes.append("scale '\(text.shortened)' is no number to multiply with")
            return
        }
        if number != 1 { scale = text }
    }
}

/// Names and units that follow from how a list names things.
enum DraftName {
    /// Lower snake case, as point names are: `Motor1-Run` becomes `motor1_run`, `powerFactor` `power_factor`.
    static func snakeCase(_ label: String) -> String {
        var name = ""
        var wasLower = false
        for scalar in label.unicodeScalars {
            let isUpper = ("A"..."Z").contains(scalar)
            if ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || isUpper {
                if isUpper, wasLower { name += "_" }
                name += String(scalar).lowercased()
                wasLower = !isUpper
            } else {
                if !name.isEmpty, !name.hasSuffix("_") { name += "_" }
                wasLower = false
            }
        }
        while name.hasSuffix("_") { name.removeLast() }
        guard let first = name.unicodeScalars.first else { return "point" }
        if !("a"..."z").contains(first) { name = "point_" + name }
        return String(name.prefix(64))
    }

    /// Endings of names that say the unit: base units as Prometheus has them, and the usual short ones.
    private static let endings: [(ending: String, unit: String)] = [
        ("_kilowatt_hours", "kWh"), ("_watt_hours", "Wh"), ("_kilowatts", "kW"), ("_watts", "W"), ("_kwh", "kWh"),
        ("_mwh", "MWh"), ("_wh", "Wh"), ("_kw", "kW"), ("_joules", "J"), ("_volts", "V"), ("_amperes", "A"),
        ("_amps", "A"), ("_hertz", "Hz"), ("_hz", "Hz"), ("_celsius", "degC"), ("_kelvin", "kelvin"),
        ("_pascals", "Pa"), ("_kpa", "kPa"), ("_bar", "bar"), ("_percent", "%"), ("_ratio", "ratio"),
        ("_seconds", "s"), ("_hours", "h"), ("_rpm", "rpm"), ("_cubic_meters", "m3"), ("_liters", "L"),
    ]

    /// The unit a name ends in, with what is left of the name; nil where it ends in none.
    static func unit(of name: String) -> (unit: String, rest: String)? {
        let stem = name.hasSuffix("_total") ? String(name.dropLast(6)) : name
        for (ending, unit) in endings where stem.hasSuffix(ending) && stem.count > ending.count {
            return (unit, String(stem.dropLast(ending.count)))
        }
        return nil
    }
}

extension YAMLNode {
    /// The value of a key, where the node is a mapping that has it.
    func child(_ key: String) -> YAMLNode? { entries?.first { $0.key == key }?.value }

    /// The text, where the node is one that is not empty.
    var scalarText: String? {
        guard case .scalar(let text, _) = content, !isEmpty else { return nil }
        return text
    }

    /// The elements, where the node is a list.
    var elements: [YAMLNode] {
        guard case .sequence(let nodes) = content else { return [] }
        return nodes
    }

    /// What stands there on one line, for a comment.
    var asComment: String {
        switch content {
        case .scalar(let text, _): text.replacing("\n", with: " ").shortened
        case .sequence(let nodes): "[" + nodes.prefix(8).map(\.asComment).joined(separator: ", ") + "]"
        case .mapping(let entries):
            "{" + entries.prefix(8).map { "\($0.key): \($0.value.asComment)" }.joined(separator: ", ") + "}"
        case .broken: "?"
        }
    }

    /// The keys that a reader did not ask for, as notes.
    func notes(beside known: Set<String>) -> [String] {
        (entries ?? []).filter { !known.contains($0.key) }.map { "\($0.key): \($0.value.asComment)" }
    }
}
