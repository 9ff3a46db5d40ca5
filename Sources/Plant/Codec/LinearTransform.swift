// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// From raw number to base unit in one step: `value = (raw * multiplier + addend) / divisor`.
///
/// Scale, offset and unit are written in decimals or as simple fractions, but 0.1 is no binary number: step by
/// step, 514 of a chiller that sends tenths of a degree above -45 becomes 6.399999999999999, and a total in
/// tenths of a kilowatt hour leaves the whole joules. So the factors are recognised as fractions and joined with
/// integers: that total is `raw * 360000`, that temperature `(raw - 450) / 10`. Numerator and divisor are then
/// exact, and the one division rounds to the nearest `Double`, which is the one a person would write down.
struct LinearTransform: Hashable, Sendable {
    /// What the raw number is multiplied with; a whole number where the factors are fractions.
    let multiplier: Double
    /// What is then added, in base units times ``divisor``; -0 for nothing, which unlike +0 keeps the sign of -0.
    let addend: Double
    /// What the sum is divided by; a whole number, a ratio of 1 where the factors are no fractions.
    let divisor: Double

    /// Joins what a map says: `(raw * scale + offset)` in the source unit, then to the base unit.
    init(scale: Double, offset: Double, unit: SourceUnit) {
        if let exact = ExactTransform(scale: scale, offset: offset, unit: unit) {
            multiplier = Double(exact.multiplier)
            addend = exact.addend == 0 ? -0.0 : Double(exact.addend)
            divisor = Double(exact.divisor)
        } else {
            let sum = offset * unit.factor + unit.offset
            multiplier = scale * unit.factor
            addend = sum == 0 ? -0.0 : sum
            divisor = 1
        }
    }

    /// Whether all three numbers are finite, so that the order of raw numbers is the order of values or its reverse.
    var isFinite: Bool { multiplier.isFinite && addend.isFinite && divisor.isFinite }

    /// Leaves a number as it is.
    static let identity = LinearTransform(multiplier: 1, addend: -0.0, divisor: 1)

    private init(multiplier: Double, addend: Double, divisor: Double) {
        self.multiplier = multiplier
        self.addend = addend
        self.divisor = divisor
    }

    @inline(__always)
    func apply(_ raw: Double) -> Double { (raw * multiplier + addend) / divisor }

    /// As ``apply(_:)``, with the raw number multiplied by a power of ten first.
    @inline(__always)
    func apply(_ raw: Double, exponent: Int) -> Double {
        let power = ScaleFactor.powerOfTen(abs(exponent))
        if exponent >= 0 { return (raw * power * multiplier + addend) / divisor }
        return (raw * multiplier + addend * power) / (divisor * power)
    }

    /// The raw number, not yet rounded, that gives a value.
    func invert(_ value: Double, exponent: Int) -> Double {
        let power = ScaleFactor.powerOfTen(abs(exponent))
        let enlarging = exponent < 0 ? power : 1
        let product = value * (divisor * enlarging)
        let numerator = addend == 0 ? product : product - addend * enlarging
        return numerator / (exponent > 0 ? multiplier * power : multiplier)
    }

    /// What a step of the raw number is in the base unit.
    func step(_ raw: Double, exponent: Int) -> Double {
        let power = ScaleFactor.powerOfTen(abs(exponent))
        return abs(exponent >= 0 ? raw * power * multiplier / divisor : raw * multiplier / (divisor * power))
    }
}

/// The power of ten in a SunSpec scale-factor register (SunSpec Information Model Specification, type sunssf).
enum ScaleFactor {
    /// The exponents the type allows; 0x8000 stands for "not implemented".
    static let exponents = -10...10

    /// The exponent that a word holds; nil where there is no word or it holds none.
    @inline(__always)
    static func exponent(_ word: UInt16?) -> Int? {
        guard let word else { return nil }
        let exponent = Int(Int16(bitPattern: word))
        return exponent >= -10 && exponent <= 10 ? exponent : nil
    }

    /// Ten to a power of 0...10, exactly.
    @inline(__always)
    static func powerOfTen(_ exponent: Int) -> Double {
        switch exponent {
        case 0: 1
        case 1: 10
        case 2: 100
        case 3: 1_000
        case 4: 10_000
        case 5: 100_000
        case 6: 1_000_000
        case 7: 10_000_000
        case 8: 100_000_000
        case 9: 1_000_000_000
        default: 10_000_000_000
        }
    }
}
