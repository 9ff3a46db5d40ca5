// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What a machine with a compressor is doing.
package enum MachineStatus: String, CaseIterable, Hashable, Sendable {
    case off
    /// Enabled, in its start sequence or held by its restart inhibit.
    case starting
    case running
    /// Enabled, compressor off because there is too little to do.
    case resting
    /// Stopped by a protection; clears when disabled.
    case tripped
}

/// The start and stop sequence of a machine with a compressor, with its counters.
///
/// Steps longer than the start delay start the machine at the end of the step in which the delay ran out.
package struct MachineSequence: Hashable, Sendable {
    /// The times of one kind of machine, all in seconds.
    package struct Timing: Hashable, Sendable {
        /// From enable to compressor start.
        package var startDelay: Double
        /// Compressor off at least this long between stop and start, in seconds.
        package var minimumOff: Double
        /// Compressor on at least this long after a start where it is disabled, in seconds; trips ignore it.
        package var minimumOn: Double
        /// Starts that the restart inhibit grants at once, a number of starts.
        package var freeStarts: Double
        /// Time in seconds after which the inhibit grants one more start.
        package var startInterval: Double

        package init(
            startDelay: Double,
            minimumOff: Double,
            minimumOn: Double,
            freeStarts: Double,
            startInterval: Double
        ) {
            self.startDelay = startDelay
            self.minimumOff = minimumOff
            self.minimumOn = minimumOn
            self.freeStarts = freeStarts
            self.startInterval = startInterval
        }

        package static let chiller = Timing(
            startDelay: 45,
            minimumOff: 60,
            minimumOn: 0,
            freeStarts: 3,
            startInterval: 1_200
        )
        package static let heatPump = Timing(
            startDelay: 120,
            minimumOff: 900,
            minimumOn: 0,
            freeStarts: 1_000,
            startInterval: 900
        )
    }

    package let timing: Timing
    package private(set) var status: MachineStatus
    /// How many times the compressor started.
    package private(set) var starts = 0
    /// Time the compressor ran, in seconds.
    package private(set) var runSeconds = 0.0
    /// Seconds in the present status.
    package private(set) var statusSeconds = 0.0
    private var sequence = 0.0
    private var standstill: Double
    private var grantedStarts: Double

    package init(_ timing: Timing, isRunning: Bool = false) {
        self.timing = timing
        status = isRunning ? .running : .off
        standstill = isRunning ? 0 : timing.minimumOff
        grantedStarts = timing.freeStarts
    }

    /// Whether the restart inhibit would let the compressor start now.
    package var mayStart: Bool { standstill >= timing.minimumOff && grantedStarts >= 1 }

    /// Moves on by `dt` seconds.
    ///
    /// - Parameters:
    ///   - isEnabled: The command, and every condition that the start needs.
    ///   - wantsToRun: Whether there is enough to do to leave rest.
    ///   - dt: The step in seconds.
    package mutating func step(isEnabled: Bool, wantsToRun: Bool, dt: Double) {
        statusSeconds += dt
        grantedStarts = min(grantedStarts + dt / timing.startInterval, timing.freeStarts)
        if status == .running { runSeconds += dt } else { standstill += dt }
        switch status {
        case .off:
            if isEnabled {
                sequence = 0
                change(to: .starting)
            }
        case .starting:
            sequence += dt
            if !isEnabled {
                change(to: .off)
            } else if sequence >= timing.startDelay, mayStart {
                starts += 1
                grantedStarts -= 1
                change(to: .running)
            }
        case .running:
            if !isEnabled, statusSeconds >= timing.minimumOn { stop(.off) }
        case .resting:
            if !isEnabled {
                change(to: .off)
            } else if wantsToRun {
                sequence = 0
                change(to: .starting)
            }
        case .tripped:
            if !isEnabled { change(to: .off) }
        }
    }

    /// Lets a running machine rest.
    package mutating func rest() {
        guard status == .running else { return }
        stop(.resting)
    }

    /// Stops the machine by a protection.
    package mutating func trip() { stop(.tripped) }

    private mutating func stop(_ next: MachineStatus) {
        if status == .running { standstill = 0 }
        change(to: next)
    }

    private mutating func change(to next: MachineStatus) {
        status = next
        statusSeconds = 0
    }
}
