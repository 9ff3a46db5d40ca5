// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Remembers that something happened until it is cleared.
///
/// A rising `input` sets, a true `clear` clears and wins over a rising input of the same step. After a clear the
/// input must fall and rise again to set. The block starts as an input that was false. Exact for any dt.
///
/// - Source: Control Description Language, `Logical.Latch`.
package struct Latch: Hashable, Sendable, Codable {
    package private(set) var isSet = false
    private var lastInput = false

    package init() {}

    /// Takes one sample of both inputs.
    @discardableResult
    package mutating func step(_ input: Bool, clear: Bool) -> Bool {
        if clear {
            isSet = false
        } else if input && !lastInput {
            isSet = true
        }
        lastInput = input
        return isSet
    }
}
