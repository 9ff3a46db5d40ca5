// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A transform whose three numbers are whole: `(raw * multiplier + addend) / divisor`.
struct ExactTransform: Hashable, Sendable {
    let multiplier: Int
    let addend: Int
    let divisor: Int

    /// Joins scale, offset and unit; nil where one is no short fraction or a product leaves the whole `Double`s.
    init?(scale: Double, offset: Double, unit: SourceUnit) {
        guard let scale = ExactFraction(scale), let offset = ExactFraction(offset),
            let factor = ExactFraction(unit.factor), let unitOffset = ExactFraction(unit.offset),
            let gain = scale.times(factor),
            let sum = offset.times(factor)?.plus(unitOffset),
            let common = ExactFraction.leastCommonMultiple(gain.denominator, sum.denominator),
            let multiplier = ExactFraction.product(gain.numerator, common / gain.denominator),
            let addend = ExactFraction.product(sum.numerator, common / sum.denominator)
        else { return nil }
        self.multiplier = multiplier
        self.addend = addend
        divisor = common
    }
}

/// A ratio of two whole numbers that `Double` holds exactly, in lowest terms.
struct ExactFraction: Hashable, Sendable {
    let numerator: Int
    /// At least 1.
    let denominator: Int

    /// Whole numbers up to here are exact in a `Double`.
    private static let limit = 1 << 53

    private init(numerator: Int, denominator: Int) {
        let divisor = Self.greatestCommonDivisor(numerator.magnitude, denominator.magnitude)
        self.numerator = numerator / divisor
        self.denominator = denominator / divisor
    }

    /// The simplest fraction whose quotient is this very `Double`, by continued fraction; nil where none is short.
    init?(_ value: Double) {
        guard value.isFinite else { return nil }
        let bound = Double(Self.limit)
        let magnitude = abs(value)
        var (previous, current) = ((top: 0.0, bottom: 1.0), (top: 1.0, bottom: 0.0))
        var rest = magnitude
        while true {
            let whole = rest.rounded(.down)
            let next = (
                top: whole * current.top + previous.top, bottom: whole * current.bottom + previous.bottom
            )
            guard next.top <= bound, next.bottom <= bound else { return nil }
            if next.top / next.bottom == magnitude {
                self.init(numerator: Int(value < 0 ? -next.top : next.top), denominator: Int(next.bottom))
                return
            }
            guard rest > whole else { return nil }
            (previous, current) = (current, next)
            rest = 1 / (rest - whole)
        }
    }

    func times(_ other: Self) -> Self? {
        // Crosswise reduction first keeps the products small.
        let left = Self(numerator: numerator, denominator: other.denominator)
        let right = Self(numerator: other.numerator, denominator: denominator)
        guard let top = Self.product(left.numerator, right.numerator),
            let bottom = Self.product(left.denominator, right.denominator)
        else { return nil }
        return Self(numerator: top, denominator: bottom)
    }

    func plus(_ other: Self) -> Self? {
        guard let common = Self.leastCommonMultiple(denominator, other.denominator),
            let left = Self.product(numerator, common / denominator),
            let right = Self.product(other.numerator, common / other.denominator),
            abs(left + right) <= Self.limit
        else { return nil }
        return Self(numerator: left + right, denominator: common)
    }

    /// The product, or nil where a `Double` may not hold it exactly.
    static func product(_ left: Int, _ right: Int) -> Int? {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow || product.magnitude > limit.magnitude ? nil : product
    }

    static func leastCommonMultiple(_ left: Int, _ right: Int) -> Int? {
        product(left / greatestCommonDivisor(left.magnitude, right.magnitude), right)
    }

    private static func greatestCommonDivisor(_ left: UInt, _ right: UInt) -> Int {
        var (larger, smaller) = (left, right)
        while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
        return Int(larger)
    }
}
