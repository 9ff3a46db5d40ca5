// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

/// facility-sim and the agent, both as the programs a user runs, on ports of their own.
struct RunningSite {
    let directory: TemporaryDirectory
    let sitePath: String
    /// The lowest Modbus port; the others keep the distance they have in the site file.
    let portBase: UInt16
    let simulator: RunningProgram
    let agent: RunningProgram
    /// The base of the agent's API, `http://127.0.0.1:PORT`.
    let url: String

    var storeDirectory: String { directory.path("store") }

    /// Starts both programs on a copy of `site` whose ports, written as 15xxx, are moved to free ones.
    init(site: String, timeScale: Int? = nil, agentArguments: [String] = []) throws {
        directory = try TemporaryDirectory()
        var text = try String(contentsOfFile: Repository.path(site), encoding: .utf8)
        if let timeScale { text.replace(#/time_scale: \d+/#, with: "time_scale: \(timeScale)") }
        let base = try freePortBlock(200)
        portBase = base
        sitePath = directory.path("site.yaml")
        try text.replacing(#/\b150(\d\d)\b|\b151(\d\d)\b/#) { match in
            String(Int(base) + (Int(match.output.0) ?? 0) - 15_000)
        }.write(toFile: sitePath, atomically: true, encoding: .utf8)
        let maps = Repository.path("devicemaps")
        let simulator = try RunningProgram("facility-sim", ["--site", sitePath, "--maps", maps, "--seed", "7"])
        try #require(simulator.waitForLine(containing: "ready") != nil, "\(simulator.output)")
        self.simulator = simulator
        let agent = try RunningProgram(
            "thermocline",
            [
                "run", sitePath, "--maps", maps, "--store", directory.path("store"), "--listen", "127.0.0.1:0",
            ] + agentArguments
        )
        self.agent = agent
        let line = try #require(agent.waitForLine(containing: "serving http://"), "\(agent.output)")
        url = "http://" + (line.components(separatedBy: "serving http://").last ?? "")
    }

    /// The body of a GET; nil where the agent did not answer 200.
    func get(_ path: String, accept: String? = nil) throws -> String? {
        let header = accept.map { ["-H", "Accept: \($0)"] } ?? []
        let arguments = ["-sS", "--fail", "--max-time", "5"] + header + [url + path]
        let result = try runProcess("curl", arguments, timeLimit: 10)
        return result.status == 0 ? result.output : nil
    }

    /// The JSON at a path as nested Foundation values; nil where the agent did not answer 200.
    func json(_ path: String) throws -> Any? { try getJSON(url + path) }
}

/// The first non-nil answer of `probe`, asked again until the time is up.
func eventually<Value>(within seconds: TimeInterval = 30, _ probe: () throws -> Value?) throws -> Value? {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while Date() < deadline {
        if let value = try probe() { return value }
    }
    return try probe()
}

/// The JSON at a URL as nested Foundation values; nil where the answer is not 200.
func getJSON(_ url: String) throws -> Any? {
    let result = try runProcess("curl", ["-sS", "--fail", "--max-time", "5", url], timeLimit: 10)
    guard result.status == 0 else { return nil }
    return try JSONSerialization.jsonObject(with: Data(result.output.utf8))
}
