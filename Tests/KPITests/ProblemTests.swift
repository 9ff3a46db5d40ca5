// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import KPI
import Plant
import Testing

@Suite struct ProblemTests {
    struct Case: CustomTestStringConvertible {
        let meters: [BenchMeter]
        var settings = KPISettings()
        let problem: String

        var testDescription: String { problem }
    }

    static let cases: [Case] = [
        Case(
            meters: [BenchMeter(device: "main", place: .boundary, points: .nothing)],
            problem: "meters: main at boundary: the device has neither active_energy_import nor active_power; "
                + "name a device whose map has one of them"
        ),
        Case(
            meters: [BenchMeter(device: "main", place: .upsOutput, carrier: .water)],
            problem: "meters: main at ups_output: water cannot be metered there; use one of: electricity"
        ),
        Case(
            meters: [BenchMeter(device: "main", place: .boundary, rated: 0)],
            problem:
                "meters: main at boundary: the rated rate of 0.0 is not above 0 and up to 1e10; "
                + "give the largest rate the meter can see, in watts or cubic metres per second"
        ),
        Case(
            meters: [BenchMeter(device: "main", place: .boundary, sign: 2)],
            problem: "meters: main at boundary: the sign is 2; use 1 or -1"
        ),
        Case(
            meters: [BenchMeter(device: "pdu", place: .rack)],
            problem:
                "meters: pdu at rack: the device serves no rack of the plant; set the device's equipment to a rack's id"
        ),
        Case(meters: [], settings: KPISettings(category: 4), problem: "kpis: category: 4 is none; use 1, 2 or 3"),
        Case(
            meters: [],
            settings: KPISettings(renewableShare: 60),
            problem: "kpis: renewable share: 60.0 is no share; use 0 to 1"
        ),
        Case(
            meters: [],
            settings: KPISettings(carbonIntensityGramsPerKilowattHour: -1),
            problem: "kpis: carbon intensity: -1.0 is below zero; use 0 or more"
        ),
    ]

    @Test(arguments: cases) func aSiteThatCannotBeComputedSaysWhy(_ example: Case) {
        let (engine, problems) = KPIEngine.make(site: MeterBench.site(example.meters, settings: example.settings))
        #expect(engine == nil)
        #expect(problems.map(\.description) == [example.problem])
    }

    @Test func allProblemsAreGivenAtOnce() {
        let meters = [
            BenchMeter(device: "a", place: .boundary, points: .nothing),
            BenchMeter(device: "b", place: .upsOutput, rated: -1, sign: 0),
        ]
        #expect(KPIEngine.make(site: MeterBench.site(meters)).problems.count == 3)
    }

    @Test func boughtCoolingWithoutItsFactorLeavesTheFigureOut() throws {
        let site = MeterBench.site([
            BenchMeter(device: "main", place: .boundary), BenchMeter(device: "ups", place: .upsOutput),
            BenchMeter(device: "cooling", place: .boundary, carrier: .districtCooling),
        ])
        let pue = try #require(Indicator.all(for: site).first)
        #expect(
            pue.lack == "bought cooling crosses the boundary, and the factor of the system that makes it is not set"
        )
    }
}
