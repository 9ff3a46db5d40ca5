// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Finds the points a loop needs, once, and says what is missing.
struct PointBinder {
    let site: SiteDescription
    let loop: LoopDescription
    /// Where the water loop that the control loop serves stands among the plant's.
    let waterLoop: Int
    private(set) var problems: [ControlProblem] = []

    init(site: SiteDescription, loop: LoopDescription) {
        self.site = site
        self.loop = loop
        waterLoop =
            switch loop.kind {
            case .waterEconomizer, .chillerStaging, .coolingTower: 0
            case .coolantSupply: site.plant.loopOfLiquid
            case .heatExport: site.plant.loopOfRecovery ?? site.plant.loopOfLiquid
            }
    }

    /// The parts of that water loop.
    var water: WaterLoopDescription { site.plant.waterLoops[waterLoop] }

    /// A point the loop can do without.
    func optional(_ equipment: String, _ point: String) -> PointIndex? { site.index(equipment: equipment, point) }

    /// A point the loop must read.
    mutating func required(_ equipment: String, _ point: String) -> PointIndex? {
        let index = site.index(equipment: equipment, point)
        if index == nil {
            report(
                equipment,
                "no device of \(equipment) has the point \(point), which loop \(loop.id) "
                    + "(\(loop.kind.rawValue)) reads; add a device with that point or remove the loop"
            )
        }
        return index
    }

    /// A point the loop must be able to write.
    mutating func command(_ equipment: String, _ point: String) -> PointIndex? {
        guard let index = required(equipment, point) else { return nil }
        guard site.mapPoint(index).write != nil else {
            report(
                equipment,
                "\(site[index].id) cannot be written, but loop \(loop.id) (\(loop.kind.rawValue)) commands it; "
                    + "use a map that describes the write or remove the loop"
            )
            return nil
        }
        return index
    }

    mutating func report(_ subject: String, _ message: String) {
        problems.append(ControlProblem(subject: subject, message: message))
    }

    /// The parameters of the loop; what cannot be set is reported.
    mutating func parameters<Parameters: SequenceParameters>(_ type: Parameters.Type) -> Parameters {
        let (parameters, found) = Parameters.make(for: loop)
        problems += found
        return parameters
    }
}
