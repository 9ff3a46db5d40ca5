// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Where the parts of a value stand that is the sum of several whole numbers, the largest factor first.
///
/// Plain bytes, as all of a decoder is; a value that is one number has no parts.
struct CombinedLayout: Sendable {
    struct Part: Sendable {
        /// Registers from the value's first one.
        let offset: UInt8
        /// 1 or 2.
        let registers: UInt8
        let isSigned: Bool
        /// A whole number.
        let factor: Double

        /// The whole numbers that its registers hold.
        var range: ClosedRange<Double> {
            let top = registers == 1 ? 65_536.0 : 4_294_967_296.0
            return isSigned ? -top / 2...top / 2 - 1 : 0...top - 1
        }

        fileprivate static let none = Part(offset: 0, registers: 1, isSigned: false, factor: 1)
    }

    private let parts: [4 of Part]
    let count: Int

    /// How many parts a value may have.
    static let maximumParts = 4
    /// How far apart the first and the last register may stand, so that one read brings them all.
    static let maximumRegisters = 64
    /// The largest factor; sums stay whole numbers that a `Double` tells apart up to 2^53.
    static let maximumFactor = 1_000_000_000_000_000

    /// No parts.
    static let none = CombinedLayout()

    private init() {
        parts = InlineArray { _ in .none }
        count = 0
    }

    /// The layout of these parts; nil where there are too few or too many, or one is no integer of 16 or 32 bits.
    init?(_ given: [RegisterPart]) {
        guard (2...Self.maximumParts).contains(given.count) else { return nil }
        var parts: [Part] = []
        for part in given.sorted(by: { ($0.factor, $1.offset) > ($1.factor, $0.offset) }) {
            guard (0..<Self.maximumRegisters).contains(part.offset), (1...Self.maximumFactor).contains(part.factor)
            else { return nil }
            let isSigned: Bool
            switch part.type {
            case .unsigned(16), .unsigned(32): isSigned = false
            case .signed(16), .signed(32): isSigned = true
            default: return nil
            }
            parts.append(
                Part(
                    offset: UInt8(part.offset),
                    registers: UInt8(part.type.registerCount),
                    isSigned: isSigned,
                    factor: Double(part.factor)
                )
            )
        }
        self.parts = InlineArray { $0 < parts.count ? parts[$0] : .none }
        count = parts.count
    }

    subscript(_ position: Int) -> Part { parts[position] }

    /// How many bits the narrowest part has.
    var width: Int { (0..<count).contains { parts[$0].registers == 1 } ? 16 : 32 }

    /// The smallest factor: the step of the sum.
    var step: Double { parts[count - 1].factor }

    /// The lowest and the highest sum.
    var range: ClosedRange<Double> {
        var (lowest, highest) = (0.0, 0.0)
        for position in 0..<count {
            lowest += parts[position].range.lowerBound * parts[position].factor
            highest += parts[position].range.upperBound * parts[position].factor
        }
        return lowest...highest
    }

    /// The raw bits of a part.
    func bits(_ position: Int, _ words: Span<UInt16>, isLowWordFirst: Bool, swapsBytes: Bool) -> UInt64 {
        let part = parts[position]
        var bits: UInt64 = 0
        for register in 0..<Int(part.registers) {
            let word = words[Int(part.offset) + (isLowWordFirst ? Int(part.registers) - 1 - register : register)]
            bits = bits << 16 | UInt64(swapsBytes ? word.byteSwapped : word)
        }
        return bits
    }

    /// What a part with these bits adds to the sum.
    func share(_ position: Int, _ bits: UInt64) -> Double {
        let part = parts[position]
        guard part.isSigned else { return Double(bits) * part.factor }
        let unused = UInt64(64 - 16 * Int(part.registers))
        return Double(Int64(bitPattern: bits << unused) >> Int64(unused)) * part.factor
    }

    /// The bits of every part that together give a sum, as much as possible in those of the larger factors; nil where
    /// it does not fit.
    func bits(_ sum: Double) -> [UInt64]? {
        var rest = sum
        var result: [UInt64] = []
        for position in 0..<count {
            let part = parts[position]
            let isLast = position == count - 1
            let share = (rest / part.factor).rounded(isLast ? .toNearestOrAwayFromZero : .down)
            let digit = min(max(share, part.range.lowerBound), part.range.upperBound)
            guard let whole = Int64(exactly: digit), !isLast || digit == share else { return nil }
            rest -= digit * part.factor
            result.append(UInt64(bitPattern: whole) & (UInt64.max >> UInt64(64 - 16 * Int(part.registers))))
        }
        return result
    }

    /// Puts the bits of every part into the words of the value.
    func put(_ bits: [UInt64], into words: inout [UInt16], isLowWordFirst: Bool, swapsBytes: Bool) {
        for (position, bits) in bits.enumerated() {
            let part = parts[position]
            for register in 0..<Int(part.registers) {
                let fromLow = isLowWordFirst ? register : Int(part.registers) - 1 - register
                let word = UInt16(truncatingIfNeeded: bits >> UInt64(16 * fromLow))
                words[Int(part.offset) + register] = swapsBytes ? word.byteSwapped : word
            }
        }
    }

    /// Whether registers between the parts belong to other points.
    func hasGaps(registers: Int) -> Bool {
        (0..<count).reduce(0) { $0 + Int(parts[$1].registers) } < registers
    }
}
