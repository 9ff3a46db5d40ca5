// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The functions of the C mathematics library that the pure modules use.
///
/// The only file of the pure modules that imports a C library, so the choice between glibc and musl is made once.
/// Results of two libraries, or of two versions of one, may differ in the last bit: reference traces are compared
/// with a tolerance, logic exactly.
package enum Libm {
    /// e to the power of `x`.
    package static func exp(_ x: Double) -> Double { exponential(x) }

    /// `exp(x) - 1` without cancellation near zero.
    package static func expm1(_ x: Double) -> Double { exponentialMinusOne(x) }

    /// The natural logarithm: NaN below zero, minus infinity at zero.
    package static func log(_ x: Double) -> Double { naturalLogarithm(x) }

    /// `log(1 + x)` without cancellation near zero.
    package static func log1p(_ x: Double) -> Double { naturalLogarithmOfOnePlus(x) }

    /// The logarithm to base ten.
    package static func log10(_ x: Double) -> Double { decimalLogarithm(x) }

    /// `base` to the power of `exponent`: NaN for a negative base with an exponent that is no integer.
    package static func pow(_ base: Double, _ exponent: Double) -> Double { power(base, exponent) }

    /// The square root: NaN below zero.
    package static func sqrt(_ x: Double) -> Double { x.squareRoot() }

    /// The hyperbolic tangent.
    package static func tanh(_ x: Double) -> Double { hyperbolicTangent(x) }

    /// The sine of an angle in radians.
    package static func sin(_ x: Double) -> Double { sine(x) }

    /// The cosine of an angle in radians.
    package static func cos(_ x: Double) -> Double { cosine(x) }

    /// The angle in radians, -pi...pi, of the point (`x`, `y`).
    package static func atan2(_ y: Double, _ x: Double) -> Double { angle(y, x) }
}

// Inside the enum its own `exp` would hide the library's; these do not, whichever library was imported.
private func exponential(_ x: Double) -> Double { exp(x) }
private func exponentialMinusOne(_ x: Double) -> Double { expm1(x) }
private func naturalLogarithm(_ x: Double) -> Double { log(x) }
private func naturalLogarithmOfOnePlus(_ x: Double) -> Double { log1p(x) }
private func decimalLogarithm(_ x: Double) -> Double { log10(x) }
private func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
private func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
private func sine(_ x: Double) -> Double { sin(x) }
private func cosine(_ x: Double) -> Double { cos(x) }
private func angle(_ y: Double, _ x: Double) -> Double { atan2(y, x) }
