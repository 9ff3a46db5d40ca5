// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

/// The simulated facility of one site: racks, power chain, meters and, where the site has one, the cooling plant.
///
/// Deterministic: the same site, seed, settings and steps give the same values bit for bit. Nothing is looked up by
/// name after construction. Copying it is a snapshot.
package struct Facility: Sendable {
    /// Plant time at the end of the last step.
    package private(set) var time: Timestamp
    /// Everything electrical over the last step, in watts.
    package private(set) var flows = PowerFlows()

    private var compute: ComputeLoad
    private var mains: Mains
    private var binding: SignalBinding
    /// nil where every reading is the truth.
    private var sensors: SensorBank?
    private let limitsRacks: Bool
    private let chain: PowerChain
    private let coolingShare: Double
    private let nominalPower: Double
    /// nil where the site has no cooling plant: cooling is then a share of the load.
    private var thermal: ThermalSide?
    /// What the meters of the cooling plant see, over the last step.
    private var thermalRates: ThermalRates?
    /// The last command written to each point nothing listens to, by position, in the base unit.
    private var written: [Double?]

    /// The power factor of rack power supplies and of what hangs on the mains.
    private static let powerFactors = (conditioned: 0.985, mains: 0.95)

    /// Builds the plant of a site and lets it settle in the weather and load of its start.
    ///
    /// - Returns: no facility where there is any problem; the problems in site order.
    package static func make(
        site: SiteDescription,
        seed: UInt64,
        start: Timestamp,
        settings: FacilitySettings = FacilitySettings(),
        surroundings: RunSurroundings = RunSurroundings()
    ) -> (Facility?, problems: [SimulationProblem]) {
        let problems = FacilityChecks.problems(of: site)
        guard problems.isEmpty else { return (nil, problems) }
        return (Facility(site: site, seed: seed, start: start, settings: settings, surroundings), [])
    }

    private init(
        site: SiteDescription,
        seed: UInt64,
        start: Timestamp,
        settings: FacilitySettings,
        _ surroundings: RunSurroundings
    ) {
        time = start
        compute = ComputeLoad(site: site, seed: seed, settings: settings)
        mains = Mains(
            nominalFrequency: settings.nominalFrequency,
            nominalVoltage: settings.nominalVoltage,
            random: SplitMix64(seed: seed, stream: "mains")
        )
        thermal = ThermalSide(site: site, seed: seed, start: start, of: surroundings)
        binding = SignalBinding(site: site, seed: seed, accuracy: settings.accuracy(of: site), board: thermal?.board)
        limitsRacks = settings.limitsRacks
        if settings.sensors(of: site) == .realistic {
            sensors = SensorBank(site: site, seed: seed) { [signals = binding.signals] position in
                if case .plant = signals[position] { true } else { false }
            }
        }
        let nominal = site.plant.racks.reduce(Power.zero) { $0 + $1.nominalPower }
        nominalPower = nominal.watts
        chain = PowerChain(site.plant.electrical ?? .sized(for: nominal))
        coolingShare = settings.coolingShare
        written = Array(repeating: nil, count: site.points.count)
        compute.step(to: start, dt: 0)
        let losses = hallLosses
        thermal?.settle(compute: compute, losses: losses, at: start)
        step(dt: .zero)
    }

    /// The racks with their present power and heat, in site order.
    package var racks: [Rack] { compute.racks }

    /// Electrical power of the cooling plant by metered group over the last step; nil without a cooling plant.
    package var coolingPowers: CoolingPowers? { thermalRates?.powers }

    /// Heat and water that the cooling plant moved since the start; nil without a cooling plant.
    package var balance: PlantBalance? { thermal?.plant.balance }

    /// Heat above 0 °C held by water, coolant, hall air and structure, in joules; nil without a cooling plant.
    package var storedHeat: Double? { thermal?.plant.storedHeat }

    /// Water that tower basins lack to their full level, in kilograms; nil without a cooling plant.
    package var lackingWater: Double? { thermal?.plant.loops.reduce(0) { $0 + $1.condenserSide.lackingWater } }

    /// Looks at what a judge of the run wants to see; nothing changes without a cooling plant.
    package func observe(_ observation: inout PlantObservation) { thermal?.observe(&observation) }

    /// Starts and hours of every machine with a compressor, in site order; empty without a cooling plant.
    package var machineRecords: [MachineRecord] { thermal?.plant.machineRecords ?? [] }

    /// The outdoor air at the end of the last step; nil without a cooling plant.
    package var outdoor: WeatherState? { thermal?.world.outdoor }

    /// Losses of UPS and distribution, which warm the rooms that air handlers cool, in watts.
    private var hallLosses: Double {
        let conditioned = chain.conditioned(racks: compute.power)
        return conditioned.uninterruptibleLoss + conditioned.distributionLoss
    }

    /// Moves plant time on by `dt`, 0 to 10 min; with a cooling plant 0 to 30 s.
    package mutating func step(dt: Duration) {
        let seconds = dt.inSeconds
        time = time + dt
        let factor = thermal?.world.loadFactor ?? 1
        compute.step(to: time, loadFactor: factor, dt: seconds)
        mains.step(dt: seconds)
        if seconds > 0 {
            let losses = hallLosses
            thermal?.step(
                compute: compute,
                losses: losses,
                loadShare: compute.power / nominalPower / factor,
                at: time,
                dt: seconds
            )
            if limitsRacks { thermal?.surround(&compute) }
        }
        thermalRates = thermal?.plant.rates
        if let powers = thermalRates?.powers {
            flows = chain.flows(racks: compute.power, cooling: powers.cooling, heatUpgrade: powers.heatUpgrade)
        } else {
            flows = chain.flows(racks: compute.power, coolingShare: coolingShare)
        }
        let rates = BranchRates(racks: compute.racks, halls: compute.hallPowers, flows: flows, thermal: thermalRates)
        for index in binding.meters.indices {
            let power = rates.rate(in: binding.meters[index].flow)
            binding.meters[index].step(power: power, dt: seconds)
        }
        readSensors(dt: seconds)
    }

    /// Changes something of the cooling plant, where there is one.
    mutating func changePlant(_ change: (inout CoolingPlant) -> Void) { thermal?.changePlant(change) }

    /// Lets racks that shut themselves down start again, as an operator does at the rack.
    package mutating func resetRacks() { compute.resetRacks() }

    private mutating func readSensors(dt: Double) {
        guard var bank = sensors else { return }
        sensors = nil
        let view = thermal.map(PlantView.init)
        for position in bank.positions { bank.see(truth(at: position, view), at: position, dt: dt) }
        sensors = bank
    }

    /// What a point shows, in its base unit: the plant's signal, else the last command written to it.
    ///
    /// - Returns: nil where the simulator has no signal for the point and nothing was written.
    package func value(of index: PointIndex) -> Double? {
        sensors?[index.position] ?? truth(at: index.position, thermal.map(PlantView.init))
    }

    /// Reads points at once: what ``value(of:)`` gives for each, with the plant looked at once for all of them.
    package func read(_ points: [PointIndex], into readings: inout [Reading]) {
        let view = thermal.map(PlantView.init)
        let readers = binding.readers
        for point in points {
            let position = point.position
            var value = Double.nan
            if let sensors {
                value = sensors[position] ?? truth(at: position, view) ?? .nan
            } else if let view, let reader = readers[position] {
                value = reader.read(view)
            } else {
                value = truth(at: position, view) ?? .nan
            }
            readings[position] =
                value.isFinite ? Reading(value: value, sourceTime: time) : .bad(.notAvailable, at: time)
        }
    }

    private func truth(at position: Int, _ view: PlantView?) -> Double? {
        guard let signal = binding.signals[position] else { return written[position] }
        switch signal {
        case .power(let meter, let share): return binding.meters[meter].shownPower * share
        case .voltage(let meter): return voltage(at: meter)
        case .powerFactor(let meter): return powerFactor(at: meter)
        case .apparentPower(let meter): return binding.meters[meter].shownPower / powerFactor(at: meter)
        case .reactivePower(let meter):
            let factor = powerFactor(at: meter)
            return binding.meters[meter].shownPower * Libm.sqrt(1 - factor * factor) / factor
        case .current(let meter):
            // Current per phase of a balanced three-phase branch.
            return binding.meters[meter].shownPower / (3 * voltage(at: meter) * powerFactor(at: meter))
        case .frequency: return mains.frequency
        case .total(let register):
            let counted = binding.meters[binding.registerMeters[register]].countedEnergy
            return binding.registers[register].shown(counted: counted)
        case .command(let slot): return view?.board[slot]
        case .plant(let read):
            guard let view else { return nil }
            let value = read(view)
            return value.isFinite ? value : nil
        }
    }

    /// Takes a command written to a point, in the point's base unit.
    package mutating func apply(_ index: PointIndex, value: Double) {
        if let slot = thermal?.board.slot(of: index) {
            thermal?.board.write(value, to: slot)
        } else {
            written[index.position] = value
        }
    }

    private func voltage(at meter: Int) -> Double {
        binding.meters[meter].flow.isOnMains ? mains.voltage : mains.conditionedVoltage
    }

    private func powerFactor(at meter: Int) -> Double {
        binding.meters[meter].flow.isOnMains ? Self.powerFactors.mains : Self.powerFactors.conditioned
    }
}

