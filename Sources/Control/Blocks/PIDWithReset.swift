// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// How a ``PIDWithReset`` answers.
package struct PIDParameters: Hashable, Sendable {
    /// Output per unit of error at once.
    package var gain: Double
    /// Time after which the integral has repeated the proportional answer, in seconds; 0 or less switches it off.
    package var integralSeconds: Double
    /// Time by which the derivative looks ahead, in seconds; 0 switches it off.
    package var derivativeSeconds: Double
    /// The output's limits, in the unit of the output.
    package var limits: ClosedRange<Double>
    /// True where a measurement below the setpoint asks for more output (heating), false where one above does
    /// (cooling).
    package var isReverseActing: Bool

    package init(
        gain: Double,
        integralSeconds: Double,
        derivativeSeconds: Double = 0,
        limits: ClosedRange<Double> = 0...1,
        isReverseActing: Bool = false
    ) {
        self.gain = gain
        self.integralSeconds = integralSeconds
        self.derivativeSeconds = derivativeSeconds
        self.limits = limits
        self.isReverseActing = isReverseActing
    }
}

/// Holds a measurement at its setpoint: proportional, integral and filtered derivative with limits inside the block.
///
/// `y = k (e + 1/Ti ∫ e dt + Td de/dt)`, limited. While a limit acts, the integral is led back by `-(y unlimited - y)
/// / (k Ni)` per integral time, so that it leaves the limit as soon as the error turns. ``reset(to:)`` sets the
/// integral so that the next output is the given one whatever the error: taking over from a hand or from another mode
/// has no bump. A measurement or setpoint that is not finite holds the last output.
///
/// Largest dt: 60 s, or a fifth of the integral time where that is less; a longer step integrates only that much.
/// Within it the integral is exact for an error that stays constant during the step.
///
/// - Source: Control Description Language, `Reals.PIDWithReset`; back-calculation with Ni = 0.9 and derivative filter
///   Nd = 10 as its validation cases have them.
package struct PIDWithReset: Hashable, Sendable, Codable {
    private static let antiWindup = 0.9
    private static let derivativeFilter = 10.0

    /// The last output, in the unit of the limits; nil before the first.
    package private(set) var output: Double?
    private var integral = 0.0
    private var filteredError: Double?
    private var pendingReset: Double?

    package init(output: Double? = nil) { reset(to: output) }

    /// Makes the next output `value`, and goes on from there.
    package mutating func reset(to value: Double?) { pendingReset = value.flatMap { $0.isFinite ? $0 : nil } }

    /// Takes one sample; setpoint and measurement in one unit of the caller's choice.
    ///
    /// - Returns: The output within the limits; the lower limit where no finite measurement was ever given.
    package mutating func step(
        setpoint: Double,
        measurement: Double,
        parameters: PIDParameters,
        dt: Duration
    ) -> Double {
        let limits = parameters.limits
        let error = parameters.isReverseActing ? setpoint - measurement : measurement - setpoint
        guard error.isFinite, parameters.gain.isFinite, parameters.gain > 0 else {
            return clamp(pendingReset ?? output ?? limits.lowerBound, limits)
        }
        let seconds = usedSeconds(dt, parameters)
        let direct = parameters.gain * (error + derivative(of: error, parameters, seconds))
        if let value = pendingReset {
            pendingReset = nil
            let limited = clamp(value, limits)
            integral = limited - direct
            output = limited
            return limited
        }
        if parameters.integralSeconds > 0 {
            integral += parameters.gain * error * seconds / parameters.integralSeconds
            let excess = direct + integral - clamp(direct + integral, limits)
            integral -= excess * min(1, seconds / (parameters.integralSeconds * Self.antiWindup))
        }
        let limited = clamp(direct + integral, limits)
        output = limited
        return limited
    }

    private func usedSeconds(_ dt: Duration, _ parameters: PIDParameters) -> Double {
        let longest = parameters.integralSeconds > 0 ? min(60, parameters.integralSeconds / 5) : 60
        return min(max(dt, .zero).inSeconds, longest)
    }

    /// The derivative's share of the error: Td de/dt behind a first-order filter of Td / Nd, exact in dt.
    private mutating func derivative(of error: Double, _ parameters: PIDParameters, _ seconds: Double) -> Double {
        guard parameters.derivativeSeconds > 0 else {
            filteredError = nil
            return 0
        }
        let time = parameters.derivativeSeconds / Self.derivativeFilter
        let last = filteredError ?? error
        let next = error + (last - error) * Libm.exp(-seconds / time)
        filteredError = next
        return (error - next) * Self.derivativeFilter
    }

    private func clamp(_ value: Double, _ limits: ClosedRange<Double>) -> Double {
        min(max(value, limits.lowerBound), limits.upperBound)
    }
}
