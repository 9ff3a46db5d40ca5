// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Control
import Plant
import PlantSim
import Thermo

/// The plant as it could be run by somebody who knows weather and load of the next hour: the ideal yardsticks.
///
/// Once an hour, and when a limit is broken, plans of the coming hour are tried on copies of the plant, and the one
/// that uses least beside the racks without breaking a limit is followed. `oracle` moves actuators as it likes;
/// `oracle-r` within ``PlanLimits/shipped``, in the trials too. It looks no further than the hour and searches
/// locally, so it is a good plan and not a proof of the least; that `oracle` is never behind `oracle-r` is seen to by
/// a forerunner (``SimulationRun``).
package struct OracleController: PlanningController {
    package let name: String
    private let limits: ThermalLimits
    private let supplyMinimum: Double
    private let capacity: Double
    private let planLimits: PlanLimits?
    private let step: Duration
    private var search: PlanSearch
    private var follower: PlanFollower
    private var sincePlan = Self.hold
    private var observation = PlantObservation()

    /// How long a plan is held.
    private static let hold = Duration.seconds(3_600)
    /// How far the trials look: past the hour, so that the next one does not begin beyond a limit.
    private static let horizon = Duration.seconds(4_200)
    /// Shortest time between two plans where limits are broken.
    private static let shortestHold = Duration.seconds(600)

    /// - Parameters:
    ///   - setup: The run that it is to have.
    ///   - limits: How fast plans may be followed; nil makes `oracle`.
    ///   - trials: Most trials for one plan; nil takes the usual number.
    /// - Returns: nil and every reason where the site lacks what it commands.
    package static func make(
        _ setup: SimulationSetup,
        limits: PlanLimits?,
        trials: Int? = nil
    ) -> (OracleController?, problems: [ControlProblem]) {
        let unread = ProcessImage(
            time: setup.start,
            readings: Array(repeating: .notYetRead, count: setup.site.points.count)
        )
        let (follower, problems) = PlanFollower.make(site: setup.site, limits: limits, image: unread)
        guard let follower, let water = setup.site.plant.facilityWater else { return (nil, problems) }
        var effort = PlanSearch.Effort.standard
        if let trials { effort.trials = max(trials, 1) }
        return (OracleController(setup, follower, water, planLimits: limits, effort: effort), [])
    }

    private init(
        _ setup: SimulationSetup,
        _ follower: PlanFollower,
        _ water: FacilityWaterDescription,
        planLimits: PlanLimits?,
        effort: PlanSearch.Effort
    ) {
        name = planLimits == nil ? "oracle" : "oracle-r"
        limits = setup.limits
        self.planLimits = planLimits
        step = setup.controlStep
        self.follower = follower
        supplyMinimum = water.supplyMinimum.celsius
        let chillers = setup.site.plant.chillers
        capacity = chillers.map(\.capacity.watts).min() ?? 1
        search = PlanSearch(
            effort: effort,
            chillers: chillers.count,
            hasEconomizer: follower.hasEconomizer,
            hasPace: planLimits == nil,
            setpoints: water.supplyMinimum.celsius...water.supplyMaximum.celsius
        )
    }

    /// Trials so far, for whoever wants to know what the foresight costs.
    package var trials: Int { search.trials }

    package mutating func step(_ plant: SimulatedSite, dt: Duration) -> [PointValue] {
        sincePlan += dt
        plant.facility.observe(&observation)
        let isBroken = limits.areBroken(observation)
        if sincePlan >= Self.hold || isBroken && sincePlan >= Self.shortestHold { makePlan(plant) }
        follower.step(supply: observation.facilityWaterSupply, dt: dt)
        return follower.due(at: plant.image.time)
    }

    package mutating func takeOver(_ plant: SimulatedSite) {
        sincePlan = Self.hold
        if let fresh = PlanFollower.make(site: plant.site, limits: planLimits, image: plant.image).0 {
            follower = fresh
        }
    }

    private mutating func makePlan(_ plant: SimulatedSite) {
        if search.trials == 0 { takeOver(plant) }
        sincePlan = .zero
        let trial = PlanTrial(
            facility: plant.facility,
            follower: follower,
            limits: limits,
            supplyMinimum: supplyMinimum,
            horizon: Self.horizon,
            step: min(step, .seconds(30))
        )
        let heat = observation.economizerHeat + observation.chillerHeat
        let needed = Int((heat / capacity).rounded(.up))
        follower.plan = search.best(present: follower.plan, needed: max(needed, 1)) { trial.cost(of: $0, bound: $1) }
    }
}
