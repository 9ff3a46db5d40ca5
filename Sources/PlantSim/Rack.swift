// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

/// One piece of work that several racks carry together.
package enum Workload: Sendable {
    case training(TrainingLoad)
    case inference(InferenceLoad)

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
        }
    }
}

/// The electrical power of one rack and where its heat goes.
///
/// Power over utilisation is a straight line from idle to nominal, the form of the node model in ExaDigiT RAPS.
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
        power = description.nominalPower.watts * min((idle + (1 - idle) * share) * loadFactor, 1)
    }
}
