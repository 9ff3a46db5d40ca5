// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import KPI
import Plant
import Testing

/// Key figures over rolling windows, from readings.
@Suite struct WindowTests {
    private static let pair = [
        BenchMeter(device: "main", place: .boundary), BenchMeter(device: "ups", place: .upsOutput),
    ]

    /// Steps both meters at constant power, every `step` seconds.
    private func run(
        _ bench: inout MeterBench,
        from first: Double,
        through last: Double,
        every step: Double = 10,
        main: Double = 1.2e6,
        ups: Double? = 1e6
    ) -> KPIOutputs? {
        var outputs: KPIOutputs?
        for second in stride(from: first, through: last, by: step) {
            bench.set("main", "active_energy_import", 1e12 + second * main, at: second)
            if let ups { bench.set("ups", "active_energy_import", 2e12 + second * ups, at: second) }
            outputs = bench.step(at: second)
        }
        return outputs
    }

    @Test func theFirstFiveMinuteFigureComesWhenNineTenthsAreCovered() throws {
        var bench = try MeterBench(Self.pair)
        let early = try #require(run(&bench, from: 0, through: 260)?.result(.pue, .fiveMinutes))
        #expect(early.value == nil)
        #expect(early.reason.hasPrefix("only 86.7 % of the window is covered by all meters, 90 % is needed"))
        let first = try #require(run(&bench, from: 270, through: 270)?.result(.pue, .fiveMinutes))
        #expect(first.value == 1.2)
        #expect(first.completeness == 0.9)
        #expect(first.reason.hasPrefix("indicative: 90.0 % of the window is covered"))
        let full = try #require(run(&bench, from: 280, through: 300)?.result(.pue, .fiveMinutes))
        #expect(full.value == 1.2)
        #expect(full.reason.isEmpty)
        #expect(full.start == MeterBench.time(0))
        #expect(full.end == MeterBench.time(300))
        #expect(full.numerator == 3.6e8)
        #expect(full.denominator == 3e8)
        #expect(full.meters == ["main", "ups"])
        #expect(full.boundary == "site")
        #expect(full.category == 1)
    }

    @Test func everyWindowFillsAndAgrees() throws {
        var bench = try MeterBench(Self.pair)
        let outputs = try #require(run(&bench, from: 0, through: 86_400, every: 30))
        for window in KPIWindow.allCases {
            let result = try #require(outputs.result(.pue, window))
            #expect(result.value == 1.2)
            #expect(result.completeness == 1)
            #expect(result.end - result.start == window.duration)
        }
    }

    @Test func aDeadMeterTakesTheFigureAway() throws {
        var bench = try MeterBench(Self.pair)
        _ = run(&bench, from: 0, through: 600)
        let soon = try #require(run(&bench, from: 610, through: 640, ups: nil)?.result(.pue, .fiveMinutes))
        #expect(soon.value == 1.2)
        let late = try #require(run(&bench, from: 650, through: 680, ups: nil)?.result(.pue, .fiveMinutes))
        #expect(late.value == nil)
        #expect(late.completeness < 0.9)
        #expect(late.reason.contains("ups is without active_energy_import for 50 s of it"))
        #expect(late.end == MeterBench.time(650))
        // Back again, the register makes up for the gap: the figure is whole, and says what was interpolated.
        let back = try #require(run(&bench, from: 690, through: 690)?.result(.pue, .fiveMinutes))
        #expect(back.value == 1.2)
        #expect(back.completeness == 1)
        #expect(back.reason == "90 s are interpolated across gaps that a register bridged")
    }

    @Test(arguments: [200.0, 500, 880, 2_000]) func aPauseOfTheAgentLeavesNothingBehind(pause: Double) throws {
        var bench = try MeterBench(Self.pair)
        _ = run(&bench, from: 0, through: 5_000)
        let outputs = try #require(run(&bench, from: 5_000 + pause, through: 5_020 + pause))
        for window in KPIWindow.allCases where window != .oneDay {
            let result = try #require(outputs.result(.pue, window))
            #expect(result.value == 1.2)
            #expect(result.completeness == 1)
            #expect(abs(result.denominator - window.duration.inSeconds * 1e6) <= 1)
        }
    }

