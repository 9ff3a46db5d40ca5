// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Simulation
import SiteFiles
import Testing
import Thermo

/// Every kind of expectation can fail, and fails for the fault that it is about.
@Suite("Expectations")
struct ScenarioJudgementTests {
    private static let run = "run: {climate: mild-and-humid, utilisation: 85 %, step: 10 s, for: 10 min}\n"

    private static func judge(_ happens: String, _ expectations: [String]) throws -> [Bool] {
        let list = expectations.map { "  - {\($0)}\n" }.joined()
        let result = try Scenarios.run(try Scenarios.parse(run + happens + "\nexpect:\n" + list))
        return result.expectations.map(\.isPassed)
    }

    @Test("tell a plant whose chillers are gone from a sound one", .timeLimit(.minutes(2)))
    func chillers() throws {
        let expectations = [
            "points: facility-water/facility_water_supply_temperature, at_most: 26 degC",
            "points: facility-water/facility_water_supply_temperature, at_most: 26 degC, except_for: 1 h",
            "points: facility-water/facility_water_supply_temperature, at_most: 26 degC, excess: 0.5",
            "alarms: chiller-1/failed_to_run, count: 0",
            "no_other_alarms: medium",
            "limited_racks: 0",
            "cooling: [mechanical, none]",
            "cooling: [mechanical, free]",
            "loop: chillers, enters: nowhere",
            "automatic: '*'",
            "safe_commands: true",
            "starts: 'chiller-*', at_most: 6",
            "points: 'chiller-1/run_status', at_least: 1, from: 3 min, reached_within: 2 min",
        ]
        let broken = try Self.judge("faults: [{after: 1 min, equipment: 'chiller-*', trip: true}]", expectations)
        #expect(
            broken == [
                false, true, false, false, false, true, true, true, false, true, true, true, false,
            ]
        )
        let sound = try Self.judge("events: [{after: 0 s, district_permit: false}]", expectations)
        #expect(
            sound == [true, true, true, true, true, true, false, false, false, true, true, true, true]
        )
    }

    @Test("see an agent that is gone, and what its devices do then", .timeLimit(.minutes(2)))
    func stop() throws {
        let passed = try Self.judge(
            "agent: [{after: 2 min, stopped_for: 5 min}]",
            [
                "automatic: '*'",
                "automatic: '*', from: 7 min, within: 1 min",
                "points: 'tower-*/fan_speed_command', at_least: 99 %, from: 5 min, until: 6 min",
                "points: 'tower-*/fan_speed_command', at_least: 99 %, until: 1 min",
                "alarms: '*', at_least: 1",
            ]
        )
        #expect(passed == [false, true, true, false, false])
    }

    @Test("judge the truth, not what a sensor shows", .timeLimit(.minutes(2)))
    func truth() throws {
        let passed = try Self.judge(
            "faults: [{devices: facility-water, points: facility_water_supply_temperature, bias: 20}]",
            ["points: facility-water/facility_water_supply_temperature, at_most: 26 degC", "alarms: '*', count: 0"]
        )
        #expect(passed == [true, false])
    }

    @Test("come out the same for the same seed", .timeLimit(.minutes(2)))
    func deterministic() throws {
        let scenario = try Scenarios.parse(
            Self.run
                + """
                faults: [{devices: facility-water, points: facility_water_supply_temperature, noise: 0.5}]
                expect: [{points: "cdu-*/coolant_supply_temperature", at_most: 34 degC}]
                """
        )
        #expect(try Scenarios.run(scenario) == Scenarios.run(scenario))
    }
}
