// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Between the bits of a raw number and the number.
extension RegisterLayout {
    /// The number these bits mean; nil where they hold a digit that is none.
    @inline(__always)
    func number(_ bits: UInt64) -> Double? {
        switch form {
        case .unsigned: return Double(bits)
        case .signed:
            let unused = UInt64(64 - width)
            return Double(Int64(bitPattern: bits << unused) >> Int64(unused))
        case .float16: return Double(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))
        case .float32: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case .float64: return Double(bitPattern: bits)
        case .binaryCodedDecimal: return digits(bits, groupBits: 4, base: 10).map { Double($0) }
        case .moduloTenThousand: return digits(bits, groupBits: 16, base: 10_000).map { Double($0) }
        case .combined, .text, .unusable: return nil
        }
    }

    /// The bits that mean the number nearest to this one; nil where it does not fit.
    func bits(_ number: Double) -> UInt64? {
        switch form {
        case .unsigned:
            guard let integer = UInt64(exactly: number.rounded()), integer <= mask else { return nil }
            return integer
        case .signed:
            let limit: Int64 = .max >> Int64(64 - width)
            guard let integer = Int64(exactly: number.rounded()), (~limit...limit).contains(integer) else { return nil }
            return UInt64(bitPattern: integer) & mask
        case .float16:
            let half = Float16(number)
            return half.isFinite ? UInt64(half.bitPattern) : nil
        case .float32:
            let single = Float(number)
            return single.isFinite ? UInt64(single.bitPattern) : nil
        case .float64: return number.isFinite ? number.bitPattern : nil
        case .binaryCodedDecimal: return groups(number, groupBits: 4, base: 10)
        case .moduloTenThousand: return groups(number, groupBits: 16, base: 10_000)
        case .combined, .text, .unusable: return nil
        }
    }

    /// The distance from a number to the next one that the registers can hold.
    func step(near number: Double) -> Double {
        switch form {
        case .unsigned, .signed, .binaryCodedDecimal, .moduloTenThousand: 1
        case .float16: Double(Float16(number).ulp)
        case .float32: Double(Float(number).ulp)
        case .float64: number.ulp
        case .combined: combined.step
        case .text, .unusable: .nan
        }
    }

    /// The lowest and highest number that the registers can hold; nil for text.
    var numberRange: ClosedRange<Double>? {
        switch form {
        case .unsigned: 0...Double(mask)
        case .signed: -Double(UInt64(1) << UInt64(width - 1))...Double(mask >> 1)
        case .float16: -Double(Float16.greatestFiniteMagnitude)...Double(Float16.greatestFiniteMagnitude)
        case .float32: -Double(Float.greatestFiniteMagnitude)...Double(Float.greatestFiniteMagnitude)
        case .float64: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
        case .binaryCodedDecimal, .moduloTenThousand: 0...Double(decimalCapacity - 1)
        case .combined: combined.range
        case .text, .unusable: nil
        }
    }

    /// The first number that four decimal digits a register cannot hold.
    private var decimalCapacity: UInt64 { (0..<registers).reduce(1) { product, _ in product * 10_000 } }

    /// Reads digits of a base from equal groups of bits, most significant first; nil where one is not a digit.
    @inline(__always)
    private func digits(_ bits: UInt64, groupBits: Int, base: UInt64) -> UInt64? {
        let group: UInt64 = (1 << UInt64(groupBits)) - 1
        var number: UInt64 = 0
        var position = width - groupBits
        while position >= 0 {
            let digit = (bits >> UInt64(position)) & group
            guard digit < base else { return nil }
            number = number * base + digit
            position -= groupBits
        }
        return number
    }

    /// Writes a number as digits of a base into equal groups of bits; nil where it has too many or is negative.
    private func groups(_ number: Double, groupBits: Int, base: UInt64) -> UInt64? {
        guard var rest = UInt64(exactly: number.rounded()), rest < decimalCapacity else { return nil }
        var bits: UInt64 = 0
        for position in stride(from: 0, to: width, by: groupBits) {
            bits |= (rest % base) << UInt64(position)
            rest /= base
        }
        return bits
    }
}
