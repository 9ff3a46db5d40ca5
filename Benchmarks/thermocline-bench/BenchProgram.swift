// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Agent
import Foundation
import Plant
import PlantSim
import SiteFiles

/// Measures what one cycle costs on a site: freeze to arbitrate, against the figures of the design.
///
/// Usage: `thermocline-bench SITE MAPS`. Prints the machine, then one line a figure; exits 0 whether met or missed.
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
        print("machine \(ProcessInfo.processInfo.processorCount) processors, \(site.points.count) points")
        try measureCycle(site)
    }

    /// Steps plant and engine together for two plant hours and times only the engine.
    private static func measureCycle(_ site: SiteDescription) throws {
        let start = site.simulation?.start ?? Timestamp(milliseconds: 1_772_344_800_000)
        guard var facility = Facility.make(site: site, seed: 1, start: start).0 else {
            print("the site cannot be simulated")
            return
        }
        var engine = try CycleEngine(site: site)
        let dt = site.effectiveCycleInterval
        var micros: [Double] = []
        var time = start
        for _ in 0..<Int(7_200 / dt.inSeconds) {
            time = time + dt
            facility.step(dt: dt)
            let now = time
            let readings = site.points.map { point in
                facility.value(of: point.index).map { Reading(value: $0, sourceTime: now) } ?? .notYetRead
            }
            let inputs = CycleInputs(
                image: ProcessImage(time: time, readings: readings),
                wallTime: time,
                authority: Authority(role: .active, epoch: 1)
            )
            let begin = ContinuousClock.now
            _ = engine.step(inputs)
            micros.append((ContinuousClock.now - begin).inSeconds * 1e6)
        }
        micros.sort()
        let mean = micros.reduce(0, +) / Double(micros.count)
        let median = micros[micros.count / 2]
        let least = text(micros[0])
        let most = text(micros[micros.count - 1])
        print("runs \(micros.count), median \(text(median)), min \(least), max \(most) us")
        print("figure freeze_to_arbitrate_mean \(text(mean)) us gate < 100 \(mean < 100 ? "met" : "missed")")
        print("figure freeze_to_arbitrate_mean \(text(mean)) us goal < 20 \(mean < 20 ? "met" : "missed")")
    }

    private static func text(_ value: Double) -> String { String(format: "%.1f", value) }
}
