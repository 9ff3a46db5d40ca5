// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import KPI
import Plant
import Testing

/// What a meter's register shows over time, and what must come of it.
@Suite struct RegisterScriptTests {
    struct Row {
        /// Seconds since the start of the script.
        let time: Double
        /// Kilowatt hours.
        let register: Double
        let quality: Quality

        init(_ time: Double, _ register: Double, _ quality: Quality = .good) {
            self.time = time
            self.register = register
            self.quality = quality
        }
    }

    struct Script: CustomTestStringConvertible {
        let name: String
        let rows: [Row]
        /// Kilowatt hours at the end.
        let total: Double
        var events: [String] = []
        /// Whether the last total is covered.
        var isCovered = true
        /// Kilowatt hours.
        var rollover: Double?
        /// Kilowatt hours.
        var resolution = 0.1
        /// Whether a scale-factor register changes both by a power of ten.
        var isScaled = false

        var testDescription: String { name }
    }

    static let u32WattHours = 4_294_967.296

    static let scripts: [Script] = [
        Script(name: "counts on", rows: [Row(0, 5_000), Row(10, 5_002), Row(20, 5_004.5)], total: 4.5),
        Script(name: "counts from zero", rows: [Row(0, 0), Row(10, 2), Row(20, 4)], total: 4),
        Script(
            name: "the same reading between polls counts once",
            rows: [Row(0, 5_000), Row(10, 5_002), Row(10, 5_002), Row(10, 5_002), Row(20, 5_004)],
            total: 4
        ),
        Script(
            name: "TV5: 32-bit register rolls over",
            rows: [Row(0, 4_294_960), Row(60, 12.704)],
            total: 20,
            events: ["meter_rollover", "meter_gap_bridged"],
            rollover: u32WattHours,
            resolution: 0.001
        ),
        Script(
            name: "TV6: decimal register rolls over",
            rows: [Row(0, 999_999.9), Row(900, 120.4)],
            total: 120.5,
            events: ["meter_rollover", "meter_gap_bridged"],
            rollover: 1e6
        ),
        Script(
            name: "a momentary zero short of the rollover is none",
            rows: [Row(0, 999_990), Row(10, 999_992), Row(20, 0), Row(30, 999_996), Row(40, 999_998), Row(50, 0.5)],
            total: 10.5,
            events: ["meter_zero_rejected", "meter_rollover"],
            rollover: 1e6
        ),
        Script(
            name: "a rollover that is met at zero",
            rows: [Row(0, 999_996), Row(10, 999_998), Row(20, 0), Row(30, 2)],
            total: 6,
            events: ["meter_rollover"],
            rollover: 1e6
        ),
        Script(
            name: "TV7: a fall too large for a rollover is a reset",
            rows: [Row(0, 523_441), Row(900, 3.2), Row(910, 6.2), Row(920, 9.2)],
            total: 6,
            events: ["meter_reset"],
            rollover: 1e6
        ),
        Script(
            name: "TV7: and is doubted first",
            rows: [Row(0, 523_441), Row(900, 3.2)],
            total: 0,
            isCovered: false,
            rollover: 1e6
        ),
        Script(
            name: "a momentary zero is no new base",
            rows: [Row(0, 53_700), Row(10, 53_702), Row(20, 0), Row(30, 53_706), Row(40, 53_708)],
            total: 8,
            events: ["meter_zero_rejected"]
        ),
        Script(
            name: "while a value is in doubt the total is not covered",
            rows: [Row(0, 53_700), Row(10, 53_702), Row(20, 0)],
            total: 2,
            isCovered: false
        ),
        Script(
            name: "a minute of zeros is no new base",
            rows: [Row(0, 53_700)] + (1...6).map { Row(Double($0) * 10, 0) } + [Row(70, 53_714)],
            total: 14,
            events: ["meter_zero_rejected", "meter_gap_bridged"]
        ),
        Script(
            name: "a register that starts anew at zero is one",
            rows: [Row(0, 53_700), Row(10, 53_702), Row(20, 0), Row(30, 0), Row(40, 2), Row(50, 4)],
            total: 6,
            events: ["meter_reset"]
        ),
        Script(
            name: "a new meter without load is believed after ten minutes",
            rows: [Row(0, 53_700)] + (1...61).map { Row(Double($0) * 10, 0) } + [Row(620, 1)],
            total: 1,
            events: ["meter_reset"]
        ),
        Script(
            name: "a torn read one step back",
            rows: [Row(0, 5_000), Row(10, 5_002.1), Row(20, 5_002), Row(30, 5_004)],
            total: 4,
            events: ["meter_step_back_rejected"]
        ),
        Script(
            name: "a torn read by a whole low word back",
            rows: [Row(0, 65_534.5), Row(10, 65_535), Row(20, 0.5), Row(30, 65_537)],
            total: 2.5,
            events: ["meter_step_back_rejected"]
        ),
        Script(
            name: "a torn read by a whole low word ahead",
            rows: [Row(0, 65_534.5), Row(10, 65_535), Row(20, 131_071), Row(30, 65_537)],
            total: 2.5,
            events: ["meter_spike_rejected"]
        ),
        Script(
            name: "a device that lost its last minutes counts on from the older value",
            rows: [Row(0, 5_000), Row(10, 5_002), Row(20, 4_990), Row(30, 4_992), Row(40, 4_994)],
            total: 6,
            events: ["meter_reset"]
        ),
        Script(
            name: "a replaced meter that shows more",
            rows: [Row(0, 5_000), Row(10, 5_002), Row(20, 90_000), Row(30, 90_002), Row(40, 90_004)],
            total: 6,
            events: ["meter_jump"]
        ),
        Script(
            name: "an idle spike that stays is not taken for use",
            rows: [Row(0, 5_000)] + (1...12).map { Row(Double($0) * 10, 5_030) } + [Row(130, 5_000.1)],
            total: 0.1,
            events: ["meter_spike_rejected", "meter_gap_bridged"]
        ),
        Script(
            name: "a gap is bridged by the register",
            rows: [Row(0, 5_000), Row(10, 5_002), Row(20, 5_002, .bad), Row(3_610, 6_002)],
            total: 1_002,
            events: ["meter_gap_bridged"]
        ),
        Script(
            name: "an outage longer than the register goes round is lost",
            rows: [Row(0, 65_000), Row(10, 65_002), Row(200_000, 64_000), Row(200_010, 64_002)],
            total: 4,
            events: ["meter_gap"],
            rollover: 65_536,
            resolution: 1
        ),
        Script(
            name: "readings that are not good do not count",
            rows: [
                Row(0, 5_000), Row(10, 0, .bad), Row(20, 9_999, .stale), Row(25, 7_000, .uncertain), Row(30, 5_003),
            ],
            total: 3
        ),
        Script(
            name: "a register refreshed once a minute shows a minute at once",
            rows: [
                Row(0, 5_000), Row(10, 5_000), Row(20, 5_000), Row(30, 5_000), Row(40, 5_000), Row(50, 5_000),
                Row(60, 5_033), Row(70, 5_033), Row(80, 5_033), Row(90, 5_033), Row(100, 5_033), Row(110, 5_033),
                Row(120, 5_066),
            ],
            total: 66
        ),
        Script(
            name: "a coarse register steps by more than its rating in one poll",
            rows: [Row(0, 5_000), Row(1, 5_010), Row(2, 5_010), Row(3, 5_010)],
            total: 10,
            resolution: 10
        ),
        Script(
            name: "a register with a scale factor of 1 rolls over at ten times as much",
            rows: [Row(0, 10 * u32WattHours - 2), Row(10, 1)],
            total: 3,
            events: ["meter_rollover"],
            rollover: u32WattHours,
            resolution: 0.001,
            isScaled: true
        ),
        Script(
            name: "and one of -2 at a hundredth",
            rows: [Row(0, u32WattHours / 100 - 2), Row(10, 1.5)],
            total: 3.5,
            events: ["meter_rollover"],
            rollover: u32WattHours,
            resolution: 0.001,
            isScaled: true
        ),
        Script(
            name: "a fall from the middle of a register with a scale factor is a reset",
            rows: [Row(0, 20_000), Row(10, 3), Row(20, 6), Row(30, 9)],
            total: 6,
            events: ["meter_reset"],
            rollover: u32WattHours,
            resolution: 0.001,
            isScaled: true
        ),
        Script(
            name: "a register with a large scale factor steps by more than its rating in one poll",
            rows: [Row(0, 5_100), Row(1, 5_200), Row(2, 5_200)],
            total: 100,
            rollover: u32WattHours,
            resolution: 0.001,
            isScaled: true
        ),
    ]

