// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// A draft as the text of a map file: what is known as keys, what is not as comments.
struct DraftText {
    let draft: DraftMap
    /// What the list was, for `sources`: the file and the program that reads it.
    let origin: String
    /// What the caller knows better than the list.
    let facts: DraftFacts
    /// For the linter alone: keys that nobody has stated get a stand-in, so that the rest can be looked at.
    let fillsGaps: Bool

    private var kept: [DraftPoint] { named.filter { $0.omission == nil } }
    private var leftOut: [DraftPoint] { draft.points.filter { $0.omission != nil } }

    /// The points with names of their own.
    private var named: [DraftPoint] {
        var taken: [String: Int] = [:]
        return draft.points.map { point in
            var point = point
            guard point.omission == nil else { return point }
            let count = (taken[point.name] ?? 0) + 1
            taken[point.name] = count
            if count > 1 {
                point.notes.append("the list has more than one '\(point.name)'")
                point.name += "_\(count)"
            }
            return point
        }
    }

    /// The lines of the file.
    var lines: [String] { head + points + golden }

    // MARK: Head

    private var head: [String] {
        var lines = ["# Draft of a device map from \(origin)."]
        lines.append("# A register list says what somebody reads, not what the product is. To settle before use:")
        lines.append("# - what is commented out below, from the vendor's own document")
        lines.append(
            "# - whether addresses count from 0 on the wire, and each word order: 'thermocline probe' shows both"
        )
        lines.append("# - names that 'thermocline maps names' does not list, units, scales, valid ranges, sentinels")
        lines.append("# - golden vectors, worked out from the document; then 'thermocline maps lint'")
        if !draft.notes.isEmpty {
            lines.append("# The list also says:")
            lines += draft.notes.map { "# - \($0)" }
        }
        lines += ["", "format: 1"]
        lines.append(fact("vendor", facts.vendor ?? draft.vendor, standIn: "unknown", hint: "who makes it"))
        lines.append(fact("model", facts.model ?? draft.model, standIn: "unknown", hint: "which product it is"))
        let category = facts.category?.rawValue
        let hint = "one of those that devicemaps/README.md lists"
        lines.append(fact("category", category, standIn: "plant_controller", hint: hint))
        lines += ["confirmation: secondary", "sources:", "  - \(quoted(origin))"]
        if let unit = draft.defaultUnit, (0...255).contains(unit) {
            lines.append("# default_unit: \(unit)   the unit id this list reads; the one of the works may be another")
        }
        return lines
    }

    private func fact(_ key: String, _ value: String?, standIn: String, hint: String) -> String {
        if let value { return "\(key): \(key == "category" ? value : quoted(value))" }
        return fillsGaps ? "\(key): \(standIn)" : "# \(key):   \(hint)"
    }

    // MARK: Points

    private var points: [String] {
        var lines = ["", kept.isEmpty ? "points: {}" : "points:"]
        for point in kept { lines += self.lines(of: point) }
        if !leftOut.isEmpty {
            lines += ["", "# Left out:"]
            lines += leftOut.map { "# - line \($0.place.line), '\($0.label)': \($0.omission ?? "")" }
        }
        return lines
    }

    private func lines(of point: DraftPoint) -> [String] {
        var lines: [String] = []
        if point.label != point.name { lines.append("  # line \(point.place.line), '\(oneLine(point.label))'") }
        lines += point.notes.map { "  # \(oneLine($0))" }
        lines.append("  \(point.name):")
        func add(_ key: String, _ value: String?) {
            if let value { lines.append("    \(key): \(value)") }
        }
        let type = point.type.flatMap { RegisterType(spelling: $0) }
        add("table", point.table?.rawValue)
        add("address", point.address.map(String.init))
        if let printed = point.printed {
            // A plain number would need 'numbering', which no list states.
            lines.append("    # vendor_notation: \(quoted(printed))   state 'numbering' with it")
        }
        add("type", point.type.map { $0.contains(":") ? quoted($0) : $0 })
        if (type?.registerCount ?? 1) > 1, type?.isText == false {
            add("order", point.isLowWordFirst ? "low_first" : "high_first")
        }
        if point.isLowByteFirst { add("byte_order", "low_first") }
        if type?.isTruthValue != true, type?.isText != true {
            if let unit = point.unit {
                add("unit", unit == "%" ? "\"%\"" : unit)
            } else {
                let standIn = CanonicalNames.entry(for: point.name)?.unit.flatMap(Self.spelling) ?? "count"
                lines.append(fillsGaps ? "    unit: \(standIn)" : "    # unit:   the list does not say")
            }
            add("scale", point.scale)
            add("offset", point.offset)
            if !point.sentinels.isEmpty { add("sentinels", "[\(point.sentinels.joined(separator: ", "))]") }
            if point.isCounter {
                add("counter", type?.isFloat == false && isSigned(type) ? "{modulus: never}" : "true")
            }
        }
        if !point.summary.isEmpty { add("summary", quoted(String(oneLine(point.summary).prefix(300)))) }
        return lines
    }

    private func isSigned(_ type: RegisterType?) -> Bool {
        switch type {
        case .signed, .int8: true
        default: false
        }
    }

    /// A spelling of a base unit.
    private static func spelling(_ unit: PointUnit) -> String? {
        SourceUnit.all.first { $0.base == unit && $0.factor == 1 && $0.offset == 0 }?.spelling
    }

    // MARK: Golden vectors

    private var golden: [String] {
        let example = kept.first?.name ?? "active_power"
        return [
            "", "# golden:   from the document's examples, or worked out by hand; none are made up here",
            "#   - {point: \(example), words: [0x0000], value: 0}",
        ]
    }

    private func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }

    private func quoted(_ text: String) -> String {
        "\"" + oneLine(text).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
