// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Testing

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): the same seed gives the same states on every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Expects two numbers within an absolute tolerance; NaN fails.
func expectClose(
    _ actual: Double,
    _ expected: Double,
    _ tolerance: Double,
    _ comment: @autoclosure () -> Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let isClose = abs(actual - expected) <= tolerance
    #expect(isClose, "\(actual) against \(expected) ± \(tolerance)", sourceLocation: sourceLocation)
    if !isClose, let comment = comment() { Issue.record(comment, sourceLocation: sourceLocation) }
}
