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
        bytes.reserveCapacity(2 * words.count)
        for position in 0..<words.count {
            let word = words[layout.isLowWordFirst ? words.count - 1 - position : position]
            let ordered = layout.swapsBytes ? word.byteSwapped : word
            bytes.append(UInt8(ordered >> 8))
            bytes.append(UInt8(truncatingIfNeeded: ordered))
        }
        var text = bytes.drop { $0 == 0 || $0 == Self.blank }.prefix { $0 != 0 }
        while text.last == Self.blank { text.removeLast() }
        let scalars =
            String(validating: text, as: UTF8.self)?.unicodeScalars
            ?? String.UnicodeScalarView(text.map { Unicode.Scalar($0) })
        return String(String.UnicodeScalarView(scalars.map(Self.printable)))
    }

    /// The text in the words of a string point; see the form that takes a span.
    package func decodeText(_ words: [UInt16]) -> String { decodeText(words.span) }

    /// The words of a text as UTF-8, filled up with zeros.
    ///
    /// - Throws: ``CodecProblem`` where the point is not text, the text is longer than its registers, or it holds a
    ///   zero or another control character.
    package func encodeText(_ text: String) throws(CodecProblem) -> [UInt16] {
        if let mapProblem { throw mapProblem }
        guard layout.form == .text else { throw CodecProblem(.numericPoint, point: pointName) }
        guard text.unicodeScalars.allSatisfy({ Self.printable($0) == $0 }) else {
            throw CodecProblem(.controlCharacter, point: pointName)
        }
        var bytes = Array(text.utf8)
        let capacity = 2 * layout.registers
        guard bytes.count <= capacity else {
            throw CodecProblem(.textTooLong(bytes: bytes.count, holds: capacity), point: pointName)
        }
        bytes += Array(repeating: 0, count: capacity - bytes.count)
        let words = (0..<layout.registers).map { position in
            let word = UInt16(bytes[2 * position]) << 8 | UInt16(bytes[2 * position + 1])
            return layout.swapsBytes ? word.byteSwapped : word
        }
        return layout.isLowWordFirst ? words.reversed() : words
    }

    private static let blank = UInt8(ascii: " ")

    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
    }
}
