// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// How a point's raw number lies in its registers: order of words and bytes, width, place, coding.
///
/// A coil, a bit and an 8-bit half are integers narrower than their register, so they need no case of their own.
struct RegisterLayout: Sendable {
    enum Form: UInt8, Sendable {
        case unsigned
        case signed
        case float16
        case float32
        case float64
        case binaryCodedDecimal
        case moduloTenThousand
        /// The sum of ``RegisterLayout/combined``.
        case combined
        case text
        case unusable

        @inline(__always)
        var isNumeric: Bool { self != .text && self != .unusable }
    }

    let form: Form
    /// How many registers the value takes.
    let registers: Int
    /// How many bits the raw number has, 1...64; of the narrowest part of a sum; 0 for text.
    let width: Int
    /// Where the raw number's lowest bit stands in the assembled registers.
    let shift: Int
    /// Whether the register's other bits belong to other points.
    let sharesRegister: Bool
    let isLowWordFirst: Bool
    let swapsBytes: Bool
    /// The parts of a sum.
    let combined: CombinedLayout
    /// How text lies in its registers.
    let packing: TextPacking

    /// The layout of a type, or nil where there is no such type: 20 bits, bit 16, five registers of decimals.
    init?(_ type: RegisterType, wordOrder: WordOrder, byteOrder: ByteOrder) {
        let parts: (form: Form, width: Int, shift: Int, shares: Bool)
        var combined = CombinedLayout.none
        switch type {
        case .bool: parts = (.unsigned, 1, 0, false)
        case .bit(let position) where (0...15).contains(position): parts = (.unsigned, 1, position, true)
        case .bits(let low, let high) where 0 <= low && low < high && high <= 15:
            parts = (.unsigned, high - low + 1, low, true)
        case .uint8(let half): parts = (.unsigned, 8, half == .high ? 8 : 0, true)
        case .int8(let half): parts = (.signed, 8, half == .high ? 8 : 0, true)
        case .unsigned(let bits) where Self.integerWidths.contains(bits): parts = (.unsigned, bits, 0, false)
        case .signed(let bits) where Self.integerWidths.contains(bits): parts = (.signed, bits, 0, false)
        case .float(bits: 16): parts = (.float16, 16, 0, false)
        case .float(bits: 32): parts = (.float32, 32, 0, false)
        case .float(bits: 64): parts = (.float64, 64, 0, false)
        case .binaryCodedDecimal(let registers) where (1...4).contains(registers):
            parts = (.binaryCodedDecimal, registers * 16, 0, false)
        case .moduloTenThousand(let registers) where (1...4).contains(registers):
            parts = (.moduloTenThousand, registers * 16, 0, false)
        case .string(let registers) where (1...125).contains(registers): parts = (.text, 0, 0, false)
        case .characters(let registers, _) where (1...125).contains(registers): parts = (.text, 0, 0, false)
        case .version(let widths) where TextPacking.canHold(widths): parts = (.text, 0, 0, false)
        case .combined(let given):
            guard let layout = CombinedLayout(given) else { return nil }
            combined = layout
            parts = (.combined, layout.width, 0, false)
        case .bit, .bits, .unsigned, .signed, .float, .binaryCodedDecimal, .moduloTenThousand, .string, .characters,
            .version:
            return nil
        }
        form = parts.form
        width = parts.width
        shift = parts.shift
        sharesRegister = parts.shares
        registers = type.registerCount
        isLowWordFirst = wordOrder == .lowFirst
        swapsBytes = byteOrder == .lowFirst
        self.combined = combined
        packing = TextPacking(type)
    }

    /// The layout of a point whose type does not exist.
    static func unusable(registers: Int) -> RegisterLayout { RegisterLayout(unusableRegisters: registers) }

    private init(unusableRegisters: Int) {
        form = .unusable
        registers = unusableRegisters
        width = 0
        shift = 0
        sharesRegister = false
        isLowWordFirst = false
        swapsBytes = false
        combined = .none
        packing = .pairs
    }

    private static let integerWidths = [16, 24, 32, 48, 64]

    // MARK: Words and bits

    /// The registers as one number, most significant word first, bytes in the standard's order.
    @inline(__always)
    func assemble(_ words: Span<UInt16>) -> UInt64 {
        var assembled: UInt64 = 0
        for position in 0..<registers {
            let word = words[isLowWordFirst ? registers - 1 - position : position]
            assembled = assembled << 16 | UInt64(swapsBytes ? word.byteSwapped : word)
        }
        return assembled
    }

    /// The raw number's own bits.
    @inline(__always)
    func extract(_ assembled: UInt64) -> UInt64 { (assembled >> UInt64(shift)) & mask }

    /// As many ones as the raw number has bits.
    @inline(__always)
    var mask: UInt64 { width == 64 ? .max : (1 << UInt64(width)) - 1 }

    /// Whether the bits above the raw number hold nothing but zeros or, for a signed one, its sign.
    @inline(__always)
    func sparesAreClear(_ assembled: UInt64, _ bits: UInt64) -> Bool {
        if sharesRegister || width == registers * 16 { return true }
        let spare = assembled >> UInt64(width)
        return spare == 0 || (form == .signed && spare == signExtension(bits))
    }

    /// What fills the registers above a raw number narrower than they are.
    private func signExtension(_ bits: UInt64) -> UInt64 {
        guard form == .signed, bits >> UInt64(width - 1) == 1 else { return 0 }
        return (1 << UInt64(registers * 16 - width)) - 1
    }

    /// The words that hold these bits; `current` is the register as it is, for layouts that share it.
    func words(_ bits: UInt64, current: UInt16) -> [UInt16] {
        let assembled: UInt64
        if sharesRegister {
            let now = UInt64(swapsBytes ? current.byteSwapped : current)
            assembled = now & ~(mask << UInt64(shift)) | bits << UInt64(shift)
        } else {
            assembled = width == 64 ? bits : bits | signExtension(bits) << UInt64(width)
        }
        return words(assembled, of: registers)
    }

    /// The words of a number that fills so many registers.
    func words(_ assembled: UInt64, of registers: Int) -> [UInt16] {
        (0..<registers).map { position in
            let fromLow = isLowWordFirst ? position : registers - 1 - position
            let word = UInt16(truncatingIfNeeded: assembled >> UInt64(16 * fromLow))
            return swapsBytes ? word.byteSwapped : word
        }
    }

    /// The bits of the register, as on the wire, that belong to the point.
    var ownedBits: UInt16 {
        guard sharesRegister else { return .max }
        let owned = UInt16(truncatingIfNeeded: mask << UInt64(shift))
        return swapsBytes ? owned.byteSwapped : owned
    }
}
