// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Foundation
import Plant
import Testing

/// Loops on the points of a site: binding, order, limits, continuation.
@Suite struct LoopSetTests {
    @Test func theLoopsStandInTheOrderOfTheHeatWhateverTheFileSays() {
        let (set, problems) = LoopSet.make(site: LoopTestPlant.site())
        #expect(problems.isEmpty)
        #expect(
            set.descriptions.map(\.kind)
                == [.heatExport, .waterEconomizer, .chillerStaging, .coolingTower, .coolantSupply]
        )
    }

    @Test func noPointBelongsToTwoLoops() {
        let (set, _) = LoopSet.make(site: LoopTestPlant.site())
        let points = set.descriptions.indices.flatMap { set.commandPoints(ofLoop: $0) }
        #expect(points.count == 20)
        #expect(Set(points).count == points.count)
    }

    @Test(
        "a missing point is a problem that names equipment and point",
        arguments: [
            ("chiller-2/run_status", "chiller-2", "run_status"),
            ("economizer/valve_position_command", "economizer", "valve_position_command"),
            ("facility-water/economizer_leaving_temperature", "facility-water", "economizer_leaving_temperature"),
            ("district/heat_export_permit", "district", "heat_export_permit"),
            ("tower-1/basin_temperature", "tower-1", "basin_temperature"),
            ("hall-1/hall_dew_point_temperature", "hall-1", "hall_dew_point_temperature"),
        ]
    )
    func missing(without: String, equipment: String, point: String) {
        let (_, problems) = LoopSet.make(site: LoopTestPlant.site(without: [without]))
        #expect(problems.contains { $0.subject == equipment && $0.message.contains(point) })
    }

    @Test func aPointThatALoopCanDoWithoutIsNoProblem() {
        let without = ["weather/outdoor_relative_humidity", "weather/outdoor_air_pressure", "cdu-1/leak_detected"]
        #expect(LoopSet.make(site: LoopTestPlant.site(without: without)).problems.isEmpty)
    }

    @Test func anUnknownParameterNamesTheKnownOnes() {
        let site = LoopTestPlant.site(parameters: [
            .waterEconomizer: [LoopParameter(name: "minimum_of_seconds", value: 600)]
        ])
        let problem = LoopSet.make(site: site).problems.first
        #expect(problem?.subject == "loop loop-water_economizer, parameter minimum_of_seconds")
        #expect(problem?.message.contains("minimum_off_seconds, minimum_on_seconds") == true)
    }

    @Test(
        "a parameter outside its range, or set twice, is a problem",
        arguments: [[7_201.0], [-1.0], [Double.nan], [600.0, 600.0]]
    )
    func badParameter(values: [Double]) {
        let settings = values.map { LoopParameter(name: "minimum_off_seconds", value: $0) }
        let site = LoopTestPlant.site(parameters: [.waterEconomizer: settings])
        #expect(LoopSet.make(site: site).problems.count == 1)
    }

    @Test func aParameterOfTheSiteReplacesTheDefault() {
        let settings = [LoopParameter(name: "minimum_off_seconds", value: 60)]
        let site = LoopTestPlant.site(parameters: [.waterEconomizer: settings])
        var plain = LoopTestWorld(site: LoopTestPlant.site())
        var quick = LoopTestWorld(site: site)
        for _ in 0..<7 {
            plain.step(10)
            quick.step(10)
        }
        #expect(plain.state(.waterEconomizer) == "full_mechanical")
        #expect(quick.state(.waterEconomizer) == "partial_mechanical")
    }

    @Test func aSecondLoopOfAKindIsAProblem() {
        let site = LoopTestPlant.site(loops: [.coolingTower, .coolingTower])
        #expect(LoopSet.make(site: site).problems.count == 1)
    }

    @Test func anAdvisorySetChangesNothingAndSaysWhatItWould() {
        var world = LoopTestWorld(site: LoopTestPlant.site())
        world.isActing = false
        for _ in 0..<300 { world.step(10) }
        #expect(world.state(.waterEconomizer) == "full_mechanical")
        #expect(world.state(.heatExport) == "waiting")
        #expect(world.wish("economizer", PointName.valvePositionCommand) == 1)
        #expect(world.events.isEmpty)
    }

    @Test func theDemoGoesFromFullMechanicalOverPartialToFreeCoolingAndExport() {
        var world = LoopTestWorld(site: LoopTestPlant.site())
        for _ in 0..<180 { world.step(10) }
        #expect(world.state(.waterEconomizer) == "partial_mechanical")
        world.wetBulb = 8
        for _ in 0..<360 { world.step(10) }
        #expect(world.state(.waterEconomizer) == "free_cooling")
        #expect(world.state(.chillerStaging) == "all_off")
        #expect(world.state(.coolingTower)?.hasPrefix("free_cooling") == true)
        #expect(world.state(.heatExport) == "export_running")
        #expect(world.events.contains("chiller_free_cooling"))
        #expect(world.events.contains("economizer_predicted_benefit"))
    }

    @Test func aPointInHandIsNotCountedOn() {
        var world = LoopTestWorld(site: LoopTestPlant.site())
        world.held = ["economizer/valve_position_command"]
        for _ in 0..<300 { world.step(10) }
        #expect(world.state(.waterEconomizer) == "full_mechanical")
    }

    @Test func everyWishIsFiniteOwnedAndAllowedOnceNarrowedForAnyReadings() {
        var generator = LoopTestGenerator(seed: 5)
        let site = LoopTestPlant.site()
        var (set, _) = LoopSet.make(site: site)
        let owned = set.descriptions.indices.map { Set(set.commandPoints(ofLoop: $0)) }
        for _ in 0..<2_000 {
            let readings = site.points.map { _ in
                switch generator.next() % 6 {
                case 0: LoopTest.bad()
                case 1: LoopTest.stale(20)
                case 2: LoopTest.good([.nan, .infinity, -.infinity][Int(generator.next() % 3)])
                case 3: LoopTest.good(generator.next(in: -1e9...1e9))
                default: LoopTest.good(generator.next(in: 0...40))
                }
            }
            let image = ProcessImage(time: LoopTest.start, readings: readings)
            let acting = set.descriptions.map { _ in generator.next() % 2 == 0 }
            let held = Int(generator.next() % 60)
            let dt = Duration.seconds(generator.next(in: -100...100_000))
            let outputs = set.step(image, dt: dt, acting: acting) { $0.position == held }
            #expect(outputs.count == 5)
            for (loop, output) in outputs.enumerated() {
                #expect(Set(output.wishes.map(\.point)).count == output.wishes.count)
                for wish in output.wishes { #expect(wish.value.isFinite && owned[loop].contains(wish.point)) }
                for limit in output.limits {
                    #expect(limit.allowed.lowerBound.isFinite && owned[loop].contains(limit.point))
                }
                #expect(!output.reason.code.isEmpty && output.reason.text.hasSuffix("."))
            }
        }
        // The state of such a life must still be one that can be written down.
        #expect(throws: Never.self) { try JSONEncoder().encode(set.snapshot()) }
    }

    @Test func sentencesSayWhatTheyWouldSayHadTheyNeverBeenSaidBefore() {
        var generator = LoopTestGenerator(seed: 3)
        var world = LoopTestWorld(site: LoopTestPlant.site())
        for step in 0..<400 {
            world.isActing = step % 60 < 40
            world.wetBulb = generator.next(in: 4...20)
            world.values["hall-1/hall_dew_point_temperature"] = generator.next(in: 10...34)
            world.values["facility-water/facility_water_supply_temperature"] = generator.next(in: 16...24)
            var fresh = world
            fresh.set = LoopSet.make(site: world.site).0
            fresh.set.restore(world.set.snapshot())
            world.step(30)
            fresh.step(30)
            #expect(world.last.map(\.reason) == fresh.last.map(\.reason), "step \(step)")
            #expect(world.last.map(\.wishes) == fresh.last.map(\.wishes), "step \(step)")
            #expect(world.last.map(\.limits) == fresh.last.map(\.limits), "step \(step)")
        }
    }

    @Test func whatConcernsAHallIsOneAlarmWithTheUnitsItConcerns() throws {
        var world = LoopTestWorld(site: LoopTestPlant.site())
        world.values["hall-1/hall_dew_point_temperature"] = 40
        world.step(30)
        let alarms = world.last.flatMap(\.alarms)
        #expect(alarms.map(\.id) == ["hall-1/hall_too_humid"])
        #expect(alarms.first?.message.contains("2 CDUs") == true)
    }

    @Test func aSnapshotContinuesIdentically() throws {
        var first = LoopTestWorld(site: LoopTestPlant.site())
        for _ in 0..<200 { first.step(7) }
        let saved = try JSONEncoder().encode(first.set.snapshot())
        var second = first
        second.set = LoopSet.make(site: LoopTestPlant.site()).0
        second.set.restore(try JSONDecoder().decode(LoopSetSnapshot.self, from: saved))
        for _ in 0..<400 {
            first.step(7)
            second.step(7)
            #expect(first.last.map(\.wishes) == second.last.map(\.wishes))
            #expect(first.last.map(\.reason) == second.last.map(\.reason))
            #expect(first.last.map(\.alarms) == second.last.map(\.alarms))
        }
    }
}

