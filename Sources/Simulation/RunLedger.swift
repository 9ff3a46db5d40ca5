// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Thermo

/// Adds up what happens in a run: energy, modes, violations, wear.
struct RunLedger: Sendable {
    private(set) var energy = RunEnergy()
    private(set) var modes = ModeHours()
    private(set) var wear = ActuatorWear()
    private(set) var violations: [LimitViolation]
    /// What the plant shows behind the last step; filled in by the run.
    var observation = PlantObservation()

    private let limits: ThermalLimits
    private var valves: [Double] = []
    private var fans: [Double] = []
    private var way: CoolingWay?
    /// Seconds since the start.
    private var elapsed = 0.0
    /// Boundary energy and time of the present quarter of an hour, in joules and seconds.
    private var quarter = (joules: 0.0, seconds: 0.0)

    private static let quarterSeconds = 900.0
    private static let joulesPerKilowattHour = 3.6e6
    /// An economizer or a recovery loop that moves less heat than this, in watts, is standing: 1 kW, and 1 % of the
    /// racks' nominal power at a site so small that a kilowatt means something.
    private let leastHeat: Double

    init(limits: ThermalLimits, site: SiteDescription) {
        self.limits = limits
        leastHeat = min(1_000, 0.01 * site.plant.racks.reduce(0) { $0 + $1.nominalPower.watts })
        violations = [
            "coolant_above_maximum", "coolant_near_dew_point", "rack_inlet_air_above_maximum",
            "facility_water_above_maximum",
        ].map { LimitViolation(limit: $0) }
    }

    /// Adds what one step of `dt` seconds used.
    mutating func add(_ flows: PowerFlows, _ cooling: CoolingPowers?, dt: Double) {
        elapsed += dt
        addPower(flows, cooling, dt: dt)
    }

    /// Adds what ``observation`` shows behind one step of `dt` seconds.
    mutating func addObservation(dt: Double) {
        addMode(dt: dt)
        addViolations(dt: dt)
        addTravel()
    }

    mutating func countWrites(_ count: Int) { wear.writes += count }

    /// Takes over what the plant itself adds up: heat the network took in joules, water in kilograms.
    mutating func finish(_ balance: PlantBalance?) {
        energy.heatExported = (balance?.exported ?? 0) / Self.joulesPerKilowattHour
        energy.water = (balance?.makeUp ?? 0) / 1_000
    }

    private mutating func addPower(_ flows: PowerFlows, _ cooling: CoolingPowers?, dt: Double) {
        let hours = dt / Self.joulesPerKilowattHour
        energy.informationTechnology += flows.informationTechnology * hours
        energy.facility += flows.boundary * hours
        energy.heatUpgrade += flows.heatUpgrade * hours
        energy.electrical +=
            (flows.distributionLoss + flows.uninterruptibleLoss + flows.transformerLoss + flows.auxiliary) * hours
        if let cooling {
            energy.chillers += cooling.chillers * hours
            energy.towers += cooling.towers * hours
            energy.facilityPumps += cooling.facilityPumps * hours
            energy.coolantUnits += cooling.coolantUnits * hours
            energy.airHandlers += cooling.airHandlers * hours
        }
        quarter.joules += flows.boundary * dt
        quarter.seconds += dt
        if quarter.seconds >= Self.quarterSeconds {
            energy.peakPower = max(energy.peakPower, quarter.joules / quarter.seconds / 1_000)
            quarter = (0, 0)
        }
    }

    /// How the heat leaves facility water at the end of the last step.
    private(set) var present = CoolingWay.none

    private mutating func addMode(dt: Double) {
        let isFree = observation.economizerHeat > leastHeat
        let isMechanical = observation.runningChillers > 0
        present = isFree ? (isMechanical ? .partial : .free) : (isMechanical ? .mechanical : .none)
        let hours = dt / 3_600
        switch present {
        case .free: modes.free += hours
        case .partial: modes.partial += hours
        case .mechanical: modes.mechanical += hours
        case .none: modes.none += hours
        }
        if observation.recoveredHeat > leastHeat { modes.recovering += hours }
        guard present != way else { return }
        if way != nil { modes.changes += 1 }
        way = present
        if modes.log.count < ModeHours.logged { modes.log.append(ModeChange(hours: elapsed / 3_600, way: present)) }
    }

    private mutating func addViolations(dt: Double) {
        let excess = (
            observation.warmestCoolant - limits.coolantMaximum.celsius,
            observation.hallDewPoint + limits.dewPointMargin.kelvins - observation.coldestCoolant,
            observation.rackInletAir - limits.rackInletMaximum.celsius,
            max(
                observation.facilityWaterSupply - limits.facilityWaterMaximum.celsius,
                observation.liquidLoopSupply - limits.liquidLoopMaximum.celsius
            )
        )
        violations[0].add(excess.0, dt: dt)
        violations[1].add(excess.1, dt: dt)
        violations[2].add(excess.2, dt: dt)
        violations[3].add(excess.3, dt: dt)
    }

    private mutating func addTravel() {
        guard valves.count == observation.valves.count, fans.count == observation.fans.count else {
            (valves, fans) = (observation.valves, observation.fans)
            return
        }
        for (index, position) in observation.valves.enumerated() {
            let travel = abs(position - valves[index])
            wear.valveStrokes += travel
            if index == 0 { wear.economizerStrokes += travel }
            valves[index] = position
        }
        for (index, speed) in observation.fans.enumerated() {
            wear.fanTravel += abs(speed - fans[index])
            fans[index] = speed
        }
    }
}

extension LimitViolation {
    /// Adds `dt` seconds of so many kelvins beyond the limit; nothing where it is kept.
    fileprivate mutating func add(_ kelvins: Double, dt: Double) {
        guard kelvins > 0, kelvins.isFinite else { return }
        kelvinMinutes += kelvins * dt / 60
        worst = max(worst, kelvins)
    }
}
