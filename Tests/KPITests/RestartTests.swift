// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import KPI
import Plant
import Testing

@Suite struct RestartTests {
    private static let pair = [
        BenchMeter(device: "main", place: .boundary), BenchMeter(device: "ups", place: .upsOutput),
    ]

    private func run(_ bench: inout MeterBench, from first: Double, through last: Double) -> KPIOutputs {
        for second in stride(from: first, through: last, by: 10) {
            for meter in ["main", "ups"] {
                let power = meter == "main" ? 1.2e6 : 1e6
                bench.set(meter, "active_energy_import", 5e12 + second * power, at: second)
                bench.set(meter, "active_power", power, at: second)
            }
            _ = bench.step(at: second)
        }
        return bench.step(at: last)
    }

    @Test func registersBridgeTheTimeTheAgentWasDown() throws {
        var before = try MeterBench(Self.pair)
        _ = run(&before, from: 0, through: 3_600)
        var after = try MeterBench(Self.pair)
        after.engine.restore(before.engine.snapshot())
        let outputs = run(&after, from: 3_900, through: 4_200)
        #expect(outputs.total("main")?.total == Int64(4_200 * 1.2e6))
        let hour = try #require(outputs.result(.pue, .oneHour))
        #expect(hour.value == 1.2)
        #expect(hour.completeness == 1)
        #expect(hour.reason == "300 s are interpolated across gaps that a register bridged")
    }

    @Test func anIntegratedTotalIsUncoveredWhileTheAgentWasDown() throws {
        let meters = Self.pair.map { meter in
            var meter = meter
            meter.points = .power
            return meter
        }
        var before = try MeterBench(meters)
        _ = run(&before, from: 0, through: 3_600)
        var after = try MeterBench(meters)
        after.engine.restore(before.engine.snapshot())
        let outputs = run(&after, from: 3_900, through: 4_200)
        #expect(outputs.total("main")?.total == Int64(3_900 * 1.2e6))
        let hour = try #require(outputs.result(.pue, .oneHour))
        #expect(hour.completeness == 55 / 60.0)
        #expect(hour.value == 1.2)
    }

    @Test func aStoredTotalIsNeverUndercut() throws {
        let meters = [BenchMeter(device: "main", place: .boundary, points: .power)]
        var before = try MeterBench(meters)
        _ = run(&before, from: 0, through: 60)
        let snapshot = before.engine.snapshot()
        let stored = run(&before, from: 70, through: 120).totals
        var after = try MeterBench(meters)
        after.engine.restore(snapshot)
        after.engine.resume(from: stored)
        let outputs = run(&after, from: 200, through: 210)
        #expect(outputs.totals[0].total == stored[0].total + Int64(10 * 1.2e6))
        // Without any snapshot the total goes on all the same.
        var fresh = try MeterBench(meters)
        fresh.engine.resume(from: stored)
        #expect(run(&fresh, from: 200, through: 210).totals[0].total == stored[0].total + Int64(10 * 1.2e6))
    }

    @Test func aResetAfterTheSnapshotDoesNotUndercutAStoredTotal() throws {
        let meters = [BenchMeter(device: "main", place: .boundary)]
        var before = try MeterBench(meters)
        _ = run(&before, from: 0, through: 60)
        let snapshot = before.engine.snapshot()
        let stored = run(&before, from: 70, through: 600).totals
        var after = try MeterBench(meters)
        after.engine.restore(snapshot)
        after.engine.resume(from: stored)
        var totals: [Int64] = []
        for second in stride(from: 610.0, through: 660, by: 10) {
            after.set("main", "active_energy_import", (second - 600) * 1.2e6, at: second)
            totals.append(after.step(at: second).totals[0].total)
        }
        #expect(totals.allSatisfy { $0 >= stored[0].total })
        #expect(totals == totals.sorted())
    }

    @Test func aMeterThatIsGoneIsDroppedAndANewOneStartsFromZero() throws {
        var before = try MeterBench(Self.pair)
        _ = run(&before, from: 0, through: 600)
        var after = try MeterBench([
            BenchMeter(device: "new", place: .generator), BenchMeter(device: "main", place: .boundary),
        ])
        after.engine.restore(before.engine.snapshot())
        let outputs = run(&after, from: 610, through: 620)
        #expect(outputs.totals.map(\.device) == ["new", "main"])
        #expect(outputs.total("new")?.total == 0)
        #expect(outputs.total("main")?.total == Int64(620 * 1.2e6))
    }

    @Test func aMeterThatGotAnotherPointGoesOnWithAGap() throws {
        let meter = { (points: BenchMeter.Points) in [BenchMeter(device: "main", place: .boundary, points: points)] }
        var before = try MeterBench(meter(.power))
        _ = run(&before, from: 0, through: 600)
        var after = try MeterBench(meter(.register()))
        after.engine.restore(before.engine.snapshot())
        let outputs = run(&after, from: 610, through: 650)
        #expect(outputs.total("main")?.total == Int64(600 * 1.2e6 + 40 * 1.2e6))
    }
}
