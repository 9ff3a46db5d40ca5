// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The value of a simple point without looking at its sentinels, spare bits and limits one by one.
///
/// All of those are folded into one range of values, worked out beforehand, in which none of them can lie: a value
/// in the range is good. One outside it may be good as well, for example beyond a sentinel, and is left to
/// ``RegisterDecoder``; so is every point that is not simple.
struct ShortWay: Hashable, Sendable {
    private enum Form: UInt8, Sendable {
        /// There is no short way.
        case none
        /// An unsigned integer in one register: all of it, a half or a bit.
        case field
        case signed16
        case unsigned32
        case signed32
        case float32
    }

    private let transform: LinearTransform
    /// The ends of the range, in the base unit.
    private let lowest: Double
    private let highest: Double
    private let form: Form
    private let shift: UInt8
    private let mask: UInt16
    /// Which register of two is the more significant one, 0 or 1; with one register, 0 as the other is.
    private let high: UInt8
    private let low: UInt8

    init(_ decoder: RegisterDecoder) {
        let layout = decoder.layout
        let form = Self.form(of: decoder)
        if form != .none, let range = Self.undoubtedRange(decoder) {
            self.form = form
            transform = decoder.transform
            lowest = range.lowerBound
            highest = range.upperBound
        } else {
            // The same for all such points, which therefore share it.
            self.form = .none
            transform = .identity
            lowest = 0
            highest = 0
        }
        shift = self.form == .field ? UInt8(layout.shift) : 0
        // The bits beside a coil are looked at too: they must be clear.
        mask = self.form == .field && layout.sharesRegister ? UInt16(truncatingIfNeeded: layout.mask) : .max
        let isPair = self.form != .none && layout.registers == 2
        high = isPair && layout.isLowWordFirst ? 1 : 0
        low = isPair && !layout.isLowWordFirst ? 1 : 0
    }

    /// The number in the words from `start` on, scaled to the base unit.
    ///
    /// Means nothing unless ``settles(_:)`` says so.
    @inline(__always)
    func value(_ words: Span<UInt16>, at start: Int) -> Double {
        switch form {
        case .none: return .nan
        case .field: return transform.apply(Double((words[start] &>> UInt16(shift)) & mask))
        case .signed16: return transform.apply(Double(Int16(bitPattern: words[start])))
        case .unsigned32: return transform.apply(Double(pair(words, at: start)))
        case .signed32: return transform.apply(Double(Int32(bitPattern: pair(words, at: start))))
        case .float32: return transform.apply(Double(Float(bitPattern: pair(words, at: start))))
        }
    }

    @inline(__always)
    private func pair(_ words: Span<UInt16>, at start: Int) -> UInt32 {
        UInt32(words[start + Int(high)]) << 16 | UInt32(words[start + Int(low)])
    }

    /// Whether a value is good without a further look.
    @inline(__always)
    func settles(_ value: Double) -> Bool { value >= lowest && value <= highest }

    private static func form(of decoder: RegisterDecoder) -> Form {
        let layout = decoder.layout
        guard !decoder.hasScaleFactor, !layout.swapsBytes, decoder.powerFactor == nil else { return .none }
        switch (layout.form, layout.width) {
        case (.unsigned, 1...16): return .field
        case (.signed, 16): return .signed16
        case (.unsigned, 32): return .unsigned32
        case (.signed, 32): return .signed32
        case (.float32, 32): return .float32
        default: return .none
        }
    }

    /// The values that no fault and no sentinel can have; nil where no such range is known.
    ///
    /// Scaling never turns the order of two numbers round, or of no two, so that beyond the ends there is nothing but
    /// faults. A sentinel is farther from zero than what is measured, or is zero and a measurement is more: what lies
    /// beyond it is given up.
    private static func undoubtedRange(_ decoder: RegisterDecoder) -> ClosedRange<Double>? {
        let layout = decoder.layout
        let transform = decoder.transform
        guard transform.isFinite, let numbers = layout.numberRange else { return nil }
        let ends = (transform.apply(numbers.lowerBound), transform.apply(numbers.upperBound))
        guard ends.0.isFinite, ends.1.isFinite else { return nil }
        var lowest = max(decoder.lowerLimit, min(ends.0, ends.1))
        var highest = min(decoder.upperLimit, max(ends.0, ends.1))
        // Where the number after the last legal one is rounded to the same value, the range does not tell them apart.
        let beyond = transform.apply(numbers.upperBound + 1)
        if layout.registers * 16 > layout.width, !layout.sharesRegister, beyond >= lowest, beyond <= highest {
            return nil
        }
        for bits in decoder.sentinelBits {
            guard let number = layout.number(bits) else { continue }
            let value = transform.apply(number)
            guard value >= lowest, value <= highest else { continue }
            if value > 0 { highest = value.nextDown } else { lowest = value.nextUp }
        }
        return lowest <= highest ? lowest...highest : nil
    }
}
