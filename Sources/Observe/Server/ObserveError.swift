// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Why a surface could not be opened: what, where, and what to do.
package struct ObserveError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    package let what: String
    /// The address, path or text it concerns.
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
