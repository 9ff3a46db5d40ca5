// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import SiteFiles

/// Serves a simulated facility, or one simulated device, over Modbus/TCP on loopback.
@main
struct FacilitySimProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "facility-sim",
        abstract: "Serve a simulated facility over Modbus/TCP.",
        discussion: """
            With --site, every device of a site file answers at its address through its own device map, and the \
            plant behind them runs at the site's time scale; with --replay, they show what was recorded. With --map, \
            one device with plausible values answers at one port.
            """
    )

    @Option(help: "Site file whose devices to serve.")
    var site: String?

    @Option(help: "Move all ports of the site so that the lowest is this one.")
    var portBase: UInt16?

    @Option(help: "Seed of everything random; the same seed gives the same plant.")
    var seed: UInt64 = 1

    @Option(help: "Weather in place of the site's climate: an EPW, TMY3 or CSV file, or synthetic:CLIMATE.")
    var weather: String?

    @Option(help: "CSV file of recorded values to serve in place of a simulated plant.")
    var replay: String?

    @Option(help: "File that maps columns of the recording to points.")
    var columns: String?

    @Option(help: "Plant seconds per wall second of the replay; must be the site's time_scale.")
    var speed: Double?

    @Option(help: "How long a recorded value holds, such as '15 min'; three times its mean interval where not given.")
    var hold: String?

    @Flag(help: "Begin the recording again when it is over.")
    var loop = false

    @Option(help: "File of device faults, at plant times since the start.")
    var scenario: String?

    @Option(help: "Unix socket that takes commands to switch faults while it runs.")
    var control: String?

    @Option(help: "Serve one device of this map, given by name or by path, at every unit id.")
    var map: String?

    @Option(help: "Port for --map; 0 takes a free one.")
    var port: UInt16?

    @Option(name: .customLong("maps"), help: "Directory of device maps; may be given several times.")
    var mapDirectories: [String] = []

    func validate() throws {
        guard (site == nil) != (map == nil) else { throw ValidationError("Give either --site or --map.") }
        if map == nil, port != nil { throw ValidationError("--port goes with --map; use --port-base with --site.") }
        if map != nil, port == nil { throw ValidationError("--map needs --port.") }
        if map != nil, portBase != nil { throw ValidationError("--port-base goes with --site; use --port.") }
        if site == nil, weather != nil { throw ValidationError("--weather goes with --site.") }
        if replay != nil, site == nil { throw ValidationError("--replay goes with --site.") }
        if replay != nil, weather != nil { throw ValidationError("--weather is for a simulated plant, not --replay.") }
        let extras = [
            ("--columns", columns != nil), ("--speed", speed != nil), ("--hold", hold != nil), ("--loop", loop),
        ]
        if replay == nil, let extra = extras.first(where: \.1) {
            throw ValidationError("\(extra.0) goes with --replay.")
        }
        if let hold, ReplayOptions.span(hold) == nil {
            throw ValidationError("--hold '\(hold)' is no time up to a year; write a number and ms, s, min, h or d.")
        }
        if portBase == 0 { throw ValidationError("--port-base must be at least 1.") }
    }

    func run() throws {
        let stop = StopSignal()
        if let site {
            let directories = SiteFiles.mapDirectories(given: mapDirectories, beside: site)
            let served = try ServedSite(
                path: site,
                mapDirectories: directories,
                portBase: portBase,
                seed: seed,
                weather: weather,
                scenarioPath: scenario,
                replay: replay.map { path in
                    ReplayOptions(
                        path: path,
                        columnsPath: columns,
                        speed: speed,
                        hold: hold.flatMap(ReplayOptions.span),
                        isLooping: loop
                    )
                }
            )
            try served.run(until: stop, controlPath: control)
        } else if let map, let port {
            let directories = SiteFiles.mapDirectories(given: mapDirectories)
            let served = try ServedDevice(
                mapName: map,
                mapDirectories: directories,
                port: port,
                scenarioPath: scenario
            )
            try served.run(until: stop, controlPath: control)
        }
    }

    /// Ends with the exit codes of docs/cli.md: 0 done, 1 input, 2 usage, 3 the world.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let problem as SimulatorProblem {
            for line in problem.lines { printError(line) }
            Foundation.exit(problem.exitCode)
        } catch {
            guard exitCode(for: error) != .success else { exit(withError: error) }
            printError(fullMessage(for: error))
            Foundation.exit(2)
        }
    }
}

/// Why the simulator cannot start.
package struct SimulatorProblem: Error {
    /// One problem a line.
    package let lines: [String]
    /// 1: the input is at fault; 3: the world is.
    package let exitCode: Int32

    static func input(_ lines: [String]) -> SimulatorProblem { SimulatorProblem(lines: lines, exitCode: 1) }

    static func world(_ line: String) -> SimulatorProblem { SimulatorProblem(lines: [line], exitCode: 3) }
}

/// Writes a line to standard error.
func printError(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}

/// Writes a line to standard output at once, also where that is a pipe.
func printLine(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
}
