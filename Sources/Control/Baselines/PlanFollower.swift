// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

/// Turns a ``PlantPlan`` into what each point is told, within limits or without.
///
/// Chillers are taken in site order, the last one stops first; in free cooling a loop of the tower fans holds the
/// supply. The economizer valve shuts over the 2 K below the site's least supply temperature, as the product's does.
/// CDUs supply 32 °C; heat export stands. Pumps slow down by 5 % of full speed a minute also without limits, since the
/// valves of CDUs and air handlers take a minute and a half to open and a jump would starve their loads.
/// Copying it is a snapshot, so that a plan can be tried from any moment.
package struct PlanFollower: Sendable {
    private struct Machine: Sendable {
        let enable: PointIndex?
        let setpoint: PointIndex?
        /// In degrees Celsius.
        let least: Double
        var dwell = RunningDwell(isOn: false)
        var sinceStart: Duration
    }

    /// What is followed from now on.
    package var plan: PlantPlan
    /// What every point is to hold after the last step, in the order in which commands leave.
    package private(set) var values: [PointValue] = []

    private let ownLimits: PlanLimits?
    private let range: ClosedRange<Double>
    private let fixed: [FixedValue]
    private let fans: [PointIndex]
    private let valve: PointIndex?
    private let condenserPump: PointIndex?
    private let facilityPump: PointIndex?
    private var machines: [Machine]
    private var told: ToldValues
    private var economizer = RunningDwell(isOn: false)
    private var sinceStage: Duration
    private var opening = LimitSlewRate()
    private var fanSpeed = LimitSlewRate()
    private var condenserSpeed = LimitSlewRate()
    private var facilitySpeed = LimitSlewRate()
    private var setpoint = LimitSlewRate()
    private var fanLoop = PIDWithReset()
    private var wasFree = false

    private static let coolantSupply = 32.0
    /// Below this share a fan stands.
    private static let slowestFan = 0.2
    private static let lowLimitBand = 2.0
    /// Of pumps, share of full speed in a minute.
    private static let slowDown = 0.05
    private static let longAgo = Duration.seconds(86_400)
    private static let fanParameters = PIDParameters(gain: 0.2, integralSeconds: 600)

    /// Takes over a plant as it stands.
    ///
    /// - Parameters:
    ///   - site: The site.
    ///   - limits: How fast plans may be followed; nil as fast as the plant can.
    ///   - image: The plant's readings.
    /// - Returns: nil and the reason where the site lacks what a plan commands.
    package static func make(
        site: SiteDescription,
        limits: PlanLimits?,
        image: ProcessImage
    ) -> (PlanFollower?, problems: [ControlProblem]) {
        let plant = site.plant
        guard let water = plant.facilityWater, let condenser = plant.condenserWater, !plant.chillers.isEmpty,
            !plant.coolingTowers.isEmpty
        else { return (nil, [.noPlant("an oracle")]) }
        return (PlanFollower(site, water, condenser: condenser.id, limits: limits, image), [])
    }

    private init(
        _ site: SiteDescription,
        _ water: FacilityWaterDescription,
        condenser: String,
        limits: PlanLimits?,
        _ image: ProcessImage
    ) {
        let plant = site.plant
        ownLimits = limits
        range = water.supplyMinimum.celsius...water.supplyMaximum.celsius
        let units = plant.coolantDistributionUnits.map {
            FixedValue(site, $0.id, PointName.coolantSupplyTemperatureSetpoint, Self.coolantSupply)
        }
        fixed = units.compactMap { $0 } + FixedValue.noHeatExport(site)
        fans = plant.coolingTowers.compactMap { site.index(equipment: $0.id, PointName.fanSpeedCommand) }
        valve = plant.waterEconomizer.flatMap { site.index(equipment: $0.id, PointName.valvePositionCommand) }
        condenserPump = site.index(equipment: condenser, PointName.pumpSpeedCommand)
        facilityPump = site.index(equipment: water.id, PointName.pumpSpeedCommand)
        machines = plant.chillers.map { chiller in
            let enable = site.index(equipment: chiller.id, PointName.enableCommand)
            return Machine(
                enable: enable,
                setpoint: site.index(equipment: chiller.id, PointName.chilledWaterSetpoint),
                least: chiller.leavingWaterMinimum.celsius,
                dwell: RunningDwell(isOn: (image[enable].usableValue ?? 0) >= 0.5, elapsed: Self.longAgo),
                sinceStart: Self.longAgo
            )
        }
        told = ToldValues(site)
        sinceStage = Self.longAgo
        let position = image[valve].usableValue ?? 0
        economizer = RunningDwell(isOn: position > 0.5, elapsed: Self.longAgo)
        opening.reset(to: position)
        fanSpeed.reset(to: image[fans.first].usableValue)
        condenserSpeed.reset(to: image[condenserPump].usableValue)
        facilitySpeed.reset(to: image[facilityPump].usableValue)
        let chilled = image[machines.first?.setpoint].usableValue
        setpoint.reset(to: chilled)
        plan = PlantPlan(
            isEconomizerOpen: economizer.isOn,
            chillers: machines.count { $0.dwell.isOn },
            supplySetpoint: chilled ?? water.supplySetpoint.celsius,
            fanSpeed: image[fans.first].usableValue ?? 1,
            condenserPumpSpeed: image[condenserPump].usableValue ?? 1,
            facilityPumpSpeed: image[facilityPump].usableValue ?? 1
        )
    }

    /// Whether the site has an economizer to open.
    package var hasEconomizer: Bool { valve != nil }

    /// Number of chillers that are enabled now.
    package var enabledChillers: Int { machines.count { $0.dwell.isOn } }

    /// One step of `dt`: ``values`` then holds what every point is to hold.
    ///
    /// `supply` is the facility water supply in degrees Celsius.
    package mutating func step(supply: Double, dt: Duration) {
        economizer.step(economizer.isOn, dt: dt)
        sinceStage += dt
        for index in machines.indices {
            machines[index].dwell.step(machines[index].dwell.isOn, dt: dt)
            machines[index].sinceStart += dt
        }
        stageEconomizer()
        stageChillers()
        let fan = fan(supply: supply, dt: dt)
        let fall = Self.slowDown / 60
        let fanFall = limits.map { $0.slowDown.fraction / 60 } ?? .infinity
        let slew = limits.map { $0.setpointSlew.kelvins / 300 } ?? .infinity
        let travel = limits.map { 1 / $0.valveTravel.inSeconds } ?? .infinity
        let wanted = economizer.isOn ? min(max((supply - range.lowerBound) / Self.lowLimitBand + 1, 0), 1) : 0
        values.removeAll(keepingCapacity: true)
        for entry in fixed { tell(entry.point, entry.value) }
        tell(facilityPump, facilitySpeed.moved(to: plan.facilityPumpSpeed, rise: .infinity, fall: fall, dt: dt))
        tell(condenserPump, condenserSpeed.moved(to: plan.condenserPumpSpeed, rise: .infinity, fall: fall, dt: dt))
        tell(valve, opening.moved(to: wanted, rise: travel, fall: travel, dt: dt))
        let chilled = setpoint.moved(to: plan.supplySetpoint, rise: slew, fall: slew, dt: dt)
        for machine in machines {
            tell(machine.setpoint, max(chilled, machine.least))
            tell(machine.enable, machine.dwell.isOn ? 1 : 0)
        }
        let speed = fanSpeed.moved(to: fan, rise: .infinity, fall: fanFall, dt: dt)
        // A fan turns at its slowest speed or not at all.
        let turning = speed < Self.slowestFan ? (fan > 0 ? Self.slowestFan : 0) : speed
        for point in fans { tell(point, turning) }
    }

    /// The part of ``values`` that has to leave now.
    package mutating func due(at time: Timestamp) -> [PointValue] {
        values.compactMap { told.due($0.point, $0.value, at: time) }
    }

    private var limits: PlanLimits? { ownLimits ?? (plan.isGentle ? .shipped : nil) }

    private mutating func tell(_ point: PointIndex?, _ value: Double) {
        if let point { values.append(PointValue(point: point, value: value)) }
    }

    private mutating func stageEconomizer() {
        guard plan.isEconomizerOpen != economizer.isOn else { return }
        let dwell = limits?.economizerDwell ?? .zero
        guard economizer.isOn ? economizer.hasBeenOn(for: dwell) : economizer.hasBeenOff(for: dwell) else { return }
        economizer = RunningDwell(isOn: plan.isEconomizerOpen)
    }

    private mutating func stageChillers() {
        while plan.chillers != enabledChillers {
            let isStarting = plan.chillers > enabledChillers
            if let limits {
                guard sinceStage >= (plan.isFree ? limits.stopInterval : limits.stageInterval) else { return }
            }
            guard let index = isStarting ? startable : stoppable else { return }
            machines[index].dwell = RunningDwell(isOn: isStarting)
            if isStarting { machines[index].sinceStart = .zero }
            sinceStage = .zero
        }
    }

    private var startable: Int? {
        machines.firstIndex {
            guard let limits else { return !$0.dwell.isOn }
            return $0.dwell.hasBeenOff(for: limits.minimumOff) && $0.sinceStart >= limits.startInterval
        }
    }

    private var stoppable: Int? {
        machines.lastIndex {
            guard let limits else { return $0.dwell.isOn }
            return $0.dwell.hasBeenOn(for: limits.minimumOn)
        }
    }

    /// The speed wanted: the plan's beside chillers, what holds the supply in free cooling.
    private mutating func fan(supply: Double, dt: Duration) -> Double {
        let isFree = economizer.isOn && enabledChillers == 0
        defer { wasFree = isFree }
        guard isFree else { return plan.fanSpeed }
        if !wasFree { fanLoop.reset(to: fanSpeed.output ?? 1) }
        let held = fanLoop.step(
            setpoint: plan.supplySetpoint,
            measurement: supply,
            parameters: Self.fanParameters,
            dt: dt
        )
        return held < Self.slowestFan / 2 ? 0 : held
    }
}

extension LimitSlewRate {
    /// One step; a speed without limit jumps, also over a step of no length.
    fileprivate mutating func moved(to value: Double, rise: Double, fall: Double, dt: Duration) -> Double {
        let isFree = output.map { value > $0 ? rise == .infinity : fall == .infinity } ?? true
        if isFree { reset(to: value) }
        return step(value, rise: rise.isFinite ? rise : 0, fall: fall.isFinite ? fall : 0, dt: dt)
    }
}
