// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

/// The simulated facility of one site: racks, power chain and meters on a clock of its own.
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
    private let chain: PowerChain
    private let coolingShare: Double
    /// The last command written to each point, by position, in the base unit.
    private var written: [Double?]

    /// The power factor of rack power supplies and of what hangs on the mains.
    private static let powerFactors = (conditioned: 0.985, mains: 0.95)

    /// Builds the plant of a site and lets it settle for a first instant.
    ///
    /// - Returns: no facility where there is any problem; the problems in site order.
    package static func make(
        site: SiteDescription,
        seed: UInt64,
        start: Timestamp,
        settings: FacilitySettings = FacilitySettings()
    ) -> (Facility?, problems: [SimulationProblem]) {
        let problems = Self.problems(of: site)
        guard problems.isEmpty else { return (nil, problems) }
        return (Facility(site: site, seed: seed, start: start, settings: settings), [])
    }

    private init(site: SiteDescription, seed: UInt64, start: Timestamp, settings: FacilitySettings) {
        time = start
        compute = ComputeLoad(site: site, seed: seed, settings: settings)
        mains = Mains(
            nominalFrequency: settings.nominalFrequency,
            nominalVoltage: settings.nominalVoltage,
            random: SplitMix64(seed: seed, stream: "mains")
        )
        binding = SignalBinding(site: site, seed: seed, accuracy: settings.accuracy)
        let nominal = site.plant.racks.reduce(Power.zero) { $0 + $1.nominalPower }
        chain = PowerChain(site.plant.electrical ?? .sized(for: nominal))
        coolingShare = settings.coolingShare
        written = Array(repeating: nil, count: site.points.count)
        step(dt: .zero)
    }

    private static func problems(of site: SiteDescription) -> [SimulationProblem] {
        var problems: [SimulationProblem] = []
        if site.plant.racks.isEmpty {
            let message = "no racks, so there is no load to simulate; describe racks under plant"
            problems.append(SimulationProblem(subject: "site", message: message))
        }
        for rack in site.plant.racks {
            if !(rack.nominalPower.watts > 0) || !rack.nominalPower.isFinite {
                let message = "nominal power of \(rack.nominalPower.watts) W; give a power above zero"
                problems.append(SimulationProblem(subject: rack.id, message: message))
            }
            for (name, share) in [("liquid share", rack.liquidShare), ("idle share", rack.idleShare)]
            where !(0...1).contains(share.fraction) {
                let message = "\(name) of \(share.fraction); give a share between 0 and 1"
                problems.append(SimulationProblem(subject: rack.id, message: message))
            }
        }
        if let electrical = site.plant.electrical {
            let ratings = [
                ("transformer", electrical.transformerRating), ("UPS", electrical.uninterruptibleRating),
                ("distribution", electrical.distributionRating),
            ]
            for (name, rating) in ratings where !(rating.watts > 0) || !rating.isFinite {
                let message = "\(name) rating of \(rating.watts) W; give a power above zero"
                problems.append(SimulationProblem(subject: "site", message: message))
            }
        }
        return problems
    }

    /// The racks with their present power and heat, in site order.
    package var racks: [Rack] { compute.racks }

    /// Moves plant time on by `dt`, 0 to 10 min.
    package mutating func step(dt: Duration) {
        let seconds = dt.inSeconds
        time = time + dt
        compute.step(to: time, dt: seconds)
        mains.step(dt: seconds)
        flows = chain.flows(racks: compute.power, coolingShare: coolingShare)
        for index in binding.meters.indices {
            binding.meters[index].step(power: power(in: binding.meters[index].flow), dt: seconds)
        }
    }

    /// What a point shows, in its base unit: the plant's signal, else the last command written to it.
    ///
    /// - Returns: nil where the simulator has no signal for the point and nothing was written.
    package func value(of index: PointIndex) -> Double? {
        guard let signal = binding.signals[index.position] else { return written[index.position] }
        switch signal {
        case .activePower(let meter): return binding.meters[meter].shownPower
        case .voltage(let meter): return voltage(at: meter)
        case .powerFactor(let meter): return powerFactor(at: meter)
        case .current(let meter):
            // Current per phase of a balanced three-phase branch.
            return binding.meters[meter].shownPower / (3 * voltage(at: meter) * powerFactor(at: meter))
        case .frequency: return mains.frequency
        case .energy(let register):
            let counted = binding.meters[binding.registerMeters[register]].countedEnergy
            return binding.registers[register].shown(counted: counted)
        }
    }

    /// Takes a command written to a point, in the point's base unit.
    package mutating func apply(_ index: PointIndex, value: Double) { written[index.position] = value }

    private func voltage(at meter: Int) -> Double {
        binding.meters[meter].flow.isOnMains ? mains.voltage : mains.conditionedVoltage
    }

    private func powerFactor(at meter: Int) -> Double {
        binding.meters[meter].flow.isOnMains ? Self.powerFactors.mains : Self.powerFactors.conditioned
    }

    /// True power in a branch over the last step, in watts.
    private func power(in flow: MeteredFlow) -> Double {
        switch flow {
        case .rack(let rack): compute.racks[rack].power
        case .hall(let hall): compute.hallPowers[hall]
        case .informationTechnology(let share): flows.informationTechnology * share
        case .uninterruptibleOutput(let share): flows.uninterruptibleOutput * share
        case .hallUninterruptibleOutput(let hall):
            compute.hallPowers[hall] * flows.uninterruptibleOutput / max(flows.informationTechnology, 1)
        case .cooling(let share): flows.cooling * share
        case .boundary(let share): flows.boundary * share
        case .nothing: 0
        }
    }
}
