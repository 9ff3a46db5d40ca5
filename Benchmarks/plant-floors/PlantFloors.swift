// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import PlantSim
import Simulation
import SiteFiles
import Thermo

/// The two yardsticks under constant load in years of weather, one line of comma-separated figures a run.
///
/// `plant-floors MAPS DAYS SITE,... WEATHER...`: every site in every weather file (or `synthetic:NAME`), racks drawing
/// 8.5 MW, the first DAYS days of every month. Where the first two sites differ by more than 0.02 of PUE, each is run
/// again with every ``Assumption`` of the other alone; `hall-10mw+return` is the hall with the return of the other.
@main
enum PlantFloors {
    /// Difference of PUE above which its causes are looked for.
    private static let explained = 0.02
    private static let controllers = [SimulatedController.baseline, .goodPractice]

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count >= 4, let days = Int(arguments[1]), (1...31).contains(days) else {
            fail(
                "usage: plant-floors MAPS DAYS SITE[,SITE]... WEATHER... (CSV, EPW, TMY3 or synthetic:NAME)",
                status: 2
            )
        }
        let sites = arguments[2].split(separator: ",").map { load(String($0), maps: arguments[0]) }
        show(YearOfFigures.header)
        for weather in arguments.dropFirst(3) {
            do {
                try run(sites, weather, days: days)
            } catch {
                fail("\(weather): \(error)", status: 1)
            }
        }
    }

    private static func load(_ path: String, maps: String) -> NamedSite {
        let loaded = SiteFiles.loadSite(path: path, mapDirectories: [maps])
        guard let site = loaded.value else { fail(lines(loaded.problems.map(\.description)), status: 1) }
        return NamedSite(name: name(of: path), site: site)
    }

    private static func run(_ sites: [NamedSite], _ weather: String, days: Int) throws {
        for controller in controllers {
            let figures = try sites.map { try print($0, weather, controller, days: days) }
            guard sites.count >= 2, abs(figures[0].pue - figures[1].pue) > explained else { continue }
            for assumption in Assumption.allCases {
                for (taker, giver) in [(sites[0], sites[1]), (sites[1], sites[0])] {
                    let site = NamedSite(
                        name: "\(taker.name)+\(assumption.rawValue)",
                        site: assumption.switched(in: taker.site, to: giver.site.plant)
                    )
                    _ = try print(site, weather, controller, days: days)
                }
            }
        }
    }

    private static func print(
        _ site: NamedSite,
        _ weather: String,
        _ controller: SimulatedController,
        days: Int
    ) throws -> YearOfFigures {
        let air = try RunSurroundings(weather: weather, of: site.site, contents: SiteFiles.inputText).air
        let (runs, problems) = YearOfRuns(site: site.site, air: air, days: days).runs(of: controller)
        guard problems.isEmpty else { fail(lines(problems.map(\.description)), status: 1) }
        let figures = YearOfFigures(SimulationPool.run(runs))
        show(figures.line([site.name, name(of: weather), controller.rawValue, "\(days)"]))
        return figures
    }

    private static func name(of path: String) -> String {
        URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    }

    private static func lines(_ texts: [String]) -> String { texts.joined(separator: "\n") }

    private static func show(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    private static func fail(_ message: String, status: Int32) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        exit(status)
    }
}

/// A site under the name of its file.
private struct NamedSite {
    let name: String
    let site: SiteDescription
}
