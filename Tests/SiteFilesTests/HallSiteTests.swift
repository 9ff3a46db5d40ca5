// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import SiteFiles
import TestKit
import Testing
import Thermo

/// The demo hall, its commissioning record, and the documents that show how such files are written.
struct HallSiteTests {
    private static let loaded = GoodFilesTests.site(Repository.path("simulators/sites/hall-10mw.yaml"))

    @Test func theDemoHallLoadsWithoutProblems() {
        #expect(Self.loaded.problems.map(\.description) == [])
    }

    @Test func theDemoHallHasTheWholePlant() throws {
        let site = try #require(Self.loaded.value)
        let plant = site.plant
        #expect(plant.racks.count == 76)
        #expect(plant.coolantDistributionUnits.count == 8)
        #expect(plant.airHandlers.count == 12)
        #expect(plant.chillers.count == 6)
        #expect(plant.coolingTowers.count == 5)
        #expect(plant.heatPumps.count == 2)
        #expect(plant.facilityWater?.supplySetpoint == Temperature(celsius: 20))
        #expect(plant.condenserWater?.designFlow.litersPerSecond == 537)
        #expect(plant.waterEconomizer?.designApproach == TemperatureDifference(kelvins: 2))
        #expect(plant.heatRecovery?.designHeat == Power(megawatts: 4.2))
        #expect(plant.districtHeating?.supplyRequired == Temperature(celsius: 68))
        #expect(plant.electrical?.uninterruptibleRating == Power(megawatts: 12))
        #expect(plant.coolantDistributionUnits[0].coolant == .propyleneGlycol25)
        let racksPerUnit = plant.coolantDistributionUnits.map { unit in
            plant.racks.count { $0.coolantDistributionUnit == unit.id }
        }
        #expect(racksPerUnit == [10, 10, 10, 10, 9, 9, 9, 9])
    }

    @Test func theDemoHallHasItsEventsAndLoops() throws {
        let site = try #require(Self.loaded.value)
        let kinds: [LoopKind] = [.heatExport, .waterEconomizer, .chillerStaging, .coolingTower, .coolantSupply]
        #expect(site.loops.map(\.kind) == kinds)
        let simulation = try #require(site.simulation)
        let front = SimulationEvent.Kind.weatherFront(
            dryBulb: TemperatureDifference(kelvins: -9),
            dewPoint: TemperatureDifference(kelvins: -9),
            over: .seconds(1_200)
        )
        #expect(simulation.events.contains(SimulationEvent(after: .seconds(1_500), kind: front)))
        #expect(simulation.events.contains(SimulationEvent(after: .seconds(600), kind: .districtPermit(true))))
    }

    /// What the loops bind to: equipment and canonical point, served by some device.
    @Test(arguments: [
        ("weather", PointName.outdoorDryBulbTemperature), ("weather", PointName.outdoorRelativeHumidity),
        ("hall-1", PointName.hallDewPointTemperature), ("hall-1", PointName.inletAirTemperature),
        ("cdu-8", PointName.coolantSupplyTemperatureSetpoint), ("cdu-1", PointName.valvePositionFeedback),
        ("facility-water", PointName.facilityWaterSupplyTemperature), ("facility-water", PointName.pumpSpeedCommand),
        ("chiller-6", PointName.enableCommand), ("chiller-1", PointName.chilledWaterSetpoint),
        ("condenser-water", PointName.condenserWaterSupplyTemperature), ("tower-5", PointName.fanSpeedCommand),
        ("economizer", PointName.valvePositionCommand), ("heat-recovery", PointName.valvePositionFeedback),
        ("heat-recovery", PointName.pumpSpeedCommand), ("heat-pump-2", PointName.capacityCommand),
        ("district", PointName.heatExportPermit), ("district", PointName.heatEnergy),
        ("make-up-water", PointName.waterVolume), ("rack-76", PointName.activePower),
    ])
    func theDemoHallServesWhatLoopsAskFor(equipment: String, point: String) throws {
        let site = try #require(Self.loaded.value)
        #expect(site.index(equipment: equipment, point) != nil)
    }

    @Test func writableSimulatedPointsHaveTheirLeaseAndHome() throws {
        let site = try #require(Self.loaded.value)
        let expected: [(equipment: String, point: String, lease: Duration?, home: Double?)] = [
            ("cdu-1", PointName.coolantSupplyTemperatureSetpoint, .seconds(120), 32),
            ("tower-1", PointName.fanSpeedCommand, .seconds(120), 1),
            ("condenser-water", PointName.pumpSpeedCommand, .seconds(120), 1),
            ("facility-water", PointName.pumpSpeedCommand, .seconds(120), 1),
            ("heat-recovery", PointName.pumpSpeedCommand, .seconds(120), 0),
            ("heat-pump-1", PointName.capacityCommand, .seconds(120), 0),
            ("heat-pump-1", PointName.enableCommand, .seconds(120), 0),
            ("economizer", PointName.valvePositionCommand, nil, nil),
        ]
        for entry in expected {
            let index = try #require(site.index(equipment: entry.equipment, entry.point))
            let write = try #require(site.mapPoint(index).write)
            #expect(write.lease == entry.lease, "\(entry.equipment)/\(entry.point)")
            #expect(write.home == entry.home, "\(entry.equipment)/\(entry.point)")
        }
    }

    @Test func theShippedCommissioningRecordCoversEveryLoopOfTheHall() throws {
        let path = Repository.path("simulators/sites/hall-10mw.commissioning.yaml")
        let loaded = SiteFiles.loadCommissioningRecord(path: path)
        #expect(loaded.problems.map(\.description) == [])
        let record = try #require(loaded.value)
        let site = try #require(Self.loaded.value)
        #expect(record.site == site.id)
        #expect(Set(record.loops) == Set(site.loops.map(\.id)))
        #expect(record.date == "2026-02-27")
        #expect(record.checks.count == 6)
        #expect(record.checks.allSatisfy { $0.isPassed })
    }

    @Test func aRecordWithAFailedCheckIsStillARecord() throws {
        let bench = try Workbench([
            "record.yaml": """
            {site: s, loops: [l], signed_by: N, date: 2026-02-28, checks: [{what: valve strokes, passed: false}]}
            """
        ])
        let loaded = SiteFiles.loadCommissioningRecord(path: bench.directory.path("record.yaml"))
        #expect(loaded.value?.checks == [CommissioningCheck(what: "valve strokes", isPassed: false)])
    }

    @Test func aBrokenRecordSaysWhatIsMissing() throws {
        let bench = try Workbench([
            "record.yaml": """
            site: s
            loops: []
            date: 2026-02-30
            checks: [{what: valve strokes, passed: yes}]
            signed: N
            """
        ])
        let problems = SiteFiles.loadCommissioningRecord(path: bench.directory.path("record.yaml")).problems
        let lines = bench.lines(problems, in: "record.yaml")
        let expected = [
            "1:1: a commissioning record needs 'signed_by'; add it",
            "2:8: 'loops' is empty; a record without a loop proves nothing",
            "3:7: 'date' is '2026-02-30'; write a day such as 2026-02-27",
            "4:40: 'passed' must be true or false, but is 'yes'",
            "5:1: a commissioning record has no key 'signed'",
        ]
        #expect(lines.count == expected.count, "\(lines)")
        for (line, start) in zip(lines, expected) { #expect(line.hasPrefix(start), "\(line)") }
    }
}
