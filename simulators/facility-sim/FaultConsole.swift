// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import PlantSim
import SiteFiles

/// Switches the faults of served devices, by scenario files and by lines of text.
struct FaultConsole: Sendable {
    let plant: LivePlant

    /// Reads a scenario and says what of it this program leaves out.
    static func scenario(_ path: String, _ site: SiteDescription) throws(SimulatorProblem) -> Scenario {
        let loaded = SiteFiles.loadScenario(path: path)
        guard let scenario = loaded.value else { throw .input(loaded.problems.map(\.description)) }
        let unknown = SiteFiles.problems(of: scenario, on: site)
        guard unknown.isEmpty else { throw .input(unknown) }
        if !scenario.expectations.isEmpty || !scenario.stops.isEmpty {
            printError("\(path): note: 'expect' and 'agent' are for thermocline simulate; they are left out here")
        }
        return scenario
    }

    /// Adds the faults of a scenario, counted from now.
    ///
    /// - Returns: Their numbers.
    func add(_ scenario: Scenario) throws(SimulatorProblem) -> [Int] {
        do throws(FaultSchedule.Refusal) {
            let numbers = try plant.add(scenario.faults)
            plant.add(scenario.plantFaults)
            return numbers
        } catch { throw .input([error.text]) }
    }

    /// Adds the faults of a scenario file, counted from now.
    ///
    /// - Returns: Their numbers.
    func addFaults(of path: String) throws(SimulatorProblem) -> [Int] {
        let scenario = try Self.scenario(path, plant.site)
        guard scenario.events.isEmpty else {
            throw .input(["\(path): 'events' belong to the start of a site; give the file with --site and --scenario"])
        }
        return try add(scenario)
    }

    /// Carries out one line of the control socket, as simulators/README.md describes them.
    ///
    /// - Returns: The lines of the answer; the last one begins with `ok` or `error:`.
    func control(_ line: String) -> [String] {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        let rest = words.count > 1 ? words[1] : ""
        switch words.first ?? "" {
        case "start": return start(fault: rest)
        case "load":
            do throws(SimulatorProblem) {
                return [Self.ok(try addFaults(of: rest))]
            } catch { return ["error: " + error.lines.joined(separator: "; ")] }
        case "stop" where rest == "all": return [plant.removeFault(nil) ? "ok" : "ok nothing was wrong"]
        case "stop":
            guard let number = Int(rest) else { return ["error: 'stop' needs a number, or all; 'list' shows them"] }
            return [plant.removeFault(number) ? "ok" : "error: there is no fault \(number); 'list' shows them"]
        case "list": return plant.faultLines + ["ok"]
        case "writes": return plant.writeCountLines + ["ok"]
        default: return ["error: there is no command '\(words.first ?? "")'; write start, load, stop, list or writes"]
        }
    }

    /// Adds one fault written as an entry of a scenario file.
    private func start(fault: String) -> [String] {
        // The reader of scenario files reads files: the entry becomes one of a single line.
        let path = NSTemporaryDirectory() + "facility-sim-\(UUID().uuidString).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        guard FileManager.default.createFile(atPath: path, contents: Data("faults: [\(fault)]\n".utf8)) else {
            return ["error: no file can be written to \(NSTemporaryDirectory()); free space there"]
        }
        do throws(SimulatorProblem) {
            return [Self.ok(try addFaults(of: path))]
        } catch {
            return ["error: " + error.lines.map { $0.replacing(path, with: "fault") }.joined(separator: "; ")]
        }
    }

    private static func ok(_ numbers: [Int]) -> String { (["ok"] + numbers.map(String.init)).joined(separator: " ") }
}
