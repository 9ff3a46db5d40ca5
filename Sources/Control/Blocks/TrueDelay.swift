// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Passes a true input on when it has lasted; passes a false one on at once.
///
/// The input is a sample: a condition counts from the step that first sees it, so the output is true at the first
/// step that comes `delay` or more after that one. A delay of zero passes the input through. Exact for any dt.
///
/// - Source: Control Description Language, `Logical.TrueDelay` with `delayOnInit = true`.
package struct TrueDelay: Hashable, Sendable, Codable {
    /// How long the input has been true; nil while it is false.
    package private(set) var elapsed: Duration?

    package init() {}

    /// Takes one sample; `dt` is the plant time since the sample before.
    @discardableResult
    package mutating func step(_ input: Bool, delay: Duration, dt: Duration) -> Bool {
        guard input else {
            elapsed = nil
            return false
        }
        elapsed = elapsed.map { min($0 + max(dt, .zero), longestCount) } ?? .zero
        return isOver(delay)
    }

    /// Whether the input has been true for `delay` at the last sample.
    package func isOver(_ delay: Duration) -> Bool { elapsed.map { $0 >= delay } ?? false }

    package mutating func reset() { elapsed = nil }
}

/// Where timers stop counting, so that no run time can overflow them.
let longestCount = Duration.seconds(1_000_000_000)
