// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Why polling cannot start: what is wrong, where, and what to do about it.
package struct ModbusProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package let what: String
    /// The device, endpoint, map or resource it is about.
    package let place: String
    /// What to do about it.
    package let remedy: String

    package init(what: String, place: String, remedy: String) {
        self.what = what
        self.place = place
        self.remedy = remedy
    }

    package var description: String { "\(place): \(what); \(remedy)" }
}
