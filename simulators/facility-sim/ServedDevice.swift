// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import SiteFiles

/// One device of a map, for trying a map or a client against, with the faults of a device of a site.
///
/// It is the one device of a site of its own, its id is the map's name, and its plant stands still.
struct ServedDevice {
    private let plant: LivePlant
    private let server: ModbusServer

    /// Reads the map and takes the port.
    ///
    /// - Parameters:
    ///   - mapName: The map's name, or a path of a map file.
    ///   - mapDirectories: Where maps are.
    ///   - port: The port; 0 takes a free one.
    ///   - scenarioPath: A file of device faults to begin with; nil for none.
    /// - Throws: ``SimulatorProblem`` where a file is wrong or the port is taken.
    init(
        mapName: String,
        mapDirectories: [String],
        port: UInt16,
        scenarioPath: String? = nil
    ) throws(SimulatorProblem) {
        let map = try Self.load(mapName, in: mapDirectories)
        let site = SiteDescription(
            id: map.name,
            endpoints: [EndpointDescription(id: map.name, host: "127.0.0.1", port: port)],
            maps: [map],
            devices: [DeviceDescription(id: map.name, endpoint: 0, unit: map.usualUnit, map: 0)]
        )
        let plant = LivePlant(
            site: site,
            facility: StillPlant(site: site, start: .wallNow),
            isAtEveryUnit: true,
            wall: continuousClock(),
            report: { printError($0) },
            written: { point, value in
                printLine("written \(map.points[point.position].name) \(value) \(site[point].unit.rawValue)")
            }
        )
        self.plant = plant
        if let scenarioPath { _ = try FaultConsole(plant: plant).addFaults(of: scenarioPath) }
        let units = Dictionary(uniqueKeysWithValues: (UInt8.min...UInt8.max).map { ($0, plant.banks[0]) })
        let endpoint = ServedEndpoint(
            port: port,
            units: units,
            refresh: { _ in plant.refresh(device: 0) },
            faults: plant.faultSwitches[0]
        )
        do throws(ModbusProblem) { server = try ModbusServer(endpoints: [endpoint]) } catch {
            throw .world(error.description)
        }
    }

    private static func load(_ name: String, in directories: [String]) throws(SimulatorProblem) -> DeviceMap {
        var path = name.hasSuffix(".yaml") ? name : nil
        if path == nil {
            let directory = directories.first { SiteFiles.mapNames(in: [$0]).contains(name) }
            path = directory.map { "\($0)/\(name).yaml" }
        }
        guard let path else {
            let searched = directories.joined(separator: ", ")
            throw .input([
                "there is no map \(name) in \(searched); 'thermocline maps list' shows what there is, and a file is "
                    + "given by its path, which ends in .yaml"
            ])
        }
        let loaded = SiteFiles.loadMap(path: path)
        guard let map = loaded.value else { throw .input(loaded.problems.map(\.description)) }
        return map
    }

    /// Serves, and prints every written value, until the signal arrives.
    func run(until stop: StopSignal, controlPath: String? = nil) throws(SimulatorProblem) {
        let console = FaultConsole(plant: plant)
        let socket = try controlPath.map { path throws(SimulatorProblem) in
            try ControlSocket(path: path) { console.control($0) }
        }
        defer { socket?.stop() }
        plant.begin()
        do throws(ModbusProblem) { try server.start() } catch { throw .world(error.description) }
        printLine("127.0.0.1:\(server.port(ofEndpoint: 0)) \(plant.site.id), every unit")
        printLine("ready")
        while !stop.arrives(within: .milliseconds(100)) { plant.settle() }
        server.stop()
    }
}