    /// TV8 and TV9: an hour of three blocks; the IT meter is silent in the second.
    private func blocks(informationTechnology points: BenchMeter.Points) throws -> KPIResult {
        var bench = try MeterBench([
            BenchMeter(device: "main", place: .boundary, points: .power),
            BenchMeter(device: "ups", place: .upsOutput, points: points),
        ])
        var outputs: KPIOutputs?
        let facility = [1_250e3, 1_700e3, 1_440e3]
        let load: [Double?] = [1_000e3, nil, 1_200e3]
        let energyAtEnd = [1_000 / 3.0, 1_000 / 3.0 + 466.666667, 1_200.0000003].map { $0 * kilowattHour }
        for (block, power) in facility.enumerated() {
            let start = Double(block) * 1_200
            let steps = [0.001] + stride(from: 10.0, through: 1_200, by: 10)
            for offset in (block == 0 ? [0] : []) + steps {
                let second = start + offset
                bench.set("main", "active_power", power, at: second)
                if let load = load[block] {
                    bench.set("ups", "active_power", load, at: second)
                    let energy = energyAtEnd[block] - (1_200 - offset) * load
                    bench.set("ups", "active_energy_import", energy, at: second)
                } else {
                    bench.set("ups", "active_power", .nan, at: second, quality: .bad)
                    bench.set("ups", "active_energy_import", .nan, at: second, quality: .bad)
                    if second == 2_400 {
                        bench.set("ups", "active_power", load[2] ?? 0, at: second)
                        bench.set("ups", "active_energy_import", energyAtEnd[1], at: second)
                    }
                }
                outputs = bench.step(at: second)
            }
        }
        return try #require(outputs?.result(.pue, .oneHour))
    }

    @Test func onlyTimeThatAllMetersCoverCounts() throws {
        let result = try blocks(informationTechnology: .power)
        #expect(abs(result.completeness - 2 / 3.0) < 1e-12)
        #expect(abs(result.numerator / result.denominator - 1.222727) < 1e-6)
        #expect(result.value == nil)
        #expect(result.reason.contains("only 66.7 % of the window"))
    }

    @Test func aRegisterBridgesTheGap() throws {
        let result = try blocks(informationTechnology: .register())
        #expect(result.completeness == 1)
        #expect(abs(result.numerator / kilowattHour - 1_463.333333) < 1e-3)
        #expect(abs(result.denominator / kilowattHour - 1_200) < 1e-3)
        #expect(abs(try #require(result.value) - 1.219444) < 1e-6)
        #expect(result.reason == "1200 s are interpolated across gaps that a register bridged")
    }

    @Test func anIdleHourIsAbsentAndStillCountsInTheDay() throws {
        // TV10.
        var bench = try MeterBench(Self.pair)
        var outputs: KPIOutputs?
        for minute in 0...1_440 {
            let second = Double(minute) * 60
            let busy = min(Double(minute) / 60, 23)
            let idle = max(0, Double(minute) / 60 - 23)
            bench.set("main", "active_energy_import", (busy * 1_200 + idle * 150) * kilowattHour, at: second)
            bench.set("ups", "active_energy_import", busy * 1_000 * kilowattHour, at: second)
            outputs = bench.step(at: second)
        }
        let hour = try #require(outputs?.result(.pue, .oneHour))
        #expect(hour.value == nil)
        #expect(hour.reason.hasPrefix("the IT energy is below 1 % of the meters' rating"))
        #expect(abs(hour.numerator - 150 * kilowattHour) < 2)
        let day = try #require(outputs?.result(.pue, .oneDay))
        #expect(abs(try #require(day.value) - 1.206522) < 1e-6)
    }

