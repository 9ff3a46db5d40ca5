// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What one expectation of a scenario came to.
package struct ExpectationOutcome: Hashable, Sendable, Encodable {
    /// What had to hold, in words.
    package let text: String
    package let isPassed: Bool
    /// What was seen: the worst value, the alarms, the states.
    package let detail: String
    /// Where it stands, `file:line:column`.
    package let origin: String
}

/// An alarm that was raised in a scenario.
package struct RaisedAlarm: Hashable, Sendable, Encodable {
    package let id: String
    /// Plant time since the start, in seconds.
    package let seconds: Double
    /// `high`, `medium` or `low`; nil where it was only shown in a group.
    package let priority: String?
}

/// What a scenario came to.
package struct ScenarioResult: Hashable, Sendable, Encodable {
    package let title: String
    /// Plant time simulated, in hours.
    package let hours: Double
    package let seed: UInt64
    /// In the order of the file.
    package let expectations: [ExpectationOutcome]
    /// In the order in which they were raised.
    package let alarms: [RaisedAlarm]
    /// What virtual time cannot act out, and is left out.
    package let notes: [String]
    /// The share of heat that the plant does not account for on its worst day.
    package let worstHeatBalance: Double

    package var isPassed: Bool { expectations.allSatisfy(\.isPassed) }
}
