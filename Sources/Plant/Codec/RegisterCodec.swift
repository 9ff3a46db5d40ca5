// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Turns the register words of one point into its value in the base unit, and back.
///
/// Everything the map says is worked out once, in the initialiser. The poller decodes and the simulator encodes
/// through the same codec, so a map that is wrong one way shows in the other.
///
/// The way from words to value: word order and byte order, sentinels on the raw bits, number, `scale` and the
/// power of ten of the scale-factor register, `offset`, source unit to base unit, valid range.
///
/// Values are `Double`: 64-bit integers and 16-digit decimals beyond 2^53 (9.0e15) lose their last digits. A total
/// in joules passes that at 2,500 GWh and is from there on rounded to a few joules, far below a register's step.
package struct RegisterCodec: Sendable {
    /// The reading half, for loops over many points.
    package let decoder: RegisterDecoder
    private let details: Details

    /// What decoding does not need, behind one reference so that a codec is cheap to hand on.
    private final class Details: Sendable {
        let pointName: String
        let sentinels: [Sentinel]
        let mapProblem: CodecProblem?

        init(_ point: MapPoint) {
            pointName = point.name
            sentinels = point.sentinels
            mapProblem = problem(in: point)
        }
    }

    /// Prepares the codec of one point.
    ///
    /// A point with a ``problem(in:)`` still gives a codec: one that reads as not available and refuses to encode.
    package init(_ point: MapPoint) {
        details = Details(point)
        let layout = RegisterLayout(point.type, wordOrder: point.wordOrder, byteOrder: point.byteOrder)
        let usable = details.mapProblem == nil ? layout : nil
        decoder = RegisterDecoder(point, layout: usable ?? .unusable(registers: point.type.registerCount))
    }

    var layout: RegisterLayout { decoder.layout }
    var transform: LinearTransform { decoder.transform }
    var pointName: String { details.pointName }
    var sentinels: [Sentinel] { details.sentinels }
    /// Why the map's entry cannot be used; nil where it can.
    var mapProblem: CodecProblem? { details.mapProblem }

    /// How many registers, coils or discrete inputs the point takes.
    package var registerCount: Int { layout.registers }

    /// The value that the words mean, or why there is none; see ``RegisterDecoder/decode(_:scaleFactorWord:)``.
    package func decode(_ words: Span<UInt16>, scaleFactorWord: UInt16? = nil) -> DecodedValue {
        decoder.decode(words, scaleFactorWord: scaleFactorWord)
    }

    /// The value that the words mean, or why there is none; see ``RegisterDecoder/decode(_:scaleFactorWord:)``.
    package func decode(_ words: [UInt16], scaleFactorWord: UInt16? = nil) -> DecodedValue {
        decoder.decode(words.span, scaleFactorWord: scaleFactorWord)
    }

    /// The step of the register in the base unit, where it is smallest.
    ///
    /// One count for integers and decimals; the least non-zero magnitude for floating point; the step at the
    /// exponent -10 for a point with a scale-factor register, at the finest of its codes for one with a unit register;
    /// NaN for text.
    package var resolution: Double {
        guard layout.form.isNumeric else { return .nan }
        let step = layout.step(near: 0)
        if let codes = decoder.codes { return codes.all.map { $0.step(step) }.min() ?? .nan }
        let exponent = decoder.hasScaleFactor ? ScaleFactor.exponents.lowerBound : 0
        return transform.step(step, exponent: exponent)
    }

    /// Whether codes in another register tell how the point is scaled.
    package var hasScaleCodes: Bool { decoder.codes != nil }

    /// The step of the register in the base unit around a value in the base unit: what a read-back may differ by.
    ///
    /// - Returns: NaN for text and where the scale factor is not valid.
    package func resolution(near value: Double, scaleFactorWord: UInt16? = nil) -> Double {
        guard layout.form.isNumeric, let scaling = decoder.scaling(scaleFactorWord) else { return .nan }
        return scaling.step(layout.step(near: scaling.invert(value)))
    }

    /// The lowest and highest value, in the base unit, that the registers can hold; nil as ``range(_:)`` says.
    ///
    /// For a point with a scale-factor register: at exponent 0; for one with a unit register: in the unit that the map
    /// gives the point itself.
    package var representableRange: ClosedRange<Double>? { range(Scaling(transform: transform, exponent: 0)) }

    /// The lowest and highest value, in the base unit, while raw numbers are scaled so.
    ///
    /// Nil for text, and where scale and offset are so extreme that an end is no number at all.
    func range(_ scaling: Scaling) -> ClosedRange<Double>? {
        guard let raw = layout.numberRange else { return nil }
        let first = scaling.apply(raw.lowerBound)
        let last = scaling.apply(raw.upperBound)
        guard !first.isNaN, !last.isNaN else { return nil }
        let range = min(first, last)...max(first, last)
        return decoder.powerFactor.map { range.clamped(to: $0.values) } ?? range
    }
}
