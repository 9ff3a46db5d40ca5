// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Control
package import Plant

/// The shipped control with every loop automatic, on a link that takes every write.
package struct ShippedController: PlantController {
    package let name = "shipped"
    private var control: ControlCycle
    private var outcomes: [WriteOutcome] = []
    private var requests: [OperatorRequest]

    private static let authority = Authority(role: .active, epoch: 1)

    /// - Returns: nil and every reason where the site cannot be controlled.
    package static func make(site: SiteDescription) -> (ShippedController?, problems: [ControlProblem]) {
        let (control, problems) = ControlCycle.make(site: site)
        return (control.map { ShippedController(site, control: $0) }, problems)
    }

    private init(_ site: SiteDescription, control: ControlCycle) {
        self.control = control
        requests = site.promotions(by: "simulation")
    }

    package mutating func step(_ image: ProcessImage, dt: Duration) -> [PointValue] {
        let outputs = control.step(
            image,
            dt: dt,
            requests: requests,
            outcomes: outcomes,
            devices: [],
            authority: Self.authority
        )
        requests = []
        outcomes.removeAll(keepingCapacity: true)
        var values: [PointValue] = []
        values.reserveCapacity(outputs.commands.count)
        for (command, point) in zip(outputs.commands, outputs.commandPoints) {
            values.append(PointValue(point: point, value: command.value))
            outcomes.append(.confirmed(command, at: image.time))
        }
        return values
    }
}
