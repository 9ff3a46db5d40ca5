// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Observe
import Plant
import TestKit
import Upstream

/// What is shipped for Grafana and Prometheus, read as its users read it.
enum GrafanaFiles {
    static let ruleFiles = ["grafana/rules/thermocline.rules.yml", "grafana/rules/thermocline.alerts.yml"]
        .map(Repository.path)

    struct Dashboard: Decodable {
        let uid: String
        let schemaVersion: Int
        let templating: Templating
        let panels: [Panel]
    }

    struct Templating: Decodable {
        let list: [Variable]
    }

    struct Variable: Decodable {
        let name: String
        let type: String
        let datasource: Source?
        let definition: String?
    }

    struct Source: Decodable {
        let type: String
        let uid: String
    }

    struct Panel: Decodable {
        let id: Int
        let type: String
        let title: String
        let description: String?
        let gridPos: Position
        let datasource: Source?
        let targets: [Target]?
        let fieldConfig: FieldConfig?
    }

    struct Position: Decodable {
        let h: Int
        let w: Int
        let x: Int
        let y: Int
    }

    struct Target: Decodable {
        let expr: String
        let datasource: Source
    }

    struct FieldConfig: Decodable {
        struct Defaults: Decodable {
            let unit: String?
        }

        let defaults: Defaults
    }

    static func dashboard() throws -> Dashboard {
        let url = URL(fileURLWithPath: Repository.path("grafana/thermocline-overview.json"))
        return try JSONDecoder().decode(Dashboard.self, from: Data(contentsOf: url))
    }

    /// The expressions and names of all rules, as promtool writes them out; alerts have no name here.
    static func rules() async throws -> [(record: String?, expression: String)] {
        let script = """
            import json, re, sys
            for path in sys.argv[1:]:
                rule = None
                for line in open(path, encoding='utf-8'):
                    text, depth = line.strip(), len(line) - len(line.lstrip())
                    head = re.match(r'- (record|alert): (.+)', text)
                    if head:
                        if rule: print(json.dumps(rule))
                        rule = {'record': head[2] if head[1] == 'record' else None, 'expression': ''}
                        inside = False
                    elif rule and text.startswith('expr:'):
                        rule['expression'], inside, start = text[5:].strip(' |'), True, depth
                    elif rule and inside:
                        if text and depth <= start:
                            print(json.dumps(rule))
                            rule = None
                        else:
                            rule['expression'] += '\\n' + text
                if rule: print(json.dumps(rule))
            """
        struct Rule: Decodable {
            let record: String?
            let expression: String
        }
        let result = try await runAside(Python.executable, ["-c", script] + ruleFiles)
        return try result.output.split(separator: "\n").map { line in
            let rule = try JSONDecoder().decode(Rule.self, from: Data(line.utf8))
            return (rule.record, rule.expression)
        }
    }
}

/// The metrics there are, with their labels: all that the agent can show on its page, and what scraping adds.
struct KnownMetrics {
    /// The labels of each metric, by its name.
    private(set) var labels: [String: Set<String>] = ["up": ["job", "instance"]]

    init() throws {
        let site = Self.completeSite()
        let latest = LatestCycle(site: site, version: "1")
        latest.publish(Self.completeRecord(of: site), metrics: try Self.shellMetrics())
        let exposition = TextExposition(site: site, version: "1")
        let page = String(decoding: exposition.render(latest.snapshot(), format: .prometheusText), as: UTF8.self)
        add(page)
        add(try String(contentsOfFile: Repository.path("Tests/ObserveTests/golden/metrics.txt"), encoding: .utf8))
    }