    @Test func aSiteSaysWhatItLacks() throws {
        var bench = try MeterBench([BenchMeter(device: "main", place: .boundary)])
        let outputs = bench.step(at: 0)
        let reasons = Dictionary(
            outputs.results.filter { $0.window == .fiveMinutes }.map { ($0.name, $0.reason) },
            uniquingKeysWith: { first, _ in first }
        )
        #expect(
            reasons == [
                .pue: "the site has no meter at ups_output; add one under meters",
                .wue: "the site has no meter at water_input; add one under meters",
                .erf: "the site has no meter at heat_hand_off; add one under meters",
                .ere: "the site has no meter at heat_hand_off; add one under meters",
                .cue: "the carbon intensity of the electricity is not set; set it under kpis",
                .ref: "the renewable share of the electricity is not set; set it under kpis",
                .cer: "the site has no meter at heat_removed; add one under meters",
            ]
        )
        #expect(outputs.results.allSatisfy { $0.value == nil && $0.completeness == 0 })
        #expect(outputs.results.count == KPIName.allCases.count * KPIWindow.allCases.count)
    }

    @Test func allCategoriesOfTheSiteAreGivenTheChosenOneFirst() throws {
        let meters = Self.pair + [BenchMeter(device: "rack-in", place: .itInput)]
        var bench = try MeterBench(meters, settings: KPISettings(category: 3))
        let categories = bench.step(at: 0).results.filter { $0.name == .pue && $0.window == .oneHour }.map(\.category)
        #expect(categories == [3, 1])
    }

    @Test func waterCarbonAndRenewablesComeFromTheSameTotals() throws {
        var bench = try MeterBench(
            Self.pair + [
                BenchMeter(
                    device: "water",
                    place: .waterInput,
                    carrier: .water,
                    rated: 0.01,
                    points: .register(resolution: 1e-6)
                )
            ],
            settings: KPISettings(carbonIntensityGramsPerKilowattHour: 300, renewableShare: 0.6)
        )
        var outputs: KPIOutputs?
        for second in stride(from: 0.0, through: 300, by: 10) {
            bench.set("water", "water_volume", 12_345 + second * 5e-4, at: second)
            bench.set("main", "active_energy_import", second * 1.2e6, at: second)
            bench.set("ups", "active_energy_import", second * 1e6, at: second)
            outputs = bench.step(at: second)
        }
        let water = try #require(outputs?.result(.wue, .fiveMinutes))
        // 0.5 L/s over 1 MW is 1.8 L/kWh.
        #expect(abs(try #require(water.value) * 1e3 * kilowattHour - 1.8) < 1e-6)
        #expect(abs(water.numerator - 0.15) < 1e-9)
        let carbon = try #require(outputs?.result(.cue, .fiveMinutes))
        #expect(abs(try #require(carbon.value) * kilowattHour - 360) < 1e-9)
        #expect(abs(try #require(outputs?.result(.ref, .fiveMinutes)?.value) - 0.6) < 1e-12)
    }

    @Test func timeScaleDoesNotChangeAFigure() throws {
        let scaled = SimulationSettings(start: MeterBench.start, timeScale: 20)
        var plain = try MeterBench(Self.pair)
        var fast = try MeterBench(Self.pair, simulation: scaled)
        let expected = try #require(run(&plain, from: 0, through: 4_000))
        let outputs = try #require(run(&fast, from: 0, through: 4_000))
        #expect(outputs.results == expected.results)
        #expect(outputs.totals == expected.totals)
    }

    @Test func readingsMinutesApartStillGiveFiguresOnAFastSite() throws {
        // At 3600 plant seconds a second, cycles are three minutes apart.
        let fast = SimulationSettings(start: MeterBench.start, timeScale: 3_600)
        var bench = try MeterBench(Self.pair, simulation: fast)
        let outputs = try #require(run(&bench, from: 0, through: 86_400 + 180, every: 180))
        for window in KPIWindow.allCases { #expect(outputs.result(.pue, window)?.reason.isEmpty == true) }
        #expect(outputs.result(.pue, .fiveMinutes)?.value == 1.2)
    }
}
