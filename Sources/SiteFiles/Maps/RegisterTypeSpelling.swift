// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

extension RegisterType {
    /// The type as a device map spells it: `uint16`, `float32`, `bit:3`, `uint8:high`, `bcd:2`, `mod10k:3`, `string:8`,
    /// `characters:8:low`, `version:4.4.8`.
    package var spelling: String {
        switch self {
        case .bool: "bool"
        case .bit(let bit): "bit:\(bit)"
        case .bits(let low, let high): "bits:\(low)..\(high)"
        case .uint8(let half): "uint8:\(half.rawValue)"
        case .int8(let half): "int8:\(half.rawValue)"
        case .unsigned(let bits): "uint\(bits)"
        case .signed(let bits): "int\(bits)"
        case .float(let bits): "float\(bits)"
        case .binaryCodedDecimal(let registers): "bcd:\(registers)"
        case .moduloTenThousand(let registers): "mod10k:\(registers)"
        case .string(let registers): "string:\(registers)"
        case .characters(let registers, let half): "characters:\(registers):\(half.rawValue)"
        case .version(let widths): "version:" + widths.map(String.init).joined(separator: ".")
        case .combined(let parts):
            parts.map { $0.factor == 1 ? $0.type.spelling : "\($0.factor) x \($0.type.spelling)" }
                .joined(separator: " + ")
        }
    }

    /// The type with this spelling, or nil.
    package init?(spelling: String) {
        if let simple = Self.simple.first(where: { $0.spelling == spelling }) {
            self = simple
            return
        }
        let parts = spelling.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 3, parts[0] == "characters" {
            guard let count = Int(parts[1]), (1...64).contains(count), let half = ByteHalf(rawValue: String(parts[2]))
            else { return nil }
            self = .characters(registers: count, half)
            return
        }
        guard parts.count == 2 else { return nil }
        if parts[0] == "version" {
            guard let version = Self.version(parts[1]) else { return nil }
            self = version
            return
        }
        if parts[0] == "bits" {
            guard let range = Self.bitRange(parts[1]) else { return nil }
            self = range
            return
        }
        let number = Int(parts[1])
        switch (parts[0], number) {
        case ("bit", .some(let bit)) where (0...15).contains(bit): self = .bit(bit)
        case ("bcd", .some(let count)) where (1...4).contains(count): self = .binaryCodedDecimal(registers: count)
        case ("mod10k", .some(let count)) where (1...4).contains(count): self = .moduloTenThousand(registers: count)
        case ("string", .some(let count)) where (1...64).contains(count): self = .string(registers: count)
        default: return nil
        }
    }

    /// `4..7` as the bits 4 to 7; nil for anything else, a single bit too.
    private static func bitRange(_ text: Substring) -> RegisterType? {
        let bounds = text.split(separator: ".", omittingEmptySubsequences: false)
        guard bounds.count == 3, bounds[1].isEmpty, let low = Int(bounds[0]), let high = Int(bounds[2]),
            0 <= low, low < high, high <= 15
        else { return nil }
        return .bits(low: low, high: high)
    }

    /// `4.4.8` as fields of 4, 4 and 8 bits; nil where they do not fill one to four registers.
    private static func version(_ text: Substring) -> RegisterType? {
        let widths = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        let type = RegisterType.version(widths: widths)
        let place = MapPoint(
            name: "",
            table: .holdingRegister,
            address: 0,
            type: type,
            unit: SourceUnit("count", .count)
        )
        return RegisterCodec.problem(in: place) == nil ? type : nil
    }

    /// The types without a free number, in the order the documentation lists them.
    private static let simple: [RegisterType] =
        [.bool] + [16, 24, 32, 48, 64].flatMap { [.unsigned(bits: $0), .signed(bits: $0)] }
        + [16, 32, 64].map { .float(bits: $0) }
        + [.uint8(.high), .uint8(.low), .int8(.high), .int8(.low)]

    /// The spellings a message offers.
    static let examples =
        simple.map(\.spelling) + [
            "bit:0", "bits:0..3", "bcd:1", "mod10k:2", "string:8", "characters:8:low", "version:4.4.8",
        ]

    /// The raw numbers the type can hold; nil for floating point and text.
    var rawRange: ClosedRange<Double>? {
        func powerOfTwo(_ bits: Int) -> Double { (0..<bits).reduce(1.0) { value, _ in value * 2 } }
        func power(of base: Double, _ exponent: Int) -> Double {
            (0..<exponent).reduce(1.0) { value, _ in value * base }
        }
        switch self {
        case .bool, .bit: return 0...1
        case .bits(let low, let high): return 0...powerOfTwo(high - low + 1) - 1
        case .uint8: return 0...255
        case .int8: return -128...127
        case .unsigned(let bits): return 0...powerOfTwo(bits) - 1
        case .signed(let bits): return -powerOfTwo(bits - 1)...powerOfTwo(bits - 1) - 1
        case .binaryCodedDecimal(let registers), .moduloTenThousand(let registers):
            return 0...power(of: 10_000, registers) - 1
        case .combined(let parts):
            let ranges = parts.compactMap { part in
                part.type.rawRange.map {
                    (low: $0.lowerBound * Double(part.factor), high: $0.upperBound * Double(part.factor))
                }
            }
            return ranges.reduce(0) { $0 + $1.low }...ranges.reduce(0) { $0 + $1.high }
        case .float, .string, .characters, .version: return nil
        }
    }

    /// How many bits a sentinel of this type may have.
    var bitWidth: Int {
        switch self {
        case .bool, .bit: 1
        case .bits(let low, let high): high - low + 1
        case .uint8, .int8: 8
        case .unsigned(let bits), .signed(let bits), .float(let bits): bits
        case .binaryCodedDecimal, .moduloTenThousand, .string, .characters, .version: min(64, 16 * registerCount)
        case .combined(let parts): parts.map(\.type.bitWidth).min() ?? 16
        }
    }

    var isFloat: Bool {
        if case .float = self { true } else { false }
    }

    /// Whether the type is a single truth value.
    var isTruthValue: Bool {
        switch self {
        case .bool, .bit: true
        default: false
        }
    }
}

extension Rule where Value == RegisterType {
    static var registerType: Rule {
        Rule { node, key, problems in
            guard let (text, _) = scalar(node, key, expected: "a register type such as float32", problems) else {
                return nil
            }
            guard let type = RegisterType(spelling: text) else {
                let hint = NearestName.hint(for: text, in: RegisterType.examples, called: "the types")
                problems.error(node.place, "'\(key)' cannot be '\(text.shortened)'; \(hint)")
                return nil
            }
            return type
        }
    }
}
