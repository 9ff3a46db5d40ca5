// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

@Suite("Grafana dashboard and Prometheus rules", .serialized, .timeLimit(.minutes(1)))
struct GrafanaTests {
    /// Grafana fills its variables in before Prometheus sees the text.
    static func filled(_ expression: String) -> String {
        expression.replacing("$__range", with: "6h").replacing(/\$\{?[a-z]+\}?/, with: "x")
    }

    static func queries() throws -> [(title: String, expression: String)] {
        try GrafanaFiles.dashboard().panels.flatMap { panel in
            (panel.targets ?? []).map { (panel.title, filled($0.expr)) }
        }
    }

    @Test func `promtool accepts the rules`() async throws {
        let result = try await runAside("promtool", ["check", "rules"] + GrafanaFiles.ruleFiles)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    @Test func `promtool's unit tests of the rules pass`() async throws {
        let directory = Repository.path("grafana/rules/tests")
        let files = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".yml") }
        #expect(files.count >= 2)
        let result = try await runAside("promtool", ["test", "rules"] + files.sorted().map { directory + "/" + $0 })
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    @Test func `every alert has a unit test in which it fires`() throws {
        let alerts = try String(contentsOfFile: GrafanaFiles.ruleFiles[1], encoding: .utf8)
            .matches(of: /- alert: (\w+)/).map { String($0.1) }
        let tests = try String(
            contentsOfFile: Repository.path("grafana/rules/tests/alerts_test.yml"),
            encoding: .utf8
        )
        #expect(alerts.count > 10)
        for alert in alerts {
            #expect(tests.contains("alertname: \(alert)\n        exp_alerts:\n"), "\(alert) is not tested to fire")
        }
    }

    @Test func `every query of the dashboard is PromQL`() async throws {
        struct Rules: Encodable {
            struct Group: Encodable {
                let name: String
                let rules: [Rule]
            }

            struct Rule: Encodable {
                let record: String
                let expr: String
            }

            let groups: [Group]
        }
        let rules = try Self.queries().enumerated().map { number, query in
            Rules.Rule(record: "query:\(number)", expr: query.expression)
        }
        #expect(rules.count > 30)
        let directory = try TemporaryDirectory()
        // JSON is YAML.
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let text = try encoder.encode(Rules(groups: [Rules.Group(name: "dashboard", rules: rules)]))
        try text.write(to: URL(fileURLWithPath: directory.path("dashboard.yml")))
        let result = try await runAside("promtool", ["check", "rules", directory.path("dashboard.yml")])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    @Test func `dashboard and rules ask only for metrics and labels that the agent shows`() async throws {
        let known = try KnownMetrics()
        let rules = try await GrafanaFiles.rules()
        let recorded = Set(rules.compactMap(\.record))
        #expect(rules.count > 20 && recorded.count >= 10)
        let variables = try GrafanaFiles.dashboard().templating.list.compactMap(\.definition).map { definition in
            (title: "variable", expression: Self.filled(definition))
        }
        let expressions = try Self.queries() + variables + rules.map { ($0.record ?? "an alert", $0.expression) }
        for (title, expression) in expressions {
            let selectors = QueryNames(expression).selectors
            #expect(!selectors.isEmpty, "\(title): no metric found in \(expression)")
            for (metric, labels) in selectors where !recorded.contains(metric) {
                guard let present = known.labels[metric] else {
                    Issue.record("\(title): no metric is called \(metric)")
                    continue
                }
                for label in labels {
                    #expect(present.contains(label), "\(title): \(metric) has no label \(label)")
                }
            }
        }
    }

    @Test func `every panel says what it shows, in which unit, from the chosen data source`() throws {
        let dashboard = try GrafanaFiles.dashboard()
        #expect(dashboard.schemaVersion >= 39)
        for panel in dashboard.panels where panel.type != "row" {
            #expect(panel.datasource?.uid == "${datasource}", "\(panel.title)")
            #expect(panel.targets?.allSatisfy { $0.datasource.uid == "${datasource}" } == true, "\(panel.title)")
            #expect(panel.fieldConfig?.defaults.unit?.isEmpty == false, "\(panel.title) has no unit")
            #expect(panel.description?.isEmpty == false, "\(panel.title) has no description")
        }
        #expect(Set(dashboard.panels.map(\.id)).count == dashboard.panels.count)
    }

    @Test func `no two panels lie on each other, none reaches beyond the grid`() throws {
        var taken: Set<[Int]> = []
        for panel in try GrafanaFiles.dashboard().panels {
            let place = panel.gridPos
            #expect(place.x >= 0 && place.x + place.w <= 24, "\(panel.title)")
            for x in place.x..<(place.x + place.w) {
                for y in place.y..<(place.y + place.h) {
                    #expect(taken.insert([x, y]).inserted, "\(panel.title) lies on another panel")
                }
            }
        }
    }

    @Test func `variables choose the data source, site, hall, rack, device and window`() throws {
        let variables = try GrafanaFiles.dashboard().templating.list
        #expect(
            variables.map(\.name) == ["datasource", "site", "instance", "hall", "rack", "device", "window"]
        )
        #expect(variables.first?.type == "datasource")
        for variable in variables where variable.type == "query" {
            #expect(variable.datasource?.uid == "${datasource}", "\(variable.name)")
        }
        // An import must not ask for inputs, and file provisioning would not fill them.
        let text = try String(contentsOfFile: Repository.path("grafana/thermocline-overview.json"), encoding: .utf8)
        #expect(!text.contains("__inputs") && !text.contains("DS_PROMETHEUS"))
    }
}
