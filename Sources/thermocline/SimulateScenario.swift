// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import Simulation
import SiteFiles

/// Runs a scenario on a site and reports what held.
struct SimulateScenario {
    let site: SiteDescription
    let path: String

    func run() throws -> ScenarioResult {
        let loaded = SiteFiles.loadScenario(path: path)
        for problem in loaded.problems { printError(problem.description) }
        guard let scenario = loaded.value else { throw ExitStatus.input }
        let unknown = SiteFiles.problems(of: scenario, on: site)
        for problem in unknown { printError(problem) }
        guard unknown.isEmpty else { throw ExitStatus.input }
        let (run, problems) = ScenarioRun.make(scenario, site: site)
        guard var run else {
            for problem in problems { printError("\(path): \(problem)") }
            throw ExitStatus.input
        }
        let result = run.run { SimulateProgress.show($0) }
        for note in result.notes { printError(note) }
        return result
    }

    /// One line an expectation, worst news first in the last line.
    static func text(_ result: ScenarioResult, path: String) -> String {
        let title = result.title.isEmpty ? "" : ": \(result.title)"
        var text = "\(path)\(title)\n"
        text += String(format: "%.2f h of plant time, seed %llu\n\n", result.hours, result.seed)
        for outcome in result.expectations {
            text += "\(outcome.isPassed ? "passed" : "FAILED")  \(outcome.text)\n"
            if !outcome.detail.isEmpty { text += "        \(outcome.detail)\n" }
        }
        let failed = result.expectations.count { !$0.isPassed }
        let held = result.expectations.count - failed
        text += "\n\(held) of \(result.expectations.count) expectations held\n"
        return text
    }

    static func json(_ result: ScenarioResult) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(result), as: UTF8.self) + "\n"
    }
}
