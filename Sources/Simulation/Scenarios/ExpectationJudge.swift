// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Thermo

/// Watches one expectation through a scenario.
struct ExpectationJudge: Sendable {
    let expectation: Expectation
    /// The points it looks at.
    let points: [PointIndex]
    private var limits: [PointWatch]
    private var track = StateTrack()
    private var safety: CommandWatch?
    private var starts: StartWatch?
    /// What is wrong, the first thing seen.
    private var failure: String?
    private var hasHeld = false
    private var worstCount = 0
    /// Alarms that other expectations name.
    private let named: [PointGlob]

    init(_ expectation: Expectation, of scenario: Scenario, site: SiteDescription) {
        self.expectation = expectation
        var limits: [PointWatch] = []
        switch expectation.kind {
        case .limit(let limit), .reaches(let limit, _):
            limits = site.points.filter { limit.points.matches($0.id) }.map { PointWatch($0, limit) }
        case .safeCommands: safety = CommandWatch(site)
        case .starts(let machines, let most, let per): starts = StartWatch(machines, atMost: most, per: per)
        case .passes(_, let states): track = StateTrack(states)
        case .cooling(let ways): track = StateTrack(ways)
        case .alarms, .noOtherAlarms, .enters, .automatic, .limitedRacks: break
        }
        self.limits = limits
        points = limits.map(\.point)
        named = scenario.expectations.compactMap { if case .alarms(let glob, _) = $0.kind { glob } else { nil } }
    }

    private func isInside(_ elapsed: Duration) -> Bool {
        elapsed >= expectation.from && expectation.until.map { elapsed <= $0 } ?? true
    }

    /// Takes in what is there after one step.
    mutating func observe(_ moment: ScenarioMoment) {
        // Starts are counted from a step before the window, or the first one inside would be none.
        let counts = isInside(moment.elapsed)
        starts?.observe(moment, counts: counts)
        guard counts else { return }
        let since = moment.elapsed - expectation.from
        switch expectation.kind {
        case .limit: for index in limits.indices { limits[index].observe(moment) }
        case .reaches(_, let within):
            for index in limits.indices where since <= within { limits[index].observe(moment) }
        case .passes(let loop, _): track.observe(moment.state(of: loop), at: moment.elapsed)
        case .cooling: track.observe(moment.way.rawValue, at: moment.elapsed)
        case .enters(let loop, let state, let within):
            track.observe(moment.state(of: loop), at: moment.elapsed)
            if since <= within, moment.state(of: loop) == state { hasHeld = true }
        case .automatic(let loops, let within): judgeAutomatic(loops, within, since, moment)
        case .limitedRacks: worstCount = max(worstCount, moment.limitedRacks)
        case .safeCommands: if failure == nil { failure = safety?.problem(moment) }
        case .alarms, .noOtherAlarms, .starts: break
        }
    }

    private mutating func judgeAutomatic(
        _ loops: PointGlob,
        _ within: Duration,
        _ since: Duration,
        _ moment: ScenarioMoment
    ) {
        let problem = moment.obstacle(toAutomatic: loops)
        if problem == nil { hasHeld = true }
        guard since > within, failure == nil, let problem else { return }
        failure = "\(problem) at \(moment.elapsed.shown)"
    }

    // MARK: The end

    /// What it has come to.
    func outcome(_ alarms: AlarmLog) -> ExpectationOutcome {
        let verdict = verdict(alarms)
        return ExpectationOutcome(
            text: expectation.words,
            isPassed: verdict.isPassed,
            detail: verdict.detail,
            origin: expectation.origin
        )
    }

    private func verdict(_ log: AlarmLog) -> (isPassed: Bool, detail: String) {
        switch expectation.kind {
        case .limit:
            let broken = limits.filter { !$0.isKept }
            return (broken.isEmpty && !limits.isEmpty, PointWatch.summary(broken.isEmpty ? limits : broken))
        case .reaches:
            let missed = limits.filter { $0.reachedAt == nil }
            guard missed.isEmpty else { return (false, PointWatch.summary(missed)) }
            let last = limits.compactMap(\.reachedAt).max()
            return (!limits.isEmpty, last.map { "all by \($0.shown)" } ?? "no point")
        case .alarms(let glob, let times):
            let raised = raised(log).filter { glob.matches($0.id) }
            return (times.contains(raised.count), Self.list(raised))
        case .noOtherAlarms(let least):
            let others = raised(log).filter { alarm in
                let rank = AlarmPriority.allCases.firstIndex { $0.rawValue == alarm.priority } ?? 0
                let limit = AlarmPriority.allCases.firstIndex(of: least) ?? 0
                return rank <= limit && !named.contains { $0.matches(alarm.id) }
            }
            return (others.isEmpty, Self.list(others))
        case .starts: return starts?.verdict ?? (false, "")
        case .passes, .cooling: return (track.isPassed, track.summary)
        case .enters: return (hasHeld, track.summary)
        case .automatic: return (failure == nil && hasHeld, failure ?? (hasHeld ? "" : "never"))
        case .limitedRacks(let most): return (worstCount <= most, "\(worstCount) at the worst")
        case .safeCommands: return (failure == nil, failure ?? safety?.summary ?? "")
        }
    }

    private func raised(_ log: AlarmLog) -> [RaisedAlarm] {
        log.raised.filter { isInside(.milliseconds(Int64($0.seconds * 1_000))) }
    }

    private static func list(_ alarms: [RaisedAlarm]) -> String {
        guard !alarms.isEmpty else { return "none" }
        let shown = alarms.prefix(8).map { alarm in
            "\(alarm.id) at \(Duration.milliseconds(Int64(alarm.seconds * 1_000)).shown)"
        }
        let rest = alarms.count > 8 ? ", and \(alarms.count - 8) more" : ""
        return "\(alarms.count): \(shown.joined(separator: ", "))\(rest)"
    }
}

extension ScenarioMoment {
    /// The state of a loop; empty while the agent is gone.
    func state(of loop: String) -> String { outputs?.loops.first { $0.id == loop }?.state ?? "" }

    /// What keeps these loops from being automatic with all their points; nil where nothing does.
    func obstacle(toAutomatic loops: PointGlob) -> String? {
        guard let outputs else { return "the agent is gone" }
        if let loop = outputs.loops.first(where: { loops.matches($0.id) && $0.mode != .automatic }) {
            return "\(loop.id) is \(loop.mode.rawValue)"
        }
        let held = outputs.decisions.first { decision in
            loops.matches(decision.origin) && !decision.isSent
        }
        return held.map { "\($0.point) is not commanded" }
    }
}

extension Duration {
    /// In minutes and seconds, as an operator says it.
    var shown: String {
        let seconds = Int(inSeconds.rounded())
        return seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds / 60) min \(seconds % 60) s"
    }
}
