// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Plant
import SiteFiles

struct MapsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maps",
        abstract: "The device-map library.",
        subcommands: [
            MapsListCommand.self, MapsShowCommand.self, Lint.self, Names.self, ConvertCommand.self,
        ]
    )

    struct Lint: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check map files; problems as file:line:column: message."
        )

        @Argument(help: "Map files; all of the library where none is given.")
        var paths: [String] = []

        @OptionGroup var maps: MapOptions

        func run() throws {
            let directories = maps.resolved()
            let files =
                paths.isEmpty
                ? SiteFiles.mapNames(in: directories).compactMap { mapPath($0, in: directories) } : paths
            var bad = 0
            var allowed = 0
            // A map that others extend shows its problems once.
            var seen: Set<SiteProblem> = []
            for path in files {
                let result = SiteFiles.lintMap(path: path)
                for problem in result.loaded.problems where seen.insert(problem).inserted {
                    print(problem.description)
                }
                if !result.loaded.problems.isEmpty { bad += 1 }
                allowed += result.allowed
            }
            let excepted = counted(allowed, "finding")
            print("\(counted(files.count, "map")), \(bad) with problems, \(excepted) excepted by the maps themselves")
            if bad > 0 { throw ExitStatus.input }
        }
    }

    struct Names: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the canonical point names with their base units."
        )

        @Argument(help: "Show only names that contain this text.")
        var text = ""

        func run() {
            for name in CanonicalNames.all where text.isEmpty || name.pattern.contains(text) {
                print("\(name.pattern.padded(to: 44)) \(name.unit?.rawValue ?? "text")")
            }
        }
    }
}
