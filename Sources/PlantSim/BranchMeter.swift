// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// How far a meter is from the truth.
package struct MeterAccuracy: Hashable, Sendable {
    /// The standard deviation of one power reading, as a share of it.
    package var noise: Double
    /// The bound of the constant gain error of power and energy, as a share.
    package var gainBound: Double

    package init(noise: Double, gainBound: Double) {
        self.noise = noise
        self.gainBound = gainBound
    }

    package static let exact = MeterAccuracy(noise: 0, gainBound: 0)
    /// A usual class 0.5 power meter.
    package static let classHalf = MeterAccuracy(noise: 0.002, gainBound: 0.005)
}

/// What a meter stands in.
enum MeteredFlow: Hashable, Sendable {
    /// Position in the facility's racks.
    case rack(Int)
    /// Position in the facility's halls.
    case hall(Int)
    case informationTechnology(share: Double)
    case uninterruptibleOutput(share: Double)
    case hallUninterruptibleOutput(hall: Int)
    case cooling(share: Double)
    /// A group of the main loop and of all units in the halls, or of the loop for liquid.
    case coolingGroup(CoolingGroup, isLiquidLoop: Bool)
    case heatUpgrade(share: Double)
    case boundary(share: Double)
    /// One of the rack's power supplies, of so many that share the load.
    case rackSupply(rack: Int, count: Double)
    /// Heat the district network took.
    case heatExported
    /// Heat that CDUs, tanks and air handlers took out of the halls.
    case heatRemoved
    /// Water into basins and onto pads, as a volume flow in cubic metres per second.
    case makeUpWater
    /// A branch in which nothing flows yet.
    case nothing

    /// Whether the branch hangs on the mains rather than on the UPS.
    var isOnMains: Bool {
        switch self {
        case .cooling, .coolingGroup, .heatUpgrade, .boundary, .heatExported, .heatRemoved, .makeUpWater, .nothing: true
        case .rack, .rackSupply, .hall, .informationTechnology, .uninterruptibleOutput, .hallUninterruptibleOutput:
            false
        }
    }
}

/// The groups of the cooling plant's electricity that a site meters apart, by the equipment its meter serves.
enum CoolingGroup: String, Hashable, Sendable {
    case chillers
    case towers
    case facilityPumps = "facility-pumps"
    case coolantUnits = "cdus"
    case airHandlers = "crahs"
    /// Dry coolers or ambient water with the condenser water pumps: what `towers` is with towers.
    case heatRejection = "heat-rejection"
    /// What `cdus` is with tanks.
    case immersionTanks = "immersion-tanks"
    /// What `crahs` is with outdoor air.
    case outdoorAirHandlers = "outdoor-air-handlers"
}

/// A meter in one branch: integrates true energy and shows power with the error of its class.
struct BranchMeter: Sendable {
    let flow: MeteredFlow
    /// Constant gain error, as a factor near 1.
    let gain: Double
    /// Standard deviation of one power reading, as a share.
    let noise: Double
    var random: SplitMix64
    /// True power over the last step, in watts.
    var truePower = 0.0
    /// The power shown, in watts.
    var shownPower = 0.0
    /// What has been counted since the start, in joules, with the gain error.
    var countedEnergy = 0.0

    mutating func step(power: Double, dt: Double) {
        truePower = power
        shownPower = power * gain * (noise > 0 ? 1 + noise * random.normal() : 1)
        countedEnergy += power * gain * dt
    }
}

/// A register that shows a running total in whole steps and starts again at its end.
package struct EnergyRegister: Hashable, Sendable {
    /// What stood in it at the start, in joules.
    package let initial: Double
    /// The step, in joules; nil shows every fraction.
    package let resolution: Double?
    /// The total, in joules, at which it starts again from zero; nil where it never does.
    package let rollover: Double?

    package init(initial: Double, resolution: Double?, rollover: Double?) {
        self.initial = initial
        self.resolution = resolution
        self.rollover = rollover
    }

    package init(initial: Double, behavior: CounterBehavior?) {
        self.init(initial: initial, resolution: behavior?.resolution, rollover: behavior?.rollover)
    }

    /// What the register shows once `counted` joules have been counted.
    ///
    /// Steps count downward as in a real meter: a step shows when it is complete.
    package func shown(counted: Double) -> Double {
        let total = initial + counted
        var shown = total
        if let resolution, resolution > 0 { shown = (total / resolution).rounded(.down) * resolution }
        if let rollover, rollover > 0 { shown = shown.truncatingRemainder(dividingBy: rollover) }
        return shown
    }
}
