// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

/// A 10 MW hall with its whole cooling plant, as SiteFiles would build it.
///
/// One map of floats for every kind of equipment.
enum HallSite {
    static let start = CalendarTime(year: 2026, month: 3, day: 1, hour: 6).timestamp

    /// A point of a test map: name, unit, and for a command its range, watchdog and home.
    struct Point {
        let name: String
        var write: (range: ClosedRange<Double>, lease: Duration?, home: Double?)?

        init(_ name: String) { self.name = name }

        init(_ name: String, _ range: ClosedRange<Double>, lease: Duration? = nil, home: Double? = nil) {
            self.name = name
            write = (range, lease, home)
        }
    }

    /// The kinds of equipment with their points.
    static let kinds: [(kind: String, points: [Point])] = [
        (
            "weather",
            [
                Point(PointName.outdoorDryBulbTemperature), Point(PointName.outdoorRelativeHumidity),
                Point(PointName.outdoorAirPressure), Point(PointName.outdoorDewPointTemperature),
            ]
        ),
        ("hall", [Point(PointName.inletAirTemperature), Point(PointName.hallDewPointTemperature)]),
        (
            "cdu",
            [
                Point(PointName.coolantSupplyTemperature), Point(PointName.coolantReturnTemperature),
                Point(PointName.coolantVolumeFlow), Point(PointName.facilityWaterEnteringTemperature),
                Point(PointName.facilityWaterLeavingTemperature), Point(PointName.facilityWaterVolumeFlow),
                Point(PointName.valvePositionFeedback), Point(PointName.leakDetected),
                Point(PointName.coolantSupplyTemperatureSetpoint, 18...45, lease: .seconds(120), home: 32),
            ]
        ),
        ("crah", [Point(PointName.supplyAirTemperature), Point(PointName.supplyAirTemperatureSetpoint, 15...35)]),
        (
            "facility-water",
            [
                Point(PointName.facilityWaterSupplyTemperature), Point(PointName.facilityWaterReturnTemperature),
                Point(PointName.coolantBranchReturnTemperature), Point(PointName.economizerLeavingTemperature),
                Point(PointName.facilityWaterVolumeFlow), Point(PointName.differentialPressure),
                Point(PointName.pumpSpeedFeedback),
                Point(PointName.pumpSpeedCommand, 0.3...1, lease: .seconds(120), home: 1),
            ]
        ),
        (
            "chiller",
            [
                Point(PointName.runStatus), Point(PointName.loadRatio), Point(PointName.chilledWaterSupplyTemperature),
                Point(PointName.condenserWaterLeavingTemperature), Point(PointName.compressorStarts),
                Point(PointName.enableCommand, 0...1), Point(PointName.chilledWaterSetpoint, 5...25),
            ]
        ),
        (
            "condenser-water",
            [
                Point(PointName.condenserWaterSupplyTemperature), Point(PointName.condenserWaterReturnTemperature),
                Point(PointName.condenserWaterVolumeFlow),
                Point(PointName.pumpSpeedCommand, 0.4...1, lease: .seconds(120), home: 1),
            ]
        ),
        (
            "tower",
            [
                Point(PointName.fanSpeedFeedback), Point(PointName.basinTemperature),
                Point(PointName.fanSpeedCommand, 0...1, lease: .seconds(120), home: 1),
            ]
        ),
        ("valve", [Point(PointName.valvePositionFeedback), Point(PointName.valvePositionCommand, 0...1)]),
        (
            "recovery-loop",
            [
                Point(PointName.recoveryEnteringTemperature), Point(PointName.recoveryLeavingTemperature),
                Point(PointName.recoveryVolumeFlow),
                Point(PointName.pumpSpeedCommand, 0...1, lease: .seconds(120), home: 0),
            ]
        ),
        (
            "heat-pump",
            [
                Point(PointName.runStatus), Point(PointName.faultStatus), Point(PointName.capacityFeedback),
                Point(PointName.sinkSupplyTemperature),
                Point(PointName.enableCommand, 0...1, lease: .seconds(120), home: 0),
                Point(PointName.capacityCommand, 0...1, lease: .seconds(120), home: 0),
            ]
        ),
        ("district", [Point(PointName.heatExportPermit), Point(PointName.districtReturnTemperature)]),
        ("electricity", [Point(PointName.activePower), Point(PointName.activeEnergyImport)]),
        ("heat", [Point(PointName.thermalPower), Point(PointName.heatEnergy)]),
        ("water", [Point(PointName.waterVolume), Point(PointName.volumeFlow)]),
    ]