/// A crude plant around a ``LoopSet``: every device follows at once.
struct LoopTestWorld {
    let site: SiteDescription
    var set: LoopSet
    var values: [String: Double] = [:]
    var wetBulb = 14.0
    var isActing = true
    var held: [String] = []
    var last: [LoopOutput] = []
    var events: [String] = []
    private var time = LoopTest.start

    init(site: SiteDescription) {
        self.site = site
        set = LoopSet.make(site: site).0
        for number in 1...2 {
            values["chiller-\(number)/enable_command"] = 1
            values["chiller-\(number)/run_status"] = 1
        }
        for number in 1...3 { values["chiller-\(number)/chilled_water_setpoint"] = 18 }
        for unit in ["cdu-1", "cdu-2"] {
            values["\(unit)/coolant_supply_temperature_setpoint"] = 30
            values["\(unit)/coolant_supply_temperature"] = 30
            values["\(unit)/pump_speed_feedback"] = 0.8
        }
        for tower in ["tower-1", "tower-2"] {
            values["\(tower)/fan_speed_feedback"] = 0.7
            values["\(tower)/basin_temperature"] = 20
        }
        let fixed: [String: Double] = [
            "hall-1/hall_dew_point_temperature": 12, "weather/outdoor_relative_humidity": 1,
            "weather/outdoor_air_pressure": 101_325, "facility-water/facility_water_volume_flow": 0.1,
            "facility-water/facility_water_supply_temperature": 20,
            "condenser-water/condenser_water_supply_temperature": 22,
            "facility-water/coolant_branch_return_temperature": 38,
            "condenser-water/condenser_water_return_temperature": 27,
            "facility-water/facility_water_return_temperature": 30, "district/heat_export_permit": 1,
            "district/district_supply_required": 68, "heat-recovery/recovery_entering_temperature": 35,
            "heat-recovery/recovery_leaving_temperature": 25,
        ]
        values.merge(fixed) { _, new in new }
        for pump in ["heat-pump-1", "heat-pump-2"] { values["\(pump)/sink_supply_temperature"] = 68 }
    }

