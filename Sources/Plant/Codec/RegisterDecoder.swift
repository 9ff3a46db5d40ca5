// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The reading half of a ``RegisterCodec``, worked out for the inner loop of a poller.
///
/// Plain bytes, but for the few points whose scale a code tells; an array of them is walked in place, without counting
/// references. Decoding shifts, compares and multiplies; it allocates nothing and may run on any thread.
package struct RegisterDecoder: Sendable {
    let layout: RegisterLayout
    let transform: LinearTransform
    let hasScaleFactor: Bool
    /// What the scale register's codes mean; nil where it holds a power of ten, or there is none.
    let codes: CodedTransforms?
    /// Whether the registers hold one number that is scaled and no more.
    private let isPlain: Bool
    let powerFactor: PowerFactorCoding?
    private let sentinels: [4 of Sentinel]
    private let sentinelCount: Int
    /// The lowest good value, in the base unit; minus infinity where the map sets no range.
    let lowerLimit: Double
    /// The highest good value, in the base unit; infinity where the map sets no range.
    let upperLimit: Double

    /// How many sentinels a point may have.
    package static let maximumSentinels = 4

    init(_ point: MapPoint, layout: RegisterLayout) {
        self.layout = layout
        transform = LinearTransform(scale: point.scale, offset: point.offset, unit: point.unit)
        hasScaleFactor = point.scaleFactorAddress != nil
        codes = point.scaleFactorAddress == nil ? nil : point.scaleCodes.map(CodedTransforms.init)
        powerFactor = point.powerFactor
        isPlain = layout.form.isNumeric && layout.form != .combined && point.powerFactor == nil
        let given = point.sentinels.prefix(Self.maximumSentinels)
        sentinels = InlineArray { $0 < given.count ? given[$0] : Sentinel(bits: 0) }
        sentinelCount = given.count
        lowerLimit = point.validRange?.lowerBound ?? -.infinity
        upperLimit = point.validRange?.upperBound ?? .infinity
    }

    /// How many registers, coils or discrete inputs the point takes.
    package var registerCount: Int { layout.registers }

    /// The value that the words mean, or why there is none.
    ///
    /// - Parameters:
    ///   - words: Exactly ``registerCount`` words as they stand on the wire; 0 or 1 for coils and discrete inputs.
    ///   - scaleFactorWord: The word of the point's scale-factor register; not looked at where it has none.
    /// - Returns: The value in the base unit with ``QualityCause/none``, or NaN with one of
    ///   `malformedReply` (wrong number of words, impossible digits), a sentinel's cause, `notANumber` (NaN,
    ///   infinity, text), `scaleFactorInvalid`, `outOfRange`, `notAvailable` (the map's entry cannot be used).
    package func decode(_ words: Span<UInt16>, scaleFactorWord: UInt16? = nil) -> DecodedValue {
        guard words.count == layout.registers else { return .bad(.malformedReply) }
        guard isPlain else { return decodeRare(words, scaleFactorWord: scaleFactorWord) }
        let assembled = layout.assemble(words)
        let bits = layout.extract(assembled)
        for position in 0..<sentinelCount where sentinels[position].bits == bits {
            return .bad(sentinels[position].cause)
        }
        guard layout.sparesAreClear(assembled, bits), let raw = layout.number(bits) else {
            return .bad(.malformedReply)
        }
        guard raw.isFinite else { return .bad(.notANumber) }
        return scaled(raw, scaleFactorWord: scaleFactorWord)
    }

    /// From the raw number to the value.
    @inline(__always)
    private func scaled(_ raw: Double, scaleFactorWord: UInt16?) -> DecodedValue {
        let value: Double
        if hasScaleFactor {
            guard let scaling = scaling(scaleFactorWord) else { return .bad(.scaleFactorInvalid) }
            value = scaling.apply(raw)
        } else {
            value = transform.apply(raw)
        }
        guard value >= lowerLimit, value <= upperLimit, value.isFinite else { return .bad(.outOfRange) }
        return DecodedValue(value: value, cause: .none)
    }

    /// Sums of several numbers and power factors with a code of their own; text and entries that cannot be used.
    @inline(never)
    private func decodeRare(_ words: Span<UInt16>, scaleFactorWord: UInt16?) -> DecodedValue {
        var raw = 0.0
        switch layout.form {
        case .text: return .bad(.notANumber)
        case .unusable: return .bad(.notAvailable)
        case .combined:
            for part in 0..<layout.combined.count {
                let bits = layout.combined.bits(
                    part,
                    words,
                    isLowWordFirst: layout.isLowWordFirst,
                    swapsBytes: layout.swapsBytes
                )
                if let cause = sentinelCause(bits) { return .bad(cause) }
                raw += layout.combined.share(part, bits)
            }
        default:
            let assembled = layout.assemble(words)
            let bits = layout.extract(assembled)
            if let cause = sentinelCause(bits) { return .bad(cause) }
            guard layout.sparesAreClear(assembled, bits), let number = layout.number(bits) else {
                return .bad(.malformedReply)
            }
            guard number.isFinite else { return .bad(.notANumber) }
            raw = number
        }
        guard let powerFactor else { return scaled(raw, scaleFactorWord: scaleFactorWord) }
        guard let scaling = scaling(scaleFactorWord) else { return .bad(.scaleFactorInvalid) }
        guard let value = powerFactor.powerFactor(scaling.apply(raw)), value >= lowerLimit,
            value <= upperLimit
        else { return .bad(.outOfRange) }
        return DecodedValue(value: value, cause: .none)
    }

    private func sentinelCause(_ bits: UInt64) -> QualityCause? {
        (0..<sentinelCount).first { sentinels[$0].bits == bits }.map { sentinels[$0].cause }
    }

    /// The bits of all sentinels.
    var sentinelBits: [UInt64] { (0..<sentinelCount).map { sentinels[$0].bits } }

    /// How raw numbers are scaled while the scale register, if there is one, holds a word; nil where that is not valid.
    func scaling(_ scaleFactorWord: UInt16?) -> Scaling? {
        guard hasScaleFactor else { return Scaling(transform: transform, exponent: 0) }
        if let codes { return scaleFactorWord.flatMap { codes.scaling($0) } }
        return ScaleFactor.exponent(scaleFactorWord).map { Scaling(transform: transform, exponent: $0) }
    }
}

/// What the words of a point mean.
package struct DecodedValue: Hashable, Sendable {
    /// The value in the point's base unit; NaN unless ``cause`` is ``QualityCause/none``.
    package let value: Double
    /// Why there is no value; ``QualityCause/none`` where there is.
    package let cause: QualityCause

    package init(value: Double, cause: QualityCause) {
        self.value = value
        self.cause = cause
    }

    /// No value, for this cause.
    package static func bad(_ cause: QualityCause) -> DecodedValue { DecodedValue(value: .nan, cause: cause) }

    package var isGood: Bool { cause == .none }
}
