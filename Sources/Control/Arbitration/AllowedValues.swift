// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The values that a point may take: an interval, or a set of single states.
package enum AllowedValues: Hashable, Sendable {
    /// Every value between two bounds, in the point's base unit.
    case interval(ClosedRange<Double>)
    /// These values only, ascending, at least one.
    case states([Double])

    package func contains(_ value: Double) -> Bool {
        switch self {
        case .interval(let range): range.contains(value)
        case .states(let states): states.contains(value)
        }
    }

    /// The allowed value nearest to `value`; the lower one where two are equally near.
    package func projected(_ value: Double) -> Double {
        switch self {
        case .interval(let range): min(max(value, range.lowerBound), range.upperBound)
        case .states(let states):
            states.dropFirst().reduce(states.first ?? value) { abs($1 - value) < abs($0 - value) ? $1 : $0 }
        }
    }

    /// What is left inside `range`, or nil where nothing is.
    package func intersected(with range: ClosedRange<Double>) -> AllowedValues? {
        switch self {
        case .interval(let own):
            guard own.overlaps(range) else { return nil }
            return .interval(own.clamped(to: range))
        case .states(let states):
            let left = states.filter { range.contains($0) }
            return left.isEmpty ? nil : .states(left)
        }
    }

    /// The one allowed value that comes nearest to `range`: what is left when the two share nothing.
    package func collapsed(toward range: ClosedRange<Double>) -> AllowedValues {
        switch self {
        case .interval(let own):
            let edge = range.lowerBound > own.upperBound ? own.upperBound : own.lowerBound
            return .interval(edge...edge)
        case .states(let states):
            let middle = range.lowerBound + (range.upperBound - range.lowerBound) / 2
            let target = middle.isFinite ? middle : (range.upperBound.isFinite ? range.upperBound : range.lowerBound)
            return .states([AllowedValues.states(states).projected(target)])
        }
    }
}
