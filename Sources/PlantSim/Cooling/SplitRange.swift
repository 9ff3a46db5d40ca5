// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Thermo

/// The controller of a machine that cools water: first more water through it, then more air or ambient water.
///
/// One proportional-integral output in two ranges: up to a quarter it shuts the bypass round the machine, above it
/// drives fans or pumps from their lowest speed to full. Gain 0.02 per kelvin, integral time 180 s, steps above 5 s
/// divided. Usual values.
struct SplitRange: Sendable {
    /// Share of the water that goes through the machine.
    private(set) var through = Ratio.full
    /// Speed of fans or pumps, 0 or from the lowest up.
    private(set) var drive = Ratio.zero
    private var controller = ProportionalIntegral(gain: 0.02, integralSeconds: 180, initial: Ratio(fraction: 0.5))
    private var bypass = Actuator(position: .full, strokeSeconds: 60)
    private let slowest: Double

    private static let bypassRange = 0.25
    private static let longestStep = 5.0
    /// Some water always goes through, so that the machine's own sensor sees it.
    private static let leastThrough = 0.02

    /// - Parameter slowest: The lowest speed that does anything, as a share of full speed.
    init(slowest: Double) { self.slowest = slowest }

    /// Moves on by `dt` seconds; `error` is how many kelvins the water leaves too warm.
    mutating func step(error: Double, dt: Double) {
        var output = 0.0
        let parts = max((dt / Self.longestStep).rounded(.up), 1)
        for _ in 0..<Int(parts) { output = controller.step(error: error, dt: dt / parts).fraction }
        bypass.step(to: Ratio(fraction: max(output / Self.bypassRange, Self.leastThrough)), dt: dt)
        through = bypass.position
        let above = (output - Self.bypassRange) / (1 - Self.bypassRange)
        drive = Ratio(fraction: above > 0 ? slowest + (1 - slowest) * above : 0)
    }
}
