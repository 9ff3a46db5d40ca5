// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Testing
import Thermo

/// The test plant with its CDUs on a warm loop of their own: no machine of one loop speaks for the other.
@Suite("Joint interlocks of two water loops")
struct TwoLoopInterlockTests {
    typealias Change = (device: String, point: String, value: Double?)

    struct Case: Sendable, CustomTestStringConvertible {
        let what: String
        var image: [Change] = []
        let proposed: [(device: String, point: String, value: Double)]
        /// What must come out for the points proposed.
        let result: [Double]
        let tripped: [JointInterlock]
        var testDescription: String { what }
    }

    private static let pump = PointName.pumpSpeedCommand
    private static let enable = PointName.enableCommand
    private static let flow = PointName.facilityWaterVolumeFlow
    private static let chillerTwoOff: [Change] = [("chiller-2", enable, 0), ("chiller-2", PointName.runStatus, 0)]
    private static let chillersOff: [Change] =
        chillerTwoOff + [("chiller-1", enable, 0), ("chiller-1", PointName.runStatus, 0)]
    private static let warmIsCold: [Change] = [("warm-water", PointName.facilityWaterReturnTemperature, 34)]
    private static let coldIsIdle: [Change] = [("facility-water", PointName.facilityWaterReturnTemperature, 20)]

    static let cases = [
        Case(
            what: "chillers of the cold loop do not keep a warm pump without heat running",
            image: warmIsCold,
            proposed: [("warm-water", pump, 0), ("warm-condenser", pump, 0)],
            result: [0, 0],
            tripped: []
        ),
        Case(
            what: "heat of the warm loop keeps its own pumps running and moves nothing of the cold one",
            image: coldIsIdle + chillersOff,
            proposed: [
                ("warm-water", pump, 0), ("warm-condenser", pump, 0), ("facility-water", pump, 0),
                ("condenser-water", pump, 0),
            ],
            result: [1, 1, 0, 0],
            tripped: [.facilityWaterPumpKeepsRunning, .condenserWaterPumpKeepsRunning]
        ),
        Case(
            what: "flow of the warm loop proves nothing for a chiller of the cold one",
            image: chillerTwoOff + [("facility-water", flow, 0.001)],
            proposed: [("chiller-2", enable, 1)],
            result: [0],
            tripped: [.facilityWaterFlowForChillers]
        ),
        Case(
            what: "lost flow of the warm loop does not hold a chiller of the cold one",
            image: chillerTwoOff + [("warm-water", flow, 0.001), ("warm-condenser", pump, 0)],
            proposed: [("chiller-2", enable, 1)],
            result: [1],
            tripped: []
        ),
        Case(
            what: "heat of the warm loop asks no chiller to run",
            image: coldIsIdle,
            proposed: [("chiller-1", enable, 0), ("chiller-2", enable, 0)],
            result: [0, 0],
            tripped: []
        ),
        Case(
            what: "heat of the cold loop asks its chillers to run",
            proposed: [("chiller-1", enable, 0), ("chiller-2", enable, 0)],
            result: [1, 1],
            tripped: [.rejectionPath, .rejectionCapacity]
        ),
        Case(
            what: "a heat pump waits for the recovery flow behind the warm loop",
            proposed: [("heat-pump-1", enable, 1)],
            result: [0],
            tripped: [.recoveryFlowForHeatPumps]
        ),
    ]

    private static let site: SiteDescription = {
        let one = CycleTestPlant.site
        func map(_ device: String) -> Int { one.devices.first { $0.id == device }?.map ?? 0 }
        var plant = one.plant
        var liquid = WaterLoopDescription()
        let flow = VolumeFlow(cubicMetersPerSecond: 0.06)
        let volume = Volume(cubicMeters: 20)
        liquid.facilityWater = FacilityWaterDescription(id: "warm-water", designFlow: flow, volume: volume)
        liquid.condenserWater = CondenserWaterDescription(id: "warm-condenser", designFlow: flow, volume: volume)
        liquid.dryCoolers = [DryCoolerDescription(id: "dry-cooler-1", ratedHeat: Power(megawatts: 3))]
        liquid.waterEconomizer = WaterEconomizerDescription(
            id: "warm-economizer",
            designHeat: Power(megawatts: 2),
            designFlow: flow
        )
        liquid.heatRecovery = plant.heatRecovery
        plant.heatRecovery = nil
        for index in plant.racks.indices { plant.racks[index].coolantDistributionUnit = "cdu-1" }
        plant.liquidLoop = liquid
        return SiteDescription(
            id: "two-loops",
            endpoints: one.endpoints,
            maps: one.maps,
            devices: one.devices + [
                DeviceDescription(id: "warm-water", endpoint: 0, unit: 100, map: map("facility-water")),
                DeviceDescription(id: "warm-condenser", endpoint: 0, unit: 101, map: map("condenser-water")),
            ],
            plant: plant
        )
    }()

    private static func image(_ changes: [Change]) throws -> ProcessImage {
        let warm: [Change] = [
            ("warm-water", pump, 0.9), ("warm-water", PointName.facilityWaterSupplyTemperature, 34),
            ("warm-water", PointName.facilityWaterReturnTemperature, 44), ("warm-water", flow, 0.048),
            ("warm-condenser", pump, 1), ("warm-condenser", PointName.condenserWaterVolumeFlow, 0.05),
        ]
        var readings = site.points.map { _ in Reading.bad(.notAvailable, at: CycleTestPlant.start) }
        let steady = CycleTestPlant.steady.map { Change(device: $0.device, point: $0.point, value: $0.value) }
        for entry in steady + warm + changes {
            let index = try #require(site.index(of: PointID(device: entry.device, point: entry.point)))
            let value = try #require(entry.value)
            readings[index.position] = Reading(value: value, sourceTime: CycleTestPlant.start)
        }
        return ProcessImage(time: CycleTestPlant.start, readings: readings)
    }

    @Test("hold in their own loop alone", arguments: cases)
    func table(_ row: Case) throws {
        let points = ControlledPoints(site: Self.site)
        let interlocks = PlantInterlocks(site: Self.site, points: points)
        let image = try Self.image(row.image)
        var set = ProposedSet(slots: points.points.count)
        var slots: [Int] = []
        for entry in row.proposed {
            let index = try #require(Self.site.index(of: PointID(device: entry.device, point: entry.point)))
            slots.append(try #require(points.slot(of: index)))
            set[slots[slots.count - 1]] = entry.value
        }
        #expect(interlocks.violations(image, set) == row.tripped)
        let result = interlocks.resolve(
            set,
            lastAccepted: ProposedSet(slots: points.points.count),
            failSafe: points.points.map(\.failSafe),
            hard: points.points.map(\.range),
            image: image
        )
        #expect(slots.map { result.set[$0] } == row.result)
        #expect(interlocks.violations(image, result.set).isEmpty)
    }

    @Test("the racks' heat is shared between the loops as their coolant is")
    func heat() {
        let plant = Self.site.plant
        let all = plant.racks.reduce(0) { $0 + $1.nominalPower.watts }
        #expect(abs(plant.nominalHeat(ofLoop: 1).watts - 0.87 * all) < 1)
        #expect(abs(plant.nominalHeat(ofLoop: 0).watts - 0.13 * all) < 1)
        #expect(CycleTestPlant.site.plant.nominalHeat(ofLoop: 0).watts == all)
    }
}