    @Test(arguments: scripts) func givesTheTotal(_ script: Script) throws {
        var bench = try MeterBench([
            BenchMeter(
                device: "meter",
                place: .boundary,
                points: script.isScaled
                    ? .scaled(
                        resolution: script.resolution * kilowattHour,
                        rollover: script.rollover.map { $0 * kilowattHour }
                    )
                    : .register(
                        resolution: script.resolution * kilowattHour,
                        rollover: script.rollover.map { $0 * kilowattHour }
                    )
            )
        ])
        var events: [String] = []
        var before: Int64 = 0
        for row in script.rows {
            bench.set("meter", "active_energy_import", row.register * kilowattHour, at: row.time, quality: row.quality)
            let outputs = bench.step(at: row.time)
            events += outputs.events.map(\.kind)
            let total = outputs.totals[0]
            #expect(total.total >= before)
            before = total.total
        }
        let last = try #require(script.rows.last)
        let total = bench.step(at: last.time + 1).totals[0]
        #expect(abs(Double(total.total) / kilowattHour - script.total) < 1e-6)
        #expect(events == script.events)
        #expect(total.isCovered == script.isCovered)
    }

    /// The first sample was read some seconds of plant time before it was stamped: a third of a second at 60 times
    /// are twenty.
    @Test(arguments: [(1.0, 0.6, false), (1, 20, true), (60, 20, false)])
    func aSlowReplyIsNoJump(_ scale: Double, _ late: Double, isJump: Bool) throws {
        let simulation = SimulationSettings(start: MeterBench.start, timeScale: scale)
        var bench = try MeterBench([BenchMeter(device: "meter", place: .boundary)], simulation: simulation)
        var events: [String] = []
        for (time, secondsCounted) in [(0.0, 0.0), (1, 1 + late), (2, 2 + late), (3, 3 + late), (4, 4 + late)] {
            bench.set("meter", "active_energy_import", 1e12 + 2e6 * secondsCounted, at: time, quality: .good)
            events += bench.step(at: time).events.map(\.kind)
        }
        #expect(events == (isJump ? ["meter_jump"] : []))
        let total = Double(bench.step(at: 5).totals[0].total)
        #expect(isJump ? total < (4 + late) * 2e6 : total == (4 + late) * 2e6)
    }

