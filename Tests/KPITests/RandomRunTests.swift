// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import KPI
import Plant
import Testing

/// Meters with random resets, gaps, torn reads and uneven polls: what must hold whatever happens.
@Suite struct RandomRunTests {
    /// One meter's device as it behaves and misbehaves.
    private struct Device {
        let name: String
        let resolution: Double
        let rollover: Double
        var energy: Double
        var offset = 0.0
        var silentUntil = -1.0
        var nextPoll = 0.0

        /// What its register shows.
        var shown: Double {
            let counts = ((energy - offset) / resolution).rounded(.down) * resolution
            return counts.truncatingRemainder(dividingBy: rollover)
        }
    }

    private static let meters = [
        BenchMeter(device: "main-a", place: .boundary, points: .register(resolution: 1e4, rollover: 3.6e9)),
        BenchMeter(device: "main-b", place: .boundary, points: .register(resolution: 1e4, rollover: 3.6e9)),
        BenchMeter(device: "ups", place: .upsOutput, points: .register(resolution: 1e4, rollover: 3.6e9), poll: 5),
    ]

    private static func power(_ device: Int, _ second: Double) -> Double {
        // The shares stay the same, so the true ratio is 1.3 at every moment.
        let load = second.truncatingRemainder(dividingBy: 1_700) < 900 ? 1.0 : 0.6
        return load * [0.8e6, 0.5e6, 1e6][device]
    }

    /// Runs some hours with trouble; hands every cycle's outputs to `check`.
    private static func run(
        seed: UInt64,
        seconds: Double = 12_000,
        bench: inout MeterBench,
        check: (Double, KPIOutputs, inout MeterBench) throws -> Void
    ) throws {
        var generator = SeededGenerator(seed: seed)
        var devices = meters.enumerated().map { position, meter in
            Device(name: meter.device, resolution: 1e4, rollover: 3.6e9, energy: 1e9 * Double(position + 1))
        }
        var second = 0.0
        while second < seconds {
            let cycle = Double.random(in: 0.2...3, using: &generator)
            second += (cycle * 1_000).rounded() / 1_000
            for position in devices.indices {
                devices[position].energy += power(position, second) * cycle
                guard second >= devices[position].nextPoll else { continue }
                devices[position].nextPoll =
                    second + meters[position].poll * Double.random(in: 0.9...1.3, using: &generator)
                if Double.random(in: 0..<1, using: &generator) < 0.0006 {
                    devices[position].silentUntil = second + Double.random(in: 20...1_500, using: &generator)
                }
                if Double.random(in: 0..<1, using: &generator) < 0.0003 {
                    devices[position].offset = devices[position].energy
                }
                let isSilent = second < devices[position].silentUntil
                var shown = devices[position].shown
                switch Double.random(in: 0..<1, using: &generator) {
                case ..<0.002: shown = 0
                case ..<0.004: shown = max(0, shown - 2e4)
                case ..<0.005: shown += 1e9
                default: break
                }
                bench.set(
                    devices[position].name,
                    "active_energy_import",
                    isSilent ? .nan : shown,
                    at: second,
                    quality: isSilent ? .bad : .good
                )
            }
            try check(second, bench.step(at: second), &bench)
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: 1...4 as ClosedRange<UInt64>)
    func totalsNeverFallAndTheRatioIsTheTrueOne(seed: UInt64) throws {
        var bench = try MeterBench(Self.meters)
        var before = [Int64](repeating: 0, count: Self.meters.count)
        var values = 0
        var kinds: Set<String> = []
        try Self.run(seed: seed, bench: &bench) { _, outputs, _ in
            for (position, total) in outputs.totals.enumerated() {
                #expect(total.total >= before[position])
                before[position] = total.total
            }
            kinds.formUnion(outputs.events.map(\.kind))
            for result in outputs.results where result.name == .pue {
                guard let value = result.value else {
                    #expect(!result.reason.isEmpty)
                    continue
                }
                // Bridged gaps are linear where the load was not; without any, only counts and lines between polls.
                let tolerance = result.reason.contains("interpolated") ? 0.5 : 0.012 + 2 * result.uncertainty
                #expect(abs(value - 1.3) < tolerance, "\(result)")
                values += 1
            }
        }
        #expect(values > 1_000)
        #expect(!kinds.isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func aWholeWindowCanBeComputedAgainFromTheTotals() throws {
        var bench = try MeterBench(Self.meters)
        var history: [String: [MeterTotal]] = [:]
        var compared = 0
        try Self.run(seed: 42, seconds: 9_000, bench: &bench) { _, outputs, _ in
            for total in outputs.totals where history[total.device]?.last?.sourceTime != total.sourceTime {
                history[total.device, default: []].append(total)
            }
            for result in outputs.results where result.name == .pue && result.completeness == 1 {
                let meters = result.meters.map { device in
                    interpolated(history[device] ?? [], result.end) - interpolated(history[device] ?? [], result.start)
                }
                #expect(abs(result.numerator - meters[0] - meters[1]) <= 4)
                #expect(abs(result.denominator - meters[2]) <= 2)
                compared += 1
            }
        }
        #expect(compared > 1_000)
    }

    private func interpolated(_ totals: [MeterTotal], _ time: Timestamp) -> Double {
        guard let after = totals.firstIndex(where: { $0.sourceTime >= time }) else { return .nan }
        let upper = totals[after]
        guard after > 0, upper.sourceTime > time else { return Double(upper.total) }
        let lower = totals[after - 1]
        let share = (time - lower.sourceTime).inSeconds / (upper.sourceTime - lower.sourceTime).inSeconds
        return Double(lower.total) + Double(upper.total - lower.total) * share
    }

    @Test(.timeLimit(.minutes(1)), arguments: [300.0, 4_321.5, 9_000])
    func aRestartInTheMiddleGivesTheSameBytes(restart: Double) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var plain = try MeterBench(Self.meters)
        var expected: [Int: Data] = [:]
        var sequence = 0
        try Self.run(seed: 7, bench: &plain) { _, outputs, _ in
            sequence += 1
            if sequence.isMultiple(of: 50) { expected[sequence] = try encoder.encode(Record(outputs)) }
        }
        var bench = try MeterBench(Self.meters)
        var isRestarted = false
        sequence = 0
        try Self.run(seed: 7, bench: &bench) { second, outputs, bench in
            sequence += 1
            if sequence.isMultiple(of: 50) { #expect(try encoder.encode(Record(outputs)) == expected[sequence]) }
            guard second >= restart, !isRestarted else { return }
            isRestarted = true
            let bytes = try encoder.encode(bench.engine.snapshot())
            var fresh = try #require(KPIEngine.make(site: bench.site).0)
            fresh.restore(try JSONDecoder().decode(KPISnapshot.self, from: bytes))
            #expect(try encoder.encode(fresh.snapshot()) == bytes)
            bench.engine = fresh
        }
        #expect(isRestarted)
        #expect(try encoder.encode(bench.engine.snapshot()) == encoder.encode(plain.engine.snapshot()))
    }

    private struct Record: Encodable {
        let totals: [MeterTotal]
        let results: [KPIResult]
        let events: [Event]

        init(_ outputs: KPIOutputs) {
            totals = outputs.totals
            results = outputs.results
            events = outputs.events
        }
    }
}
