// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Thermo

/// A small plant as SiteFiles would build it: two chillers, two tower cells, economizer, heat export, two CDUs.
enum CycleTestPlant {
    static let start = CalendarTime(year: 2026, month: 3, day: 1, hour: 6).timestamp
    static let site = make()

    /// A steady moment: both chillers run, all pumps turn, 1.8 MW of heat flow, heat export is off.
    static let steady: [(device: String, point: String, value: Double)] = [
        ("facility-water", PointName.pumpSpeedCommand, 0.9), ("facility-water", PointName.pumpSpeedFeedback, 0.9),
        ("facility-water", PointName.facilityWaterSupplyTemperature, 20),
        ("facility-water", PointName.facilityWaterReturnTemperature, 29),
        ("facility-water", PointName.economizerLeavingTemperature, 29),
        ("facility-water", PointName.facilityWaterVolumeFlow, 0.048),
        ("condenser-water", PointName.pumpSpeedCommand, 1), ("condenser-water", PointName.pumpSpeedFeedback, 1),
        ("condenser-water", PointName.condenserWaterSupplyTemperature, 22),
        ("condenser-water", PointName.condenserWaterReturnTemperature, 27),
        ("condenser-water", PointName.condenserWaterVolumeFlow, 0.1),
        ("chiller-1", PointName.enableCommand, 1), ("chiller-1", PointName.runStatus, 1),
        ("chiller-1", PointName.chilledWaterSetpoint, 18),
        ("chiller-2", PointName.enableCommand, 1), ("chiller-2", PointName.runStatus, 1),
        ("chiller-2", PointName.chilledWaterSetpoint, 18),
        ("tower-1", PointName.fanSpeedCommand, 0.7), ("tower-2", PointName.fanSpeedCommand, 0.7),
        ("economizer", PointName.valvePositionCommand, 0), ("economizer", PointName.valvePositionFeedback, 0),
        ("recovery-valve", PointName.valvePositionCommand, 0), ("recovery-valve", PointName.valvePositionFeedback, 0),
        ("recovery-loop", PointName.pumpSpeedCommand, 0), ("recovery-loop", PointName.pumpSpeedFeedback, 0),
        ("recovery-loop", PointName.recoveryVolumeFlow, 0),
        ("heat-pump-1", PointName.enableCommand, 0), ("heat-pump-1", PointName.runStatus, 0),
        ("heat-pump-1", PointName.capacityCommand, 0),
        ("cdu-1", PointName.coolantSupplyTemperatureSetpoint, 32),
        ("cdu-2", PointName.coolantSupplyTemperatureSetpoint, 32),
        ("crah-1", PointName.supplyAirTemperatureSetpoint, 24),
    ]

    static func id(_ device: String, _ point: String) -> PointID { PointID(device: device, point: point) }

    static func index(_ device: String, _ point: String) -> PointIndex {
        site.index(of: id(device, point)) ?? PointIndex(0)
    }

    static func slot(_ points: ControlledPoints, _ device: String, _ point: String) -> Int {
        points.slot(of: index(device, point)) ?? -1
    }

    /// The steady moment with some readings replaced; nil makes a reading bad.
    static func image(
        at time: Timestamp = start,
        _ changes: [(device: String, point: String, value: Double?)] = []
    ) -> ProcessImage {
        var readings = site.points.map { _ in Reading.bad(.notAvailable, at: time) }
        for entry in steady {
            readings[index(entry.device, entry.point).position] = Reading(value: entry.value, sourceTime: time)
        }
        for change in changes {
            readings[index(change.device, change.point).position] =
                change.value.map { Reading(value: $0, sourceTime: time) } ?? .bad(.timeout, at: time)
        }
        return ProcessImage(time: time, readings: readings)
    }

    private static func make() -> SiteDescription {
        let ids = [
            "facility-water", "condenser-water", "chiller-1", "chiller-2", "tower-1", "tower-2", "economizer",
            "recovery-valve", "recovery-loop", "heat-pump-1", "cdu-1", "cdu-2", "crah-1",
        ]
        let equipment = ["recovery-valve": "heat-recovery", "recovery-loop": "heat-recovery"]
        let mapNames = ids.map { String($0.prefix { !$0.isNumber }) }
        let unique = mapNames.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return SiteDescription(
            id: "test-site",
            endpoints: [
                EndpointDescription(id: "plant", host: "127.0.0.1", port: 1_502),
                EndpointDescription(id: "hall", host: "127.0.0.1", port: 1_503),
            ],
            maps: unique.map(map),
            devices: ids.enumerated().map { position, id in
                DeviceDescription(
                    id: id,
                    equipment: equipment[id],
                    endpoint: id.hasPrefix("c") && id.hasSuffix("1") && !id.hasPrefix("chiller") ? 1 : 0,
                    unit: UInt8(position + 1),
                    map: unique.firstIndex(of: mapNames[position]) ?? 0
                )
            },
            plant: plant()
        )
    }

