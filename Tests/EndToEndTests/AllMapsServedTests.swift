// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModbusIO
import Plant
import TestKit
import Testing

/// Every map served as `facility-sim --map` does and read as `thermocline probe` does.
@Suite(.serialized)
struct AllMapsServedTests {
    @Test func everyMapLoads() {
        #expect(AllMaps.loaded.map(\.name).filter { !$0.contains(":") } == AllMaps.names)
        #expect(AllMaps.names.count > 100)
    }

    /// The values a simulated device starts with, and then every golden value, put in by point and read by address.
    @Test(.timeLimit(.minutes(1)))
    func everyPointReadsBackGoodWithWhatTheSimulatorServes() throws {
        let maps = AllMaps.loaded.map(\.withoutPauses)
        let banks = maps.map { RegisterBank(map: $0, undefinedAddresses: .gapsReadZero) }
        let server = try ModbusServer(endpoints: banks.map { ServedEndpoint(port: 0, units: [1: $0]) })
        try server.start()
        defer { server.stop() }
        for (index, map) in maps.enumerated() {
            let probe = try DeviceProbe(host: "127.0.0.1", port: server.port(ofEndpoint: index), map: map)
            let bank = banks[index]
            let first = try probe.run()
            #expect(Self.faults(in: first, of: map) == [], "\(map.name), values of the start")
            for last in [false, true] {
                let served = Self.serveGoldenValues(of: map, from: bank, last: last)
                let look = try probe.run()
                for (position, value) in served {
                    let seen = look.points[position]
                    let point = map.points[position]
                    #expect(
                        seen.quality == .good
                            && (point.agrees(seen.value, value) || point.isNearest(seen.value, value)),
                        "\(map.name) \(point.name): read \(seen.value) \(seen.cause), served \(value)"
                    )
                }
            }
        }
    }

    /// Puts one golden value of each point into a device.
    ///
    /// - Returns: What is served, by position; without points whose registers another one of them then changed, and
    ///   without settings that others depend on, which stay as the map wants them.
    private static func serveGoldenValues(
        of map: DeviceMap,
        from bank: RegisterBank,
        last: Bool
    ) -> [(position: Int, value: Double)] {
        var served: [(position: Int, value: Double)] = []
        var owners: [String: String] = [:]
        let settings = Set(map.points.compactMap(\.validWhile?.point))
        for (position, point) in map.points.enumerated()
        where point.isReadable && !point.isText && !settings.contains(point.name) {
            let values = map.goldenVectors.filter { $0.point == point.name }.compactMap(\.value)
            guard let golden = last ? values.last : values.first else { continue }
            // A word in `bits` stands beside its own bits; whichever came first keeps the register.
            let isPart = point.type.isPartOfRegister
            let addresses = (0..<point.type.registerCount).map { "\(point.table) \(Int(point.address) + $0)" }
            let owner = isPart ? "parts" : point.name
            guard addresses.allSatisfy({ owners[$0] == nil || (isPart && owners[$0] == owner) }) else { continue }
            for address in addresses { owners[address] = owner }
            let value = point.unit.toBase(golden)
            do {
                try bank.set(position, to: value)
                served.append((position, value))
            } catch {
                Issue.record("\(map.name) \(point.name): cannot serve \(golden): \(error)")
            }
        }
        return served
    }

    /// What is not as it should be in a look at a healthy device.
    private static func faults(in look: DeviceLook, of map: DeviceMap) -> [String] {
        var faults: [String] = []
        for (seen, point) in zip(look.points, map.points) where point.isReadable {
            if seen.quality != .good { faults.append("\(point.name) is \(seen.quality.word): \(seen.cause.words)") }
            if Believability(seen.words, scaleFactorWord: seen.scaleFactorWord, of: point) == .absurd {
                faults.append("\(point.name) is implausible: \(seen.value)")
            }
            if let range = point.validRange, seen.value == range.lowerBound && range.lowerBound < 0 {
                faults.append("\(point.name) stands at the lowest value there is, \(seen.value)")
            }
            if let unusual = Self.everyday(point.baseUnit), !unusual.contains(seen.value), seen.value != 0,
                point.validRange?.overlaps(unusual) ?? true
            {
                faults.append("\(point.name) is \(seen.value) \(point.baseUnit.rawValue) on an ordinary day")
            }
        }
        let findings = OrderFindings(look, map: map)
        if !findings.hints.isEmpty || !findings.unexplained.isEmpty { faults.append("the probe has doubts") }
        if let identity = look.identity, !identity.isAccepted { faults.append("it calls itself \(identity)") }
        return faults
    }

    /// What a plant that runs well shows; nil for units in which anything goes.
    private static func everyday(_ unit: PointUnit) -> ClosedRange<Double>? {
        switch unit {
        case .celsius: -30...110
        case .kelvins: -30...40
        case .ratio: -1...2
        case .hertz: 0...400
        case .volts: -1_000...40_000
        case .amperes: -5_000...5_000
        case .pascals: -1e5...5e6
        case .revolutionsPerMinute: 0...40_000
        default: nil
        }
    }

    /// The same through the two programs, as a user tries a map.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "carlo_gavazzi_em24_ethernet", "danfoss_vlt_fc102_fc302", "ocp_orv3_psu", "simulated_heat_pump", "smc_hrs",
            "sunspec_meter", "template_cdu", "vaisala_wxt530", "vertiv_liebert_cw_ds_pex",
        ]
    )
    func theProgramsServeAndReadAMap(name: String) throws {
        let map = try #require(AllMaps.loaded.first { $0.name == name })
        let device = try LoneDevice(map: name)
        let result = try LoneAgent.verb(
            ["probe", "127.0.0.1:\(device.port)", "--map", name, "--maps", AllMaps.directory, "--json"]
        )
        #expect(result.status == 0, "\(result.errors)")
        let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let points = report?["points"] as? [[String: Any]] ?? []
        #expect(points.count == map.points.count)
        let port = try #require(UInt16(device.port))
        let look = try DeviceProbe(host: "127.0.0.1", port: port, map: map.withoutPauses).run()
        #expect(Self.faults(in: look, of: map) == [])
        for (shown, (seen, point)) in zip(points, zip(look.points, map.points)) where point.isReadable {
            #expect(shown["name"] as? String == point.name)
            #expect(shown["quality"] as? String == "good", "\(point.name)")
            if point.isText {
                #expect(shown["text"] as? String == seen.text && seen.text != nil, "\(point.name)")
            } else {
                #expect(shown["baseValue"] as? Double == seen.value, "\(point.name)")
            }
        }
    }
}

extension RegisterType {
    /// Whether other points may stand in the same register.
    fileprivate var isPartOfRegister: Bool {
        switch self {
        case .bit, .bits, .uint8, .int8: true
        default: false
        }
    }
}

extension MapPoint {
    /// Whether a value is the nearest that the unit which the device is set to can show; where no register tells the
    /// unit, every golden value can be shown.
    fileprivate func isNearest(_ found: Double, _ expected: Double) -> Bool {
        let steps = scaleCodes?.cases.map { abs($0.scale * $0.unit.factor) } ?? []
        return abs(found - expected) <= (steps.max() ?? 0) / 2
    }
}
