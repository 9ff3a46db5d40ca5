// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

/// The agent alone, as a user starts it, on a site file that a test wrote.
struct LoneAgent {
    let program: RunningProgram
    /// The base of the agent's API, `http://127.0.0.1:PORT`.
    let url: String

    /// Starts the agent and waits until it serves.
    init(_ site: String, store: String, extra: [String] = []) throws {
        let program = try RunningProgram("thermocline", Self.arguments(site, store: store) + extra)
        let line = try #require(program.waitForLine(containing: "serving http://"), "\(program.output)")
        self.program = program
        url = "http://" + (line.components(separatedBy: "serving http://").last ?? "")
    }

    /// The arguments of `thermocline run`, on a port that the kernel chooses unless `listen` names one.
    static func arguments(_ site: String, store: String, listen: String = "127.0.0.1:0") -> [String] {
        ["run", site, "--maps", Repository.path("devicemaps"), "--store", store, "--listen", listen]
    }

    /// Runs one verb of the program to its end.
    static func verb(_ arguments: [String], timeLimit: TimeInterval = 20) throws -> ChildResult {
        let program = RunningProgram.directory.appendingPathComponent("thermocline").path
        return try runProcess(program, arguments, timeLimit: timeLimit)
    }

    /// The readings of one device's points by their names; empty where the agent does not answer.
    func readings(of device: String) throws -> [String: [String: Any]] {
        let points = try getJSON("\(url)/api/v1/points?glob=\(device)/*") as? [[String: Any]] ?? []
        return points.reduce(into: [:]) { readings, point in
            guard let id = point["id"] as? String, let reading = point["reading"] as? [String: Any] else { return }
            readings[String(id.drop { $0 != "/" }.dropFirst())] = reading
        }
    }
}

/// Text of a site with one meter for each port, `NAME PORT`, all of one shipped map.
func siteOfMeters(_ meters: [(name: String, port: String)], map: String = "schneider_iem3000") -> String {
    let endpoints = meters.map { "  - {id: \($0.name), host: 127.0.0.1, port: \($0.port)}" }
    let devices = meters.map { "  - {id: \($0.name), endpoint: \($0.name), unit: 1, map: \(map)}" }
    let lines =
        ["site: {id: test, name: Test, jurisdiction: SE}", "endpoints:"] + endpoints + ["devices:"] + devices
    return lines.joined(separator: "\n") + "\n"
}

/// One simulated device of a shipped map on a port of its own.
struct LoneDevice {
    let program: RunningProgram
    let port: String

    /// Serves the device; port 0 takes a free one.
    init(map: String = "schneider_iem3000", port: String = "0") throws {
        let program = try RunningProgram(
            "facility-sim",
            ["--map", map, "--port", port, "--maps", Repository.path("devicemaps")]
        )
        let line = try #require(program.waitForLine(containing: "127.0.0.1:"), "\(program.output)")
        try #require(program.waitForLine(containing: "ready") != nil, "\(program.output)")
        self.program = program
        self.port = String(line.drop { $0 != ":" }.dropFirst().prefix { $0.isNumber })
    }
}
