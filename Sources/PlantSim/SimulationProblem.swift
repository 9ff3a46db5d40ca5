// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Something a site description asks for that the simulator cannot build.
package struct SimulationProblem: Hashable, Sendable, CustomStringConvertible {
    /// The rack, device or meter concerned; `site` where it is the whole.
    package let subject: String
    /// What is wrong and what to do.
    package let message: String

    package init(subject: String, message: String) {
        self.subject = subject
        self.message = message
    }

    package var description: String { "\(subject): \(message)" }
}
