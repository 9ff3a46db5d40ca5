// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// The pumps of one loop as one machine on its system curve.
///
/// All in shares of the design point, with flow `x`, speed `y`, static share `s` and openness `c` of the system:
/// pump head `y² (1 + k) - k x²` with a rise to shut-off `k` = 0.25, system head `s + (1 - s)(x/c)²`, so
/// `x = sqrt((y² (1 + k) - s) / (k + (1 - s)/c²))`; power `y³ (0.4 + 0.6 x/y)`.
/// Of several equal pumps side by side a share `a` may be left: each then carries `x/a` of its own design flow.
/// Without static head and at full openness that is the affinity law: `x = y`, head `y²`, power `y³` (Hydraulic
/// Institute ANSI/HI 14.3). Rise and shut-off power are those of a usual end-suction pump; drive losses at low speed
/// are left out.
package struct Pump: Sendable {
    /// What the pumps do over a step.
    package struct Outputs: Hashable, Sendable {
        package let flow: MassFlow
        /// Differential pressure across the pumps.
        package let head: Pressure
        /// Electrical power.
        package let power: Power
        /// The part of the power that warms the fluid; the rest warms the room.
        package let fluidHeat: Power
        /// Speed at the end of the step.
        package let speed: Ratio
    }

    package let designFlow: MassFlow
    package let designHead: Pressure
    package let designPower: Power
    /// Share of the design head that does not depend on flow.
    package let staticShare: Ratio
    /// The share of the pumps that can run; the others stand behind shut valves.
    package var available = Ratio.full
    private var drive: Actuator

    private static let shutoffRise = 0.25
    private static let shutoffPower = 0.4
    /// Efficiency of motor and drive together.
    private static let driveEfficiency = 0.90
    /// Speed below which the drive stops the motor.
    package static let minimumSpeed = Ratio(fraction: 0.05)

    package init(
        designFlow: MassFlow,
        designHead: Pressure,
        designPower: Power,
        staticShare: Ratio = Ratio(fraction: 0),
        rampSeconds: Double = 30,
        initialSpeed: Ratio = Ratio(fraction: 0)
    ) {
        self.designFlow = designFlow
        self.designHead = designHead
        self.designPower = designPower
        self.staticShare = staticShare
        drive = Actuator(position: initialSpeed, strokeSeconds: rampSeconds)
    }

    /// Speed at the end of the last step.
    package var speed: Ratio { drive.position }

    /// Moves on by `dt` seconds.
    ///
    /// - Parameters:
    ///   - speedCommand: Commanded share of design speed.
    ///   - openness: Conductance of the system over that at design: 1 with all valves as designed, 0 all shut.
    ///   - dt: The step in seconds.
    /// - Returns: The operating point at the speed reached.
    package mutating func step(speedCommand: Ratio, openness: Ratio = .full, dt: Double) -> Outputs {
        drive.step(to: speedCommand, dt: dt)
        return operation(speed: drive.position, openness: openness)
    }

    /// The operating point at a speed.
    package func operation(speed: Ratio, openness: Ratio = .full) -> Outputs {
        let y = speed.fraction
        let left = min(available.fraction, 1)
        guard y >= Self.minimumSpeed.fraction, left > 0 else { return stopped(left > 0 ? speed : .zero) }
        let fixed = staticShare.fraction
        let surplus = y * y * (1 + Self.shutoffRise) - fixed
        var x = 0.0
        if openness.fraction > 0, surplus > 0 {
            let resistance = (1 - fixed) / (openness.fraction * openness.fraction)
            x = Libm.sqrt(surplus / (Self.shutoffRise / (left * left) + resistance))
        }
        let each = x / left
        let head = y * y * (1 + Self.shutoffRise) - Self.shutoffRise * each * each
        let load = min(Self.shutoffPower + (1 - Self.shutoffPower) * each / y, 1.2)
        let power = left * designPower.watts * y * y * y * load
        return Outputs(
            flow: MassFlow(kilogramsPerSecond: designFlow.kilogramsPerSecond * x),
            head: Pressure(pascals: designHead.pascals * head),
            power: Power(watts: power),
            fluidHeat: Power(watts: power * Self.driveEfficiency),
            speed: speed
        )
    }

    private func stopped(_ speed: Ratio) -> Outputs {
        Outputs(
            flow: MassFlow(kilogramsPerSecond: 0),
            head: Pressure(pascals: 0),
            power: Power(watts: 0),
            fluidHeat: Power(watts: 0),
            speed: speed
        )
    }
}
