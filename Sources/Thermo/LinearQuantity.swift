// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A physical quantity that adds, subtracts and scales: everything but absolute temperature.
///
/// Conforming types hold one `Double` in the unit the field reads (watts, pascals, cubic metres per second)
/// and name the unit in their initialiser and accessor. There is no unlabelled initialiser on purpose.
package protocol LinearQuantity: Comparable, Hashable, Sendable, Codable {
    /// The magnitude in the type's own base unit, which its labelled accessor names.
    var baseMagnitude: Double { get }

    /// Makes the quantity from a magnitude in the type's own base unit.
    init(baseMagnitude: Double)
}

extension LinearQuantity {
    package static var zero: Self { Self(baseMagnitude: 0) }

    /// Whether the magnitude is neither infinite nor NaN.
    package var isFinite: Bool { baseMagnitude.isFinite }

    package static func < (left: Self, right: Self) -> Bool { left.baseMagnitude < right.baseMagnitude }

    package static func + (left: Self, right: Self) -> Self {
        Self(baseMagnitude: left.baseMagnitude + right.baseMagnitude)
    }

    package static func - (left: Self, right: Self) -> Self {
        Self(baseMagnitude: left.baseMagnitude - right.baseMagnitude)
    }

    package static prefix func - (quantity: Self) -> Self { Self(baseMagnitude: -quantity.baseMagnitude) }

    package static func * (left: Self, right: Double) -> Self { Self(baseMagnitude: left.baseMagnitude * right) }

    package static func * (left: Double, right: Self) -> Self { Self(baseMagnitude: left * right.baseMagnitude) }

    package static func / (left: Self, right: Double) -> Self { Self(baseMagnitude: left.baseMagnitude / right) }

    /// The dimensionless ratio of two quantities of one kind.
    package static func / (left: Self, right: Self) -> Double { left.baseMagnitude / right.baseMagnitude }

    package static func += (left: inout Self, right: Self) { left = left + right }

    package static func -= (left: inout Self, right: Self) { left = left - right }

    /// The quantity moved into `range` where it lies outside; NaN stays NaN.
    package func clamped(to range: ClosedRange<Self>) -> Self {
        // Not by min and max: with `<` alone they would turn NaN into the lower bound, a plausible number.
        if self < range.lowerBound { return range.lowerBound }
        return range.upperBound < self ? range.upperBound : self
    }

    package init(from decoder: any Decoder) throws {
        self.init(baseMagnitude: try decoder.singleValueContainer().decode(Double.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(baseMagnitude)
    }
}
