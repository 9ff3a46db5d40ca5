// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
package import PlantSim

/// The controllers that can be put on a simulated plant, by their names on the command line.
///
/// All but the oracles see readings and write values; those may look at the plant and at what is to come.
package enum SimulatedController: String, CaseIterable, Sendable {
    /// The product, every loop automatic.
    case shipped
    case goodPractice = "good-practice"
    case baseline
    /// The best found with perfect foresight, within the product's limits of starts, times and ramps.
    case oracleRestricted = "oracle-r"
    /// The best found with perfect foresight.
    case oracle

    /// The controllers that a comparison has where none are named: those that could run a plant.
    package static let usual: [SimulatedController] = [.shipped, .goodPractice, .baseline]

    /// A run of this controller, or every reason why there is none.
    ///
    /// The oracle without limits has the one within limits as its forerunner, so it is never behind it.
    package func run(_ setup: SimulationSetup) -> (SimulationRun?, problems: [SimulationProblem]) {
        let (controller, problems) = controller(for: setup)
        let found = problems.map { SimulationProblem(subject: $0.subject, message: $0.message) }
        return switch controller {
        case .reading(let controller): SimulationRun.make(setup, controller: controller)
        case .planning(let controller):
            SimulationRun.make(
                setup,
                controller: controller,
                forerunner: self == .oracle ? Self.oracleRestricted.run(setup).0 : nil
            )
        case .stepping, nil: (nil, found)
        }
    }

    private func controller(for setup: SimulationSetup) -> (RunController?, [ControlProblem]) {
        switch self {
        case .shipped:
            let (controller, problems) = ShippedController.make(site: setup.site)
            return (controller.map { .reading($0) }, problems)
        case .goodPractice:
            let (controller, problems) = GoodPracticeController.make(site: setup.site)
            return (controller.map { .reading($0) }, problems)
        case .baseline:
            let (controller, problems) = BaselineController.make(site: setup.site)
            return (controller.map { .reading($0) }, problems)
        case .oracleRestricted:
            let (controller, problems) = OracleController.make(setup, limits: .shipped)
            return (controller.map { .planning($0) }, problems)
        case .oracle:
            let (controller, problems) = OracleController.make(setup, limits: nil)
            return (controller.map { .planning($0) }, problems)
        }
    }
}
