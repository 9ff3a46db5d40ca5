// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import PlantSim
import Simulation
import SiteFiles

/// What a virtual year of a site costs with the shipped control, in processor time.
///
/// Days from every month are run at the steps of `thermocline simulate`, and their cost is scaled to a year.
@main
enum PlantBench {
    private static let months = 12
    private static let climate = "stockholm"

    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 || arguments.count == 4, let days = Double(arguments.dropFirst(3).first ?? "3"),
            days > 0, days <= 28
        else { fail("usage: plant-bench SITE MAPS [DAYS A MONTH, up to 28]", status: 2) }
        guard let site = SiteFiles.loadSite(path: arguments[1], mapDirectories: [arguments[2]]).value else {
            fail("\(arguments[1]) has problems; thermocline check says which", status: 1)
        }
        var costs: [Double] = []
        for month in 1...months { costs.append(cost(of: site, month: month, days: days)) }
        report(costs, site: site, days: days)
    }

    /// Processor seconds per simulated day in one month.
    private static func cost(of site: SiteDescription, month: Int, days: Double) -> Double {
        let setup = SimulationSetup(
            site: site,
            start: CalendarTime(year: 2_026, month: month, day: 1).timestamp,
            duration: .seconds(days * 86_400),
            surroundings: RunSurroundings(air: .climate(climate))
        )
        let (run, problems) = SimulatedController.shipped.run(setup)
        guard var run else { fail(problems.map(\.description).joined(separator: "\n"), status: 1) }
        // A year is set up once, so what settling the plant costs is not scaled with the days.
        let begin = processorSeconds
        guard let result = run.run(), result.isValid else { fail("the balance does not close", status: 1) }
        return (processorSeconds - begin) / days
    }

    private static func report(_ costs: [Double], site: SiteDescription, days: Double) {
        let sorted = costs.sorted()
        let year = costs.reduce(0, +) / Double(costs.count) * 365
        let machine = "\(ProcessInfo.processInfo.processorCount) processors, \(ProcessInfo.processInfo.hostName)"
        let spread = [sorted[sorted.count / 2], sorted[0], sorted[sorted.count - 1]].map { text($0 * 1e6 / 8_640) }
        print(
            "machine \(machine); site \(site.id), \(site.points.count) points, synthetic:\(climate), "
                + "plant and loops every 10 s; runs \(costs.count) of \(days) days "
                + "(median \(spread[0]), min \(spread[1]), max \(spread[2]) us of processor time a step)"
        )
        for (kind, limit) in [("gate", 180.0), ("goal", 60)] {
            let verdict = year < limit ? "met" : "missed"
            print("figure plant_virtual_year \(text(year)) s \(kind) < \(Int(limit)) \(verdict)")
        }
    }

    /// Processor time that this process has used, in seconds.
    private static var processorSeconds: Double {
        var now = timespec()
        guard unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0 else { return .nan }
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }

    private static func text(_ value: Double) -> String { String(format: "%.1f", value) }

    private static func fail(_ message: String, status: Int32) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        exit(status)
    }
}
