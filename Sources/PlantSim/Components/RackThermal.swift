// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// Temperatures inside one rack, and what its firmware does when they rise: two thermal modes in liquid, fans in air.
///
/// Liquid: cores with their cold plates and boards with the manifold, `C_1 dT_1/dt = P_1 - G (T_1 - T_in) - K (T_1 -
/// T_2)`, `C_2 dT_2/dt = P_2 + K (T_1 - T_2) - G_2 (T_2 - T_in)`, both conductances to the coolant with flow^0.7
/// (turbulent channels). At rating cores stand 30 K above the coolant with a time constant of 5 s and boards 20 K with
/// one of 60 s, as fitted to the public power and temperature traces of Summit (Oak Ridge, SC21 artifacts). Air: the
/// fans' share of power rises with the cube of a speed that goes from 40 % at 25 °C inlet to full at 35 °C.
///
/// Limits, usual of such racks: coolant above 45 °C, or core above 87 °C, lowers the power limit by 10 % a second
/// down to 30 %; below 83 °C and 44 °C it is raised by 2 % a second. A core at 105 °C, or inlet air at 45 °C, trips the
/// rack: no power until ``reset()``. Steps above 1 s are divided while any limit is near, else above 5 s. Below its
/// limits the power limit is exactly 1.
package struct RackThermal: Hashable, Sendable {
    /// What acts on a rack over a step.
    package struct Inputs: Sendable {
        /// Power asked of what liquid cools, before any limit.
        package var liquidDemand: Power
        package var coolantSupply: Temperature
        /// Coolant flow over that at rating.
        package var flowShare: Ratio
        package var inletAir: Temperature

        package init(liquidDemand: Power, coolantSupply: Temperature, flowShare: Ratio, inletAir: Temperature) {
            self.liquidDemand = liquidDemand
            self.coolantSupply = coolantSupply
            self.flowShare = flowShare
            self.inletAir = inletAir
        }
    }

    /// Why a rack draws less than it is asked for.
    package enum Limit: Hashable, Sendable {
        case none
        case throttled
        case tripped
    }

    /// What a rack did over a step.
    package struct Outputs: Hashable, Sendable {
        /// Cores at the end of the step.
        package let core: Temperature
        /// Boards and manifold at the end of the step.
        package let board: Temperature
        /// Mean heat into the coolant over the step.
        package let coolantHeat: Power
        /// Mean share of the power asked for that was drawn over the step; exactly 1 without a limit.
        package let drawnShare: Ratio
        /// Share of the power asked for that may be drawn at the end of the step.
        package let powerLimit: Ratio
        /// Speed of the rack's fans.
        package let fanSpeed: Ratio
        package let limit: Limit
    }

    /// Heat through liquid at rating.
    package let ratedHeat: Power
    /// Share of the power asked for that may be drawn, 0...1.
    package private(set) var powerLimit = Ratio.full
    /// Whether it has shut itself down.
    package private(set) var isTripped = false
    private var core: Double
    private var board: Double
    /// Watts per kelvin at rated flow, and between the masses.
    private let coreConductance: Double
    private let boardConductance: Double
    private let coupling: Double
    /// Joules per kelvin.
    private let coreCapacity: Double
    private let boardCapacity: Double
    /// The last flow share and its power, kept because flow seldom changes.
    private var lastShare = 1.0
    private var lastFactor = 1.0

    private static let coreShare = 0.75
    private static let rise = (core: 30.0, board: 20.0)
    private static let seconds = (core: 5.0, board: 60.0)
    private static let couplingShare = 0.05
    private static let flowExponent = 0.7
    private static let throttleCore = (on: 87.0, off: 83.0)
    private static let throttleCoolant = (on: 45.0, off: 44.0)
    private static let trip = (core: 105.0, inletAir: 45.0)
    private static let lowering = 0.10
    private static let raising = 0.02
    private static let lowestLimit = 0.3
    private static let longestStep = (near: 1.0, far: 5.0)
    private static let nearness = 10.0

    /// Starts at rest at a coolant temperature without load.
    package init(ratedHeat: Power, coolant: Temperature = Temperature(celsius: 32)) {
        self.ratedHeat = ratedHeat
        let watts = max(ratedHeat.watts, 1)
        // The couple carries heat from cores to boards at rating, so each mode keeps its rise.
        coupling = watts * Self.couplingShare / (Self.rise.core - Self.rise.board)
        coreConductance = watts * (Self.coreShare - Self.couplingShare) / Self.rise.core
        boardConductance = watts * (1 - Self.coreShare + Self.couplingShare) / Self.rise.board
        coreCapacity = Self.seconds.core * (coreConductance + coupling)
        boardCapacity = Self.seconds.board * (boardConductance + coupling)
        core = coolant.celsius
        board = coolant.celsius
    }

    /// Heat above 0 °C in cores and boards, in joules.
    package var storedHeat: Double { coreCapacity * core + boardCapacity * board }

    /// Lets a tripped rack start again.
    package mutating func reset() {
        isTripped = false
        powerLimit = Ratio(fraction: Self.lowestLimit)
    }

    /// Takes the temperatures of rest under these inputs, as far as limits are.
    ///
    /// For plants that need not follow a rack's seconds: it costs a fraction of a step.
    package mutating func rest(_ inputs: Inputs) {
        let factor = max(flowFactor(inputs.flowShare.fraction), 1e-3)
        let power = inputs.liquidDemand.watts * powerLimit.fraction
        let toCore = coreConductance * factor + coupling
        let toBoard = boardConductance * factor + coupling
        let left = power * Self.coreShare
        let right = power * (1 - Self.coreShare)
        let determinant = toCore * toBoard - coupling * coupling
        core = inputs.coolantSupply.celsius + (left * toBoard + coupling * right) / determinant
        board = inputs.coolantSupply.celsius + (toCore * right + coupling * left) / determinant
    }

    /// Whether even the rated power would stay clear of every limit under these inputs.
    package func isFarFromLimits(_ inputs: Inputs) -> Bool {
        !isTripped && powerLimit == .full && inputs.flowShare.fraction > 0.7 && inputs.coolantSupply.celsius < 43
            && inputs.inletAir.celsius < Self.trip.inletAir - 2
    }

    /// Moves on by `dt` seconds.
    package mutating func step(_ inputs: Inputs, dt: Double) -> Outputs {
        let isNear =
            powerLimit < .full || core > Self.throttleCore.on - Self.nearness
            || inputs.coolantSupply.celsius > Self.throttleCoolant.on - 2
            || inputs.flowShare.fraction < 0.5
        let longest = isNear ? Self.longestStep.near : Self.longestStep.far
        let parts = max((dt / longest).rounded(.up), 1)
        let factor = flowFactor(inputs.flowShare.fraction)
        var heat = 0.0
        var drawn = 0.0
        for _ in 0..<Int(parts) {
            let power = inputs.liquidDemand.watts * powerLimit.fraction
            drawn += powerLimit.fraction
            heat += exchange(power, inputs.coolantSupply.celsius, factor, dt / parts)
            limit(inputs, dt: dt / parts)
        }
        let warmth = (inputs.inletAir.celsius - 25) / 10
        return Outputs(
            core: Temperature(celsius: core),
            board: Temperature(celsius: board),
            coolantHeat: Power(watts: heat / parts),
            drawnShare: Ratio(fraction: drawn / parts),
            powerLimit: powerLimit,
            fanSpeed: Ratio(fraction: isTripped ? 0 : 0.4 + 0.6 * min(max(warmth, 0), 1)),
            limit: isTripped ? .tripped : powerLimit < .full ? .throttled : .none
        )
    }

    private mutating func flowFactor(_ share: Double) -> Double {
        if share != lastShare {
            lastShare = share
            lastFactor = share > 0 ? Libm.pow(share, Self.flowExponent) : 0
        }
        return lastFactor
    }

    /// One implicit step of both masses.
    ///
    /// - Returns: Heat into the coolant, in watts.
    private mutating func exchange(_ heat: Double, _ coolant: Double, _ factor: Double, _ dt: Double) -> Double {
        guard dt > 0 else { return 0 }
        let toCore = coreConductance * factor
        let toBoard = boardConductance * factor
        let ofCore = coreCapacity / dt
        let ofBoard = boardCapacity / dt
        let left = ofCore * core + heat * Self.coreShare + toCore * coolant
        let right = ofBoard * board + heat * (1 - Self.coreShare) + toBoard * coolant
        let first = ofCore + toCore + coupling
        let second = ofBoard + toBoard + coupling
        let determinant = first * second - coupling * coupling
        core = (left * second + coupling * right) / determinant
        board = (first * right + coupling * left) / determinant
        return toCore * (core - coolant) + toBoard * (board - coolant)
    }

    private mutating func limit(_ inputs: Inputs, dt: Double) {
        let coolant = inputs.coolantSupply.celsius
        if core >= Self.trip.core || inputs.inletAir.celsius >= Self.trip.inletAir { isTripped = true }
        guard !isTripped else {
            powerLimit = .zero
            return
        }
        var next = powerLimit.fraction
        if core > Self.throttleCore.on || coolant > Self.throttleCoolant.on {
            next = max(next - Self.lowering * dt, Self.lowestLimit)
        } else if core < Self.throttleCore.off, coolant < Self.throttleCoolant.off {
            next = min(next + Self.raising * dt, 1)
        }
        powerLimit = Ratio(fraction: next)
    }
}
