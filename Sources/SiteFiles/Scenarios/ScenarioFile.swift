// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

extension SiteFiles {
    /// Reads a scenario: what goes wrong, when, and what must hold; docs/scenario-format.md has every key.
    ///
    /// Whether its devices, equipment and points exist is for ``problems(of:on:)`` to say.
    package static func loadScenario(path: String) -> Loaded<Scenario> {
        let problems = ProblemCollector()
        guard let root = YAMLFile.read(path, problems: problems),
            SiteFormat.accepts(root, problems: problems)
        else { return Loaded(value: nil, problems: problems.sorted()) }
        let scenario = ScenarioFile.scenario.read(root, "scenario", problems)
        return Loaded(value: scenario, problems: problems.sorted())
    }
}

/// The rules of a scenario.
enum ScenarioFile {
    /// Faults, and events of each kind, one scenario may have.
    static let mostFaults = 1_000
    /// The longest time between a scenario's start and anything in it.
    static let longest = Duration.seconds(366 * 86_400)

    static var scenario: Rule<Scenario> {
        Rule<Scenario>.mapping("a scenario") { fields in
            _ = fields.optional("format", .integer(0...1_000_000))
            let title = fields.optional("title", .text(upTo: 200), default: "")
            let run = fields.optional("run", run, default: ScenarioRunSettings())
            let start = run.start
            func list<Entry>(_ key: String, _ rule: Rule<Entry>, _ name: String) -> [Entry] {
                fields.optional(
                    key,
                    .list(of: rule, named: name, atMost: mostFaults, asWhole: true),
                    default: []
                )
            }
            let faults = list("faults", fault(start), "a fault")
            let events = list("events", SiteDecoder.simulationEvent { when($0, start, mustBeGiven: true) }, "an event")
            let stops = list("agent", stop(start), "a stop")
            let expectations = list("expect", expectation(start), "an expectation")
            if ["faults", "events", "agent"].allSatisfy({ !fields.has($0) }) {
                fields.problems.error(
                    fields.place,
                    "a scenario in which nothing happens; give faults, events or agent"
                )
                return nil
            }
            return Scenario(
                title: title,
                run: run,
                faults: faults.compactMap { if case .device(let event) = $0 { event } else { nil } },
                plantFaults: faults.compactMap { if case .plant(let event) = $0 { event } else { nil } },
                events: events,
                stops: stops,
                expectations: expectations
            )
        }
    }

    private static var run: Rule<ScenarioRunSettings> {
        let usual = ScenarioRunSettings()
        return Rule<ScenarioRunSettings>.mapping("a run") { fields in
            ScenarioRunSettings(
                start: fields.optional("start", .timestamp),
                duration: fields.optional("for", span(from: .seconds(60)), default: usual.duration),
                step: fields.optional(
                    "step",
                    .duration(.seconds(1)...(.seconds(30)), example: "5 s"),
                    default: usual.step
                ),
                climate: fields.optional("climate", .text(upTo: 64)),
                utilisation: fields.optional("utilisation", Rule<Ratio>.share(0...1)),
                seed: UInt64(fields.optional("seed", Rule<Int>.integer(0...1_000_000_000), default: 1))
            )
        }
    }

    private static func stop(_ start: Timestamp?) -> Rule<AgentStop> {
        Rule<AgentStop>.mapping("a stop of the agent") { fields in
            let after = when(fields, start, mustBeGiven: true)
            let lasts = fields.required("stopped_for", span(from: .seconds(1)))
            let isOrderly = fields.optional("orderly", .boolean, default: false)
            let keeps = fields.optional("keeps_snapshot", .boolean, default: true)
            let age = fields.optional("snapshot_age", span(from: .zero), default: .zero)
            guard let after, let lasts else { return nil }
            return AgentStop(
                after: after,
                lasts: lasts,
                isOrderly: isOrderly,
                keepsSnapshot: keeps,
                snapshotAge: age
            )
        }
    }

    /// Plant time after the start, from `after` or from the moment in `at`; nil, with a problem, where it is missing
    /// but must be given.
    static func when(_ fields: Fields, _ start: Timestamp?, mustBeGiven: Bool = false) -> Duration? {
        let after = fields.optional("after", span(from: .zero))
        let moment = fields.optional("at", .timestamp)
        guard fields.has("at") else {
            if let after { return after }
            guard mustBeGiven, !fields.has("after") else { return fields.has("after") ? nil : .zero }
            fields.problems.error(fields.place, "this needs 'after', a time since the start, or 'at'; add one")
            return nil
        }
        guard !fields.has("after") else {
            fields.problems.error(fields.place(of: "at"), "'at' and 'after' say the same; give one of them")
            return nil
        }
        guard let moment else { return nil }
        guard let start else {
            fields.problems.error(
                fields.place(of: "at"),
                "'at' needs the moment the run starts; give 'start' under run"
            )
            return nil
        }
        guard moment >= start, moment - start <= longest else {
            fields.problems.error(fields.place(of: "at"), "'at' is not within a year after the start, \(start.iso8601)")
            return nil
        }
        return moment - start
    }

    static func span(from least: Duration) -> Rule<Duration> {
        Rule<Duration>.duration(least...longest, example: "5 min")
    }
}
