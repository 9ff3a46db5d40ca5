// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// The point that shows what a device made of a command, and how soon it must.
package struct FeedbackRule: Hashable, Sendable {
    package let index: PointIndex
    /// The point's name in the device's map.
    package let name: String
    /// Plant time within which the feedback must show the command, or at least move towards it.
    package let limit: Duration
    /// How far from the command the feedback may stay, in the command's base unit.
    package let tolerance: Double
    /// Whether the feedback only says that the machine runs: any command above zero is told from zero.
    package let isRunStatus: Bool
    /// Whether the feedback is a state, such as run or trip: a machine may then idle under its own control.
    package let isState: Bool

    package init(
        index: PointIndex,
        name: String,
        limit: Duration,
        tolerance: Double,
        isRunStatus: Bool,
        isState: Bool = false
    ) {
        self.index = index
        self.name = name
        self.limit = limit
        self.tolerance = tolerance
        self.isRunStatus = isRunStatus
        self.isState = isState
    }

    /// The rule for a point whose map names a feedback that can be compared with it; nil where it names none.
    ///
    /// A point that cannot be read back has none: the feedback is its read-back.
    init?(_ description: PointDescription, _ mapPoint: MapPoint, _ write: WriteBehavior, site: SiteDescription) {
        guard mapPoint.isReadable, let index = site.feedback(of: description.index), index != description.index else {
            return nil
        }
        let shown = site.mapPoint(index)
        let isRunStatus = shown.baseUnit == .boolean && mapPoint.baseUnit != .boolean
        guard shown.isReadable, isRunStatus || shown.baseUnit == mapPoint.baseUnit else { return nil }
        self.init(
            index: index,
            name: shown.name,
            limit: write.feedbackSettle ?? write.settle,
            tolerance: Self.tolerance(mapPoint, shown, span: write.range.upperBound - write.range.lowerBound),
            isRunStatus: isRunStatus,
            isState: shown.baseUnit == .boolean
        )
    }

    /// A setpoint is shown as it was taken; a valve, pump or drive stays within a twentieth of its range.
    private static func tolerance(_ command: MapPoint, _ shown: MapPoint, span: Double) -> Double {
        let coarsest = max(ControlledPoint.resolution(command), ControlledPoint.resolution(shown))
        return switch command.baseUnit {
        case .boolean, .enumeration, .count, .bitField: 0.5
        case .celsius, .kelvins: max(0.1, 1.5 * coarsest)
        default: max(0.05 * span, 1.5 * coarsest)
        }
    }

    /// Whether a feedback shows the command.
    func shows(_ command: Double, _ value: Double) -> Bool {
        isRunStatus ? (command > 0) == (value >= 0.5) : abs(value - command) <= tolerance
    }
}

/// Watches whether a device acts on a command that it has acknowledged and reads back.
///
/// The feedback must come to the command, or move on towards it, within its limit; a ramp that goes on meanwhile does
/// not put that off. A feedback that cannot be read proves nothing either way. Once failed, it is failed until the
/// feedback shows the command.
package struct FeedbackWatch: Hashable, Sendable, Codable {
    /// What a look at the feedback changed.
    package enum Change: Sendable {
        case failed
        case followed
    }

    /// Whether the device did not act in time.
    package private(set) var isFailed = false
    /// The feedback seen last, in the command's base unit; nil before the first.
    package private(set) var shown: Double?
    /// Since when it has neither shown the command nor moved towards it.
    private var since: Timestamp?
    /// What it showed then.
    private var anchor: Double?

    package init() {}

    /// Looks at the feedback once.
    ///
    /// - Parameters:
    ///   - command: What the device reads back, in the point's base unit.
    ///   - rule: What the map says of the feedback.
    ///   - value: The feedback; nil where it is not known, or older than the command.
    ///   - time: Plant time.
    /// - Returns: What that changed, or nil.
    package mutating func step(command: Double, _ rule: FeedbackRule, value: Double?, at time: Timestamp) -> Change? {
        guard let value else {
            since = nil
            return nil
        }
        shown = value
        if rule.shows(command, value) {
            defer { self = FeedbackWatch() }
            return isFailed ? .followed : nil
        }
        guard let since, let anchor else {
            self.since = time
            anchor = value
            return nil
        }
        let moved = command > anchor ? value - anchor : anchor - value
        if !rule.isRunStatus, moved > rule.tolerance {
            self.since = time
            self.anchor = value
            return nil
        }
        guard !isFailed, time - since > rule.limit else { return nil }
        isFailed = true
        return .failed
    }
}
