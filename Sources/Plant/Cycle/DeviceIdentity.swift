// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Whether what answers at a device's address is the product its map describes.
package struct DeviceIdentity: Hashable, Sendable, Codable {
    /// What is known of it.
    package enum State: String, CaseIterable, Sendable, Codable {
        /// Not read since the device was last reached; nothing is read or written until it has been.
        case awaited
        case confirmed
        /// It says that it is something else: its readings are bad, and nothing is written.
        case mismatch
        /// It answers, but not to this question: its readings are uncertain, and nothing is written.
        case unconfirmed
    }

    package let state: State
    /// What the map accepts, for people.
    package let expected: String
    /// What the device said, or why it said nothing; empty where it has not been asked or is confirmed.
    package let found: String
    /// Answers that were something else since the agent started.
    package let mismatches: Int

    package init(state: State, expected: String, found: String = "", mismatches: Int = 0) {
        self.state = state
        self.expected = expected
        self.found = found
        self.mismatches = mismatches
    }

    /// Why nothing is written to the device; nil where its identity is no reason.
    package var refusal: String? {
        switch state {
        case .confirmed, .awaited: nil
        case .mismatch: "it is not the device of its map, which expects \(expected): it says \(found)"
        case .unconfirmed: "it cannot be confirmed to be the device of its map, which expects \(expected): \(found)"
        }
    }
}
