// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What a meter's register can do: how fast it counts, where it rolls over, how fine it is.
///
/// Counts are whole joules, or whole millilitres for water, so that differences add up without rounding.
struct RegisterLimits: Sendable {
    /// Rated rate in counts per second.
    let ratedCountsPerSecond: Double
    /// The count at which the register starts again from zero; nil where it never does.
    let rollover: Int64?
    /// The step of the register in counts; 0 where it is not fixed.
    let resolution: Double
    /// The step of a floating point register as a fraction of its value; 0 for integers.
    let relativeResolution: Double
    /// Whether a scale-factor register multiplies step and rollover by a power of ten that is not known here.
    let isScaled: Bool
    /// How much later than its value a sample may be stamped, in plant milliseconds.
    let stampMilliseconds: Int64

    /// What a step may exceed the rated rate by before it is not believed.
    ///
    /// Ratings are nominal and meters sit in overload for short times.
    static let tolerance = 1.2

    /// The step of the register where it now stands, in counts.
    func resolution(at count: Int64) -> Double { max(resolution, relativeResolution * Double(count)) }

    /// The count at which a register that stands at `count` starts again.
    ///
    /// Of a scaled one the lowest that lies above: close to its end no other power of ten fits, and away from it a
    /// fall to there is more than the rating allows.
    func rollover(above count: Int64) -> Int64? {
        guard isScaled, var end = rollover else { return rollover }
        while end / 10 > count, end >= 10 { end /= 10 }
        while end <= count, end < 400_000_000_000_000_000 { end *= 10 }
        return end > count ? end : nil
    }

    /// The step that a register standing at `count` may have: of a scaled one, as many decimals as it ends in zeros.
    private func step(at count: Int64) -> Double {
        let fixed = resolution(at: count)
        guard isScaled, count > 0, resolution >= 1 else { return fixed }
        var step = Int64(resolution)
        while count.isMultiple(of: step), step < 400_000_000_000_000_000 { step *= 10 }
        return max(fixed, Double(step) / 10)
    }

    /// The largest step from a count that can be true, in counts.
    ///
    /// Two steps of the register are added, because a coarse register shows in one read what was used over several.
    func largestStep(from count: Int64, overMilliseconds: Int64) -> Int64 {
        let step =
            Self.tolerance * ratedCountsPerSecond * Double(overMilliseconds) / 1_000 + 2 * step(at: count)
        return step < 4e18 ? Int64(step.rounded(.up)) : 4_000_000_000_000_000_000
    }
}