    static func map(_ kind: String, _ points: [Point]) -> DeviceMap {
        let units = Dictionary(PointName.units.map { ($0.name, $0.unit) }, uniquingKeysWith: { first, _ in first })
        return DeviceMap(
            name: kind,
            category: .plantController,
            confirmation: .simulated,
            points: points.enumerated().map { position, point in
                let unit = units[point.name] ?? .count
                return MapPoint(
                    name: point.name,
                    table: .holdingRegister,
                    address: UInt16(4 * position),
                    type: .float(bits: 64),
                    unit: SourceUnit(unit.rawValue, unit),
                    counter: [.joules, .cubicMeters].contains(unit)
                        ? CounterBehavior(rollover: nil, resolution: nil) : nil,
                    write: point.write.map {
                        WriteBehavior(
                            range: $0.range,
                            function: .multipleRegisters,
                            lease: $0.lease,
                            home: $0.home
                        )
                    }
                )
            }
        )
    }

    /// Identifier, equipment, kind, and for a meter its place and carrier.
    private static var devices: [(id: String, equipment: String, kind: String, meter: (MeterPlace, EnergyCarrier)?)] {
        var list: [(String, String, String, (MeterPlace, EnergyCarrier)?)] = []
        func add(_ id: String, _ kind: String, _ equipment: String? = nil, _ meter: (MeterPlace, EnergyCarrier)? = nil)
        {
            list.append((id, equipment ?? id, kind, meter))
        }
        add("weather", "weather")
        add("hall-1-air", "hall", "hall-1")
        for number in 1...8 { add("cdu-\(number)", "cdu") }
        for number in 1...12 { add("crah-\(number)", "crah") }
        add("facility-water", "facility-water")
        for number in 1...6 { add("chiller-\(number)", "chiller") }
        add("condenser-water", "condenser-water")
        for number in 1...5 { add("tower-\(number)", "tower") }
        add("economizer-valve", "valve", "economizer")
        add("recovery-valve", "valve", "heat-recovery")
        add("recovery-loop", "recovery-loop", "heat-recovery")
        for number in 1...2 { add("heat-pump-\(number)", "heat-pump") }
        add("district", "district")
        add("utility-a", "electricity", nil, (.boundary, .electricity))
        add("utility-b", "electricity", nil, (.boundary, .electricity))
        add("ups-a", "electricity", nil, (.upsOutput, .electricity))
        for group in ["chillers", "towers", "facility-pumps", "cdus", "crahs"] {
            add("meter-\(group)", "electricity", group, (.cooling, .electricity))
        }
        add("meter-heat-pumps", "electricity", "heat-pumps", (.heatUpgrade, .electricity))
        add("meter-heat-export", "heat", "district", (.heatHandOff, .heat))
        add("meter-heat-removed", "heat", "cooling-plant", (.heatRemoved, .heat))
        add("meter-water", "water", "make-up-water", (.waterInput, .water))
        return list
    }

