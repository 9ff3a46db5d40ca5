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

    /// What a step may exceed the rated rate by before it is not believed.
    ///
    /// Ratings are nominal and meters sit in overload for short times.
    static let tolerance = 1.2

    /// The step of the register where it now stands, in counts.
    func resolution(at count: Int64) -> Double { max(resolution, relativeResolution * Double(count)) }

    /// The largest step from a count that can be true, in counts.
    ///
    /// Two steps of the register are added, because a coarse register shows in one read what was used over several.
    func largestStep(from count: Int64, overMilliseconds: Int64) -> Int64 {
        let step =
            Self.tolerance * ratedCountsPerSecond * Double(overMilliseconds) / 1_000 + 2 * resolution(at: count)
        return step < 4e18 ? Int64(step.rounded(.up)) : 4_000_000_000_000_000_000
    }
}
