// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// A small site as SiteFiles would build it: eight racks in two halls, meters on every level of the power chain.
enum SmallSite {
    static let start = CalendarTime(year: 2026, month: 3, day: 1, hour: 6).timestamp

    static let meterMap = DeviceMap(
        name: "test_meter",
        category: .powerMeter,
        confirmation: .simulated,
        points: [
            float("active_power", at: 0, "kW"), float("voltage", at: 2, "V"), float("current", at: 4, "A"),
            float("frequency", at: 6, "Hz"), float("power_factor", at: 8, "ratio"),
            MapPoint(
                name: "active_energy_import",
                table: .holdingRegister,
                address: 10,
                type: .unsigned(bits: 32),
                unit: unit("kWh"),
                scale: 0.01,
                pollClass: .slow,
                counter: CounterBehavior(rollover: 3.6e6 * 10_000, resolution: 3.6e4)
            ),
            MapPoint(
                name: "alarm_threshold",
                table: .holdingRegister,
                address: 12,
                type: .unsigned(bits: 16),
                unit: unit("kW"),
                write: WriteBehavior(range: 0...1e6, function: .singleRegister)
            ),
        ]
    )

    static func make(racks: Int = 8, events: [SimulationEvent] = []) -> SiteDescription {
        var ids = ["boundary-a", "boundary-b", "ups-a", "cooling-1", "hall-1-pdu"]
        var equipment = ["transformer-a", "transformer-b", "ups-a", "chillers", "hall-1"]
        var places: [MeterPlace] = [.boundary, .boundary, .upsOutput, .cooling, .pduOutput]
        for rack in 1...racks {
            ids.append("meter-rack-\(rack)")
            equipment.append("rack-\(rack)")
            places.append(.rack)
        }
        return SiteDescription(
            id: "small",
            simulation: events.isEmpty ? nil : SimulationSettings(start: start, timeScale: 1, events: events),
            endpoints: [EndpointDescription(id: "meters", host: "127.0.0.1", port: 15_020)],
            maps: [meterMap],
            devices: ids.indices.map {
                DeviceDescription(id: ids[$0], equipment: equipment[$0], endpoint: 0, unit: UInt8($0 + 1), map: 0)
            },
            meters: ids.indices.map {
                MeterDescription(device: ids[$0], place: places[$0], carrier: .electricity, ratedRate: 2e6)
            },
            plant: PlantComposition(
                racks: (1...racks).map {
                    RackDescription(
                        id: "rack-\($0)",
                        hall: $0 <= racks / 2 ? "hall-1" : "hall-2",
                        nominalPower: Power(kilowatts: 132)
                    )
                }
            )
        )
    }

    private static func unit(_ spelling: String) -> SourceUnit {
        SourceUnit.named(spelling) ?? SourceUnit(spelling, .count)
    }

    private static func float(_ name: String, at address: UInt16, _ spelling: String) -> MapPoint {
        MapPoint(name: name, table: .holdingRegister, address: address, type: .float(bits: 32), unit: unit(spelling))
    }
}
