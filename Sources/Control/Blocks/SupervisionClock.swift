// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Says in which cycles a sequence looks at its slow rules again: once in a period, and at once where it is told to.
///
/// What follows the machines, ramps, holds a temperature or keeps something safe steps in every cycle; what chooses a
/// mode, a stage or a setpoint looks at holds of minutes and is not made better by being asked every second. The
/// first step is always due. Exact for any dt up to the period; a period of zero makes every step due.
struct SupervisionClock: Hashable, Sendable, Codable {
    /// Time between two looks at the rules of a loop.
    static let period = Duration.seconds(60)

    /// Time since the rules were last looked at.
    private var sinceLook: Duration = .zero
    /// Time since the last look of the grid; a look in between does not move the grid, so that what happens off it is
    /// not felt in every later decision.
    private var sinceGrid: Duration = .zero
    private var isDue = true

    /// Takes one cycle; `dt` is the plant time since the cycle before.
    ///
    /// - Returns: The time since the last look where one is due, nil where what was found then still stands.
    mutating func step(dt: Duration, period: Duration) -> Duration? {
        let step = max(dt, .zero)
        sinceLook = min(sinceLook + step, longestCount)
        sinceGrid += step
        let isOnGrid = sinceGrid >= period
        if isOnGrid { sinceGrid = sinceGrid - period < period ? sinceGrid - period : .zero }
        guard isDue || isOnGrid else { return nil }
        defer { sinceLook = .zero }
        isDue = false
        return sinceLook
    }

    /// Makes the next step due: something has happened that the rules must see at once.
    mutating func demand() { isDue = true }
}
