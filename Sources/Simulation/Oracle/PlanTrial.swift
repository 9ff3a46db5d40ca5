// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import PlantSim
import Thermo

/// What is tried: a plan on a copy of the plant, in the weather and load that are to come.
struct PlanTrial: Sendable {
    let facility: Facility
    let follower: PlanFollower
    let limits: ThermalLimits
    /// Coldest facility water that the site allows, in degrees Celsius.
    let supplyMinimum: Double
    let horizon: Duration
    /// The step of the run: what a trial shows is what happens.
    let step: Duration

    /// What a kelvin minute beyond a limit costs, in kilowatt hours: more than any plan saves by it.
    private static let violationPrice = 2_000.0
    /// So many kelvins before a limit the price begins, at a two-hundredth, so that the next plan has room.
    private static let margin = 0.2
    /// Electricity that it takes to be rid of heat later, per heat: what heat left in the water is charged with.
    private static let storedHeatPrice = 0.06
    private static let joulesPerKilowattHour = 3.6e6

    /// Runs a plan over the horizon.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - bound: Penalties above it end the trial, in kilowatt hours.
    /// - Returns: What the facility uses beyond its racks, with penalties, in kilowatt hours.
    func cost(of plan: PlantPlan, bound: Double = .infinity) -> Double {
        var facility = facility
        var follower = follower
        var observation = PlantObservation()
        follower.plan = plan
        let before = facility.storedHeat ?? 0
        let seconds = step.inSeconds
        var overhead = 0.0
        var penalty = 0.0
        facility.observe(&observation)
        for _ in 0..<max(1, Int(horizon / step)) {
            follower.step(supply: observation.facilityWaterSupply, dt: step)
            for entry in follower.values { facility.apply(entry.point, value: entry.value) }
            facility.step(dt: step)
            let flows = facility.flows
            overhead += (flows.boundary - flows.informationTechnology) * seconds
            facility.observe(&observation)
            penalty += excess(observation) * seconds / 60 * Self.violationPrice
            if penalty > bound { return penalty }
        }
        let stored = (facility.storedHeat ?? 0) - before
        return (overhead + stored * Self.storedHeatPrice) / Self.joulesPerKilowattHour + penalty
    }

    /// What a run has used beside the racks since its start, with what heat left in the water and broken limits cost.
    ///
    /// - Parameters:
    ///   - energy: Of the run.
    ///   - violations: Of the run.
    ///   - storedHeat: What the plant holds, in joules above any constant.
    /// - Returns: Kilowatt hours, above the same constant.
    static func cost(_ energy: RunEnergy, _ violations: [LimitViolation], storedHeat: Double) -> Double {
        energy.facility - energy.informationTechnology + storedHeat * storedHeatPrice / joulesPerKilowattHour
            + violations.reduce(0) { $0 + $1.kelvinMinutes } * violationPrice
    }

    /// Kelvins beyond all limits together, and a two-hundredth of those within the margin before them.
    private func excess(_ seen: PlantObservation) -> Double {
        func beyond(_ kelvins: Double) -> Double {
            guard kelvins.isFinite else { return 0 }
            return max(kelvins, 0) + 0.005 * max(min(kelvins, 0) + Self.margin, 0)
        }
        return beyond(seen.warmestCoolant - limits.coolantMaximum.celsius)
            + beyond(seen.hallDewPoint + limits.dewPointMargin.kelvins - seen.coldestCoolant)
            + beyond(seen.rackInletAir - limits.rackInletMaximum.celsius)
            + beyond(seen.facilityWaterSupply - limits.facilityWaterMaximum.celsius)
            + max(supplyMinimum - 0.5 - seen.facilityWaterSupply, 0) * 0.005
    }
}

extension ThermalLimits {
    /// Whether the plant is beyond one of the limits.
    func areBroken(_ seen: PlantObservation) -> Bool {
        seen.warmestCoolant > coolantMaximum.celsius || seen.rackInletAir > rackInletMaximum.celsius
            || seen.hallDewPoint + dewPointMargin.kelvins > seen.coldestCoolant
            || seen.facilityWaterSupply > facilityWaterMaximum.celsius
            || seen.liquidLoopSupply > liquidLoopMaximum.celsius
    }
}
