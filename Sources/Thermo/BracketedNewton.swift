// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Solves `f(x) = 0` for a rising function inside a bracket: Newton's steps, kept inside, with bisection behind them.
///
/// The psychrometric balances are smooth and nearly convex, so Newton ends after three to six steps; the bracket
/// makes the end certain where the function jumps (at the triple point) or is infinite (above the boiling point).
enum BracketedNewton {
    /// Steps by Newton before the solver only halves the bracket.
    private static let newtonSteps = 12
    /// Steps altogether: 12 by Newton and 60 halvings reach the last bit of any bracket.
    private static let steps = 72

    /// Finds the root of a rising function, or the end of the bracket that is nearest to it.
    ///
    /// - Parameters:
    ///   - lower: Where the search starts at the left.
    ///   - upper: Where the search ends at the right, not below `lower`.
    ///   - start: The first guess, inside the bracket.
    ///   - tolerance: The last step that counts as arrival, in the unit of `x`.
    ///   - function: Value and slope at `x`; the value may be infinite, and NaN makes the result NaN.
    /// - Returns: The root in the unit of `x`.
    static func root(
        lower: Double,
        upper: Double,
        start: Double,
        tolerance: Double,
        _ function: (Double) -> (value: Double, slope: Double)
    ) -> Double {
        var lower = lower
        var upper = upper
        var x = start
        for step in 0..<steps {
            let (value, slope) = function(x)
            if value.isNaN { return .nan }
            if value == 0 { return x }
            if value < 0 { lower = x } else { upper = x }
            var next = x - value / slope
            if next.isFinite && step < newtonSteps {
                next = min(max(next, lower), upper)
            } else {
                next = lower + (upper - lower) / 2
            }
            if abs(next - x) <= tolerance { return next }
            x = next
        }
        return x
    }
}
