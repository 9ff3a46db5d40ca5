// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The proof on which a loop is let write: what was tried on this site, by whom, when.
///
/// Kept with the request that used it. The agent checks that it names this site and this loop and that every check is
/// marked as passed; it cannot check that the work was done.
package struct CommissioningRecord: Hashable, Sendable, Codable {
    /// The site the record is for.
    package let site: String
    /// The loops it covers.
    package let loops: [String]
    /// Who answers for it.
    package let signedBy: String
    /// The day it was signed, ISO 8601.
    package let date: String
    /// What was tried, in the order of the file.
    package let checks: [CommissioningCheck]

    package init(site: String, loops: [String], signedBy: String, date: String, checks: [CommissioningCheck]) {
        self.site = site
        self.loops = loops
        self.signedBy = signedBy
        self.date = date
        self.checks = checks
    }
}

/// One thing that was tried before a loop was let write.
package struct CommissioningCheck: Hashable, Sendable, Codable {
    /// What was tried: "agent stopped, chiller 2 went back to its own setpoint within 5 min".
    package let what: String
    package let isPassed: Bool

    package init(what: String, isPassed: Bool) {
        self.what = what
        self.isPassed = isPassed
    }
}
