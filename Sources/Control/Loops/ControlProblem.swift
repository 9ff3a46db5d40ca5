// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Something in the site that keeps control from being built as described: what, where, and what to do.
package struct ControlProblem: Hashable, Sendable {
    /// The loop, equipment or parameter it concerns.
    package let subject: String
    /// What is wrong and what to do about it.
    package let message: String

    package init(subject: String, message: String) {
        self.subject = subject
        self.message = message
    }
}
