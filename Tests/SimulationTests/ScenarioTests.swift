// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import Simulation
import SiteFiles
import TestKit
import Testing

@Suite("The shipped scenarios")
struct ScenarioTests {
    /// The files of simulators/scenarios by their names.
    static let names: [String] = {
        let files = try? FileManager.default.contentsOfDirectory(atPath: Repository.path("simulators/scenarios"))
        return (files ?? []).filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }()

    @Test("are all there")
    func all() { #expect(Self.names.count >= 13, "\(Self.names)") }

    @Test("hold what they say", .timeLimit(.minutes(5)), arguments: names)
    func holds(name: String) throws {
        let result = try Scenarios.run(try Scenarios.load(Repository.path("simulators/scenarios/\(name).yaml")))
        #expect(!result.expectations.isEmpty)
        for outcome in result.expectations {
            #expect(outcome.isPassed, "\(outcome.origin): \(outcome.text): \(outcome.detail)")
        }
        #expect(result.worstHeatBalance < 0.001)
        #expect(result.notes.isEmpty)
    }
}

/// Scenarios on the 10 MW hall.
enum Scenarios {
    static func load(_ path: String) throws -> Scenario {
        let loaded = SiteFiles.loadScenario(path: path)
        return try #require(loaded.value, "\(loaded.problems)")
    }

    /// The scenario of a text.
    static func parse(_ text: String) throws -> Scenario {
        let directory = try TemporaryDirectory()
        let path = directory.path("scenario.yaml")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return try load(path)
    }

    static func run(_ scenario: Scenario) throws -> ScenarioResult {
        let site = try Hall.site()
        #expect(SiteFiles.problems(of: scenario, on: site).isEmpty)
        let made = ScenarioRun.make(scenario, site: site)
        var run = try #require(made.0, "\(made.problems)")
        return run.run()
    }
}
