// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Something that must hold in a scenario.
package struct Expectation: Hashable, Sendable {
    package let kind: Kind
    /// Plant time after the start of the scenario from which it counts.
    package let from: Duration
    /// Plant time after the start of the scenario until which it counts; nil to the end.
    package let until: Duration?
    /// Where it stands, `file:line:column`.
    package let origin: String

    package init(kind: Kind, from: Duration = .zero, until: Duration? = nil, origin: String) {
        self.kind = kind
        self.from = from
        self.until = until
        self.origin = origin
    }

    /// What must hold.
    package enum Kind: Hashable, Sendable {
        /// The truth behind points stays between bounds.
        case limit(LimitExpectation)
        /// Each of these points comes between bounds at least once within a plant time from the window's beginning.
        case reaches(LimitExpectation, within: Duration)
        /// Alarms are raised so many times.
        case alarms(PointGlob, times: ClosedRange<Int>)
        /// Beyond those that other expectations name, no alarm of this priority or a higher one is raised.
        case noOtherAlarms(AlarmPriority)
        /// Each of these machines starts at most so often in any window of a length; nil in all.
        case starts(PointGlob, atMost: Int, per: Duration?)
        /// A loop goes through these states in this order; others may lie between.
        case passes(loop: String, states: [String])
        /// A loop comes into a state within a plant time from the window's beginning.
        case enters(loop: String, state: String, within: Duration)
        /// These loops are automatic within a plant time from the window's beginning, and stay it.
        case automatic(PointGlob, within: Duration)
        /// The heat leaves facility water in these ways in this order; others may lie between.
        case cooling([String])
        /// No command is outside the limits of its point, and no set of held values breaks a joint interlock.
        case safeCommands
        /// Racks throttle or trip in at most so many of all.
        case limitedRacks(atMost: Int)
    }
}

/// Bounds of points, in their base unit, and what may lie outside them.
package struct LimitExpectation: Hashable, Sendable {
    /// Over point ids, `device/point`.
    package let points: PointGlob
    /// In the base unit of the points.
    package let range: ClosedRange<Double>
    /// The unit the bounds were given in; nil for plain numbers.
    package let unit: PointUnit?
    /// How long, added up over the window, each point may be outside.
    package let exceptFor: Duration
    /// How far outside times how long each point may be, in base units times minutes; nil for any.
    package let excess: Double?

    package init(
        points: PointGlob,
        range: ClosedRange<Double>,
        unit: PointUnit? = nil,
        exceptFor: Duration = .zero,
        excess: Double? = nil
    ) {
        self.points = points
        self.range = range
        self.unit = unit
        self.exceptFor = exceptFor
        self.excess = excess
    }
}