/// What flows in every branch over one step: a small part of the facility, so that looking at it copies nothing.
private struct BranchRates {
    let racks: [Rack]
    /// In watts, by position in the facility's halls.
    let halls: [Double]
    let flows: PowerFlows
    let thermal: ThermalRates?

    /// True power in a branch, in watts; for water its volume flow in cubic metres per second.
    func rate(in flow: MeteredFlow) -> Double {
        switch flow {
        case .rack(let rack): racks[rack].power
        case .rackSupply(let rack, let count): racks[rack].power / count
        case .hall(let hall): halls[hall]
        case .informationTechnology(let share): flows.informationTechnology * share
        case .uninterruptibleOutput(let share): flows.uninterruptibleOutput * share
        case .hallUninterruptibleOutput(let hall):
            halls[hall] * flows.uninterruptibleOutput / max(flows.informationTechnology, 1)
        case .cooling(let share): flows.cooling * share
        case .coolingGroup(let group, let isLiquidLoop): thermal?.power(of: group, isLiquidLoop: isLiquidLoop) ?? 0
        case .heatUpgrade(let share): flows.heatUpgrade * share
        case .boundary(let share): flows.boundary * share
        case .heatExported: thermal?.exported ?? 0
        case .heatRemoved: thermal?.removed ?? 0
        case .makeUpWater: thermal?.makeUp ?? 0
        case .nothing: 0
        }
    }
}
