// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Judges the values of one running total: a step back, or a jump that a read torn between two words would give, is
/// held in doubt until the next reads agree with it.
///
/// A tear or a momentary zero is gone with the next read and costs that one reading. A true reset, an exchange of
/// the meter and a long outage are believed one read later. What the total means is not decided here.
package struct CounterWatch: Hashable, Sendable {
    /// Reads in a row that disagree with each other before the newest is taken as it is.
    package static let patience = 5

    /// The last value that was believed, in the base unit; NaN before the first.
    package private(set) var last = Double.nan
    /// The value in doubt, in the base unit; NaN where there is none.
    private var suspect = Double.nan
    private var suspicions = 0
    /// The largest step that was believed, in the base unit.
    private var largestStep = 0.0

    package init() {}

    /// Judges the newest value.
    ///
    /// - Parameters:
    ///   - value: The decoded total, in the base unit.
    ///   - rules: What the map says of the register.
    /// - Returns: Whether it may be believed.
    package mutating func accepts(_ value: Double, _ rules: CounterRules) -> Bool {
        guard last.isFinite else {
            believe(value)
            return true
        }
        if let step = rules.step(from: last, to: value), step <= rules.bound(largestStep) {
            largestStep = max(largestStep, step)
            believe(value)
            return true
        }
        suspicions += 1
        guard agrees(value, rules) || suspicions >= Self.patience else {
            suspect = value
            return false
        }
        if suspect > last { largestStep = max(largestStep, value - suspect) }
        believe(value)
        return true
    }

    /// Whether a value goes on from the one in doubt, by no more than is usual or than that one itself went.
    private func agrees(_ value: Double, _ rules: CounterRules) -> Bool {
        guard suspect.isFinite, value >= suspect else { return false }
        return value - suspect <= max(rules.bound(largestStep), 2 * (suspect - last))
    }

    private mutating func believe(_ value: Double) {
        last = value
        suspect = .nan
        suspicions = 0
    }
}

/// What is known of a running total's register, worked out from its map.
package struct CounterRules: Hashable, Sendable {
    /// Where the register starts again from zero, in the base unit; infinity where it does not.
    package let rollover: Double
    /// A carry into the next word, in the base unit: what a torn read is wrong by; infinity where none can be.
    package let carry: Double

    package init(rollover: Double?, carry: Double?) {
        self.rollover = rollover ?? .infinity
        self.carry = carry ?? .infinity
    }

    /// How far the total went, over the rollover where that is the shorter way; nil where it went back.
    func step(from last: Double, to value: Double) -> Double? {
        if value >= last { return value - last }
        guard rollover.isFinite else { return nil }
        let around = value + rollover - last
        return around >= 0 && around <= rollover / 2 ? around : nil
    }

    /// The largest step that needs no second read: below a carry, unless larger ones are this total's habit.
    func bound(_ largestStep: Double) -> Double { max(carry * 0.999, 4 * largestStep) }
}
