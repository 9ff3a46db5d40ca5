// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// A drive that follows its command at a limited speed: a valve, a damper, a variable-speed motor.
package struct Actuator: Hashable, Sendable {
    /// Where it stands, 0...1.
    package private(set) var position: Ratio
    /// Time from one end to the other, in seconds; 0 follows at once.
    package let strokeSeconds: Double
    /// Where a jammed drive runs to and stays, whatever it is told; nil for a sound one.
    package var jammedAt: Ratio?

    package init(position: Ratio, strokeSeconds: Double) {
        self.position = position.clamped(to: Ratio.zero...Ratio.full)
        self.strokeSeconds = strokeSeconds
    }

    /// Moves towards `command`, moved into 0...1, for `dt` seconds; a command that is not a number holds the position.
    ///
    /// - Returns: The position at the end of the step.
    @discardableResult
    package mutating func step(to command: Ratio, dt: Double) -> Ratio {
        let told = jammedAt ?? command
        guard told.fraction.isFinite else { return position }
        let target = min(max(told.fraction, 0), 1)
        let reach = strokeSeconds > 0 ? dt / strokeSeconds : .infinity
        let move = min(max(target - position.fraction, -reach), reach)
        position = Ratio(fraction: position.fraction + move)
        return position
    }
}

/// The proportional-integral controller inside a package unit: output 0...1, integral held within it.
///
/// Position form `u = K e + I`, `dI/dt = K e / T_i`. Where the output would pass an end, the integral goes no further
/// than brings it there (anti-windup; Åström and Hägglund, "Advanced PID Control", 2006, section 3.5).
package struct ProportionalIntegral: Hashable, Sendable {
    /// Gain in output share per unit of error.
    package let gain: Double
    /// Integral time in seconds.
    package let integralSeconds: Double
    /// The integral part of the output, 0...1.
    package private(set) var integral: Double

    package init(gain: Double, integralSeconds: Double, initial: Ratio) {
        self.gain = gain
        self.integralSeconds = integralSeconds
        integral = initial.fraction
    }

    /// Moves on by `dt` seconds; a positive error raises the output.
    package mutating func step(error: Double, dt: Double) -> Ratio {
        guard error.isFinite else { return Ratio(fraction: min(max(integral, 0), 1)) }
        let proportional = gain * error
        let next = integral + proportional * dt / integralSeconds
        if proportional + next > 1 {
            integral = max(integral, 1 - proportional)
        } else if proportional + next < 0 {
            integral = min(integral, -proportional)
        } else {
            integral = next
        }
        integral = min(max(integral, 0), 1)
        return Ratio(fraction: min(max(proportional + integral, 0), 1))
    }
}
