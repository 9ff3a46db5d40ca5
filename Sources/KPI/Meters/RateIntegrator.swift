// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What is remembered of a rate between two reads.
package struct RateState: Hashable, Sendable, Codable {
    /// Plant time of the last good sample; nil before the first.
    package var time: Timestamp?
    /// The rate then, in joules or millilitres per second.
    package var rate = 0.0
    /// The part of a count that is not yet in the total, 0..<1.
    package var remainder = 0.0
    /// Whether the last sample was not believed.
    package var isImplausible = false
}

/// Integrates power or flow where a meter has no register.
///
/// The trapezoidal rule between two good samples no further apart than the largest gap; a value is never carried
/// across a longer one. Negative rates count as zero: a total is of what comes in.
struct RateIntegrator: Sendable {
    /// The longest time between two samples that is integrated over, in milliseconds.
    let maximumGap: Int64
    var state = RateState()

    init(maximumGap: Int64) { self.maximumGap = maximumGap }

    /// What a sample adds to the total.
    enum Outcome: Equatable {
        case began
        /// So many counts since the sample before.
        case counted(Int64)
        /// The time since the sample before is not known.
        case gap
    }

    /// Takes the next good sample, later than the one before; its rate is in joules or millilitres per second.
    mutating func accept(rate: Double, at time: Timestamp) -> Outcome {
        let positive = max(0, rate)
        defer {
            state.time = time
            state.rate = positive
        }
        guard let last = state.time else { return .began }
        let elapsed = time.milliseconds - last.milliseconds
        guard elapsed <= maximumGap else { return .gap }
        let counts = state.remainder + (state.rate + positive) / 2 * Double(elapsed) / 1_000
        let whole = counts.rounded(.down)
        state.remainder = counts - whole
        return .counted(Int64(whole))
    }
}
