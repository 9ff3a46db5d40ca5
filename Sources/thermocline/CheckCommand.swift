// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Plant
import SiteFiles

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check site files; problems as file:line:column: message.",
        discussion: """
            Finds what 'run' would refuse, and warns of what is probably not meant. Ends with 1 where any file has an \
            error; warnings alone end with 0.
            """
    )

    @Argument(help: "The site files.")
    var sites: [String]

    @OptionGroup var maps: MapOptions

    @Flag(help: "Print meters, plant, loops and endpoints as a tree.")
    var tree = false

    @Flag(help: "Print JSON: one entry for each site, with its problems.")
    var json = false

    func validate() throws {
        if tree, json { throw ValidationError("Give either --tree or --json.") }
    }

    func run() throws {
        var isGood = true
        var reports: [CheckReport.Site] = []
        for path in sites {
            let directories = maps.resolved(beside: path)
            let loaded = SiteFiles.loadSite(path: path, mapDirectories: directories, judge: SiteJudgement.objections)
            if loaded.value == nil { isGood = false }
            if json {
                reports.append(CheckReport.Site(path, loaded))
            } else {
                printText(path, loaded)
            }
        }
        if json { print(try CheckReport(sites: reports).text(isPretty: true)) }
        if !isGood { throw ExitStatus.input }
    }

    private func printText(_ path: String, _ loaded: Loaded<SiteDescription>) {
        for problem in loaded.problems { print(problem.description) }
        guard let site = loaded.value else { return }
        if tree {
            print(SiteTreeText.render(site), terminator: "")
        } else {
            print(
                "\(path): \(site.endpoints.count) endpoints, \(site.devices.count) devices, \(site.points.count) points"
            )
        }
    }
}

/// What `check --json` prints; fields are added, never renamed or removed.
struct CheckReport: Encodable {
    let sites: [Site]

    struct Site: Encodable {
        /// The path as it was given.
        let file: String
        /// Whether the site can be run: it has no error.
        let isGood: Bool
        let problems: [Problem]
        /// How many endpoints, devices and points it has; absent where it has an error.
        let endpoints: Int?
        let devices: Int?
        let points: Int?

        init(_ path: String, _ loaded: Loaded<SiteDescription>) {
            file = path
            isGood = loaded.value != nil
            problems = loaded.problems.map(Problem.init)
            endpoints = loaded.value?.endpoints.count
            devices = loaded.value?.devices.count
            points = loaded.value?.points.count
        }
    }

    struct Problem: Encodable {
        let file: String
        /// Counted from 1.
        let line: Int
        /// In Unicode scalars, counted from 1.
        let column: Int
        /// `error` or `warning`.
        let severity: String
        let message: String

        init(_ problem: SiteProblem) {
            file = problem.file
            line = problem.line
            column = problem.column
            severity = problem.severity.rawValue
            message = problem.message
        }
    }
}
