// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Holds each output value for a shortest time: true for `trueHold`, false for `falseHold`.
///
/// A change of the input passes at once when the present output has been held long enough, else at the first step at
/// which it has. The block starts false and with its hold not yet served. Exact for any dt.
///
/// - Source: Control Description Language, `Logical.TrueFalseHold`.
package struct TrueFalseHold: Hashable, Sendable, Codable {
    package private(set) var output: Bool
    /// How long the output has had its value.
    package private(set) var held: Duration = .zero

    package init(output: Bool = false) { self.output = output }

    /// Takes one sample; `dt` is the plant time since the sample before.
    @discardableResult
    package mutating func step(_ input: Bool, trueHold: Duration, falseHold: Duration, dt: Duration) -> Bool {
        held = min(held + max(dt, .zero), longestCount)
        if input != output, held >= (output ? trueHold : falseHold) {
            output = input
            held = .zero
        }
        return output
    }
}
