// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

/// What a simulated site does that its description does not say.
package struct FacilitySettings: Sendable {
    /// Share of the racks of a hall, in site order, that train; the others serve inference.
    package var trainingShare: Double
    /// What the racks work on.
    package var profile: LoadProfile
    /// Racks that one training job spans at most.
    package var racksPerJob: Int
    /// Electricity of the cooling plant as a share of what enters the UPS.
    package var coolingShare: Double
    /// How far local time is ahead of UTC, for the daily course of inference.
    package var zoneOffset: Duration
    /// nil takes meters of class 0.5 beside realistic sensors, and exact ones beside ideal sensors.
    package var accuracy: MeterAccuracy?
    /// How instruments read the plant; nil as the site says.
    package var sensors: SensorRealism?
    /// Whether racks throttle and trip where coolant or air fail them; without any effect below their limits.
    package var limitsRacks: Bool
    /// Nominal mains frequency, in hertz.
    package var nominalFrequency: Double
    /// Nominal voltage from line to neutral, in volts.
    package var nominalVoltage: Double

    package init(
        trainingShare: Double = 0.7,
        profile: LoadProfile = .byRack,
        racksPerJob: Int = 32,
        coolingShare: Double = 0.13,
        zoneOffset: Duration = .zero,
        accuracy: MeterAccuracy? = nil,
        sensors: SensorRealism? = nil,
        limitsRacks: Bool = true,
        nominalFrequency: Double = 50,
        nominalVoltage: Double = 230
    ) {
        self.trainingShare = trainingShare
        self.profile = profile
        self.racksPerJob = racksPerJob
        self.coolingShare = coolingShare
        self.zoneOffset = zoneOffset
        self.accuracy = accuracy
        self.sensors = sensors
        self.limitsRacks = limitsRacks
        self.nominalFrequency = nominalFrequency
        self.nominalVoltage = nominalVoltage
    }
}

extension FacilitySettings {
    /// How instruments of a site read the plant under these settings.
    package func sensors(of site: SiteDescription) -> SensorRealism { sensors ?? site.simulation?.sensors ?? .ideal }

    /// How exact its meters are.
    package func accuracy(of site: SiteDescription) -> MeterAccuracy {
        accuracy ?? (sensors(of: site) == .realistic ? .classHalf : .exact)
    }
}

/// The racks of a site with the work they carry.
struct ComputeLoad: Sendable {
    private(set) var racks: [Rack] = []
    /// Electrical power of the racks of each hall over the last step, in watts.
    private(set) var hallPowers: [Double]
    private var workloads: [Workload] = []

    init(site: SiteDescription, seed: UInt64, settings: FacilitySettings) {
        let halls = Self.halls(of: site)
        hallPowers = Array(repeating: 0, count: halls.count)
        var workloadOfRack: [Int] = Array(repeating: 0, count: site.plant.racks.count)
        var hallOfRack = workloadOfRack
        for (hallPosition, hall) in halls.enumerated() {
            let members = site.plant.racks.indices.filter { site.plant.racks[$0].hall == hall }
            let training = Int((Double(members.count) * settings.trainingShare).rounded())
            for (place, rack) in members.enumerated() {
                let startsJob = place < training && place % max(1, settings.racksPerJob) == 0
                if startsJob || place == training {
                    let random = SplitMix64(seed: seed, stream: "job/\(hall)/\(place)")
                    workloads.append(Self.workload(settings, trains: place < training, random: random))
                }
                workloadOfRack[rack] = workloads.count - 1
                hallOfRack[rack] = hallPosition
            }
        }
        for (position, rack) in site.plant.racks.enumerated() {
            var random = SplitMix64(seed: seed, stream: "rack/\(rack.id)")
            let trim = random.uniform(0.97...1.03)
            racks.append(
                Rack(
                    rack,
                    hall: hallOfRack[position],
                    workload: workloadOfRack[position],
                    trim: trim,
                    random: random
                )
            )
        }
    }

    private static func workload(_ settings: FacilitySettings, trains: Bool, random: SplitMix64) -> Workload {
        switch settings.profile {
        case .byRack where trains: .training(TrainingLoad(random: random))
        case .byRack: .inference(InferenceLoad(zoneOffset: settings.zoneOffset, random: random))
        case .mixed(let share):
            .mixed(MixedLoad(trainingShare: share, zoneOffset: settings.zoneOffset, random: random))
        case .trace(let trace): .trace(TraceLoad(trace))
        }
    }

    /// Electrical power of all racks over the last step, in watts.
    var power: Double { hallPowers.reduce(0, +) }

    /// Puts the racks' heat into the coolant of their CDUs and into the air.
    ///
    /// `unitOfRack` is the CDU of each rack by position, nil for a rack without one.
    func addHeat(to heat: inout PlantHeat, unitOfRack: [Int?]) {
        for unit in heat.coolant.indices { heat.coolant[unit] = 0 }
        // By index: a rack is large, and a loop over the racks themselves copies each.
        for position in racks.indices {
            let power = racks[position].power
            guard let unit = unitOfRack[position] else {
                heat.air += power
                continue
            }
            let liquidHeat = racks[position].liquidHeat
            heat.coolant[unit] += liquidHeat
            heat.air += power - liquidHeat
        }
    }

    /// The halls that racks stand in, in the order they are first named.
    static func halls(of site: SiteDescription) -> [String] {
        var halls: [String] = []
        for rack in site.plant.racks where !halls.contains(rack.hall) { halls.append(rack.hall) }
        return halls
    }

    /// Tells every rack what cools it, for the next step.
    mutating func surround(_ surroundings: (_ rack: Int) -> RackSurroundings) {
        for index in racks.indices { racks[index].surroundings = surroundings(index) }
    }

    /// Lets racks that shut themselves down start again.
    mutating func resetRacks() {
        for index in racks.indices { racks[index].reset() }
    }

    mutating func step(to time: Timestamp, loadFactor: Double = 1, dt: Double) {
        var utilisations: [Double] = []
        utilisations.reserveCapacity(workloads.count)
        for index in workloads.indices { utilisations.append(workloads[index].step(to: time, dt: dt)) }
        for index in hallPowers.indices { hallPowers[index] = 0 }
        for index in racks.indices {
            racks[index].step(utilisation: utilisations[racks[index].workload], loadFactor: loadFactor, dt: dt)
            hallPowers[racks[index].hall] += racks[index].power
        }
    }
}
