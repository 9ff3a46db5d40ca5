// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// A point with the places its checks need.
struct PlacedPoint {
    var point: MapPoint
    let place: Place
    let feedbackPlace: Place?
    /// The condition of its write, until all points are known and its range can be read.
    let precondition: Writes.Precondition?
    /// The condition under which it means what the map says, until then.
    var validWhile: Writes.Precondition?
    /// The point's keys with the defaults it takes.
    var entries: [YAMLEntry] = []
    /// How many of them, the first ones, it gives itself.
    var ownEntries = 0

    /// Where the value of a key stands; the point's own place where it does not give the key itself.
    func place(of key: String) -> Place { entries.prefix(ownEntries).first { $0.key == key }?.value.place ?? place }

    func has(_ key: String) -> Bool { entries.contains { $0.key == key } }
}

/// Builds the points of one map.
final class MapPointDecoder {
    let names = NameRegistry("point")
    private let defaults: [YAMLEntry]
    private let numbering: Numbering?
    private let functions: [UInt8]

    /// - Parameters:
    ///   - defaults: Keys that a point takes where it does not give them itself.
    ///   - numbering: How the vendor's document numbers registers, where the map says so.
    ///   - functions: The function codes the product answers; empty where the map does not list them.
    init(defaults: [YAMLEntry], numbering: Numbering?, functions: [UInt8]) {
        self.defaults = defaults
        self.numbering = numbering
        self.functions = functions
    }

    /// The rule for the point of this name.
    func point(named name: String, at namePlace: Place) -> Rule<PlacedPoint> {
        Rule { [self] node, key, problems in
            let nameNode = YAMLNode(content: .scalar(name, isPlain: true), place: namePlace)
            guard Rule<String>.pointName.read(nameNode, "point name", problems) != nil else { return nil }
            guard names.define(name, at: namePlace, problems: problems) else { return nil }
            let whole = PointDefaults.apply(defaults, to: node)
            let rule = Rule<PlacedPoint>.mapping("point '\(name)'") { [self] in decode($0, name: name, place: namePlace)
            }
            var point = rule.read(whole, key, problems)
            point?.entries = whole.entries ?? []
            point?.ownEntries = node.entries?.count ?? 0
            return point
        }
    }

    private func decode(_ fields: Fields, name: String, place: Place) -> PlacedPoint? {
        let summary = fields.optional("summary", .text(upTo: 300), default: "")
        let source = fields.optional("source", .text(upTo: 300), default: "")
        let table = fields.required("table", Rule<RegisterTable>.word)
        let (address, type, printed, notation) = location(fields, table: table)
        let wordOrder = fields.optional("order", Rule<WordOrder>.word, default: .highFirst)
        let byteOrder = fields.optional("byte_order", Rule<ByteOrder>.word, default: .highFirst)
        let scale = fields.optional("scale", .number(), default: 1)
        let offset = fields.optional("offset", .number(), default: 0)
        let scaleFactor = fields.optional("scale_factor_address", .integer(0...65_535, "addresses on the wire"))
        let labels = fields.optional("labels", Self.labels, default: [])
        let unit = self.unit(fields, name: name, type: type, hasLabels: !labels.isEmpty)
        let codedBy = CodedBy.read(fields, table: table, type: type, unit: unit, scale: scale, offset: offset)
        let sentinels = fields.optional("sentinels", Sentinels.rule(for: type), default: [])
        let powerFactor = self.powerFactor(fields, unit: unit)
        let amount = Rule<Double>.amount(in: unit)
        let validRange = fields.optional("valid_range", .range(of: amount))
        let pollClass = fields.optional("poll", Rule<PollClass>.word, default: .normal)
        let flatLine = fields.optional("flat_line_after", Self.flatLine)
        let rateLimit = self.rateLimit(fields, unit: unit, type: type)
        let coding = Coding(table: table, type: type, unit: unit, scale: scale, offset: offset, functions: functions)
        let counter = fields.optional("counter", Counters.rule(coding))
        let write = fields.optional("write", Writes.rule(coding))
        let validWhile = fields.optional("valid_while", Writes.condition("valid_while"))
        let isReadable = fields.optional("readable", .boolean, default: true)
        guard let table, let address, let type, let unit else { return nil }
        check(fields, table: table, address: address, type: type, scale: scale, printed: printed)
        let point = MapPoint(
            name: name,
            summary: summary,
            table: table,
            address: UInt16(address),
            type: type,
            // Text stands in the order of its registers whatever the numbers of the device do.
            wordOrder: type.isText ? .highFirst : wordOrder,
            byteOrder: byteOrder,
            unit: unit,
            scale: scale,
            offset: offset,
            scaleFactorAddress: codedBy?.address ?? scaleFactor.map { UInt16($0) },
            scaleCodes: codedBy?.codes,
            sentinels: sentinels,
            powerFactor: powerFactor,
            labels: labels,
            validRange: validRange,
            pollClass: pollClass,
            counter: counter ?? nil,
            flatLineAfter: flatLine,
            rateLimit: rateLimit,
            write: write?.behavior,
            isReadable: isReadable,
            source: [notation, source.isEmpty ? nil : source].compactMap { $0 }.joined(separator: "; ")
        )
        if scale != 0, let problem = RegisterCodec.problem(in: point) {
            fields.problems.error(place, problem.description)
        }
        return PlacedPoint(
            point: point,
            place: place,
            feedbackPlace: write?.feedbackPlace,
            precondition: write?.precondition,
            validWhile: validWhile
        )
    }

