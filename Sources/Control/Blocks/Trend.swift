// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// How much a number has changed over the last so many seconds, as a rate per minute.
///
/// Keeps ten samples per window. Nil until a whole window has been seen; a sample that is not finite starts over.
/// Accurate to a tenth of the window; a dt above the window starts over as well.
///
/// - Source: the 2.5 % per minute test of chiller staging, ASHRAE Guideline 36-2021, 5.20.4.
package struct Trend: Hashable, Sendable, Codable {
    private static let samples = 10
    private var values: [Double] = []
    private var sinceSample = 0.0

    package init() {}

    /// Takes one sample; returns the change per minute in the unit of the input.
    @discardableResult
    package mutating func step(_ input: Double, window: Duration, dt: Duration) -> Double? {
        let windowSeconds = window.inSeconds
        let seconds = max(dt, .zero).inSeconds
        guard input.isFinite, windowSeconds > 0, seconds <= windowSeconds else {
            reset()
            return nil
        }
        sinceSample += seconds
        if values.isEmpty {
            values = [input]
            sinceSample = 0
        }
        let slice = windowSeconds / Double(Self.samples)
        while sinceSample >= slice {
            sinceSample -= slice
            values.append(input)
        }
        if values.count > Self.samples + 1 { values.removeFirst(values.count - Self.samples - 1) }
        guard values.count == Self.samples + 1, let first = values.first else { return nil }
        return (input - first) / ((windowSeconds + sinceSample) / 60)
    }

    package mutating func reset() { self = Trend() }
}
