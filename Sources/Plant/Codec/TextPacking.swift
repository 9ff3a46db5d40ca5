// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// How a text lies in its registers.
///
/// Plain bytes, as all of a decoder is.
enum TextPacking: Sendable {
    /// Two characters a register.
    case pairs
    /// One character a register, in the half that the type names.
    case single(ByteHalf)
    /// Numbers of so many bits each from the highest bit on, a dot between; 0 behind the last.
    case version([4 of UInt8])

    /// The packing of a type of text; of any other type, ``pairs``.
    init(_ type: RegisterType) {
        switch type {
        case .characters(_, let half): self = .single(half)
        case .version(let widths):
            self = .version(InlineArray { $0 < widths.count ? UInt8(clamping: widths[$0]) : 0 })
        default: self = .pairs
        }
    }

    /// Whether there is a version of these fields: two to four of 1 to 16 bits that fill whole registers, four at most.
    static func canHold(_ widths: [Int]) -> Bool {
        let bits = widths.reduce(0, +)
        return (2...4).contains(widths.count) && widths.allSatisfy { (1...16).contains($0) }
            && bits % 16 == 0 && bits <= 64
    }

    /// How many bytes of text so many registers hold; nil for a version, which holds numbers.
    func capacity(registers: Int) -> Int? {
        switch self {
        case .pairs: 2 * registers
        case .single: registers
        case .version: nil
        }
    }

    // MARK: Versions

    /// The fields of a version as text.
    static func text(_ bits: UInt64, _ widths: [4 of UInt8], registers: Int) -> String {
        var rest = 16 * registers
        var fields: [String] = []
        for position in 0..<4 where widths[position] > 0 {
            rest -= Int(widths[position])
            fields.append("\((bits >> UInt64(rest)) & ((1 << UInt64(widths[position])) - 1))")
        }
        return fields.joined(separator: ".")
    }

    /// The bits of a version; nil where the text has another number of fields, or one that does not fit.
    static func bits(_ text: String, _ widths: [4 of UInt8]) -> UInt64? {
        let fields = text.split(separator: ".", omittingEmptySubsequences: false)
        var bits: UInt64 = 0
        var count = 0
        for position in 0..<4 where widths[position] > 0 {
            guard position < fields.count, fields[position].utf8.allSatisfy({ (48...57).contains($0) }),
                let number = UInt64(fields[position]), number >> UInt64(widths[position]) == 0
            else { return nil }
            bits = bits << UInt64(widths[position]) | number
            count += 1
        }
        return count == fields.count ? bits : nil
    }
}