    mutating func step(_ seconds: Int) {
        values["weather/outdoor_dry_bulb_temperature"] = wetBulb
        values["weather/outdoor_dew_point_temperature"] = wetBulb
        let open = values["economizer/valve_position_feedback"] ?? 0
        values["facility-water/economizer_leaving_temperature"] = 30 - open * (30 - (wetBulb + 4.5))
        time = time + .seconds(seconds)
        let readings = site.points.map { Reading(value: values[$0.id.description] ?? 0, sourceTime: time) }
        let held = held
        last = set.step(
            ProcessImage(time: time, readings: readings),
            dt: .seconds(seconds),
            acting: set.descriptions.map { _ in isActing }
        ) { held.contains(site[$0].id.description) }
        events += last.flatMap { $0.events.map(\.kind) }
        guard isActing else { return }
        for wish in last.flatMap(\.wishes) where !held.contains(site[wish.point].id.description) {
            let id = site[wish.point].id
            values[id.description] = wish.value
            let feedback = [
                "enable_command": "run_status", "fan_speed_command": "fan_speed_feedback",
                "pump_speed_command": "pump_speed_feedback", "valve_position_command": "valve_position_feedback",
                "capacity_command": "capacity_feedback",
            ]
            if let name = feedback[id.point] { values["\(id.device)/\(name)"] = wish.value }
        }
    }

    func state(_ kind: LoopKind) -> String? {
        set.descriptions.firstIndex { $0.kind == kind }.map { last[$0].state }
    }

    func wish(_ equipment: String, _ point: String) -> Double? {
        let index = site.index(equipment: equipment, point)
        return last.flatMap(\.wishes).first { $0.point == index }?.value
    }
}