    private mutating func add(_ page: String) {
        for line in page.split(separator: "\n") where !line.hasPrefix("#") {
            let name = String(line.prefix { $0 != "{" && $0 != " " })
            labels[name, default: ["job", "instance"]].formUnion(
                line.matches(of: /([a-z_]+)="/).map { String($0.1) }
            )
        }
    }

    /// A site with every canonical point, so that every family the agent can have is on the page.
    private static func completeSite() -> SiteDescription {
        let points = PointName.units.map { name, unit in
            MapPoint(
                name: name,
                table: .inputRegister,
                address: 0,
                type: .float(bits: 32),
                unit: SourceUnit(unit.rawValue, unit)
            )
        }
        let site = ExampleSite.site(simulation: SimulationSettings(start: ExampleSite.start, timeScale: 60))
        return SiteDescription(
            id: site.id,
            name: site.name,
            jurisdiction: site.jurisdiction,
            simulation: site.simulation,
            endpoints: site.endpoints,
            maps: [DeviceMap(name: "all", category: .powerMeter, confirmation: .simulated, points: points)],
            devices: [DeviceDescription(id: "meter-1", endpoint: 0, map: 0)],
            plant: site.plant,
            loops: site.loops
        )
    }

    private static func completeRecord(of site: SiteDescription) -> CycleRecord {
        let example = ExampleSite.record(of: ExampleSite.site())
        let readings = site.points.map { _ in Reading(value: 1, sourceTime: ExampleSite.start) }
        return CycleRecord(
            sequence: 1,
            image: ProcessImage(time: ExampleSite.start, readings: readings),
            wallTime: ExampleSite.start,
            totals: example.totals,
            kpis: KPIName.allCases.map { ExampleSite.kpi($0, .oneHour, category: $0 == .pue ? 1 : nil, value: 1) },
            loops: example.loops,
            alarms: example.alarms,
            outcomes: example.outcomes,
            devices: [DeviceStatus(device: "meter-1", link: .up, lastReply: ExampleSite.start, requests: 1)]
        )
    }

    /// What the shell hands in with each cycle: remote write's own measurements, and those its sources name.
    private static func shellMetrics() throws -> [AgentMetric] {
        let directory = try TemporaryDirectory()
        defer { withExtendedLifetime(directory) {} }
        let writer = try RemoteWriter(
            site: ExampleSite.site(),
            settings: RemoteWriteSettings(id: "central", url: "http://127.0.0.1:1/"),
            queueDirectory: directory.path("queue"),
            version: "1",
            clock: ManualClock()
        )
        return writer.status().measurements.map { measurement in
            AgentMetric(
                name: measurement.name,
                kind: measurement.isCounter ? .counter : .gauge,
                help: measurement.help,
                labels: [AgentMetricLabel("receiver", "central")]
                    + measurement.labels.map { AgentMetricLabel($0.name, $0.value) },
                value: measurement.value
            )
        } + (try agentSourceMetrics())
    }

    /// The metrics that the sources of Agent name in so many words.
    private static func agentSourceMetrics() throws -> [AgentMetric] {
        let directory = Repository.path("Sources/Agent")
        return try FileManager.default.subpathsOfDirectory(atPath: directory).filter { $0.hasSuffix(".swift") }
            .flatMap { file in
                try String(contentsOfFile: directory + "/" + file, encoding: .utf8)
                    .matches(of: /\b(gauge|counter)\(\s*"([a-z_]+)"/)
                    .map { match in
                        AgentMetric(
                            name: String(match.2),
                            kind: match.1 == "counter" ? .counter : .gauge,
                            help: "From the shell.",
                            value: 0
                        )
                    }
            }
    }
}

/// What a PromQL expression names.
struct QueryNames {
    /// Metrics and recorded series, with the labels their selectors ask for.
    let selectors: [(metric: String, labels: [String])]

    init(_ expression: String) {
        var text = expression.replacing(/"(\\.|[^"\\])*"/, with: "\"\"")
        text = text.replacing(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/, with: " ")
        selectors = text.matches(of: /\b(thermocline_\w+|[a-z_]+:[\w:]+|up\b)(\{[^}]*\})?/).map { match in
            let labels = match.2.map { $0.matches(of: /([a-zA-Z_]\w*)\s*(=~|!~|!=|=)/).map { String($0.1) } } ?? []
            return (String(match.1), labels)
        }
    }
}

/// Runs a program to its end without holding one of the few threads that all tests share.
func runAside(_ program: String, _ arguments: [String], input: String? = nil) async throws -> ChildResult {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(with: Result { try runProcess(program, arguments, input: input) })
        }
    }
}
