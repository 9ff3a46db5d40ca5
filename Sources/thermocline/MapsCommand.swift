// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Plant
import SiteFiles

struct MapsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maps",
        abstract: "The device-map library.",
        subcommands: [List.self, Show.self, Lint.self]
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the maps there are.")

        @OptionGroup var maps: MapOptions

        func run() throws {
            let directories = maps.resolved()
            for name in SiteFiles.mapNames(in: directories) {
                guard let path = mapPath(name, in: directories) else { continue }
                let loaded = SiteFiles.loadMap(path: path)
                guard let map = loaded.value else {
                    print("\(name): has problems; see 'thermocline maps lint'")
                    continue
                }
                let category = map.category.rawValue.padded(to: 30)
                print("\(map.name.padded(to: 34)) \(category) \(map.confirmation.rawValue.padded(to: 20)) \(map.title)")
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one map's points.")

        @Argument(help: "The map's name, or a path of a map file.")
        var name: String

        @OptionGroup var maps: MapOptions

        func run() throws {
            let directories = maps.resolved()
            guard let path = name.hasSuffix(".yaml") ? name : mapPath(name, in: directories) else {
                printError("maps show: no map '\(name)' in \(directories.joined(separator: ", "))")
                throw ExitStatus.input
            }
            let loaded = SiteFiles.loadMap(path: path)
            for problem in loaded.problems { printError(problem.description) }
            guard let map = loaded.value else { throw ExitStatus.input }
            print("\(map.title)  [\(map.category.rawValue), \(map.confirmation.rawValue)]")
            for source in map.sources { print("source: \(source)") }
            for point in map.points {
                let access = (point.isReadable ? "r" : "-") + (point.write == nil ? "-" : "w")
                let place = "\(point.table.rawValue) \(point.address)".padded(to: 24)
                print("\(point.name.padded(to: 40)) \(access) \(place) \(point.unit.spelling)")
            }
        }
    }

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
            for path in files {
                let problems = SiteFiles.loadMap(path: path).problems
                for problem in problems { print(problem.description) }
                if !problems.isEmpty { bad += 1 }
            }
            print("\(files.count) maps, \(bad) with problems")
            if bad > 0 { throw ExitStatus.input }
        }
    }
}
