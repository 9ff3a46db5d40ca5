// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

extension RegisterCodec {
    /// The words that mean a value, rounded to the nearest the registers can hold.
    ///
    /// The valid range and the write range are not looked at: who writes to a device checks them, and a simulator
    /// must be able to serve a value outside them.
    ///
    /// - Parameters:
    ///   - value: The value in the base unit.
    ///   - current: The point's registers as they are now, as on the wire; needed where ``keepsNeighbours``.
    ///   - scaleFactorWord: The word of the point's scale-factor register; not looked at where it has none.
    /// - Returns: ``registerCount`` words as they go on the wire.
    /// - Throws: ``CodecProblem`` where the value is not finite, does not fit, or would read as a sentinel; where
    ///   the current register or a valid scale factor is missing; where the point is text.
    package func encode(
        _ value: Double,
        current: [UInt16]? = nil,
        scaleFactorWord: UInt16? = nil
    ) throws(CodecProblem) -> [UInt16] {
        if let mapProblem { throw mapProblem }
        guard layout.form.isNumeric else { throw CodecProblem(.textPoint, point: pointName) }
        guard value.isFinite else { throw CodecProblem(.notFinite(value), point: pointName) }
        guard let scaling = decoder.scaling(scaleFactorWord) else {
            let code = decoder.codes == nil ? nil : scaleFactorWord
            throw CodecProblem(code.map { .codeUnknown($0) } ?? .scaleFactorInvalid(scaleFactorWord), point: pointName)
        }
        guard decoder.powerFactor?.values.contains(value) ?? true else {
            throw CodecProblem(.doesNotFit(value, holds: range(scaling) ?? 0...0), point: pointName)
        }
        if layout.form == .combined { return try encodeParts(value, scaling, current: current) }
        guard let bits = layout.bits(scaling.invert(value)) else {
            throw CodecProblem(.doesNotFit(value, holds: range(scaling) ?? 0...0), point: pointName)
        }
        if let sentinel = sentinels.first(where: { $0.bits == bits }) {
            throw CodecProblem(.readsAsSentinel(value, sentinel.cause), point: pointName)
        }
        guard layout.sharesRegister else { return layout.words(bits, current: 0) }
        guard let current, current.count == 1 else { throw CodecProblem(.currentMissing, point: pointName) }
        return layout.words(bits, current: current[0])
    }

    private func encodeParts(_ value: Double, _ scaling: Scaling, current: [UInt16]?) throws(CodecProblem) -> [UInt16] {
        guard let bits = layout.combined.bits(scaling.invert(value)) else {
            throw CodecProblem(.doesNotFit(value, holds: range(scaling) ?? 0...0), point: pointName)
        }
        if let sentinel = sentinels.first(where: { bits.contains($0.bits) }) {
            throw CodecProblem(.readsAsSentinel(value, sentinel.cause), point: pointName)
        }
        return try put(bits, current: current)
    }

    /// The words of a sum's parts, between the registers that are not its own.
    private func put(_ bits: [UInt64], current: [UInt16]?) throws(CodecProblem) -> [UInt16] {
        var words = Array(repeating: UInt16(0), count: layout.registers)
        if keepsNeighbours {
            guard let current, current.count == words.count else {
                throw CodecProblem(.currentMissing, point: pointName)
            }
            words = current
        }
        layout.combined.put(
            bits,
            into: &words,
            isLowWordFirst: layout.isLowWordFirst,
            swapsBytes: layout.swapsBytes
        )
        return words
    }

    /// Whether the registers hold bits or words of other points too, which encoding keeps.
    package var keepsNeighbours: Bool {
        layout.sharesRegister || (layout.form == .combined && layout.combined.hasGaps(registers: layout.registers))
    }

    /// The words of the map's first sentinel with this cause; nil where the map has none.
    ///
    /// Where it ``keepsNeighbours`` `current` is the registers as they are now; they count as zero where not given. A
    /// sum has the pattern in each of its parts.
    package func encodeSentinel(_ cause: QualityCause, current: [UInt16]? = nil) -> [UInt16]? {
        guard layout.form.isNumeric else { return nil }
        if layout.form == .combined {
            guard let sentinel = sentinels.first(where: { $0.cause == cause }) else { return nil }
            let bits = Array(repeating: sentinel.bits, count: layout.combined.count)
            return try? put(bits, current: current ?? Array(repeating: 0, count: layout.registers))
        }
        return sentinels.first { $0.cause == cause }.map { layout.words($0.bits, current: current?.first ?? 0) }
    }

    /// The bits of the register, as on the wire, that belong to the point: 0xFFFF unless it is a bit or a half.
    ///
    /// A mask write (function 22) sends the complement of this as AND mask and, as OR mask, the value encoded
    /// into a `current` of 0.
    package var ownedBits: UInt16 { layout.ownedBits }
}
