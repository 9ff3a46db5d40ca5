// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

extension PointUnit {
    /// What a measured value in this unit can be in a building's plant, in the base unit; nil where anything can.
    ///
    /// Not the limits of good operation: these are wide, so that a value outside was decoded wrongly, and a single
    /// meter of the largest site is well inside. A site of 2 GW that runs for 15 years counts 1e18 J.
    var believableRange: ClosedRange<Double>? {
        switch self {
        case .celsius: -100...600
        case .kelvins: -600...600
        case .watts, .voltAmperes, .voltAmperesReactive: -2e9...2e9
        case .joules: -1e18...1e18
        case .cubicMetersPerSecond: -1e3...1e3
        case .cubicMeters: -1e11...1e11
        case .kilogramsPerSecond: -1e6...1e6
        case .pascals: -1e8...1e8
        case .ratio: -10...10
        case .hertz: -1e3...1e3
        case .volts: -1.2e6...1.2e6
        case .amperes: -1e5...1e5
        case .revolutionsPerMinute: -2e5...2e5
        case .seconds: -4.3e9...4.3e9
        case .degrees: -720...720
        case .metersPerSecond: -200...200
        case .wattsPerSquareMeter: -1e3...3e3
        case .joulesPerKilogram: -1e7...1e7
        case .euroPerJoule: -1e-4...1e-4
        case .voltAmpereSeconds, .voltAmpereReactiveSeconds: -1e18...1e18
        case .coulombs: -1e12...1e12
        case .meters: -1e6...1e6
        case .lux: -1...1e6
        case .kilogramsPerCubicMeter: -1e5...1e5
        case .newtonMeters: -1e8...1e8
        case .decibels: -300...300
        case .count, .boolean, .enumeration, .bitField: nil
        }
    }
}

/// Whether the words of a point make sense in a given order.
package enum Believability: Hashable, Sendable {
    case believable
    /// Outside the map's range, beyond anything a plant can show, or not a number.
    case absurd
    /// All zero, a "not available" pattern, text, a switch, or nothing read: neither for nor against an order.
    case silent

    /// The least magnitude other than zero of a floating point number that was measured, in the map's unit.
    ///
    /// A small number with its words changed about becomes one below 1e-38.
    private static let leastMagnitude = 1e-12

    /// Judges words as the map has them.
    package init(_ words: [UInt16], scaleFactorWord: UInt16? = nil, of point: MapPoint) {
        guard !point.type.sharesRegister, !point.type.isText, words.contains(where: { $0 != 0 }) else {
            self = .silent
            return
        }
        let decoded = RegisterCodec(point).decode(words, scaleFactorWord: scaleFactorWord)
        switch decoded.cause {
        case .none: self = Self.isBelievable(decoded.value, point) ? .believable : .absurd
        case .outOfRange, .notANumber, .malformedReply: self = .absurd
        default: self = .silent
        }
    }

    private static func isBelievable(_ value: Double, _ point: MapPoint) -> Bool {
        if point.baseUnit == .enumeration, !point.labels.isEmpty {
            return point.labels.contains { Double($0.code) == point.unit.fromBase(value) }
        }
        if case .float = point.type {
            let shown = abs(point.unit.fromBase(value))
            if shown > 0, shown < leastMagnitude { return false }
        }
        return point.baseUnit.believableRange?.contains(value) ?? true
    }
}

extension RegisterType {
    /// Whether the value is a part of a register, or one bit: no order of its own.
    fileprivate var sharesRegister: Bool {
        switch self {
        case .bool, .bit, .bits, .uint8, .int8: true
        default: false
        }
    }
}
