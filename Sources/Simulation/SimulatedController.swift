// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
package import PlantSim

/// The controllers that can be put on a simulated plant, by their names on the command line.
///
/// An optimum with perfect foresight belongs here too: its case makes the plan from the setup, whose weather and load
/// it may know, and its controller only plays the plan back, so it stays one that sees readings and writes values.
package enum SimulatedController: String, CaseIterable, Sendable {
    /// The product, every loop automatic.
    case shipped
    case goodPractice = "good-practice"
    case baseline

    /// A run of this controller, or every reason why there is none.
    package func run(_ setup: SimulationSetup) -> (SimulationRun?, problems: [SimulationProblem]) {
        let (controller, problems) = controller(for: setup)
        guard let controller else {
            return (nil, problems.map { SimulationProblem(subject: $0.subject, message: $0.message) })
        }
        return SimulationRun.make(setup, controller: controller)
    }

    private func controller(for setup: SimulationSetup) -> ((any PlantController)?, [ControlProblem]) {
        switch self {
        case .shipped:
            let (controller, problems) = ShippedController.make(site: setup.site)
            return (controller, problems)
        case .goodPractice:
            let (controller, problems) = GoodPracticeController.make(site: setup.site)
            return (controller, problems)
        case .baseline:
            let (controller, problems) = BaselineController.make(site: setup.site)
            return (controller, problems)
        }
    }
}