    static func plant(climate: String) -> PlantComposition {
        var plant = PlantComposition(
            racks: (1...76).map {
                RackDescription(
                    id: "rack-\($0)",
                    nominalPower: Power(kilowatts: 132),
                    coolantDistributionUnit: "cdu-\(($0 - 1) % 8 + 1)"
                )
            }
        )
        plant.surroundings.climate = climate
        plant.coolantDistributionUnits = (1...8).map {
            CoolantDistributionUnitDescription(
                id: "cdu-\($0)",
                capacity: Power(kilowatts: 1_350),
                designCoolantFlow: VolumeFlow(litersPerSecond: 27),
                designFacilityWaterFlow: VolumeFlow(litersPerSecond: 28)
            )
        }
        plant.airHandlers = (1...12).map {
            AirHandlerDescription(
                id: "crah-\($0)",
                capacity: Power(kilowatts: 180),
                designAirFlow: VolumeFlow(cubicMetersPerSecond: 10.5),
                fanPower: Power(kilowatts: 6)
            )
        }
        plant.facilityWater = FacilityWaterDescription(
            designFlow: VolumeFlow(litersPerSecond: 180),
            volume: Volume(cubicMeters: 60)
        )
        plant.chillers = (1...6).map { ChillerDescription(id: "chiller-\($0)", capacity: Power(kilowatts: 2_300)) }
        plant.coolingTowers = (1...5).map {
            CoolingTowerDescription(
                id: "tower-\($0)",
                ratedHeat: Power(kilowatts: 2_500),
                fanPower: Power(kilowatts: 26.2)
            )
        }
        plant.condenserWater = CondenserWaterDescription(
            designFlow: VolumeFlow(litersPerSecond: 537),
            volume: Volume(cubicMeters: 130)
        )
        plant.waterEconomizer = WaterEconomizerDescription(
            designHeat: Power(megawatts: 10.5),
            designFlow: VolumeFlow(litersPerSecond: 155)
        )
        plant.heatRecovery = HeatRecoveryDescription(
            designHeat: Power(megawatts: 4.2),
            designFlow: VolumeFlow(litersPerSecond: 100)
        )
        plant.heatPumps = (1...2).map {
            HeatPumpDescription(id: "heat-pump-\($0)", evaporatorCapacity: Power(megawatts: 2))
        }
        plant.districtHeating = DistrictHeatingDescription(designHeat: Power(megawatts: 6))
        plant.electrical = ElectricalDescription(
            transformerRating: Power(megawatts: 16),
            uninterruptibleRating: Power(megawatts: 12),
            distributionRating: Power(megawatts: 12.5)
        )
        return plant
    }

    static func make(
        climate: String = "mild-and-humid",
        sensors: SensorRealism = .ideal,
        districtPermit: OutdoorPermit? = nil,
        events: [SimulationEvent] = [],
        change: (inout PlantComposition) -> Void = { _ in }
    ) -> SiteDescription {
        let devices = devices
        var plant = plant(climate: climate)
        change(&plant)
        return SiteDescription(
            id: "hall",
            simulation: SimulationSettings(
                start: start,
                timeScale: 60,
                sensors: sensors,
                districtPermit: districtPermit,
                events: events
            ),
            endpoints: [EndpointDescription(id: "all", host: "127.0.0.1", port: 15_020)],
            maps: kinds.map { map($0.kind, $0.points) },
            devices: devices.enumerated().map { position, device in
                DeviceDescription(
                    id: device.id,
                    equipment: device.equipment,
                    endpoint: 0,
                    unit: UInt8(position + 1),
                    map: kinds.firstIndex { $0.kind == device.kind } ?? 0
                )
            },
            meters: devices.compactMap { device in
                device.meter.map {
                    MeterDescription(device: device.id, place: $0.0, carrier: $0.1, ratedRate: 2e7)
                }
            },
            plant: plant
        )
    }
}

/// A facility with its site, read and told by equipment and point.
struct RunningHall {
    let site: SiteDescription
    var facility: Facility

    init(
        climate: String = "mild-and-humid",
        events: [SimulationEvent] = [],
        seed: UInt64 = 1,
        settings: FacilitySettings = FacilitySettings(),
        change: (inout PlantComposition) -> Void = { _ in }
    ) throws {
        site = HallSite.make(climate: climate, events: events, change: change)
        let (facility, problems) = Facility.make(
            site: site,
            seed: seed,
            start: HallSite.start,
            settings: settings
        )
        #expect(problems.isEmpty)
        self.facility = try #require(facility)
    }

    subscript(equipment: String, point: String) -> Double {
        site.index(equipment: equipment, point).flatMap { facility.value(of: $0) } ?? .nan
    }

    /// Writes to a point; false where the site has no such point.
    @discardableResult
    mutating func write(_ equipment: String, _ point: String, _ value: Double) -> Bool {
        guard let index = site.index(equipment: equipment, point) else { return false }
        facility.apply(index, value: value)
        return true
    }

    /// Lets plant time pass in steps, writing what `hold` holds often enough for every watchdog.
    mutating func run(
        _ duration: Duration,
        step: Duration = .seconds(1),
        hold: [(equipment: String, point: String, value: Double)] = []
    ) {
        let steps = Int(duration / step)
        for number in 0..<steps {
            if Int(step.inSeconds) * number % 30 < Int(max(step.inSeconds, 1)) {
                for entry in hold { write(entry.equipment, entry.point, entry.value) }
            }
            facility.step(dt: step)
        }
    }
}
