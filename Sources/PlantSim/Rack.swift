// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

/// One piece of work that several racks carry together.
package enum Workload: Sendable {
    case training(TrainingLoad)
    case inference(InferenceLoad)
    case mixed(MixedLoad)
    case trace(TraceLoad)

    /// Moves on by `dt` seconds to plant time `time`.
    ///
    /// - Returns: the mean utilisation over the step, 0...1.
    mutating func step(to time: Timestamp, dt: Double) -> Double {
        switch self {
        case .training(var load):
            let utilisation = load.step(dt: dt)
            self = .training(load)
            return utilisation
        case .inference(var load):
            let utilisation = load.step(to: time, dt: dt)
            self = .inference(load)
            return utilisation
        case .mixed(var load):
            let utilisation = load.step(to: time, dt: dt)
            self = .mixed(load)
            return utilisation
        case .trace(var load):
            let utilisation = load.step(to: time, dt: dt)
            self = .trace(load)
            return utilisation
        }
    }
}

/// What cools a rack.
struct RackSurroundings: Sendable {
    let coolantSupply: Temperature
    /// Coolant flow over that at design.
    let flowShare: Ratio
    let inletAir: Temperature
}

/// The electrical power of one rack and where its heat goes.
///
/// Power over utilisation is a straight line from idle to nominal, the form of the node model in ExaDigiT RAPS. Where
/// coolant or air come near a limit, ``RackThermal`` follows the rack and may throttle or trip it; far from every limit
/// its power is that line exactly.
package struct Rack: Sendable {
    package let description: RackDescription
    /// Position in the facility's halls.
    let hall: Int
    /// Position of the work it carries in the facility's workloads.
    let workload: Int
    /// How this rack's utilisation differs from its job's, a factor near 1.
    let trim: Double
    /// Electrical power over the last step, in watts.
    package private(set) var power = 0.0
    /// What is left of the iterations' swing after a meter's second, as a utilisation.
    private var ripple = 0.0
    private var random: SplitMix64
    /// What cools it; nil where the site's plant is not simulated or limits are off.
    var surroundings: RackSurroundings?
    private var thermal: RackThermal
    /// Whether ``thermal`` is being followed.
    private var isNearLimits = false

    /// The standard deviation of the ripple, as a utilisation.
    private static let rippleSpread = 0.01
    /// The time constant of the ripple, in seconds.
    private static let rippleTimeConstant = 5.0

    init(_ description: RackDescription, hall: Int, workload: Int, trim: Double, random: SplitMix64) {
        self.random = random
        self.description = description
        self.hall = hall
        self.workload = workload
        self.trim = trim
        thermal = RackThermal(ratedHeat: description.nominalPower * description.liquidShare.fraction)
    }

    /// Why it draws less than it is asked for.
    package var limit: RackThermal.Limit {
        thermal.isTripped ? .tripped : thermal.powerLimit < .full ? .throttled : .none
    }

    /// Lets it start again after a trip.
    mutating func reset() {
        if thermal.isTripped { thermal.reset() }
    }

    /// Heat into the liquid loop over the last step, in watts.
    package var liquidHeat: Double { power * description.liquidShare.fraction }

    /// Heat into the room air over the last step, in watts.
    package var airHeat: Double { power - liquidHeat }

    /// Moves on by `dt` seconds.
    ///
    /// - Parameters:
    ///   - utilisation: Of the work it carries, 0...1.
    ///   - loadFactor: What its power is multiplied with, up to nominal.
    ///   - dt: The step in seconds.
    mutating func step(utilisation: Double, loadFactor: Double, dt: Double) {
        let keep = 1 / (1 + dt / Self.rippleTimeConstant)
        if dt > 0 { ripple = keep * ripple + Self.rippleSpread * (1 - keep * keep).squareRoot() * random.normal() }
        let share = min(max(utilisation * trim + ripple, 0), 1)
        let idle = description.idleShare.fraction
        let asked = description.nominalPower.watts * min((idle + (1 - idle) * share) * loadFactor, 1)
        power = asked * drawnShare(of: asked, dt: dt)
    }

    /// The share of the power asked for that the rack's own protection lets it draw.
    private mutating func drawnShare(of asked: Double, dt: Double) -> Double {
        guard let surroundings else { return 1 }
        let inputs = RackThermal.Inputs(
            liquidDemand: Power(watts: asked * description.liquidShare.fraction),
            coolantSupply: surroundings.coolantSupply,
            flowShare: surroundings.flowShare,
            inletAir: surroundings.inletAir
        )
        guard !thermal.isFarFromLimits(inputs) else {
            isNearLimits = false
            return 1
        }
        if !isNearLimits { thermal.rest(inputs) }
        isNearLimits = true
        return thermal.step(inputs, dt: dt).drawnShare.fraction
    }
}
