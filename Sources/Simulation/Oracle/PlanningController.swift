// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Control
import Plant

/// A yardstick that may look at the plant itself, and try on a copy of it what will happen.
///
/// What it writes goes the way of every controller's writes. A copy is a snapshot.
package protocol PlanningController: Sendable {
    /// The name in tables and on the command line, lower kebab case.
    var name: String { get }

    /// One cycle.
    ///
    /// - Parameters:
    ///   - plant: The plant as it is now, with the weather and load that it will have.
    ///   - dt: Plant time since the cycle before.
    /// - Returns: What is written now, in the order in which it must leave.
    mutating func step(_ plant: SimulatedSite, dt: Duration) -> [PointValue]

    /// From now on the plant is another one, which somebody else has brought to where it stands.
    mutating func takeOver(_ plant: SimulatedSite)
}

/// Who runs the plant of a ``SimulationRun``.
enum RunController: Sendable {
    /// Sees readings.
    case reading(any PlantController)
    /// Sees the plant.
    case planning(any PlanningController)
    /// Only while a cycle runs: the controller is then changed in place and not copied.
    case stepping

    /// Hands over another plant; who only sees readings needs not be told.
    mutating func takeOver(_ plant: SimulatedSite) {
        guard case .planning(var controller) = self else { return }
        controller.takeOver(plant)
        self = .planning(controller)
    }

    var name: String {
        switch self {
        case .reading(let controller): controller.name
        case .planning(let controller): controller.name
        case .stepping: ""
        }
    }

    mutating func step(_ plant: SimulatedSite, dt: Duration) -> [PointValue] {
        switch self {
        case .reading(var controller):
            self = .stepping
            let values = controller.step(plant.image, dt: dt)
            self = .reading(controller)
            return values
        case .planning(var controller):
            self = .stepping
            let values = controller.step(plant, dt: dt)
            self = .planning(controller)
            return values
        case .stepping: return []
        }
    }
}
