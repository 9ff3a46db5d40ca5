// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Golden vectors: `{point: active_power, words: [0x4144, 0xCCCD], value: 12.3}`.
enum GoldenVectors {
    static func vector(points: [MapPoint], names: NameRegistry) -> Rule<GoldenVector> {
        .mapping("a golden vector") { fields in
            let name = fields.required("point", names.reference)
            let word = Rule<Int>.integer(0...65_535, "one 16-bit word")
            let words = fields.required("words", .list(of: word, named: "words", atMost: 64, asWhole: true))
            let value = fields.optional("value", value)
            let text = fields.optional("text", .text(upTo: 128))
            let scaleFactor = fields.optional("scale_factor_word", word)
            let code = fields.optional("coded_by_word", word)
            guard let name, let words, let point = points.first(where: { $0.name == name }) else { return nil }
            let hasBoth = fields.has("value") && fields.has("text")
            guard check(fields, point: point, words: words, hasValue: fields.has("value"), hasBoth: hasBoth) else {
                return nil
            }
            let vector = GoldenVector(
                point: name,
                words: words.map { UInt16($0) },
                value: value ?? nil,
                text: text,
                scaleFactorWord: (scaleFactor ?? code).map { UInt16($0) }
            )
            if let difference = difference(from: vector, point) {
                fields.problems.error(fields.place, "the golden vector of '\(name)' does not hold: \(difference)")
            }
            return vector
        }
    }

    /// What the words mean to the map where that is not what the vector says; nil where the two agree.
    ///
    /// Agreement is within a millionth, as a 32-bit float carries seven digits, or a thousandth of a register step.
    static func difference(from vector: GoldenVector, _ point: MapPoint) -> String? {
        let codec = RegisterCodec(point)
        if let text = vector.text {
            let decoded = codec.decodeText(vector.words)
            return decoded == text ? nil : "the words read '\(decoded)', not '\(text)'"
        }
        let decoded = codec.decode(vector.words, scaleFactorWord: vector.scaleFactorWord)
        guard let value = vector.value else {
            return decoded.isGood ? "the words mean \(point.unit.fromBase(decoded.value)), not 'none'" : nil
        }
        guard decoded.isGood else { return "the words mean no value (\(decoded.cause.words)), not \(value)" }
        let found = point.unit.fromBase(decoded.value)
        let tolerance = max(abs(value) * 1e-6, abs(point.scale) * 1e-3)
        return abs(found - value) <= tolerance ? nil : "the words mean \(found) \(point.unit.spelling), not \(value)"
    }

    /// A number in the point's source unit, or `none` where the words mean "no value".
    private static var value: Rule<Double?> {
        Rule<Double?> { node, key, problems in
            if case .scalar("none", _) = node.content { return .some(nil) }
            return Rule<Double>.number().read(node, key, problems).map { .some($0) }
        }
    }

    private static func check(
        _ fields: Fields,
        point: MapPoint,
        words: [Int],
        hasValue: Bool,
        hasBoth: Bool
    ) -> Bool {
        let needed = point.type.registerCount
        var isGood = true
        func report(_ key: String, _ message: String) {
            fields.problems.error(fields.place(of: key), message)
            isGood = false
        }
        if words.count != needed {
            report(
                "words",
                "point '\(point.name)' of type \(point.type.spelling) takes \(needed) words, not \(words.count)"
            )
        }
        if point.table.holdsBits, words.contains(where: { $0 > 1 }) {
            report("words", "table \(point.table.rawValue) holds 0 or 1; write one of them")
        }
        if hasBoth {
            report("value", "a golden vector has 'value' or 'text', not both; remove one")
        } else if point.type.isText == hasValue {
            let key = point.type.isText ? "text" : "value"
            report("point", "point '\(point.name)' of type \(point.type.spelling) needs '\(key)'; give it")
        }
        let hasFactor = point.scaleFactorAddress != nil && point.scaleCodes == nil
        if hasFactor != fields.has("scale_factor_word") {
            let advice = hasFactor ? "has a scale-factor register" : "has no scale-factor register"
            report("point", "point '\(point.name)' \(advice); add or remove 'scale_factor_word'")
        }
        if (point.scaleCodes != nil) != fields.has("coded_by_word") {
            let advice = point.scaleCodes == nil ? "has no 'coded_by'" : "is coded by another register"
            report("point", "point '\(point.name)' \(advice); add or remove 'coded_by_word'")
        }
        return isGood
    }
}
