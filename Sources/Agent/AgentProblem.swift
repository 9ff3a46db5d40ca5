// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Why the agent cannot start or go on: what, where, and what to do.
package struct AgentProblem: Error, CustomStringConvertible, Sendable {
    /// The file, device or part it concerns.
    package let subject: String
    package let message: String

    package init(_ subject: String, _ message: String) {
        self.subject = subject
        self.message = message
    }

    package var description: String { "\(subject): \(message)" }
}