    private static func map(_ name: String) -> DeviceMap {
        var points = steady.filter { $0.device.prefix { !$0.isNumber } == name[...] }.map(\.point)
        points = points.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        return DeviceMap(
            name: "test_\(name)",
            category: .plantController,
            confirmation: .simulated,
            points: points.enumerated().map { mapPoint($1, address: UInt16(2 * $0), device: name) }
        )
    }

    private static func mapPoint(_ name: String, address: UInt16, device: String) -> MapPoint {
        let unit = PointName.units.first { $0.name == name }?.unit ?? .count
        return MapPoint(
            name: name,
            table: .holdingRegister,
            address: address,
            type: .float(bits: 32),
            unit: SourceUnit("base", unit),
            write: write(name, device: device)
        )
    }

    private static func write(_ name: String, device: String) -> WriteBehavior? {
        func leased(_ home: Double) -> WriteBehavior {
            WriteBehavior(range: 0...1, function: .multipleRegisters, lease: .seconds(120), home: home)
        }
        func kept(
            _ range: ClosedRange<Double>,
            home: Double? = nil,
            restart: Double? = nil,
            isStored: Bool = false
        ) -> WriteBehavior {
            WriteBehavior(
                range: range,
                function: .multipleRegisters,
                home: home,
                restartValue: restart,
                isStored: isStored
            )
        }
        switch name {
        case PointName.pumpSpeedCommand: return leased(device == "recovery-loop" ? 0 : 1)
        case PointName.fanSpeedCommand: return leased(1)
        case PointName.capacityCommand: return leased(0)
        case PointName.enableCommand: return device == "heat-pump-" ? leased(0) : kept(0...1, restart: 0)
        case PointName.valvePositionCommand: return kept(0...1)
        case PointName.chilledWaterSetpoint: return kept(5...25, restart: 7)
        case PointName.coolantSupplyTemperatureSetpoint:
            return WriteBehavior(range: 18...45, function: .multipleRegisters, lease: .seconds(120), home: 32)
        case PointName.supplyAirTemperatureSetpoint: return kept(15...35, isStored: true)
        default: return nil
        }
    }

    private static func plant() -> PlantComposition {
        let flow = VolumeFlow(cubicMetersPerSecond: 0.06)
        var plant = PlantComposition(
            racks: (1...16).map { RackDescription(id: "rack-\($0)", nominalPower: Power(kilowatts: 132)) }
        )
        plant.coolantDistributionUnits = (1...2).map {
            CoolantDistributionUnitDescription(
                id: "cdu-\($0)",
                capacity: Power(kilowatts: 1_200),
                designCoolantFlow: flow,
                designFacilityWaterFlow: flow
            )
        }
        plant.facilityWater = FacilityWaterDescription(designFlow: flow, volume: Volume(cubicMeters: 20))
        plant.chillers = (1...2).map { ChillerDescription(id: "chiller-\($0)", capacity: Power(kilowatts: 1_200)) }
        plant.coolingTowers = (1...2).map {
            CoolingTowerDescription(
                id: "tower-\($0)",
                ratedHeat: Power(kilowatts: 1_400),
                fanPower: Power(kilowatts: 30)
            )
        }
        plant.condenserWater = CondenserWaterDescription(
            designFlow: VolumeFlow(cubicMetersPerSecond: 0.12),
            volume: Volume(cubicMeters: 30)
        )
        plant.waterEconomizer = WaterEconomizerDescription(designHeat: Power(kilowatts: 2_000), designFlow: flow)
        plant.heatRecovery = HeatRecoveryDescription(
            designHeat: Power(kilowatts: 1_000),
            designFlow: VolumeFlow(cubicMetersPerSecond: 0.02)
        )
        plant.heatPumps = [HeatPumpDescription(id: "heat-pump-1", evaporatorCapacity: Power(kilowatts: 1_000))]
        plant.districtHeating = DistrictHeatingDescription(designHeat: Power(kilowatts: 1_500))
        return plant
    }
}

/// A generator that gives the same numbers for the same seed (SplitMix64; Steele, Lea and Flood, OOPSLA 2014).
struct CycleTestGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