    /// Read each second in real time, a spike of four seconds at the rating is more than any slow reply explains.
    @Test func aSmallSpikeIsFound() throws {
        var bench = try MeterBench([BenchMeter(device: "meter", place: .boundary, poll: 1)])
        var events: [String] = []
        for (time, secondsCounted) in [(0.0, 0.0), (1, 1), (2, 5), (3, 3), (4, 4), (5, 5)] {
            bench.set("meter", "active_energy_import", 1e12 + 2e6 * secondsCounted, at: time)
            events += bench.step(at: time).events.map(\.kind)
        }
        #expect(events == ["meter_spike_rejected"])
        #expect(bench.step(at: 6).totals[0].total == 5 * 2_000_000)
    }

    @Test func floatingPointRegistersAreNeverTakenForReset() throws {
        var bench = try MeterBench([BenchMeter(device: "meter", place: .boundary, points: .float32Register, poll: 1)])
        // 5.4e9 Wh stands in steps of 512 Wh; 700 kW adds 194 Wh a second.
        var events: [Event] = []
        var exact = 5.4e9
        for second in 0..<600 {
            exact += 700_000 / 3_600.0
            let shown = Double(Float(exact)) * 3_600
            bench.set("meter", "active_energy_import", shown, at: Double(second))
            events += bench.step(at: Double(second)).events
        }
        let wattHours = Double(bench.step(at: 600).totals[0].total) / 3_600
        let expected = 599.0 * 700_000 / 3_600
        #expect(events.isEmpty)
        #expect(abs(wattHours - expected) <= 512)
    }

    @Test func eventsSayWhatHappened() throws {
        var bench = try MeterBench([BenchMeter(device: "ups-1", place: .upsOutput)])
        var events: [Event] = []
        for (second, register) in [(0.0, 523_441.0), (10, 3.2), (20, 6.2), (30, 9.2)] {
            bench.set("ups-1", "active_energy_import", register * kilowattHour, at: second)
            events += bench.step(at: second).events
        }
        #expect(events.map(\.subject) == ["ups-1"])
        #expect(
            events.first?.message
                == "register fell from 523441.0 kWh to 3.2 kWh and counts on from there: reset or replaced; "
                + "use between 2026-03-01T06:00:00Z and 2026-03-01T06:00:10Z is unknown"
        )
    }
}
