// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// A register that tells the unit or scale of a point:
/// `coded_by: {address: 4, type: "bit:10", cases: {0: {unit: degC}, 1: {unit: degF}}}`.
struct CodedBy {
    let address: UInt16
    let codes: ScaleCodes

    /// What `coded_by` says of a point with this coding; nil where it is missing, or wrong itself.
    static func read(
        _ fields: Fields,
        table: RegisterTable?,
        type: RegisterType?,
        unit: SourceUnit?,
        scale: Double,
        offset: Double
    ) -> CodedBy? {
        let isTaken = fields.has("labels") || fields.has("scale_factor_address")
        return fields.optional(
            "coded_by",
            rule(table: table, type: type, unit: unit, scale: scale, offset: offset, isTaken: isTaken)
        )
    }

    /// The rule for the key `coded_by`.
    ///
    /// - Parameters:
    ///   - table: The point's table, where the register stands as well.
    ///   - type: The point's type.
    ///   - unit: The point's unit, which a case takes that names none; nil where that was wrong itself.
    ///   - scale: The point's scale, which a case takes that names none.
    ///   - offset: As `scale`.
    ///   - isTaken: Whether the point has labels, or a scale-factor register.
    /// - Returns: A rule that reads the codes with what each changes of the point.
    private static func rule(
        table: RegisterTable?,
        type: RegisterType?,
        unit: SourceUnit?,
        scale: Double,
        offset: Double,
        isTaken: Bool
    ) -> Rule<CodedBy> {
        .mapping("'coded_by'") { fields in
            let address = fields.required("address", .integer(0...65_535, "addresses on the wire, counted from 0"))
            let place = fields.required("type", .registerType)
            let written = fields.required("cases", Rule<[YAMLEntry]> { $0.entries ?? wrong($0, $1, $2) })
            if let refusal = refusal(table: table, type: type, unit: unit, isTaken: isTaken) {
                fields.problems.error(fields.place, refusal)
                return nil
            }
            guard let unit, let place, let written else { return nil }
            guard let bits = bits(of: place) else {
                fields.problems.error(
                    fields.place(of: "type"),
                    "a code cannot be \(place.spelling); write type: uint16, bit:N, bits:A..B, uint8:high or uint8:low"
                )
                return nil
            }
            let own = ScaleCodes.Case(code: 0, unit: unit, scale: scale, offset: offset)
            let cases = written.compactMap { Self.case($0, width: bits.width, own: own, fields.problems) }
            guard check(cases, written, fields), let address else { return nil }
            return CodedBy(
                address: UInt16(address),
                codes: ScaleCodes(shift: bits.shift, width: bits.width, cases: cases)
            )
        }
    }

    /// Why the point cannot be coded by a register at all; nil where it can.
    private static func refusal(table: RegisterTable?, type: RegisterType?, unit: SourceUnit?, isTaken: Bool) -> String?
    {
        if table?.holdsBits == true { return "'coded_by' is for numbers in registers; remove it from coils and inputs" }
        if isTaken {
            return "'coded_by' beside 'labels' or 'scale_factor_address' says one thing twice; keep one of them"
        }
        let isCode = unit.map { [.boolean, .enumeration, .bitField].contains($0.base) } ?? false
        return isCode || type?.isText == true ? "'coded_by' is for numbers; remove it from codes and texts" : nil
    }

    private static func wrong(_ node: YAMLNode, _ key: String, _ problems: ProblemCollector) -> [YAMLEntry]? {
        problems.error(node.place, "'\(key)' must be a mapping from codes to what they change, but is \(node.kind)")
        return nil
    }

    private static func bits(of type: RegisterType) -> (shift: Int, width: Int)? {
        switch type {
        case .unsigned(bits: 16): (0, 16)
        case .bit(let bit): (bit, 1)
        case .bits(let low, let high): (low, high - low + 1)
        case .uint8(let half): (half == .high ? 8 : 0, 8)
        default: nil
        }
    }

    /// One case: `1: {unit: degF}`.
    private static func `case`(
        _ entry: YAMLEntry,
        width: Int,
        own: ScaleCodes.Case,
        _ problems: ProblemCollector
    ) -> ScaleCodes.Case? {
        let most = (1 << width) - 1
        guard let code = NumberText.integer(entry.key), (0...most).contains(code) else {
            problems.error(entry.keyPlace, "the code '\(entry.key.shortened)' must be a whole number of 0...\(most)")
            return nil
        }
        let rule = Rule<ScaleCodes.Case>.mapping("a case of 'coded_by'") { fields in
            let unit = fields.optional("unit", .sourceUnit, default: own.unit)
            let scale = fields.optional("scale", .number(), default: own.scale)
            let offset = fields.optional("offset", .number(), default: own.offset)
            if unit.base != own.unit.base {
                fields.problems.error(
                    fields.place(of: "unit"),
                    "\(unit.spelling) and the point's \(own.unit.spelling) do not measure the same; correct one of them"
                )
                return nil
            }
            if scale == 0 {
                fields.problems.error(fields.place(of: "scale"), "'scale' is 0, so every value would be; correct it")
                return nil
            }
            return ScaleCodes.Case(code: UInt16(code), unit: unit, scale: scale, offset: offset)
        }
        return rule.read(entry.value, entry.key, problems)
    }

    /// Whether the cases make sense together.
    private static func check(_ cases: [ScaleCodes.Case], _ written: [YAMLEntry], _ fields: Fields) -> Bool {
        guard cases.count == written.count else { return false }
        var codes: Set<UInt16> = []
        for (each, entry) in zip(cases, written) where !codes.insert(each.code).inserted {
            fields.problems.error(entry.keyPlace, "the code \(each.code) is listed already; name it once")
            return false
        }
        guard (1...ScaleCodes.maximumCases).contains(cases.count) else {
            fields.problems.error(
                fields.place(of: "cases"),
                "'cases' has \(cases.count) codes; list those the document names, \(ScaleCodes.maximumCases) at most"
            )
            return false
        }
        return true
    }
}
