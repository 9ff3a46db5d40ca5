// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// What a simulated site does that its description does not say.
package struct FacilitySettings: Sendable {
    /// Share of the racks of a hall, in site order, that train; the others serve inference.
    package var trainingShare: Double
    /// Racks that one training job spans at most.
    package var racksPerJob: Int
    /// Electricity of the cooling plant as a share of what enters the UPS.
    package var coolingShare: Double
    /// How far local time is ahead of UTC, for the daily course of inference.
    package var zoneOffset: Duration
    package var accuracy: MeterAccuracy
    /// Nominal mains frequency, in hertz.
    package var nominalFrequency: Double
    /// Nominal voltage from line to neutral, in volts.
    package var nominalVoltage: Double

    package init(
        trainingShare: Double = 0.7,
        racksPerJob: Int = 32,
        coolingShare: Double = 0.13,
        zoneOffset: Duration = .zero,
        accuracy: MeterAccuracy = .exact,
        nominalFrequency: Double = 50,
        nominalVoltage: Double = 230
    ) {
        self.trainingShare = trainingShare
        self.racksPerJob = racksPerJob
        self.coolingShare = coolingShare
        self.zoneOffset = zoneOffset
        self.accuracy = accuracy
        self.nominalFrequency = nominalFrequency
        self.nominalVoltage = nominalVoltage
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
                    let inference = InferenceLoad(zoneOffset: settings.zoneOffset, random: random)
                    workloads.append(
                        place < training ? .training(TrainingLoad(random: random)) : .inference(inference)
                    )
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

    /// Electrical power of all racks over the last step, in watts.
    var power: Double { hallPowers.reduce(0, +) }

    /// Puts the racks' heat into the coolant of their CDUs and into the air.
    ///
    /// `unitOfRack` is the CDU of each rack by position, nil for a rack without one.
    func addHeat(to heat: inout PlantHeat, unitOfRack: [Int?]) {
        for unit in heat.coolant.indices { heat.coolant[unit] = 0 }
        for (position, rack) in racks.enumerated() {
            guard let unit = unitOfRack[position] else {
                heat.air += rack.power
                continue
            }
            heat.coolant[unit] += rack.liquidHeat
            heat.air += rack.airHeat
        }
    }

    /// The halls that racks stand in, in the order they are first named.
    static func halls(of site: SiteDescription) -> [String] {
        var halls: [String] = []
        for rack in site.plant.racks where !halls.contains(rack.hall) { halls.append(rack.hall) }
        return halls
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
