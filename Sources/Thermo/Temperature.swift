// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// An absolute temperature, held in degrees Celsius as every register, screen and metric gives it.
///
/// Affine on purpose: two temperatures subtract to a ``TemperatureDifference``, and only a difference can be
/// added to a temperature. Adding two temperatures, or doubling one, does not compile.
package struct Temperature: Comparable, Hashable, Sendable, Codable {
    /// The temperature in degrees Celsius.
    package let celsius: Double

    package init(celsius: Double) { self.celsius = celsius }

    /// Makes a temperature from kelvins above absolute zero.
    package init(kelvins: Double) { celsius = kelvins - 273.15 }

    /// The thermodynamic temperature in kelvins.
    package var kelvins: Double { celsius + 273.15 }

    package var isFinite: Bool { celsius.isFinite }

    package static func < (left: Self, right: Self) -> Bool { left.celsius < right.celsius }

    package static func - (left: Self, right: Self) -> TemperatureDifference {
        TemperatureDifference(kelvins: left.celsius - right.celsius)
    }

    package static func + (left: Self, right: TemperatureDifference) -> Self {
        Self(celsius: left.celsius + right.kelvins)
    }

    package static func - (left: Self, right: TemperatureDifference) -> Self {
        Self(celsius: left.celsius - right.kelvins)
    }

    package static func += (left: inout Self, right: TemperatureDifference) { left = left + right }

    /// The temperature moved into `range` where it lies outside; NaN stays NaN.
    package func clamped(to range: ClosedRange<Self>) -> Self {
        if self < range.lowerBound { return range.lowerBound }
        return range.upperBound < self ? range.upperBound : self
    }

    package init(from decoder: any Decoder) throws {
        celsius = try decoder.singleValueContainer().decode(Double.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(celsius)
    }
}

/// A difference of two temperatures in kelvins: approach, range, lift, delta-T, dead band.
package struct TemperatureDifference: LinearQuantity {
    /// The difference in kelvins.
    package let kelvins: Double

    package init(kelvins: Double) { self.kelvins = kelvins }

    package var baseMagnitude: Double { kelvins }

    package init(baseMagnitude: Double) { kelvins = baseMagnitude }
}
