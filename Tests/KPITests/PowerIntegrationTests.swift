// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import KPI
import Plant
import Testing

/// Totals of meters that have no register.
@Suite struct PowerIntegrationTests {
    private func total(_ samples: [(Double, Double, Quality)], poll: Double) throws -> (Double, [String]) {
        var bench = try MeterBench([BenchMeter(device: "meter", place: .boundary, points: .power, poll: poll)])
        var events: [String] = []
        var total: Int64 = 0
        for (second, watts, quality) in samples {
            bench.set("meter", "active_power", watts, at: second, quality: quality)
            let outputs = bench.step(at: second)
            events += outputs.events.map(\.kind)
            total = outputs.totals[0].total
        }
        return (Double(total) / kilowattHour, events)
    }

    @Test func irregularSamplesFollowTheTrapezoidalRule() throws {
        // TV4, with polls slow enough for its gaps of up to 35 minutes.
        let times = [0.0, 600, 1_500, 3_600]
        let informationTechnology = [800.0, 1_000, 900, 900]
        let facility = [960.0, 1_250, 1_100, 1_080]
        func energy(_ kilowatts: [Double]) throws -> Double {
            try total(zip(times, kilowatts).map { ($0, $1 * 1_000, .good) }, poll: 1_400).0
        }
        #expect(abs(try energy(informationTechnology) - 912.5) < 1e-6)
        #expect(abs(try energy(facility) - 1_113.75) < 1e-6)
        #expect(abs(try energy(facility) / energy(informationTechnology) - 1.220548) < 1e-6)
    }

    @Test func aValueIsNeverCarriedAcrossAGap() throws {
        let (energy, events) = try total(
            [(0, 3.6e5, .good), (10, 3.6e5, .good), (20, 3.6e5, .bad), (1_000, 3.6e5, .good), (1_010, 3.6e5, .good)],
            poll: 10
        )
        #expect(abs(energy - 2) < 1e-6)
        #expect(events == ["meter_gap"])
    }

    @Test func oneLostPollIsIntegratedOver() throws {
        let (energy, events) = try total([(0, 3.6e5, .good), (10, 0, .bad), (20, 3.6e5, .good)], poll: 10)
        #expect(abs(energy - 2) < 1e-6)
        #expect(events.isEmpty)
    }

    @Test func exportIsNoUse() throws {
        let (energy, _) = try total([(0, 0, .good), (10, -5e5, .good), (20, -5e5, .good)], poll: 10)
        #expect(energy == 0)
    }

    @Test func aPowerBeyondTheRatingIsNotCounted() throws {
        let (energy, events) = try total(
            [(0, 3.6e5, .good), (10, 1e11, .good), (20, 1e11, .good), (30, 3.6e5, .good)],
            poll: 10
        )
        #expect(abs(energy - 3) < 1e-6)
        #expect(events == ["meter_rate_implausible"])
    }

    @Test func fractionsOfAJouleAreKept() throws {
        let samples = (0...10_000).map { (Double($0), 0.25, Quality.good) }
        #expect(abs(try total(samples, poll: 1).0 * kilowattHour - 2_500) <= 1)
    }

    @Test func theRegisterIsPreferred() throws {
        var bench = try MeterBench([BenchMeter(device: "meter", place: .boundary, points: .registerAndPower)])
        for second in stride(from: 0.0, through: 60, by: 10) {
            bench.set("meter", "active_power", 1e6, at: second)
            bench.set("meter", "active_energy_import", 7e12 + second * 5e5, at: second)
            _ = bench.step(at: second)
        }
        #expect(bench.step(at: 61).totals[0].total == 30_000_000)
        // A register that fails is not replaced by power.
        bench.set("meter", "active_power", 1e6, at: 70)
        #expect(bench.step(at: 71).totals[0].total == 30_000_000)
    }
}
