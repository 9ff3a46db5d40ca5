// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Testing

@Suite("Site descriptions")
struct SiteDescriptionTests {
    private let site: SiteDescription

    init() {
        func point(_ name: String, _ spelling: String, _ pollClass: PollClass) -> MapPoint {
            MapPoint(
                name: name,
                table: .inputRegister,
                address: 0,
                type: .unsigned(bits: 16),
                unit: unit(spelling),
                pollClass: pollClass
            )
        }
        let meter = DeviceMap(
            name: "acme_meter",
            category: .powerMeter,
            confirmation: .simulated,
            points: [point("active_power", "kW", .fast), point("active_energy_import", "kWh", .slow)]
        )
        let valve = DeviceMap(
            name: "acme_valve",
            category: .valve,
            confirmation: .simulated,
            points: [point("position_feedback", "%", .normal), point("active_power", "W", .normal)]
        )
        site = SiteDescription(
            id: "test",
            simulation: SimulationSettings(start: Timestamp(milliseconds: 0), timeScale: 60),
            endpoints: [EndpointDescription(id: "gateway", host: "127.0.0.1", port: 1_502)],
            maps: [meter, valve],
            devices: [
                DeviceDescription(id: "valve-1", equipment: "chiller-1", endpoint: 0, unit: 1, map: 1),
                DeviceDescription(id: "meter-1", equipment: "chiller-1", endpoint: 0, unit: 2, map: 0),
                DeviceDescription(
                    id: "meter-2",
                    endpoint: 0,
                    unit: 3,
                    map: 0,
                    intervals: [.slow: .seconds(60)]
                ),
            ]
        )
    }

    @Test("points stand in device order, then map order")
    func pointOrder() {
        let expected = [
            "valve-1/position_feedback", "valve-1/active_power", "meter-1/active_power",
            "meter-1/active_energy_import", "meter-2/active_power", "meter-2/active_energy_import",
        ]
        #expect(site.points.map(\.id.description) == expected)
        #expect(site.points.map(\.index.position) == Array(0..<6))
        #expect(site.points.map(\.unit) == [.ratio, .watts, .watts, .joules, .watts, .joules])
    }

    @Test("each point is found by its identifier, and leads to its map entry")
    func lookUp() throws {
        for point in site.points {
            let index = try #require(site.index(of: point.id))
            #expect(index == point.index)
            #expect(site[index] == point)
            #expect(site.mapPoint(index).name == point.id.point)
        }
        #expect(site.index(of: PointID(device: "meter-3", point: "active_power")) == nil)
        #expect(site.index(of: PointID(device: "meter-1", point: "voltage")) == nil)
    }

    @Test("equipment answers through the first of its devices that has the point")
    func equipment() {
        #expect(site.index(equipment: "chiller-1", "active_power")?.position == 1)
        #expect(site.index(equipment: "chiller-1", "active_energy_import")?.position == 3)
        #expect(site.index(equipment: "meter-2", "active_power")?.position == 4)
        #expect(site.index(equipment: "valve-1", "active_power") == nil)
    }

    @Test("intervals come from the class unless the device sets them, and three of them make stale")
    func intervals() {
        #expect(
            site.points.map(\.interval) == [
                .seconds(2), .seconds(2), .seconds(1), .seconds(10), .seconds(1), .seconds(60),
            ]
        )
        #expect(site.points[3].staleAfter == .seconds(30))
    }

    @Test("at a time scale a cycle is at least 50 ms of wall time")
    func effectiveCycleInterval() {
        #expect(site.effectiveCycleInterval == .seconds(3))
        let real = SiteDescription(id: "real", endpoints: [], maps: [], devices: [])
        #expect(real.effectiveCycleInterval == .seconds(1))
    }

    @Test(
        "ranges overlap only in the same table and only where they share an address",
        arguments: [
            (10, 5, 14, 1, true), (10, 5, 15, 1, false), (10, 5, 9, 1, false), (10, 5, 9, 2, true),
            (10, 5, 0, 100, true), (10, 1, 10, 1, true), (65_535, 1, 65_534, 1, false), (65_535, 1, 65_534, 2, true),
        ] as [(UInt16, Int, UInt16, Int, Bool)]
    )
    func overlaps(address: UInt16, count: Int, otherAddress: UInt16, otherCount: Int, expected: Bool) {
        let range = RegisterRange(table: .holdingRegister, address: address, count: count)
        let other = RegisterRange(table: .holdingRegister, address: otherAddress, count: otherCount)
        #expect(range.overlaps(other) == expected)
        #expect(other.overlaps(range) == expected)
        #expect(!range.overlaps(RegisterRange(table: .inputRegister, address: address, count: count)))
        #expect(range.end == Int(address) + count)
    }

    @Test("register counts follow from the type")
    func registerCounts() {
        let expected: [(RegisterType, Int)] = [
            (.bool, 1), (.bit(3), 1), (.uint8(.high), 1), (.int8(.low), 1), (.unsigned(bits: 16), 1),
            (.signed(bits: 24), 2), (.unsigned(bits: 32), 2), (.signed(bits: 48), 3), (.unsigned(bits: 64), 4),
            (.float(bits: 16), 1), (.float(bits: 32), 2), (.float(bits: 64), 4), (.binaryCodedDecimal(registers: 2), 2),
            (.moduloTenThousand(registers: 3), 3), (.string(registers: 20), 20),
        ]
        for (type, count) in expected { #expect(type.registerCount == count) }
    }

    @Test("tables and write functions have the codes of the Modbus specification")
    func functionCodes() {
        #expect(RegisterTable.allCases.map(\.readFunction) == [1, 2, 4, 3])
        #expect(RegisterTable.allCases.map(\.holdsBits) == [true, true, false, false])
        #expect(WriteFunction.allCases.map(\.code) == [5, 6, 15, 16, 22])
    }
}
