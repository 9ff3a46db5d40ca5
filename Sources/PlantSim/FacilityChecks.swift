// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// What of a site description the simulator cannot build.
enum FacilityChecks {
    static func problems(of site: SiteDescription) -> [SimulationProblem] {
        rackProblems(of: site) + electricalProblems(of: site) + plantProblems(of: site)
    }

    private static func rackProblems(of site: SiteDescription) -> [SimulationProblem] {
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
        return problems
    }

    private static func electricalProblems(of site: SiteDescription) -> [SimulationProblem] {
        guard let electrical = site.plant.electrical else { return [] }
        let ratings = [
            ("transformer", electrical.transformerRating), ("UPS", electrical.uninterruptibleRating),
            ("distribution", electrical.distributionRating),
        ]
        return ratings.filter { !($0.1.watts > 0) || !$0.1.isFinite }.map { name, rating in
            let message = "\(name) rating of \(rating.watts) W; give a power above zero"
            return SimulationProblem(subject: "site", message: message)
        }
    }

    private static func plantProblems(of site: SiteDescription) -> [SimulationProblem] {
        let plant = site.plant
        guard let water = plant.facilityWater else { return [] }
        var problems: [SimulationProblem] = []
        let parts: [(name: String, isThere: Bool)] = [
            ("coolant_distribution_units", !plant.coolantDistributionUnits.isEmpty),
            ("chillers", !plant.chillers.isEmpty),
            ("cooling_towers", !plant.coolingTowers.isEmpty),
            ("condenser_water", plant.condenserWater != nil),
        ]
        for part in parts where !part.isThere {
            let message = "a facility water loop without \(part.name) cannot be simulated; describe them under plant"
            problems.append(SimulationProblem(subject: water.id, message: message))
        }
        if !SimulatedWorld.climates.contains(plant.surroundings.climate) {
            let names = SimulatedWorld.climates.joined(separator: ", ")
            let message = "there is no climate '\(plant.surroundings.climate)'; take one of \(names)"
            problems.append(SimulationProblem(subject: "surroundings", message: message))
        }
        if plant.airHandlers.isEmpty, plant.racks.contains(where: { $0.liquidShare.fraction < 1 }) {
            let message = "racks give heat to the air, but there are no air_handlers; describe them under plant"
            problems.append(SimulationProblem(subject: "site", message: message))
        }
        return problems
    }
}
