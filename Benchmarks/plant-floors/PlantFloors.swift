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
/// 8.5 MW, the first DAYS days of every month.
@main
enum PlantFloors {
    private static let step = Duration.seconds(30)
    private static let racksKilowatts = 8_500.0
    private static let controllers = [SimulatedController.baseline, .goodPractice]

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count >= 4, let days = Int(arguments[1]), (1...31).contains(days) else {
            fail(
                "usage: plant-floors MAPS DAYS SITE[,SITE]... WEATHER... (CSV, EPW, TMY3 or synthetic:NAME)",
                status: 2
            )
        }
        show(Sum.header)
        for path in arguments[2].split(separator: ",").map(String.init) {
            let loaded = SiteFiles.loadSite(path: path, mapDirectories: [arguments[0]])
            guard let site = loaded.value else {
                fail(loaded.problems.map(\.description).joined(separator: "\n"), status: 1)
            }
            for weather in arguments.dropFirst(3) { run(site, path, weather, days: days) }
        }
    }

    /// Both yardsticks through twelve months, as many at a time as there are processors.
    private static func run(_ site: SiteDescription, _ path: String, _ weather: String, days: Int) {
        do {
            let facility = FacilitySettings(profile: .trace(try load(of: site)))
            let air = try RunSurroundings(weather: weather, of: site, contents: SiteFiles.inputText).air
            let surroundings = RunSurroundings(air: air, events: [])
            for controller in controllers {
                let runs = (1...12).map { month in
                    let start = CalendarTime(year: 2_026, month: month, day: 1)
                    let next = CalendarTime(year: month == 12 ? 2_027 : 2_026, month: month % 12 + 1, day: 1)
                    let setup = SimulationSetup(
                        site: site,
                        start: start.timestamp,
                        duration: min(.seconds(days * 86_400), next.timestamp - start.timestamp),
                        plantStep: step,
                        controlStep: step,
                        facility: facility,
                        surroundings: surroundings
                    )
                    let (run, problems) = controller.run(setup)
                    guard let run else { fail(problems.map(\.description).joined(separator: "\n"), status: 1) }
                    return run
                }
                let names = [path, weather].map { URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent }
                show(Sum(SimulationPool.run(runs)).line(names + [controller.rawValue]))
            }
        } catch {
            fail("\(weather): \(error)", status: 1)
        }
    }

    /// The utilisation at which racks draw 8.5 MW: their power is a straight line from 30 % idle to nominal.
    private static func load(of site: SiteDescription) throws -> LoadTrace {
        let nominal = site.plant.racks.reduce(0) { $0 + $1.nominalPower.kilowatts }
        let utilisation = (racksKilowatts / nominal - 0.3) / 0.7
        return try LoadTrace(commaSeparated: "hours,utilisation\n0,\(utilisation)\n1,\(utilisation)\n")
    }

    private static func show(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    private static func fail(_ message: String, status: Int32) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        exit(status)
    }
}

/// Months added up: parts of PUE as shares of the racks' energy, hours by cooling mode scaled to a year.
private struct Sum {
    static let header =
        "site,weather,controller,pue,wue,chillers,towers,facility_pumps,coolant_units,air_handlers,electrical,"
        + "free_hours,partial_hours,mechanical_hours,valid"

    /// In kilowatt hours; water in cubic metres.
    private var parts = Array(repeating: 0.0, count: 7)
    private var racks = 0.0
    private var facility = 0.0
    private var hours = Array(repeating: 0.0, count: 3)
    private var total = 0.0
    private var isValid = true

    init(_ results: [SimulationResult]) {
        for result in results {
            let energy = result.energy
            let present = [
                energy.chillers, energy.towers, energy.facilityPumps, energy.coolantUnits, energy.airHandlers,
                energy.electrical, energy.water * 1_000,
            ]
            for index in parts.indices { parts[index] += present[index] }
            let ways = [result.modes.free, result.modes.partial, result.modes.mechanical]
            for index in hours.indices { hours[index] += ways[index] }
            racks += energy.informationTechnology
            facility += energy.facility
            total += result.hours
            isValid = isValid && result.isValid
        }
    }

    func line(_ names: [String]) -> String {
        let shares = parts.map { String(format: "%.4f", $0 / racks) }
        let year = hours.map { String(format: "%.0f", $0 / total * 8_760) }
        let figures = [String(format: "%.4f", facility / racks), shares[6]] + shares.prefix(6) + year
        return (names + figures + ["\(isValid)"]).joined(separator: ",")
    }
}
