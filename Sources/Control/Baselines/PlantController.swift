// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Anything that runs a plant: the shipped control, or a yardstick that it is compared with.
///
/// It sees readings and says what points shall take, and nothing else. A copy is a snapshot.
package protocol PlantController: Sendable {
    /// The name in tables and on the command line, lower kebab case.
    var name: String { get }

    /// One cycle.
    ///
    /// - Parameters:
    ///   - image: The frozen readings; its time is later than that of the cycle before.
    ///   - dt: Plant time since the cycle before.
    /// - Returns: What is written now, in the order in which it must leave.
    mutating func step(_ image: ProcessImage, dt: Duration) -> [PointValue]
}

/// A value for a point, in its base unit.
package struct PointValue: Hashable, Sendable {
    package let point: PointIndex
    /// The value in the point's base unit.
    package let value: Double

    package init(point: PointIndex, value: Double) {
        self.point = point
        self.value = value
    }
}
