// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import PlantSim
import Thermo

/// One point against its bounds.
struct PointWatch: Sendable {
    let point: PointIndex
    private let id: PointID
    private let unit: PointUnit
    private let limit: LimitExpectation
    /// When it first was inside, in plant time since the start.
    private(set) var reachedAt: Duration?
    private var outsideSeconds = 0.0
    private var excess = 0.0
    private var worst: (distance: Double, value: Double, at: Duration)?
    private var unknownSeconds = 0.0

    init(_ description: PointDescription, _ limit: LimitExpectation) {
        point = description.index
        id = description.id
        unit = description.unit
        self.limit = limit
    }

    mutating func observe(_ moment: ScenarioMoment) {
        guard let value = moment.truth[point.position].usableValue else {
            unknownSeconds += moment.dt
            return
        }
        let distance = max(limit.range.lowerBound - value, value - limit.range.upperBound)
        if distance <= 0, reachedAt == nil { reachedAt = moment.elapsed }
        if distance > 0 {
            outsideSeconds += moment.dt
            excess += distance * moment.dt / 60
        }
        if worst.map({ distance > $0.distance }) ?? true { worst = (distance, value, moment.elapsed) }
    }

    /// Whether it stayed inside but for what is allowed; a point that never showed anything did not.
    var isKept: Bool {
        worst != nil && unknownSeconds <= limit.exceptFor.inSeconds
            && outsideSeconds <= limit.exceptFor.inSeconds + 1e-6 && limit.excess.map { excess <= $0 } ?? true
    }

    private var words: String {
        guard let worst else { return "\(id) showed nothing" }
        var text = "\(id) \(worst.value.shown(unit)) at \(worst.at.shown)"
        if outsideSeconds > 0 {
            text += ", outside for \(Duration.seconds(outsideSeconds).shown), \(excess.rounded(3)) \(unit.symbol) min"
        }
        return text
    }

    /// The worst of several, and how many there are.
    static func summary(_ watches: [PointWatch]) -> String {
        let sorted = watches.sorted { ($0.worst?.distance ?? .infinity) > ($1.worst?.distance ?? .infinity) }
        guard let first = sorted.first else { return "no point" }
        return first.words + (watches.count > 1 ? " (worst of \(watches.count))" : "")
    }
}

/// States in the order in which they came, against those that must come.
struct StateTrack: Sendable {
    private let wanted: [String]
    private var next = 0
    private var seen: [(state: String, at: Duration)] = []

    /// States that are kept for the report.
    private static let kept = 20

    init(_ wanted: [String] = []) { self.wanted = wanted }

    mutating func observe(_ state: String, at elapsed: Duration) {
        guard !state.isEmpty, seen.last?.state != state else { return }
        if seen.count >= Self.kept { seen.remove(at: 1) }
        seen.append((state, elapsed))
        if next < wanted.count, wanted[next] == state { next += 1 }
    }

    var isPassed: Bool { next == wanted.count }

    var summary: String { seen.map { "\($0.state) from \($0.at.shown)" }.joined(separator: ", ") }
}

/// Starts of machines, in any window of a length.
struct StartWatch: Sendable {
    private struct Machine: Sendable {
        let id: String
        var starts: Int
        var times: [Duration] = []
        var most = 0
    }

    private let glob: PointGlob
    private let atMost: Int
    private let per: Duration?
    private var machines: [Machine] = []

    init(_ glob: PointGlob, atMost: Int, per: Duration?) {
        self.glob = glob
        self.atMost = atMost
        self.per = per
    }

    mutating func observe(_ moment: ScenarioMoment, counts: Bool) {
        for record in moment.machines where glob.matches(record.id) {
            guard let index = machines.firstIndex(where: { $0.id == record.id }) else {
                machines.append(Machine(id: record.id, starts: record.starts))
                continue
            }
            let new = record.starts - machines[index].starts
            machines[index].starts = record.starts
            guard counts, new > 0 else { continue }
            machines[index].times += Array(repeating: moment.elapsed, count: new)
            if let per { machines[index].times.removeAll { moment.elapsed - $0 > per } }
            machines[index].most = max(machines[index].most, machines[index].times.count)
        }
    }

    var verdict: (isPassed: Bool, detail: String) {
        guard let worst = machines.max(by: { $0.most < $1.most }) else { return (false, "no machine") }
        return (worst.most <= atMost, worst.most == 0 ? "no start" : "\(worst.id) \(worst.most)")
    }
}

/// What was commanded, and what the devices hold.
struct CommandWatch: Sendable {
    private let site: SiteDescription
    private let points: ControlledPoints
    private let interlocks: PlantInterlocks
    private var commands = 0

    init(_ site: SiteDescription) {
        self.site = site
        points = ControlledPoints(site: site)
        interlocks = PlantInterlocks(site: site, points: points)
    }

    var summary: String { "\(commands) commands" }

    /// What is wrong in this moment.
    mutating func problem(_ moment: ScenarioMoment) -> String? {
        commands += moment.outputs?.commands.count ?? 0
        for command in moment.outputs?.commands ?? [] {
            guard let slot = site.index(of: command.point).flatMap(points.slot) else {
                return "\(command.point) is not writable, but was commanded at \(moment.elapsed.shown)"
            }
            let point = points.points[slot]
            if !point.range.contains(command.value) {
                return "\(command.point) was sent \(command.value) at \(moment.elapsed.shown)"
            }
        }
        let held = ProposedSet(values: points.points.map { moment.truth[$0.index.position].usableValue })
        let image = ProcessImage(time: moment.time, readings: moment.truth)
        guard let first = interlocks.violations(image, held).first else { return nil }
        return "the devices break \(first.rawValue) at \(moment.elapsed.shown)"
    }
}

extension Double {
    /// With at most so many digits behind the point.
    func rounded(_ digits: Int) -> String {
        var factor = 1.0
        for _ in 0..<digits { factor *= 10 }
        guard abs(self) < 1e12 else { return "\(self)" }
        let value = (self * factor).rounded() / factor
        return value == value.rounded() ? "\(Int(value))" : "\(value)"
    }

    /// With its unit.
    func shown(_ unit: PointUnit?) -> String {
        guard let unit, !unit.symbol.isEmpty else { return rounded(3) }
        return "\(rounded(2)) \(unit.symbol)"
    }
}
