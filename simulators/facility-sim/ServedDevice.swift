// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import SiteFiles

/// One device of a map, for trying a map or a client against.
struct ServedDevice {
    private let bank: RegisterBank
    private let server: ModbusServer

    init(mapName: String, mapDirectories: [String], port: UInt16) throws(SimulatorProblem) {
        guard SiteFiles.mapNames(in: mapDirectories).contains(mapName) else {
            let searched = mapDirectories.joined(separator: ", ")
            throw .input(["there is no map \(mapName) in \(searched); 'thermocline maps list' shows what there is"])
        }
        var map: DeviceMap?
        for directory in mapDirectories where SiteFiles.mapNames(in: [directory]).contains(mapName) && map == nil {
            let loaded = SiteFiles.loadMap(path: "\(directory)/\(mapName).yaml")
            guard let value = loaded.value else { throw .input(loaded.problems.map(\.description)) }
            map = value
        }
        guard let map else { throw .input(["the map \(mapName) went away while it was read; try again"]) }
        let bank = RegisterBank(map: map, undefinedAddresses: .gapsReadZero)
        let units = Dictionary(uniqueKeysWithValues: (UInt8.min...UInt8.max).map { ($0, bank) })
        self.bank = bank
        do throws(ModbusProblem) {
            server = try ModbusServer(endpoints: [ServedEndpoint(port: port, units: units)])
        } catch {
            throw .world(error.description)
        }
    }

    /// Serves, and prints every written value, until the signal arrives.
    func run(until stop: StopSignal) throws(SimulatorProblem) {
        do throws(ModbusProblem) { try server.start() } catch { throw .world(error.description) }
        printLine("127.0.0.1:\(server.port(ofEndpoint: 0)) \(bank.map.name), every unit")
        printLine("ready")
        while !stop.arrives(within: .milliseconds(100)) {
            let writes = bank.takeWrites()
            if writes.dropped > 0 { printError("\(writes.dropped) written values came too fast to be shown") }
            for write in writes.values {
                let point = bank.map.points[write.point]
                printLine("written \(point.name) \(write.value) \(point.baseUnit.rawValue)")
            }
        }
        server.stop()
    }
}
