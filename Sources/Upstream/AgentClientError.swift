// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Why the agent gave no answer: what went wrong, where, and what to do.
package struct AgentClientError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Whose fault it is, as the exit code tells it.
    package enum Kind: Sendable {
        /// The agent cannot be reached, or does not answer in time.
        case unreachable
        /// The request itself is wrong.
        case refused
        /// The answer is not what an agent answers.
        case unexpectedAnswer
    }

    package let kind: Kind
    /// What went wrong.
    package let what: String
    /// The URL or the socket's path.
    package let place: String
    /// What to do about it.
    package let remedy: String

    package init(_ kind: Kind, _ what: String, at place: String, remedy: String) {
        self.kind = kind
        self.what = what
        self.place = place
        self.remedy = remedy
    }

    package var description: String { "\(place): \(what); \(remedy)" }
}
