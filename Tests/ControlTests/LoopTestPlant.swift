// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Thermo

/// A repeatable source of numbers: SplitMix64.
struct LoopTestGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func next(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * Double(next() >> 11) / Double(1 << 53)
    }
}

/// Readings for sequence tests.
enum LoopTest {
    static let start = Timestamp(milliseconds: 1_772_344_800_000)

    static func good(_ value: Double) -> Reading { Reading(value: value, sourceTime: start) }
    static func bad() -> Reading { .bad(.timeout, at: start) }
    static func stale(_ value: Double) -> Reading {
        Reading(value: value, quality: .stale, cause: .tooOld, sourceTime: start)
    }
}

/// The demo plant cut down to three chillers, two tower cells, two CDUs and two heat pumps, all behind one device each.
enum LoopTestPlant {
    static let equipment: [(id: String, reads: [String], writes: [String])] = [
        (
            "weather",
            [
                PointName.outdoorDryBulbTemperature, PointName.outdoorRelativeHumidity, PointName.outdoorAirPressure,
                PointName.outdoorDewPointTemperature,
            ], []
        ),
        ("hall-1", [PointName.hallDewPointTemperature], []),
        ("cdu-1", cdu, [PointName.coolantSupplyTemperatureSetpoint]),
        ("cdu-2", cdu, [PointName.coolantSupplyTemperatureSetpoint]),
        (
            "facility-water",
            [
                PointName.facilityWaterSupplyTemperature, PointName.facilityWaterReturnTemperature,
                PointName.coolantBranchReturnTemperature, PointName.economizerLeavingTemperature,
                PointName.facilityWaterVolumeFlow,
            ], []
        ),
        ("chiller-1", [PointName.runStatus], [PointName.enableCommand, PointName.chilledWaterSetpoint]),
        ("chiller-2", [PointName.runStatus], [PointName.enableCommand, PointName.chilledWaterSetpoint]),
        ("chiller-3", [PointName.runStatus], [PointName.enableCommand, PointName.chilledWaterSetpoint]),
        (
            "condenser-water",
            [PointName.condenserWaterSupplyTemperature, PointName.condenserWaterReturnTemperature],
            [PointName.pumpSpeedCommand]
        ),
        ("tower-1", [PointName.fanSpeedFeedback, PointName.basinTemperature], [PointName.fanSpeedCommand]),
        ("tower-2", [PointName.fanSpeedFeedback, PointName.basinTemperature], [PointName.fanSpeedCommand]),
        ("economizer", [PointName.valvePositionFeedback], [PointName.valvePositionCommand]),
        (
            "heat-recovery",
            [
                PointName.valvePositionFeedback, PointName.recoveryEnteringTemperature,
                PointName.recoveryLeavingTemperature, PointName.recoveryVolumeFlow, PointName.pumpSpeedFeedback,
            ], [PointName.valvePositionCommand, PointName.pumpSpeedCommand]
        ),
        ("heat-pump-1", heatPump, heatPumpCommands),
        ("heat-pump-2", heatPump, heatPumpCommands),
        ("district", [PointName.heatExportPermit, PointName.districtSupplyRequired], []),
    ]

    private static let cdu = [PointName.coolantSupplyTemperature, PointName.pumpSpeedFeedback, PointName.leakDetected]
    private static let heatPump = [
        PointName.runStatus, PointName.faultStatus, PointName.capacityFeedback, PointName.sinkSupplyTemperature,
    ]
    private static let heatPumpCommands = [
        PointName.enableCommand, PointName.capacityCommand, PointName.sinkSupplySetpoint,
    ]

    /// The site; `without` leaves out points as `equipment/point`, `parameters` sets them for one loop kind.
    static func site(
        without: [String] = [],
        loops: [LoopKind] = [.coolantSupply, .coolingTower, .chillerStaging, .waterEconomizer, .heatExport],
        parameters: [LoopKind: [LoopParameter]] = [:]
    ) -> SiteDescription {
        var maps: [DeviceMap] = []
        var devices: [DeviceDescription] = []
        for (position, item) in equipment.enumerated() {
            let reads = item.reads.map { point($0, isWritable: false) }
            let writes = item.writes.map { point($0, isWritable: true) }
            let points = (reads + writes).filter { !without.contains("\(item.id)/\($0.name)") }
            maps.append(
                DeviceMap(name: "map-\(item.id)", category: .plantController, confirmation: .simulated, points: points)
            )
            devices.append(DeviceDescription(id: item.id, endpoint: 0, unit: UInt8(position + 1), map: position))
        }
        return SiteDescription(
            id: "test",
            endpoints: [EndpointDescription(id: "loopback", host: "127.0.0.1", port: 1_502)],
            maps: maps,
            devices: devices,
            plant: plant,
            loops: loops.map { LoopDescription(id: "loop-\($0.rawValue)", kind: $0, parameters: parameters[$0] ?? []) }
        )
    }

    private static func point(_ name: String, isWritable: Bool) -> MapPoint {
        MapPoint(
            name: name,
            table: .holdingRegister,
            address: 0,
            type: .float(bits: 32),
            wordOrder: .highFirst,
            byteOrder: .highFirst,
            unit: unit(of: name),
            write: isWritable ? WriteBehavior(range: -100...200, function: .multipleRegisters) : nil
        )
    }

    private static func unit(of name: String) -> SourceUnit {
        let base = PointName.units.first { $0.name == name }?.unit ?? .count
        return SourceUnit.all.first { $0.base == base && $0.factor == 1 } ?? SourceUnit("count", .count)
    }

    static var plant: PlantComposition {
        var plant = PlantComposition(
            racks: [
                RackDescription(id: "rack-1", nominalPower: Power(kilowatts: 132), coolantDistributionUnit: "cdu-1"),
                RackDescription(id: "rack-2", nominalPower: Power(kilowatts: 132), coolantDistributionUnit: "cdu-2"),
            ]
        )
        plant.coolantDistributionUnits = ["cdu-1", "cdu-2"].map {
            CoolantDistributionUnitDescription(
                id: $0,
                capacity: Power(megawatts: 1.4),
                designCoolantFlow: VolumeFlow(litersPerSecond: 30),
                designFacilityWaterFlow: VolumeFlow(litersPerSecond: 30)
            )
        }
        plant.facilityWater = FacilityWaterDescription(
            designFlow: VolumeFlow(litersPerSecond: 150),
            volume: Volume(cubicMeters: 60)
        )
        plant.chillers = (1...3).map { ChillerDescription(id: "chiller-\($0)", capacity: Power(megawatts: 3)) }
        plant.coolingTowers = (1...2).map {
            CoolingTowerDescription(
                id: "tower-\($0)",
                ratedHeat: Power(megawatts: 6),
                fanPower: Power(kilowatts: 45)
            )
        }
        plant.condenserWater = CondenserWaterDescription(
            designFlow: VolumeFlow(litersPerSecond: 300),
            volume: Volume(cubicMeters: 80)
        )
        plant.waterEconomizer = WaterEconomizerDescription(
            designHeat: Power(megawatts: 9),
            designFlow: VolumeFlow(litersPerSecond: 150)
        )
        plant.heatRecovery = HeatRecoveryDescription(
            designHeat: Power(megawatts: 3),
            designFlow: VolumeFlow(litersPerSecond: 60)
        )
        plant.heatPumps = (1...2).map {
            HeatPumpDescription(id: "heat-pump-\($0)", evaporatorCapacity: Power(megawatts: 1.5))
        }
        plant.districtHeating = DistrictHeatingDescription(designHeat: Power(megawatts: 4))
        return plant
    }
}
