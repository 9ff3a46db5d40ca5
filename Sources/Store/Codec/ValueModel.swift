// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// How the values of one series come about, so that they can be kept as small whole numbers.
///
/// A register holds an integer or a 32-bit float, and the device map turns it into the base unit. The store undoes
/// that arithmetic, keeps the difference of the register's numbers from one cycle to the next, and repeats the
/// arithmetic when it reads. A value is kept so only if that gives back the same 64 bits; any other value is kept
/// as its bits. So a model is never wrong, only more or less of a saving.
enum ValueModel: Hashable, Sendable {
    /// Nothing is known: values are kept as their bits.
    case bits
    /// The bits are a whole number as it stands: a meter's total.
    case whole
    /// An integer register behind a straight line.
    case steps(RegisterLine)
    /// A 32-bit float register behind a straight line.
    case singles(RegisterLine)

    /// The model that follows from a device map's point.
    init(_ point: MapPoint) {
        let line = RegisterLine(point)
        guard point.powerFactor == nil else {
            self = .bits
            return
        }
        switch point.type {
        case .bool, .bit, .bits, .uint8, .int8, .unsigned, .signed, .binaryCodedDecimal, .moduloTenThousand, .combined:
            self = .steps(line)
        case .float(let bits): self = bits <= 32 ? .singles(line) : .bits
        case .string, .characters, .version: self = .bits
        }
    }

    /// The whole number that stands for a value, or nil where none gives back exactly these bits.
    func code(_ bits: UInt64) -> Int64? {
        switch self {
        case .bits: return nil
        case .whole: return Int64(bitPattern: bits)
        case .steps(let line):
            let register = line.register(Double(bitPattern: bits)).rounded()
            guard abs(register) <= RegisterLine.largestRegister else { return nil }
            return line.value(register).bitPattern == bits ? Int64(register) : nil
        case .singles(let line):
            let register = Float(line.register(Double(bitPattern: bits)))
            guard register.isFinite, line.value(Double(register)).bitPattern == bits else { return nil }
            return Int64(Int32(bitPattern: register.bitPattern))
        }
    }

    /// The bits that a whole number from ``code(_:)`` stands for.
    func bits(_ code: Int64) -> UInt64 {
        switch self {
        case .bits, .whole: UInt64(bitPattern: code)
        case .steps(let line): line.value(Double(code)).bitPattern
        case .singles(let line):
            line.value(Double(Float(bitPattern: UInt32(bitPattern: Int32(truncatingIfNeeded: code))))).bitPattern
        }
    }
}

/// The arithmetic of a device map in one step: `value = (register * multiplier + addend) / divisor`.
///
/// With whole numbers for all three the one division rounds correctly, and so does the register codec's; both then give
/// the same bits, whichever way they came to their numbers.
struct RegisterLine: Hashable, Sendable {
    /// Whole numbers up to here are exact in a 64-bit float: 2 to the power of 53.
    static let largestRegister = 9_007_199_254_740_992.0

    /// What the register is multiplied with.
    let multiplier: Double
    /// What is then added, in base units times ``divisor``; -0 for nothing, which keeps the sign of -0.
    let addend: Double
    /// What the sum is divided by, not 0.
    let divisor: Double

    init(multiplier: Double, addend: Double, divisor: Double) {
        self.multiplier = multiplier
        self.addend = addend
        self.divisor = divisor
    }

    /// The line of a map's point; for one with a scale-factor register, of its hundredths.
    init(_ point: MapPoint) {
        let gain = point.scale * point.unit.factor
        let sum = point.offset * point.unit.factor + point.unit.offset
        let powers = (0...9).reduce(into: [1.0]) { powers, _ in powers.append((powers.last ?? 1) * 10) }
        // Decimals, ninths of degrees Fahrenheit, and what is one part of something: litres per minute.
        let inverse = (1 / gain).rounded()
        let divisors = powers + powers.prefix(4).map { $0 * 9 } + (inverse.isFinite ? [abs(inverse)] : [])
        func isWhole(_ number: Double) -> Bool {
            let nearest = number.rounded()
            return abs(nearest) <= Self.largestRegister && abs(number - nearest) <= 1e-12 * max(1, abs(nearest))
        }
        let found = divisors.first { $0 > 0 && (gain * $0).rounded() != 0 && isWhole(gain * $0) && isWhole(sum * $0) }
        let divisor = found ?? 1
        let addend = found == nil ? sum : (sum * divisor).rounded()
        multiplier = found == nil ? gain : (gain * divisor).rounded()
        let refinement = point.scaleFactorAddress == nil ? 1.0 : 100
        self.addend = addend == 0 ? -0.0 : addend * refinement
        self.divisor = divisor * refinement
    }

    func value(_ register: Double) -> Double { (register * multiplier + addend) / divisor }

    /// The register behind a value, up to rounding; not finite where there is none.
    func register(_ value: Double) -> Double { (value * divisor - addend) / multiplier }
}

extension ValueModel {
    /// Writes the model: a byte for the kind, then the line's three numbers where it has one.
    func write(to writer: inout ByteWriter) {
        func write(_ kind: UInt8, _ line: RegisterLine) {
            writer.append(byte: kind)
            for number in [line.multiplier, line.addend, line.divisor] {
                writer.append(fixed: number.bitPattern)
            }
        }
        switch self {
        case .bits: writer.append(byte: 0)
        case .whole: writer.append(byte: 1)
        case .steps(let line): write(2, line)
        case .singles(let line): write(3, line)
        }
    }

    init(from reader: inout ByteReader) throws(CodecError) {
        let kind = try reader.byte()
        switch kind {
        case 0: self = .bits
        case 1: self = .whole
        case 2, 3:
            var numbers: [Double] = []
            for _ in 0..<3 { numbers.append(Double(bitPattern: try reader.fixed())) }
            let line = RegisterLine(multiplier: numbers[0], addend: numbers[1], divisor: numbers[2])
            self = kind == 2 ? .steps(line) : .singles(line)
        default: throw CodecError(detail: "value model \(kind) is not known to this release")
        }
    }
}
