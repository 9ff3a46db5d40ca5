// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension Rule where Value == SourceUnit {
    /// The spelling of a unit.
    static var sourceUnit: Rule {
        Rule { node, key, problems in
            guard let (text, _) = scalar(node, key, expected: "a unit such as kW", problems) else { return nil }
            guard let unit = SourceUnit.named(text) else {
                let hint = NearestName.hint(for: text, in: SourceUnit.all.map(\.spelling), called: "the units")
                problems.error(node.place, "'\(key)' cannot be '\(text.shortened)'; \(hint)")
                return nil
            }
            return unit
        }
    }
}

extension Rule where Value == Double {
    /// A value of a point in its base unit: a bare number in the point's own unit, or a quantity with a unit.
    static func amount(in unit: SourceUnit?) -> Rule {
        guard let unit else { return Rule { _, _, _ in nil } }
        return .quantity(unit.base, -1e300...1e300, example: "20 \(unit.spelling)", bare: unit)
    }
}

/// Register patterns that mean "no value": `[0xFFFF]` or `{0x8000: sensor_absent}`.
enum Sentinels {
    private enum Cause: String, CaseIterable {
        case notAvailable = "not_available"
        case sensorAbsent = "sensor_absent"
        case outOfRange = "out_of_range"
        case notANumber = "not_a_number"

        var quality: QualityCause {
            switch self {
            case .notAvailable: .notAvailable
            case .sensorAbsent: .sensorAbsent
            case .outOfRange: .outOfRange
            case .notANumber: .notANumber
            }
        }
    }

    static func rule(for type: RegisterType?) -> Rule<[Sentinel]> {
        Rule { node, key, problems in
            switch node.content {
            case .sequence(let nodes):
                return nodes.compactMap { node in
                    guard let (text, _) = Rule<Sentinel>.scalar(node, key, expected: "register patterns", problems)
                    else { return nil }
                    return bits(text, type, node.place, problems).map { Sentinel(bits: $0) }
                }
            case .mapping(let entries):
                return entries.compactMap { entry in
                    let cause = Rule<Cause>.word.read(entry.value, entry.key, problems)
                    guard let bits = bits(entry.key, type, entry.keyPlace, problems), let cause else { return nil }
                    return Sentinel(bits: bits, cause: cause.quality)
                }
            case .scalar, .broken:
                problems.error(node.place, "'\(key)' must be a list such as [0xFFFF], but is \(node.kind)")
                return nil
            }
        }
    }

    /// The pattern as bits of the type's width; negative numbers in two's complement.
    private static func bits(_ text: String, _ type: RegisterType?, _ place: Place, _ problems: ProblemCollector)
        -> UInt64?
    {
        let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
        let unsigned = isHexadecimal ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
        guard let type else { return nil }
        let width = type.bitWidth
        let mask: UInt64 = width == 64 ? .max : (1 << UInt64(width)) - 1
        if let unsigned, unsigned <= mask { return unsigned }
        if let negative = Int64(text), negative < 0, width == 64 || negative >= -(1 << Int64(width - 1)) {
            return UInt64(bitPattern: negative) & mask
        }
        problems.error(
            place,
            "the sentinel '\(text.shortened)' is not a pattern of the \(width) bits of type \(type.spelling); "
                + "write it as 0x and hexadecimal digits"
        )
        return nil
    }
}

/// Running totals: `counter: true`, or `counter: {modulus: 100000 kWh}`, or `counter: {modulus: never}`.
enum Counters {
    static func rule(_ coding: Coding) -> Rule<CounterBehavior?> {
        Rule { node, key, problems in
            if case .scalar(let text, _) = node.content, text == "true" { return .some(implied(coding)) }
            if case .scalar(let text, _) = node.content, text == "false" { return .some(nil) }
            let rule = Rule<CounterBehavior?>.mapping("'counter'") { fields in
                let base = implied(coding)
                let modulus = fields.optional("modulus", modulus(coding))
                let resolution = fields.optional("resolution", .amount(in: coding.unit))
                return .some(
                    CounterBehavior(
                        rollover: modulus ?? base?.rollover,
                        resolution: resolution ?? base?.resolution
                    )
                )
            }
            return rule.read(node, key, problems)
        }
    }

    /// What the type implies: an unsigned counter starts again past its largest number, others are not known to.
    private static func implied(_ coding: Coding) -> CounterBehavior? {
        guard let type = coding.type, let unit = coding.unit else { return nil }
        let step = abs(coding.scale * unit.factor)
        switch type {
        case .unsigned, .bits, .uint8, .binaryCodedDecimal, .moduloTenThousand:
            return CounterBehavior(rollover: type.rawRange.map { ($0.upperBound + 1) * step }, resolution: step)
        // Which part of a sum runs full first nobody knows.
        case .signed, .int8, .combined: return CounterBehavior(rollover: nil, resolution: step)
        case .float, .bool, .bit, .string, .characters, .version:
            return CounterBehavior(rollover: nil, resolution: nil)
        }
    }

    /// A modulus in the base unit, or `never`.
    private static func modulus(_ coding: Coding) -> Rule<Double?> {
        Rule { node, key, problems in
            if case .scalar("never", _) = node.content { return .some(nil) }
            guard let value = Rule<Double>.amount(in: coding.unit).read(node, key, problems) else { return nil }
            guard value > 0 else {
                problems.error(node.place, "'\(key)' must be above 0, or 'never'")
                return nil
            }
            return .some(value)
        }
    }
}
