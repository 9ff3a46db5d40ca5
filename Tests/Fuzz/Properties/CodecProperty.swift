// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Makes a map's point and its words from bytes, and asks of the codec what poller and simulator rely on.
///
/// A point whose numbers are wild (a scale of 1e-300, an offset of NaN) must be refused or decode to something
/// finite; one as maps write them must give back what was encoded.
enum CodecProperty {
    /// A point with the words that are tried on it.
    struct Case {
        let point: MapPoint
        let isTame: Bool
        let words: [UInt16]
        let scaleFactorWord: UInt16?
        let value: Double
    }

    static func check(_ bytes: [UInt8]) throws(Violation) {
        var source = ByteSource(bytes)
        try check(FuzzedPoint.make(&source))
    }

    private static func check(_ example: Case) throws(Violation) {
        let codec = RegisterCodec(example.point)
        let decoded = codec.decode(example.words, scaleFactorWord: example.scaleFactorWord)
        try checkForm(decoded, of: example.point)
        if RegisterCodec.problem(in: example.point) != nil {
            try Violation.unless(!decoded.isGood, "decodes although it cannot be used")
        }
        try checkText(codec, example)
        try checkEncoding(of: example.value, codec, example)
        guard decoded.isGood, let again = try checkEncoding(of: decoded.value, codec, example) else { return }
        if example.isTame, isExact(example) {
            try Violation.unless(again == example.words, "\(example.words) became \(again)")
        }
    }

    private static func checkForm(_ decoded: DecodedValue, of point: MapPoint) throws(Violation) {
        guard decoded.isGood else {
            try Violation.unless(decoded.value.isNaN, "a value of \(decoded.value) with \(decoded.cause)")
            return
        }
        let isAllowed = point.validRange?.contains(decoded.value) ?? true
        try Violation.unless(decoded.value.isFinite && isAllowed, "\(decoded.value) is good")
    }

    /// Encodes a value and reads it back; the words, or nil where the value is refused.
    @discardableResult
    private static func checkEncoding(
        of value: Double,
        _ codec: RegisterCodec,
        _ example: Case
    ) throws(Violation) -> [UInt16]? {
        let current = example.words
        let words: [UInt16]
        do {
            words = try codec.encode(value, current: current, scaleFactorWord: example.scaleFactorWord)
        } catch {
            try Violation.unless(!error.description.isEmpty, "refused without a word")
            return nil
        }
        try Violation.unless(words.count == codec.registerCount, "\(words.count) words")
        if current.count == 1, words.count == 1 {
            let foreign = ~codec.ownedBits
            try Violation.unless(current[0] & foreign == words[0] & foreign, "a neighbour's bits have changed")
        }
        let back = codec.decode(words, scaleFactorWord: example.scaleFactorWord)
        if back.cause == .outOfRange { return words }
        // An extreme scale may take what the registers hold beyond what a Double does; a map's never.
        guard example.isTame else { return words }
        try Violation.unless(back.isGood, "\(value) reads back as \(back.cause)")
        let step = codec.resolution(near: value, scaleFactorWord: example.scaleFactorWord)
        // A 64-bit float has no more digits than the arithmetic: an offset that cancels the value costs some steps.
        let steps = example.point.type == .float(bits: 64) ? 2 : 0.500_000_1
        let allowed = step * steps + max(value.ulp, back.value.ulp) * 4
        try Violation.unless(abs(back.value - value) <= allowed, "\(value) reads back as \(back.value), step \(step)")
        return words
    }

    /// Whether every raw number of a point has one coding and a decoded value that a `Double` keeps apart.
    ///
    /// A negative number of 24 bits has two: the spare byte repeats the sign or is zero.
    private static func isExact(_ example: Case) -> Bool {
        guard example.scaleFactorWord == nil else { return false }
        switch example.point.type {
        case .float: return false
        case .unsigned(let bits): return bits <= 32
        case .signed(let bits): return bits == 16 || bits == 32
        case .binaryCodedDecimal(let registers), .moduloTenThousand(let registers): return registers <= 2
        case .bool, .bit, .bits, .uint8, .int8: return true
        case .string, .characters, .version, .combined: return false
        }
    }

    private static func checkText(_ codec: RegisterCodec, _ example: Case) throws(Violation) {
        let text = codec.decodeText(example.words)
        try Violation.unless(
            text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control },
            "a control character came through"
        )
        guard let words = try? codec.encodeText(text) else { return }
        let back = codec.decodeText(words)
        try Violation.unless(back.unicodeScalars.elementsEqual(text.unicodeScalars), "\(text) became \(back)")
    }
}
