// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Seeded random numbers for jitter and first transaction ids: the same seed gives the same run.
///
/// SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number of nanoseconds drawn evenly between half of `nanoseconds` and all of it.
    mutating func jittered(_ nanoseconds: Int64) -> Int64 {
        guard nanoseconds > 1 else { return max(0, nanoseconds) }
        let half = nanoseconds / 2
        return half + Int64(next() % UInt64(nanoseconds - half + 1))
    }
}
