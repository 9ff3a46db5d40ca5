// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Agent
import Foundation
import Plant
import PlantSim
import Simulation
import SiteFiles

/// Measures what one cycle costs on a site: freeze to arbitrate, against the figures of the design.
///
/// Usage: `thermocline-bench SITE MAPS`. Prints a line with machine and runs, then one line a figure:
/// `figure NAME VALUE UNIT gate|goal OP VALUE met|missed`. Exits 0 whether met or missed.
@main
enum BenchProgram {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else {
            FileHandle.standardError.write(Data("usage: thermocline-bench SITE MAPS\n".utf8))
            exit(2)
        }
        let loaded = SiteFiles.loadSite(path: arguments[1], mapDirectories: [arguments[2]])
        guard let site = loaded.value else {
            FileHandle.standardError.write(
                Data((loaded.problems.map(\.description).joined(separator: "\n") + "\n").utf8)
            )
            exit(1)
        }
        for (name, isAutomatic) in [("advisory", false), ("automatic", true)] {
            try measureCycle(site, name: name, isAutomatic: isAutomatic)
        }
    }

    /// Steps plant and engine together for two plant hours and times only the engine.
    ///
    /// Processor time of the thread: what else runs on the machine does not count.
    private static func measureCycle(_ site: SiteDescription, name: String, isAutomatic: Bool) throws {
        let start = site.simulation?.start ?? Timestamp(milliseconds: 1_772_344_800_000)
        guard let facility = Facility.make(site: site, seed: 1, start: start).0 else {
            FileHandle.standardError.write(Data("site \(site.id) cannot be simulated; choose another\n".utf8))
            exit(1)
        }
        var plant = SimulatedSite(site: site, facility: facility)
        var engine = try CycleEngine(site: site)
        var requests = isAutomatic ? site.promotions(by: "thermocline-bench") : []
        var outcomes: [WriteOutcome] = []
        let dt = site.effectiveCycleInterval
        var runs: [Double] = []
        for _ in 0..<Int(7_200 / dt.inSeconds) {
            plant.advance(dt)
            plant.read()
            let inputs = CycleInputs(
                image: plant.image,
                wallTime: plant.image.time,
                requests: requests,
                outcomes: outcomes,
                authority: Authority(role: .active, epoch: 1)
            )
            let begin = threadMicroseconds
            let record = engine.step(inputs).record
            runs.append(threadMicroseconds - begin)
            requests = []
            outcomes = plant.carryOut(record.commands)
        }
        report(runs, name: name, site: site)
    }

    /// Prints the mean, which is what the design asks for, and the median, which a busy machine moves less.
    private static func report(_ runs: [Double], name: String, site: SiteDescription) {
        let sorted = runs.sorted()
        let mean = sorted.reduce(0, +) / Double(sorted.count)
        let machine = "\(ProcessInfo.processInfo.processorCount) processors, \(ProcessInfo.processInfo.hostName)"
        let median = sorted[sorted.count / 2]
        let spread = "median \(text(median)), min \(text(sorted[0])), max \(text(sorted.last ?? 0))"
        print(
            "machine \(machine); site \(site.id), \(site.devices.count) devices, \(site.points.count) points, "
                + "\(name); runs \(runs.count) (\(spread) us of processor time)"
        )
        for (statistic, value, kind, limit) in [
            ("mean", mean, "gate", 100.0), ("mean", mean, "goal", 20), ("median", median, "goal", 20),
        ] {
            let verdict = value < limit ? "met" : "missed"
            let bound = String(format: "%.0f", limit)
            print("figure freeze_to_arbitrate_\(name)_\(statistic) \(text(value)) us \(kind) < \(bound) \(verdict)")
        }
    }

    /// Processor time that this thread has used, in microseconds.
    private static var threadMicroseconds: Double {
        var now = timespec()
        guard unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0 else { return .nan }
        return Double(now.tv_sec) * 1e6 + Double(now.tv_nsec) / 1e3
    }

    private static func text(_ value: Double) -> String { String(format: "%.1f", value) }
}
