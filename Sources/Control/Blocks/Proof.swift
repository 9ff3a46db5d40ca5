// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Compares what a machine was told with what it shows.
///
/// The status counts once it has lasted for `debounce`; a command counts as failed when the counted status has not
/// followed within `allowance` after the command. An unknown status (nil) proves nothing: it keeps the last counted
/// one and lets no failure appear, since silence of the network is not a failed machine. Exact for any dt.
///
/// - Source: Control Description Language, `Logical.Proof` (status against command, feedback delay and debounce).
package struct Proof: Hashable, Sendable, Codable {
    /// What is known of the machine.
    package enum Result: String, Sendable, Codable {
        /// Told to run, and runs.
        case running
        /// Told to stop, and stands.
        case stopped
        /// Told otherwise, but the allowance is not over.
        case waiting
        /// Told to run, and stands although the allowance is over.
        case failedToStart = "failed_to_start"
        /// Told to stop, and runs although the allowance is over.
        case failedToStop = "failed_to_stop"
    }

    /// The status that counts; nil before the first has lasted.
    package private(set) var status: Bool?
    private var candidate: Bool?
    private var candidateTime: Duration = .zero
    private var command: Bool?
    private var commandTime: Duration = .zero

    package init() {}

    /// Takes one sample.
    ///
    /// - Parameters:
    ///   - command: What the machine is told.
    ///   - status: What it shows; nil where that is not known.
    ///   - debounce: How long a status must last to count.
    ///   - allowance: How long the machine may take to follow.
    ///   - dt: Plant time since the sample before.
    /// - Returns: What is known of the machine after this sample.
    package mutating func step(
        command: Bool,
        status: Bool?,
        debounce: Duration,
        allowance: Duration,
        dt: Duration
    ) -> Result {
        count(status, debounce: debounce, dt: dt)
        if command == self.command {
            // Only time in which the status is known can use up the allowance.
            if status != nil { commandTime = min(commandTime + max(dt, .zero), longestCount) }
        } else {
            self.command = command
            commandTime = .zero
        }
        if self.status == command { return command ? .running : .stopped }
        guard commandTime >= allowance, status != nil, status != command else { return .waiting }
        return command ? .failedToStart : .failedToStop
    }

    private mutating func count(_ status: Bool?, debounce: Duration, dt: Duration) {
        guard let status else {
            candidate = nil
            return
        }
        if status == candidate {
            candidateTime = min(candidateTime + max(dt, .zero), longestCount)
        } else {
            candidate = status
            candidateTime = .zero
        }
        if candidateTime >= debounce { self.status = status }
    }
}
