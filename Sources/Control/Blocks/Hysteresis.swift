// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Turns a number into a decision that does not chatter: on above `high`, off below `low`, unchanged between.
///
/// Rising input switches on at the first value above `high`, falling input off at the first below `low`; a value
/// equal to a limit changes nothing. The first output is that of ``init(isOn:)`` unless the input lies outside the
/// band. NaN and a band with `low > high` change nothing. Exact for any dt, since time does not enter.
///
/// Like every block here, it holds state only; parameters are arguments of `step`. So encoding the block is its
/// restart file, and a restart with other parameters goes on from the old state.
///
/// - Source: Control Description Language (ASHRAE 231P), `Reals.Hysteresis`.
package struct Hysteresis: Hashable, Sendable, Codable {
    package private(set) var isOn: Bool

    package init(isOn: Bool = false) { self.isOn = isOn }

    /// Judges one value; `input`, `low` and `high` are in one unit of the caller's choice.
    @discardableResult
    package mutating func step(_ input: Double, low: Double, high: Double) -> Bool {
        guard low <= high else { return isOn }
        if input > high { isOn = true }
        if input < low { isOn = false }
        return isOn
    }
}
