// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Plant
import PlantSim
import Simulation
import SiteFiles

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run controllers on the simulated plant in virtual time, side by side.",
        discussion: """
            Every controller gets the same plant, weather, load and seed. The table shows key figures from the plant's \
            own balances; a run whose heat and water balances do not close to 0.1 % on every day is void, and the \
            command then ends with 1. Controllers: shipped (this product, every loop automatic), good-practice, \
            baseline; oracle-r and oracle, the best found with perfect foresight, take about 10 and 20 s a day and \
            are run where named.

            With --scenario the shipped controller goes through what the file says, and each of its expectations is \
            printed with passed or FAILED; the command then ends with 1 where any failed.
            """
    )

    @Argument(help: "The site file.")
    var site: String

    @OptionGroup var maps: MapOptions

    @Option(help: "A weather year: an EPW file, a CSV file, or synthetic:NAME; the site's climate where not given.")
    var weather: String?

    @Option(
        help: "training, inference, mixed, constant:UTILISATION, or a CSV file with columns hours and utilisation."
    )
    var load = "mixed"

    @Option(help: "How instruments read the plant: ideal or realistic; what the site says where not given.")
    var sensors: String?

    @Option(help: "JSON file of prices; adds the cost of each run.")
    var tariff: String?

    @Option(help: "Scenario of faults, events and expectations; brings its own weather, load, time and seed.")
    var scenario: String?

    @Option(help: "First moment, ISO 8601; the simulation's start in the site file where not given.")
    var from: String?

    @Option(help: "How many days.")
    var days = 7

    @Option(name: .customLong("controller"), help: "Which controller; may be given several times.")
    var controllers: [String] = []

    @Option(help: "Seed of everything random; the same seed gives the same bytes.")
    var seed: UInt64 = 1

    @Option(help: "Directory for summary.csv, one CSV a controller, and report.html.")
    var output: String?

    @Flag(help: "Print the results as JSON.")
    var json = false

    func validate() throws {
        guard (1...3_653).contains(days) else { throw ValidationError("--days must be 1 to 3653.") }
        if scenario != nil {
            guard weather == nil, sensors == nil, tariff == nil, from == nil, output == nil, controllers.isEmpty else {
                throw ValidationError(
                    "--scenario brings its own run; leave out --weather, --sensors, --tariff, --from, --output and "
                        + "--controller."
                )
            }
        }
        if let sensors, SensorRealism(rawValue: sensors) == nil {
            throw ValidationError("--sensors '\(sensors)' is not known; take ideal or realistic.")
        }
        for name in controllers where SimulatedController(rawValue: name) == nil {
            let known = SimulatedController.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("There is no controller '\(name)'; take one of \(known).")
        }
        if let from, Timestamp(iso8601: from) == nil {
            throw ValidationError("--from '\(from)' is not a time; write 2026-03-01 or 2026-03-01T06:00:00Z.")
        }
    }

    func run() throws {
        if let scenario { return try run(scenario: scenario) }
        let inputs = SimulateInputs(site: try loadSite())
        let surroundings = try inputs.surroundings(weather: weather)
        var facility = try inputs.facility(load: load)
        facility.sensors = sensors.flatMap { SensorRealism(rawValue: $0) }
        let prices = try tariff.map { try Tariff(path: $0) }
        let start = from.flatMap { Timestamp(iso8601: $0) } ?? inputs.defaultStart
        let setup = SimulationSetup(
            site: inputs.site,
            start: start,
            duration: .seconds(days * 86_400),
            seed: seed,
            facility: facility,
            surroundings: surroundings
        )
        let runs = try prepared(setup)
        let results = SimulationPool.run(runs) { SimulateProgress.show($0) }
        let report = SimulateReport(
            title: title(start),
            results: results,
            tariff: prices
        )
        if let output { try SimulateFiles(directory: output).write(report) }
        print(json ? try report.json() : report.text(), terminator: "")
        let void = results.filter { !$0.isValid }
        for result in void {
            let reasons = result.closure.objections.joined(separator: ", ")
            printError("simulate: \(result.controller): \(reasons); 0.1 % is allowed, so the run is void")
        }
        if !void.isEmpty { throw ExitStatus.input }
    }

    private func run(scenario path: String) throws {
        let result = try SimulateScenario(site: try loadSite(), path: path).run()
        print(json ? try SimulateScenario.json(result) : SimulateScenario.text(result, path: path), terminator: "")
        if !result.isPassed { throw ExitStatus.input }
    }

    private func title(_ start: Timestamp) -> String {
        let instruments = sensors.map { ", \($0) sensors" } ?? ""
        return "\(site), \(days) d from \(start.iso8601), weather \(weather ?? "of the site"), load \(load)"
            + "\(instruments), seed \(seed)"
    }

    private func loadSite() throws -> SiteDescription {
        let loaded = SiteFiles.loadSite(path: site, mapDirectories: maps.resolved(beside: site))
        for problem in loaded.problems { printError(problem.description) }
        guard let value = loaded.value else { throw ExitStatus.input }
        return value
    }

    /// One run per controller, each once, in the order given.
    private func prepared(_ setup: SimulationSetup) throws -> [SimulationRun] {
        var kinds: [SimulatedController] = []
        for name in controllers {
            if let kind = SimulatedController(rawValue: name), !kinds.contains(kind) { kinds.append(kind) }
        }
        if kinds.isEmpty { kinds = SimulatedController.usual }
        var runs: [SimulationRun] = []
        var problems: [String] = []
        for kind in kinds {
            let (run, found) = kind.run(setup)
            if let run { runs.append(run) }
            for problem in found where !problems.contains(problem.description) { problems.append(problem.description) }
        }
        guard problems.isEmpty else {
            for problem in problems { printError("simulate: \(site): \(problem)") }
            throw ExitStatus.input
        }
        return runs
    }
}
