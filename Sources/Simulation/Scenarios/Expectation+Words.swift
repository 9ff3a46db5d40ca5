// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

extension Expectation {
    /// What must hold, in one line.
    var words: String { kind.words + window }

    private var window: String {
        switch (from > .zero, until) {
        case (false, nil): ""
        case (true, nil): ", from \(from.shown) on"
        case (false, let until?): ", until \(until.shown)"
        case (true, let until?): ", from \(from.shown) to \(until.shown)"
        }
    }
}

extension Expectation.Kind {
    fileprivate var words: String {
        switch self {
        case .limit(let limit): limit.words + limit.allowance
        case .reaches(let limit, let within): "\(limit.words) is reached within \(within.shown)"
        case .alarms(let glob, let times): "alarm \(glob.text): \(Self.count(times))"
        case .noOtherAlarms(let least): "no other alarm of priority \(least.rawValue) or above"
        case .starts(let glob, let most, let per):
            "starts of \(glob.text): at most \(most)\(per.map { " in any \($0.shown)" } ?? "") each"
        case .passes(let loop, let states): "\(loop) goes through \(states.joined(separator: ", "))"
        case .enters(let loop, let state, let within): "\(loop) is \(state) within \(within.shown)"
        case .automatic(let glob, let within):
            "loops \(glob.text) are automatic\(within > .zero ? " within \(within.shown)" : "")"
        case .cooling(let ways): "cooling goes through \(ways.joined(separator: ", "))"
        case .safeCommands: "every command is within its limits, no joint interlock is broken"
        case .limitedRacks(let most): "at most \(most) racks throttle or trip"
        }
    }

    private static func count(_ times: ClosedRange<Int>) -> String {
        if times.lowerBound == times.upperBound { return "exactly \(times.lowerBound)" }
        if times.upperBound == .max { return "at least \(times.lowerBound)" }
        return times.lowerBound == 0 ? "at most \(times.upperBound)" : "\(times.lowerBound) to \(times.upperBound)"
    }
}

extension LimitExpectation {
    fileprivate var words: String {
        let low = range.lowerBound.isFinite ? "at least \(range.lowerBound.shown(unit))" : ""
        let high = range.upperBound.isFinite ? "at most \(range.upperBound.shown(unit))" : ""
        return "\(points.text) " + [low, high].filter { !$0.isEmpty }.joined(separator: " and ")
    }

    fileprivate var allowance: String {
        var parts: [String] = []
        if exceptFor > .zero, excess == nil || exceptFor < .seconds(86_400 * 30) { parts.append("\(exceptFor.shown)") }
        if let excess { parts.append("\(excess.rounded(3)) \(unit?.symbol ?? "units") min") }
        return parts.isEmpty ? "" : " but for \(parts.joined(separator: " and "))"
    }
}
