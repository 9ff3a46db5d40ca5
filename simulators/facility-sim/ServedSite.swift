// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModbusIO
package import Plant
import PlantSim
import SiteFiles

/// All devices of a site on their sockets, with the simulated plant behind them.
package final class ServedSite: Sendable {
    private let plant: LivePlant
    private let server: ModbusServer

    /// Reads a site, builds its plant and takes its ports, on loopback only.
    ///
    /// - Parameters:
    ///   - path: The site file.
    ///   - mapDirectories: Where its device maps are.
    ///   - portBase: The port that the lowest one of the site is moved to; nil leaves all where the site has them.
    ///   - seed: The seed of everything random.
    ///   - weather: `synthetic:CLIMATE` or a weather file in place of the site's climate; nil keeps that.
    ///   - scenarioPath: A file of device faults to begin with; nil for none.
    ///   - replay: The recording to serve in place of a simulated plant; nil for that plant.
    ///   - wall: The clock that plant time follows at the site's time scale.
    ///   - report: Takes what an operator should read.
    /// - Throws: ``SimulatorProblem`` where the file is wrong or a port is taken.
    package init(
        path: String,
        mapDirectories: [String],
        portBase: UInt16? = nil,
        seed: UInt64 = 1,
        weather: String? = nil,
        scenarioPath: String? = nil,
        replay: ReplayOptions? = nil,
        wall: WallClock? = nil,
        report: @escaping @Sendable (String) -> Void = { printError($0) }
    ) throws(SimulatorProblem) {
        let loaded = SiteFiles.loadSite(path: path, mapDirectories: mapDirectories)
        for problem in loaded.problems where problem.severity == .warning { report(problem.description) }
        guard let site = loaded.value else {
            throw .input(loaded.problems.filter { $0.severity == .error }.map(\.description))
        }
        let scenario = try scenarioPath.map { path throws(SimulatorProblem) in try FaultConsole.scenario(path, site) }
        let facility: any ServedPlant
        if let replay {
            let setup = ReplaySetup(options: replay, site: site, sitePath: path, report: report)
            facility = try setup.plant(scenario: scenario)
        } else {
            facility = try Self.facility(of: site, path: path, seed: seed, weather: weather, scenario: scenario)
        }
        let plant = LivePlant(site: site, facility: facility, wall: wall ?? continuousClock(), report: report)
        self.plant = plant
        if let scenario { _ = try FaultConsole(plant: plant).add(scenario) }
        let endpoints = try Self.endpoints(of: plant, portBase: portBase)
        do throws(ModbusProblem) { server = try ModbusServer(endpoints: endpoints) } catch {
            throw .world(error.description)
        }
    }

    /// The simulated plant of a site.
    private static func facility(
        of site: SiteDescription,
        path: String,
        seed: UInt64,
        weather: String?,
        scenario: Scenario?
    ) throws(SimulatorProblem) -> Facility {
        var surroundings = try Self.surroundings(weather, of: site)
        if let events = scenario?.events, !events.isEmpty {
            surroundings.events = (surroundings.events ?? site.simulation?.events ?? []) + events
        }
        let start = site.simulation?.start ?? .wallNow
        let (facility, problems) = Facility.make(site: site, seed: seed, start: start, surroundings: surroundings)
        guard let facility else { throw .input(problems.map { "\(path): \($0)" }) }
        return facility
    }

    private static func surroundings(
        _ weather: String?,
        of site: SiteDescription
    ) throws(SimulatorProblem) -> RunSurroundings {
        guard let weather else { return RunSurroundings() }
        do throws(InputTextError) {
            return try RunSurroundings(weather: weather, of: site, contents: SiteFiles.inputText)
        } catch {
            throw .input([error.description(in: weather)])
        }
    }

    /// The sockets of the site.
    private static func endpoints(
        of plant: LivePlant,
        portBase: UInt16?
    ) throws(SimulatorProblem) -> [ServedEndpoint] {
        let site = plant.site
        let lowest = site.endpoints.map(\.port).min() ?? 0
        var problems: [String] = []
        var endpoints: [ServedEndpoint] = []
        for (position, endpoint) in site.endpoints.enumerated() {
            let port = Int(endpoint.port) + (portBase.map { Int($0) - Int(lowest) } ?? 0)
            if !isLoopback(endpoint.host) {
                problems.append(
                    "\(endpoint.id): \(endpoint.host) is not loopback; a simulated site listens on 127.0.0.1"
                )
            }
            if !(1...65_535).contains(port) {
                problems.append("\(endpoint.id): port \(port) does not exist; take a lower --port-base")
            }
            var devices: [UInt8: Int] = [:]
            for (device, description) in site.devices.enumerated() where description.endpoint == position {
                devices[description.unit] = device
            }
            endpoints.append(
                ServedEndpoint(
                    host: endpoint.host,
                    port: UInt16(truncatingIfNeeded: port),
                    units: devices.mapValues { plant.banks[$0] },
                    refresh: { [devices] unit in
                        if let device = devices[unit] { plant.refresh(device: device) }
                    },
                    faults: plant.faultSwitches[position]
                )
            )
        }
        guard problems.isEmpty else { throw .input(problems) }
        return endpoints
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    /// Plant time at the end of the last step.
    package var time: Timestamp { plant.time }

    /// The port that an endpoint of the site is served on.
    package func port(ofEndpoint id: String) -> UInt16? {
        plant.site.endpoints.firstIndex { $0.id == id }.map { server.port(ofEndpoint: $0) }
    }

    /// Starts to answer, and plant time.
    package func start() throws(SimulatorProblem) {
        plant.begin()
        do throws(ModbusProblem) { try server.start() } catch { throw .world(error.description) }
    }

    /// Stops to answer and gives the ports back.
    package func stop() { server.stop() }

    /// Carries out one line of the control socket, as simulators/README.md describes them.
    ///
    /// - Returns: The lines of the answer; the last one begins with `ok` or `error:`.
    package func control(_ line: String) -> [String] { FaultConsole(plant: plant).control(line) }

    /// Serves, and lets the plant run, until the signal arrives.
    func run(until stop: StopSignal, controlPath: String?) throws(SimulatorProblem) {
        let socket = try controlPath.map { path throws(SimulatorProblem) in
            try ControlSocket(path: path) { [self] in control($0) }
        }
        defer { socket?.stop() }
        try start()
        let site = plant.site
        for (position, endpoint) in site.endpoints.enumerated() {
            let devices = site.devices.filter { $0.endpoint == position }
                .map { "\($0.id) (\(site.maps[$0.map].name), unit \($0.unit))" }
            let place = "\(endpoint.host):\(server.port(ofEndpoint: position))"
            printLine("\(place) \(devices.isEmpty ? "no device" : devices.joined(separator: ", "))")
        }
        let timeScale = site.simulation?.timeScale ?? 1
        if timeScale != 1 { printLine("plant time runs \(timeScale) times as fast as wall time") }
        printLine("ready")
        // Whoever reads moves the plant on; this is for the time in which nobody does.
        let pause = min(max(SimulationPace.step / timeScale, .milliseconds(50)), .seconds(1))
        while !stop.arrives(within: pause) { plant.advance() }
        self.stop()
    }
}