    /// Where the point stands, what it is, and its printed numbers; nil for what is wrong itself.
    private func location(
        _ fields: Fields,
        table: RegisterTable?
    ) -> (address: Int?, type: RegisterType?, printed: String?, notation: String?) {
        guard fields.has("parts") else {
            let address = fields.required("address", .integer(0...65_535, "addresses on the wire, counted from 0"))
            let printed = fields.optional("vendor_notation", .text(upTo: 60))
            let type = fields.required("type", .registerType)
            return (address, type, printed, printed.map { "register \($0)" })
        }
        for key in ["address", "vendor_notation", "write", "labels"] where fields.has(key) {
            let advice =
                switch key {
                case "write": "a device may act between two registers, so a sum cannot be written; remove 'write'"
                case "labels": "a sum is no code; remove 'labels'"
                default: "each part has its own '\(key)'; move it there"
                }
            fields.problems.error(fields.place(of: key), "'\(key)' beside 'parts': \(advice)")
            _ = fields.optional(key, Rule<YAMLNode> { node, _, _ in node })
        }
        let type = fields.optional("type", .registerType)
        let parts = fields.optional("parts", Parts.rule(type: type, table: table, numbering: numbering))
        return (parts?.address, parts?.type, nil, parts?.notation)
    }

    /// `power_factor`: what else the number tells.
    private func powerFactor(_ fields: Fields, unit: SourceUnit?) -> PowerFactorCoding? {
        guard let coding = fields.optional("power_factor", Rule<PowerFactorCoding>.word) else { return nil }
        if let unit, unit.base != .ratio {
            fields.problems.error(
                fields.place(of: "power_factor"),
                "'power_factor' is for a ratio, but the point is in \(unit.spelling); correct one of them"
            )
        }
        return coding
    }

    /// The unit as written, or the only one a truth value, an enumeration or a text can have.
    private func unit(_ fields: Fields, name: String, type: RegisterType?, hasLabels: Bool) -> SourceUnit? {
        let written = fields.optional("unit", .sourceUnit)
        let implied: String? =
            if hasLabels { "enumeration" } else if type?.isTruthValue == true { "boolean" } else if type?.isText == true
            { "count" } else { nil }
        if let written {
            if let implied, written.spelling != implied, !(implied == "boolean" && written.base == .enumeration) {
                fields.problems.error(
                    fields.place(of: "unit"),
                    "'unit' is \(written.spelling), but the point's type or labels make it \(implied); remove the key"
                )
            }
            return written
        }
        if let implied { return SourceUnit.named(implied) }
        if type != nil, !fields.has("unit") {
            fields.problems.error(fields.place, "point '\(name)' needs 'unit'; add it, 'count' for a bare number")
        }
        return nil
    }

    private func check(
        _ fields: Fields,
        table: RegisterTable,
        address: Int,
        type: RegisterType,
        scale: Double,
        printed: String?
    ) {
        if table.holdsBits != (type == .bool) {
            let advice = table.holdsBits ? "write type: bool" : "write type: bit:0 to bit:15 for one bit of a register"
            fields.problems.error(
                fields.place(of: "type"),
                "type \(type.spelling) does not fit table \(table.rawValue); \(advice)"
            )
        }
        if address + type.registerCount > 65_536 {
            fields.problems.error(
                fields.place(of: "address"),
                "\(type.registerCount) registers from \(address) end behind the last address, 65535"
            )
        }
        if scale == 0 {
            fields.problems.error(fields.place(of: "scale"), "'scale' is 0, so every value would be; correct it")
        }
        guard let printed else { return }
        Numbering.check(printed, address: address, table: table, numbering: numbering, fields: fields)
    }

    /// `rate_limit`, in the base unit and a second.
    private func rateLimit(_ fields: Fields, unit: SourceUnit?, type: RegisterType?) -> Double? {
        let positive = Rule<Double>.number().check { $0 > 0 ? nil : "is \(NumberText.short($0)); it must be above 0" }
        guard let limit = fields.optional("rate_limit", positive) else { return nil }
        let isCode = unit.map { [.boolean, .enumeration, .bitField].contains($0.base) } ?? false
        if isCode || type?.isText == true || fields.has("counter") {
            fields.problems.error(
                fields.place(of: "rate_limit"),
                "'rate_limit' is for what moves through the values between; remove it from codes, texts and totals"
            )
        }
        return unit.map { limit * abs($0.factor) }
    }

    private static var flatLine: Rule<Duration> {
        .duration(.seconds(10)...(.seconds(30 * 86_400)), example: "15 min")
    }

    private static var labels: Rule<[EnumerationLabel]> {
        Rule<[EnumerationLabel]> { node, key, problems in
            guard case .mapping(let entries) = node.content else {
                problems.error(node.place, "'\(key)' must be a mapping from codes to names, but is \(node.kind)")
                return nil
            }
            return entries.compactMap { entry in
                guard let code = NumberText.integer(entry.key) else {
                    problems.error(entry.keyPlace, "the code '\(entry.key.shortened)' must be a whole number")
                    return nil
                }
                return Rule<String>.text(upTo: 80).read(entry.value, entry.key, problems)
                    .map { EnumerationLabel(code: code, name: $0) }
            }
        }
    }
}

/// What the rules for counters and writes must know of the point they belong to; nil where that was wrong itself.
struct Coding {
    let table: RegisterTable?
    let type: RegisterType?
    let unit: SourceUnit?
    let scale: Double
    let offset: Double
    /// The function codes the product answers; empty where the map does not list them.
    let functions: [UInt8]

    /// The values the register can hold, in the base unit; nil where the type sets no bounds.
    var representable: ClosedRange<Double>? {
        guard let raw = type?.rawRange, let unit else { return nil }
        let first = unit.toBase(raw.lowerBound * scale + offset)
        let last = unit.toBase(raw.upperBound * scale + offset)
        return min(first, last)...max(first, last)
    }
}
