// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension Rule where Value == String {
    /// Any text of one to `length` characters, in quotes or not.
    static func text(upTo length: Int = 500) -> Rule {
        Rule { node, key, problems in
            guard let (text, _) = scalar(node, key, expected: "text", problems) else { return nil }
            guard !text.isEmpty, text.count <= length else {
                problems.error(node.place, "'\(key)' must have 1 to \(length) characters, but has \(text.count)")
                return nil
            }
            return text
        }
    }

    /// An identifier: lower-case letters, digits, `-`, `_` and `.`, at most 64 characters, a letter or digit first.
    static var identifier: Rule {
        Rule.text(upTo: 64).check { text in
            let isWellFormed = text.utf8.enumerated().allSatisfy { position, byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): position > 0
                default: false
                }
            }
            return isWellFormed
                ? nil
                : "is '\(text.shortened)'; write lower-case letters, digits, '-', '_' and '.', such as 'chiller-1'"
        }
    }
}

extension Rule where Value == Int {
    /// A whole number, decimal or 0x hexadecimal; `what` says what the range stands for.
    static func integer(_ range: ClosedRange<Int>, _ what: String = "") -> Rule {
        Rule { node, key, problems in
            guard let (text, isPlain) = scalar(node, key, expected: "a whole number", problems) else { return nil }
            guard isPlain, let value = NumberText.integer(text) else {
                let advice = isPlain ? "write digits only" : "write it without quotes"
                problems.error(node.place, "'\(key)' must be a whole number, but is \(node.kind); \(advice)")
                return nil
            }
            guard range.contains(value) else {
                let meaning = what.isEmpty ? "" : " (\(what))"
                problems.error(
                    node.place,
                    "'\(key)' is \(value), outside \(range.lowerBound)...\(range.upperBound)\(meaning)"
                )
                return nil
            }
            return value
        }
    }
}

extension Rule where Value == Double {
    /// A finite number without a unit.
    static func number(_ range: ClosedRange<Double> = -1e300...1e300) -> Rule {
        Rule { node, key, problems in
            guard let (text, isPlain) = scalar(node, key, expected: "a number", problems) else { return nil }
            guard isPlain, let value = NumberText.number(text) else {
                problems.error(node.place, "'\(key)' must be a number, but is \(node.kind); write it as 12.5")
                return nil
            }
            guard range.contains(value) else {
                let bounds = "\(NumberText.short(range.lowerBound))...\(NumberText.short(range.upperBound))"
                problems.error(node.place, "'\(key)' is \(text), outside \(bounds)")
                return nil
            }
            return value
        }
    }
}

extension Rule where Value == Bool {
    /// `true` or `false`, nothing else: `yes`, `on` and `1` mean different things in different YAML versions.
    static var boolean: Rule {
        Rule { node, key, problems in
            guard let (text, isPlain) = scalar(node, key, expected: "true or false", problems) else { return nil }
            guard isPlain, text == "true" || text == "false" else {
                problems.error(node.place, "'\(key)' must be true or false, but is \(node.kind)")
                return nil
            }
            return text == "true"
        }
    }
}

extension Rule where Value == Timestamp {
    /// A moment as ISO 8601 text with its zone.
    static var timestamp: Rule {
        Rule { node, key, problems in
            let expected = "a moment such as 2026-03-01T06:00:00Z"
            guard let (text, _) = scalar(node, key, expected: expected, problems) else { return nil }
            guard let moment = Timestamp(iso8601: text) else {
                problems.error(node.place, "'\(key)' must be \(expected), but is '\(text.shortened)'")
                return nil
            }
            return moment
        }
    }
}

extension Rule where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the words of an enumeration.
    static var word: Rule {
        Rule { node, key, problems in
            let words = Value.allCases.map(\.rawValue)
            guard let (text, _) = scalar(node, key, expected: "one of \(words.joined(separator: ", "))", problems)
            else { return nil }
            guard let value = Value(rawValue: text) else {
                let hint = NearestName.hint(for: text, in: words, called: "the words for '\(key)'")
                problems.error(node.place, "'\(key)' cannot be '\(text.shortened)'; \(hint)")
                return nil
            }
            return value
        }
    }
}

/// Numbers as site files and maps spell them.
enum NumberText {
    /// Decimal digits with an optional sign, or 0x and hexadecimal digits; nil for anything else.
    static func integer(_ text: String) -> Int? {
        if text.hasPrefix("0x") || text.hasPrefix("0X") { return Int(text.dropFirst(2), radix: 16) }
        return Int(text)
    }

    /// A decimal number with optional fraction and exponent; nil for anything else, `nan` and `inf` too.
    static func number(_ text: String) -> Double? {
        let isWellFormed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
        guard isWellFormed, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// The number without a fraction where it has none.
    static func short(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }
}
