// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Why series cannot be sent or kept: what is wrong, where, and what to do.
package struct RemoteWriteProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package let what: String
    /// The file or directory it is about.
    package let place: String
    /// What to do about it.
    package let remedy: String

    package init(_ what: String, at place: String, remedy: String) {
        self.what = what
        self.place = place
        self.remedy = remedy
    }

    package var description: String { "\(place): \(what); \(remedy)" }
}
