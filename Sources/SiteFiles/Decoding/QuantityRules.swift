// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// A number with its unit: `132 kW`, `1.5 L/min`, `500 ms`.
enum QuantityText {
    case quantity(value: Double, unit: SourceUnit)
    case bareNumber(Double)
    case unknownUnit(String)
    case notAQuantity

    init(_ text: String) {
        let bytes = text.utf8
        let end = bytes.firstIndex { !Self.isNumberByte($0) } ?? bytes.endIndex
        // No exponent: its letter would be taken for a unit.
        guard let value = NumberText.number(String(text[..<end])) else {
            self = .notAQuantity
            return
        }
        let spelling = String(text[end...].drop { $0 == " " })
        if spelling.isEmpty {
            self = .bareNumber(value)
        } else if let unit = SourceUnit.named(spelling) {
            self = .quantity(value: value, unit: unit)
        } else {
            self = .unknownUnit(spelling)
        }
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }
}

extension Rule where Value == Double {
    /// A quantity of one dimension, in its base unit; `example` shows how to write it.
    ///
    /// `bare` is the unit of a number without one; nil where the unit must be written.
    static func quantity(
        _ base: PointUnit,
        _ range: ClosedRange<Double>,
        example: String,
        bare: SourceUnit? = nil
    ) -> Rule {
        Rule { node, key, problems in
            guard let (text, _) = scalar(node, key, expected: "a quantity such as '\(example)'", problems) else {
                return nil
            }
            let value: Double
            switch QuantityText(text) {
            case .quantity(let number, let unit) where unit.base == base: value = unit.toBase(number)
            case .bareNumber(let number):
                guard let bare else {
                    problems.error(node.place, "'\(key)' is '\(text)' without a unit; write it as '\(example)'")
                    return nil
                }
                value = bare.toBase(number)
            case .quantity(_, let unit):
                problems.error(
                    node.place,
                    "'\(key)' is in \(unit.spelling), which measures \(unit.base.rawValue); use \(spellings(of: base))"
                )
                return nil
            case .unknownUnit(let spelling):
                let hint = NearestName.hint(for: spelling, in: allSpellings(base), called: "its units")
                problems.error(node.place, "'\(key)' has the unknown unit '\(spelling.shortened)'; \(hint)")
                return nil
            case .notAQuantity:
                problems.error(node.place, "'\(key)' must be a quantity such as '\(example)', but is \(node.kind)")
                return nil
            }
            guard value.isFinite, range.contains(value) else {
                let low = NumberText.short(range.lowerBound)
                let high = NumberText.short(range.upperBound)
                problems.error(node.place, "'\(key)' is \(text), outside \(low)...\(high) \(base.symbol)")
                return nil
            }
            return value
        }
    }

    private static func allSpellings(_ base: PointUnit) -> [String] {
        SourceUnit.all.filter { $0.base == base }.map(\.spelling)
    }

    private static func spellings(of base: PointUnit) -> String { allSpellings(base).joined(separator: ", ") }
}

extension Rule where Value == Duration {
    /// A time such as `500 ms`, `10 s` or `14 d`.
    static func duration(_ range: ClosedRange<Duration>, example: String = "1 s") -> Rule {
        let seconds = range.lowerBound.inSeconds...range.upperBound.inSeconds
        return Rule<Double>.quantity(.seconds, seconds, example: example)
            .map { .milliseconds(Int64(($0 * 1_000).rounded())) }
    }
}

extension Rule where Value == Int {
    /// A time in whole days: `14 d`.
    static func days(_ range: ClosedRange<Int>) -> Rule {
        Rule<Double>.quantity(.seconds, 0...1e12, example: "14 d")
            .check { seconds in
                let days = seconds / 86_400
                guard days == days.rounded() else { return "must be whole days, such as '14 d'" }
                guard days < Double(range.lowerBound) || days > Double(range.upperBound) else { return nil }
                return "is \(NumberText.short(days)) d, outside \(range.lowerBound)...\(range.upperBound) days"
            }
            .map { Int($0 / 86_400) }
    }
}

extension Rule where Value == Int64 {
    /// An amount of bytes: `200 GB`, `64 GiB`.
    static func bytes(_ range: ClosedRange<Int64>) -> Rule {
        let units: [(spelling: String, factor: Double)] = [
            ("B", 1), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12),
            ("KiB", 1_024), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("TiB", 1_099_511_627_776),
        ]
        return Rule { node, key, problems in
            guard let (text, _) = scalar(node, key, expected: "a size such as '200 GB'", problems) else { return nil }
            let parts = text.split(separator: " ").map(String.init)
            guard parts.count == 2, let number = NumberText.number(parts[0]),
                let unit = units.first(where: { $0.spelling == parts[1] })
            else {
                let spellings = units.map(\.spelling).joined(separator: ", ")
                problems.error(
                    node.place,
                    "'\(key)' must be a size such as '200 GB', but is \(node.kind); units are \(spellings)"
                )
                return nil
            }
            let bytes = number * unit.factor
            guard bytes >= Double(range.lowerBound), bytes <= Double(range.upperBound) else {
                problems.error(
                    node.place,
                    "'\(key)' is \(text), outside \(range.lowerBound)...\(range.upperBound) bytes"
                )
                return nil
            }
            return Int64(bytes)
        }
    }
}
