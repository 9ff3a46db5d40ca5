// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// One of the whole numbers that a ``RegisterType/combined(_:)`` value is the sum of.
package struct RegisterPart: Hashable, Sendable {
    /// How many registers it stands behind the first one of the value, 0...63.
    package let offset: Int
    /// An integer of 16 or 32 bits.
    package let type: RegisterType
    /// What it is multiplied with before it is added, 1...10^15.
    package let factor: Int

    package init(offset: Int, type: RegisterType, factor: Int = 1) {
        self.offset = offset
        self.type = type
        self.factor = factor
    }
}

/// How a register tells a power factor that has more to say than a ratio.
package enum PowerFactorCoding: String, CaseIterable, Sendable, Codable {
    /// All four quadrants in one number of -2...2: beyond 1 the power factor is 2 less the number, beyond -1 it is -2
    /// less the number (Schneider Electric PM5300 user manual, "Power factor register format").
    case fourQuadrant = "four_quadrant"
    /// The sign tells leading from lagging, not the way of the power, so that only the magnitude is a power factor.
    case leadLagSign = "lead_lag_sign"

    /// The power factors that can be told, and written by a simulator.
    package var values: ClosedRange<Double> {
        switch self {
        case .fourQuadrant: -1...1
        case .leadLagSign: 0...1
        }
    }

    /// The power factor that a scaled number tells; nil where it tells none.
    package func powerFactor(_ number: Double) -> Double? {
        guard number.isFinite else { return nil }
        switch self {
        case .fourQuadrant:
            guard number.magnitude <= 2 else { return nil }
            return number > 1 ? 2 - number : number < -1 ? -2 - number : number
        case .leadLagSign: return number.magnitude
        }
    }
}
