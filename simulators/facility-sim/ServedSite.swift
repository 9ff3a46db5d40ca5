// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import PlantSim
import SiteFiles

/// All devices of a site, with the simulated plant behind them.
struct ServedSite {
    private let site: SiteDescription
    /// By position in the site's devices.
    private let banks: [RegisterBank]
    private let server: ModbusServer
    private var facility: Facility
    private let clock: SimulationClock
    /// The first point of each device in the site's points, by position in its devices.
    private let firstPoints: [Int]
    /// What each point of the site shows, in its base unit; NaN where it has to be put in anew.
    private var shown: [Double]
    private var reportedPoints: Set<String> = []
    private var isLateReported = false

    init(path: String, mapDirectories: [String], portBase: UInt16?, seed: UInt64) throws(SimulatorProblem) {
        let loaded = SiteFiles.loadSite(path: path, mapDirectories: mapDirectories)
        for problem in loaded.problems where problem.severity == .warning { printError(problem.description) }
        guard let site = loaded.value else {
            throw .input(loaded.problems.filter { $0.severity == .error }.map(\.description))
        }
        self.site = site
        clock = SimulationClock(start: site.simulation?.start ?? .wallNow, timeScale: site.simulation?.timeScale ?? 1)
        let (facility, problems) = Facility.make(site: site, seed: seed, start: clock.start)
        guard let facility else { throw .input(problems.map { "\(path): \($0)" }) }
        self.facility = facility
        var firstPoints: [Int] = []
        var next = 0
        for device in site.devices {
            firstPoints.append(next)
            next += site.maps[device.map].points.count
        }
        self.firstPoints = firstPoints
        shown = Array(repeating: .nan, count: site.points.count)
        banks = site.devices.map {
            RegisterBank(map: site.maps[$0.map], undefinedAddresses: .gapsReadZero)
        }
        let endpoints = try Self.endpoints(of: site, banks: banks, portBase: portBase)
        do throws(ModbusProblem) { server = try ModbusServer(endpoints: endpoints) } catch {
            throw .world(error.description)
        }
    }

    /// The sockets of the site, on loopback only.
    private static func endpoints(
        of site: SiteDescription,
        banks: [RegisterBank],
        portBase: UInt16?
    ) throws(SimulatorProblem) -> [ServedEndpoint] {
        let lowest = site.endpoints.map(\.port).min() ?? 0
        var problems: [String] = []
        var endpoints: [ServedEndpoint] = []
        for endpoint in site.endpoints {
            let port = Int(endpoint.port) + (portBase.map { Int($0) - Int(lowest) } ?? 0)
            if !isLoopback(endpoint.host) {
                problems.append(
                    "\(endpoint.id): \(endpoint.host) is not loopback; a simulated site listens on 127.0.0.1"
                )
            }
            if !(1...65_535).contains(port) {
                problems.append("\(endpoint.id): port \(port) does not exist; take a lower --port-base")
            }
            endpoints.append(
                ServedEndpoint(host: endpoint.host, port: UInt16(truncatingIfNeeded: port), units: [:])
            )
        }
        guard problems.isEmpty else { throw .input(problems) }
        for (position, device) in site.devices.enumerated() {
            endpoints[device.endpoint].units[device.unit] = banks[position]
        }
        return endpoints
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    /// Serves, and lets the plant run, until the signal arrives.
    mutating func run(until stop: StopSignal) throws(SimulatorProblem) {
        show()
        do throws(ModbusProblem) { try server.start() } catch { throw .world(error.description) }
        for (position, endpoint) in site.endpoints.enumerated() {
            let devices = site.devices.filter { $0.endpoint == position }
                .map { "\($0.id) (\(site.maps[$0.map].name), unit \($0.unit))" }
            let place = "\(endpoint.host):\(server.port(ofEndpoint: position))"
            printLine("\(place) \(devices.isEmpty ? "no device" : devices.joined(separator: ", "))")
        }
        if clock.timeScale != 1 { printLine("plant time runs \(clock.timeScale) times as fast as wall time") }
        printLine("ready")
        var pace = clock.started()
        while !stop.arrives(within: pace.wait) {
            takeCommands()
            let due = pace.stepsDue()
            for _ in 0..<due.count { facility.step(dt: SimulationClock.step) }
            if due.isLate, !isLateReported {
                isLateReported = true
                printError("this machine is too slow for the time scale; plant time falls behind")
            }
            if due.count > 0 { show() }
        }
        server.stop()
    }

    /// Hands what clients wrote to the plant.
    private mutating func takeCommands() {
        for (device, bank) in banks.enumerated() {
            let writes = bank.takeWrites()
            if writes.dropped > 0 {
                printError("\(site.devices[device].id): \(writes.dropped) commands came faster than plant steps")
            }
            for write in writes.values {
                let position = firstPoints[device] + write.point
                facility.apply(PointIndex(position), value: write.value)
                shown[position] = .nan
            }
        }
    }

    /// Puts what changed in the plant into the registers.
    ///
    /// What did not change stays as it is, so that a value written meanwhile is not wiped out before it is taken.
    private mutating func show() {
        for (device, bank) in banks.enumerated() {
            var values: [WrittenValue] = []
            for position in bank.map.points.indices {
                let place = firstPoints[device] + position
                guard let value = facility.value(of: PointIndex(place)), value != shown[place] else { continue }
                shown[place] = value
                values.append(WrittenValue(point: position, value: value))
            }
            guard !values.isEmpty else { continue }
            for problem in bank.set(values) where reportedPoints.insert("\(device)/\(problem.point)").inserted {
                printError("\(site.devices[device].id)/\(problem)")
            }
        }
    }
}
