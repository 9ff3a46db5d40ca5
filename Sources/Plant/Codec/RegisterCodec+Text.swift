// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

extension RegisterCodec {
    /// The text in the words of a string point; empty for other points and for a wrong number of words.
    ///
    /// Leading zeros and blanks are dropped, the text ends at the next zero, trailing blanks are dropped. Bytes
    /// that are not UTF-8 are taken as ISO 8859-1. Control characters become U+FFFD: the text ends up on
    /// terminals and in logs.
    package func decodeText(_ words: Span<UInt16>) -> String {
        guard layout.form == .text, words.count == layout.registers else { return "" }
        var bytes: [UInt8] = []
        switch layout.packing {
        case .pairs:
            bytes.reserveCapacity(2 * words.count)
            for position in 0..<words.count {
                let word = ordered(words, position)
                bytes.append(UInt8(word >> 8))
                bytes.append(UInt8(truncatingIfNeeded: word))
            }
        case .single(let half):
            for position in 0..<words.count {
                let word = ordered(words, position)
                bytes.append(UInt8(truncatingIfNeeded: half == .high ? word >> 8 : word))
            }
        case .version(let widths):
            return TextPacking.text(layout.assemble(words), widths, registers: layout.registers)
        }
        var text = bytes.drop { $0 == 0 || $0 == Self.blank }.prefix { $0 != 0 }
        while text.last == Self.blank { text.removeLast() }
        let scalars =
            String(validating: text, as: UTF8.self)?.unicodeScalars
            ?? String.UnicodeScalarView(text.map { Unicode.Scalar($0) })
        return String(String.UnicodeScalarView(scalars.map(Self.printable)))
    }

    /// The word at a place of the text, its bytes in the standard's order.
    private func ordered(_ words: Span<UInt16>, _ position: Int) -> UInt16 {
        let word = words[layout.isLowWordFirst ? words.count - 1 - position : position]
        return layout.swapsBytes ? word.byteSwapped : word
    }

    /// The text in the words of a string point; see the form that takes a span.
    package func decodeText(_ words: [UInt16]) -> String { decodeText(words.span) }

    /// The words of a text as UTF-8, filled up with zeros; of a version, its fields.
    ///
    /// - Throws: ``CodecProblem`` where the point is not text, the text is longer than its registers, or it holds a
    ///   zero or another control character; where a version has other fields.
    package func encodeText(_ text: String) throws(CodecProblem) -> [UInt16] {
        if let mapProblem { throw mapProblem }
        guard layout.form == .text else { throw CodecProblem(.numericPoint, point: pointName) }
        guard text.unicodeScalars.allSatisfy({ Self.printable($0) == $0 }) else {
            throw CodecProblem(.controlCharacter, point: pointName)
        }
        if case .version(let widths) = layout.packing {
            guard let bits = TextPacking.bits(text, widths) else {
                throw CodecProblem(.notAVersion(text), point: pointName)
            }
            return layout.words(bits, of: layout.registers)
        }
        var bytes = Array(text.utf8)
        let capacity = layout.packing.capacity(registers: layout.registers) ?? 0
        guard bytes.count <= capacity else {
            throw CodecProblem(.textTooLong(bytes: bytes.count, holds: capacity), point: pointName)
        }
        bytes += Array(repeating: 0, count: capacity - bytes.count)
        let words = (0..<layout.registers).map { position in
            let word =
                switch layout.packing {
                case .single(.high): UInt16(bytes[position]) << 8
                case .single(.low): UInt16(bytes[position])
                case .pairs, .version: UInt16(bytes[2 * position]) << 8 | UInt16(bytes[2 * position + 1])
                }
            return layout.swapsBytes ? word.byteSwapped : word
        }
        return layout.isLowWordFirst ? words.reversed() : words
    }

    /// How many bytes of text the registers hold; nil for numbers and versions.
    package var textCapacity: Int? {
        layout.form == .text ? layout.packing.capacity(registers: layout.registers) : nil
    }

    private static let blank = UInt8(ascii: " ")

    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
    }
}
