// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import SiteFiles

/// What to replay and how.
package struct ReplayOptions: Sendable {
    /// The recording.
    let path: String
    /// What its columns mean; nil where they are named `device/point`.
    let columnsPath: String?
    /// Plant seconds per wall second; nil for the site's time scale.
    let speed: Double?
    /// How long a value holds; nil for three times the mean interval of its point.
    let hold: Duration?
    let isLooping: Bool

    package init(
        path: String,
        columnsPath: String? = nil,
        speed: Double? = nil,
        hold: Duration? = nil,
        isLooping: Bool = false
    ) {
        self.path = path
        self.columnsPath = columnsPath
        self.speed = speed
        self.hold = hold
        self.isLooping = isLooping
    }

    /// A time such as `15 min`, up to a year; nil for anything else.
    static func span(_ text: String) -> Duration? {
        let number = text.prefix { $0.isNumber || $0 == "." }
        let unit = String(text.dropFirst(number.count).drop { $0 == " " })
        guard let value = Double(number), let unit = SourceUnit.named(unit), unit.base == .seconds else { return nil }
        let seconds = unit.toBase(value)
        guard seconds >= 0, seconds <= 366 * 86_400 else { return nil }
        return .milliseconds(Int64((seconds * 1_000).rounded()))
    }
}

/// Makes the plant of a recording, after everything that could be wrong with it was looked at.
struct ReplaySetup: Sendable {
    let options: ReplayOptions
    let site: SiteDescription
    let sitePath: String
    let report: @Sendable (String) -> Void

    /// How long before the first line the site may start: an agent's first reading comes a little after its start.
    private static let lead = Duration.seconds(60)

    func plant(scenario: Scenario?) throws(SimulatorProblem) -> ReplayPlant {
        if let scenario, !scenario.events.isEmpty || !scenario.plantFaults.isEmpty {
            throw .input([
                "a recorded plant has no weather, load or machines to act on: leave 'events' and plant faults "
                    + "out of the scenario, or --replay"
            ])
        }
        var columns = RecordingColumns()
        if let path = options.columnsPath {
            let loaded = SiteFiles.loadColumns(path: path, site: site)
            guard let value = loaded.value else { throw .input(loaded.problems.map(\.description)) }
            columns = value
        }
        let points = RecordingPoints(site: site, columns: columns) { SiteFiles.nearestNames(to: $0, in: $1) }
        var file: RecordingFile
        let survey: RecordingSurvey
        do throws(InputTextError) {
            file = try RecordingFile(path: options.path, points: points)
            survey = try file.survey(pointCount: site.points.count)
        } catch {
            throw .input([error.description(in: options.path)])
        }
        let start = try self.start(in: survey)
        tell(of: survey, unused: file.rows.unusedNames)
        return ReplayPlant(
            site: site,
            start: start,
            file: file,
            survey: survey,
            hold: options.hold,
            isLooping: options.isLooping,
            report: report
        )
    }

    /// The moment of the site file, which the agent begins at too.
    private func start(in survey: RecordingSurvey) throws(SimulatorProblem) -> Timestamp {
        guard let span = survey.span, site.points.contains(where: { survey.drives($0.index) }) else {
            throw .input(["\(options.path): it holds no value of any point; give a recording with at least one"])
        }
        let length = "the recording runs from \(span.lowerBound.iso8601) to \(span.upperBound.iso8601)"
        func refusal(_ reason: String, _ start: Timestamp, _ scale: Double) -> SimulatorProblem {
            .input([
                "\(sitePath): \(reason); \(length). The agent takes its clock from the site file: put "
                    + "'simulation: {start: \"\(start.iso8601)\", time_scale: \(Self.number(scale))}' there"
            ])
        }
        guard let simulation = site.simulation else {
            throw refusal("the site says no time to replay at", span.lowerBound, options.speed ?? 1)
        }
        let start = simulation.start
        let isInside = start >= span.lowerBound - Self.lead && start <= span.upperBound
        let good = isInside ? start : span.lowerBound
        if let speed = options.speed, speed != simulation.timeScale {
            let scale = Self.number(simulation.timeScale)
            throw refusal("--speed \(Self.number(speed)) is not its time_scale, \(scale)", good, speed)
        }
        guard isInside else {
            throw refusal("its start, \(start.iso8601), is outside the recording", good, simulation.timeScale)
        }
        return start
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e9 ? String(Int(value)) : String(value)
    }

    /// Says what is replayed and, device by device, what is not.
    private func tell(of survey: RecordingSurvey, unused: [String]) {
        let driven = site.points.filter { survey.drives($0.index) }.count
        if let span = survey.span {
            let loop = options.isLooping ? ", again every \(Int(survey.period.inSeconds)) s" : ""
            report(
                "\(options.path): \(driven) of \(site.points.count) points, \(survey.moments) moments from "
                    + "\(span.lowerBound.iso8601) to \(span.upperBound.iso8601)\(loop)"
            )
        }
        let holds = zip(site.points, survey.holds(options.hold)).filter { survey.drives($0.0.index) }.map(\.1)
        if let least = holds.min(), let most = holds.max() {
            let range = least == most ? "" : " to \(Self.number(most.inSeconds)) s"
            report("values hold for \(Self.number(least.inSeconds)) s\(range), then there are none")
        }
        if !unused.isEmpty { report("not used: \(Self.list(unused))") }
        for (position, device) in site.devices.enumerated() {
            let own = site.points.filter { $0.device == position && !site.mapPoint($0.index).isText }
            let missing = own.filter { !survey.drives($0.index) }
            guard !missing.isEmpty else { continue }
            if missing.count == own.count, own.allSatisfy({ site.mapPoint($0.index).write == nil }) {
                report("\(device.id): no column; it does not answer")
            } else {
                let writable = missing.filter { site.mapPoint($0.index).write != nil }
                let rest = writable.isEmpty ? "" : "; \(writable.count) of these stand as written"
                report("\(device.id): no column for \(Self.list(missing.map(\.id.point)))\(rest)")
            }
        }
        if site.simulation?.events.isEmpty == false { report("the site's simulated events are left out") }
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(8).joined(separator: ", ")
        return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
    }
}
