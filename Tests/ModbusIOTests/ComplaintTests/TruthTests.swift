// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import ModbusIO
import Plant
import Synchronization
import TestKit
import Testing

/// Complaints 31 to 33, and what else a reply may hold that is not true.
@Suite struct TruthTests {
    /// A meter: voltage, power, a 32-bit total in steps of 1, and a temperature that must not stand still.
    static let map: DeviceMap = {
        var total = point("energy", 4, .unsigned(bits: 32))
        total.counter = CounterBehavior(rollover: 4_294_967_296, resolution: 1)
        var temperature = point("temperature", 6, .signed(bits: 16), unit: "degC")
        temperature.flatLineAfter = .seconds(60)
        temperature.rateLimit = 0.5
        return DeviceMap(
            name: "meter",
            category: .powerMeter,
            confirmation: .simulated,
            points: [
                point("voltage", 0, .unsigned(bits: 16), unit: "V"), point("power", 1, unit: "W"), total, temperature,
            ]
        )
    }()

    /// What each reply holds: voltage, power, total, temperature.
    struct Sample: Sendable {
        var voltage: UInt16 = 230
        var power: UInt16 = 1_000
        var total: UInt32
        var temperature: UInt16 = 21

        var words: [UInt16] {
            [voltage, power, 0, 0, UInt16(total >> 16), UInt16(total & 0xFFFF), temperature]
        }
    }

    /// The readings after each of the replies, ten plant seconds apart, and the endpoint's metrics behind the last.
    private func readings(_ samples: [Sample]) async throws -> (readings: [[Reading]], metrics: EndpointMetrics) {
        let clock = ManualClock()
        let served = Mutex(0)
        let released = Mutex(1)
        let peer = try ScriptedPeer { request in
            // A reply for each sample that the test has let go; the last one is not repeated.
            while served.withLock({ $0 }) >= released.withLock({ $0 }) { holdBriefly() }
            let number = served.withLock { number in
                defer { number += 1 }
                return number
            }
            return [.send(request.reply(samples[min(number, samples.count - 1)].words))]
        }
        defer { peer.stop() }
        var map = Self.map
        map.limits.responseTimeout = .seconds(50)
        let site = site(map, ports: [peer.port])
        let poller = try ModbusPoller(site: site, clock: clock)
        var all: [[Reading]] = []
        try poller.start()
        for position in samples.indices {
            try await waitUntil("reply \(position) is taken") {
                poller.endpointMetrics()[0].replies == position + 1
            }
            all.append(poller.readings(at: clock.now()))
            clock.advance(by: .seconds(10))
            released.withLock { $0 += 1 }
        }
        let metrics = poller.endpointMetrics()[0]
        released.withLock { $0 = .max }
        poller.stop()
        return (all, metrics)
    }

    private func doubts(_ metrics: EndpointMetrics, _ name: String) -> Int {
        metrics.doubts.first { $0.name == name }?.count ?? -1
    }

    @Test("complaint 31: each block carries the time of its own reply", .timeLimit(.minutes(1)))
    func timeOfTheReply() async throws {
        let (readings, _) = try await readings((0..<4).map { Sample(total: UInt32($0)) })
        let times = readings.map { $0[0].sourceTime }
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == .seconds(10) })
    }

    @Test("complaint 32: a momentary zero of a meter is no reading, and what follows is", .timeLimit(.minutes(1)))
    func momentaryZero() async throws {
        let (readings, metrics) = try await readings([
            Sample(total: 1_000), Sample(total: 0), Sample(total: 1_002),
            Sample(voltage: 0, power: 0, total: 0, temperature: 0), Sample(total: 1_004),
        ])
        #expect(readings.map { $0[2].cause } == [.none, .counterInDoubt, .none, .allZeroBlock, .none])
        #expect(readings.map { $0[2].value }.filter(\.isFinite) == [1_000, 1_002, 1_004])
        #expect(readings[3].map(\.cause) == Array(repeating: .allZeroBlock, count: 4), "none of the block is good")
        #expect(doubts(metrics, "all_zero_block") == 4 && doubts(metrics, "counter_in_doubt") == 1)
    }

    @Test("complaint 32: a true reset is believed with the second read", .timeLimit(.minutes(1)))
    func trueReset() async throws {
        let (readings, _) = try await readings([1_000, 0, 1, 2].map { Sample(total: $0) })
        #expect(readings.map { $0[2].cause } == [.none, .counterInDoubt, .none, .none])
    }

    @Test("complaint 33: a total read torn between its words is no reading", .timeLimit(.minutes(1)))
    func tornTotal() async throws {
        // From 0x0001FFFF to 0x00020000: once the old high word, once the old low word.
        let (readings, _) = try await readings(
            [0x1_FFFE, 0x1_0000, 0x2_0001, 0x3_0001, 0x2_0003].map { Sample(total: $0) }
        )
        #expect(readings.map { $0[2].cause } == [.none, .counterInDoubt, .none, .counterInDoubt, .none])
    }

    @Test("complaint 41: a value that stands still while others move is doubtful", .timeLimit(.minutes(1)))
    func flatLine() async throws {
        let stuck = (0..<14).map { Sample(power: UInt16(1_000 + $0), total: UInt32($0)) }
        let (readings, metrics) = try await readings(stuck + [Sample(total: 20, temperature: 22)])
        #expect(readings[5][3].isGood)
        #expect(readings[13][3].cause == .flatLine && readings[13][3].quality == .uncertain)
        #expect(readings[14][3].isGood, "once it moves, it is believed")
        #expect(doubts(metrics, "flat_line") > 0)
    }

    @Test("complaint 41: a value that moves faster than it can is doubtful until it could", .timeLimit(.minutes(1)))
    func spikeAndStep() async throws {
        // At most 5 K in the ten seconds between two replies: a spike, then a step of 14 K that stays.
        let samples = [21, 25, 60, 26, 40, 40, 40].enumerated().map { number, temperature in
            Sample(power: UInt16(1_000 + number), total: UInt32(number), temperature: UInt16(temperature))
        }
        let (readings, metrics) = try await readings(samples)
        #expect(
            readings.map { $0[3].cause } == [.none, .none, .movedTooFast, .none, .movedTooFast, .movedTooFast, .none]
        )
        #expect(readings[2][3].quality == .uncertain && readings[2][3].value == 60)
        #expect(readings.allSatisfy { $0[1].isGood } && doubts(metrics, "moved_too_fast") == 3)
    }

    @Test("complaint 41: a device that is quiet all over is not stuck", .timeLimit(.minutes(1)))
    func quietDevice() async throws {
        let (readings, _) = try await readings((0..<14).map { _ in Sample(total: 5) })
        #expect(readings.allSatisfy { $0.allSatisfy(\.isGood) })
    }

    @Test("complaint 41: sentinels are named and counted, and have no value", .timeLimit(.minutes(1)))
    func sentinels() async throws {
        let peer = try ScriptedPeer { [.send($0.reply([0x7FFF, 0x8000, 3]))] }
        defer { peer.stop() }
        let points = [
            point("a", 0, .signed(bits: 16), sentinels: [Sentinel(bits: 0x7FFF, cause: .sensorAbsent)]),
            point("b", 1, .signed(bits: 16), sentinels: [Sentinel(bits: 0x8000)]), point("c", 2),
        ]
        let map = DeviceMap(name: "m", category: .valve, confirmation: .simulated, points: points)
        let site = site(map, ports: [peer.port])
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        try await poller.polling {
            try await waitUntil("it is read") {
                poller.readings(at: clock.now()).map(\.cause) == [.sensorAbsent, .notAvailable, .none]
            }
            #expect(poller.readings(at: clock.now()).map(\.value.isNaN) == [true, true, false])
            #expect(doubts(poller.endpointMetrics()[0], "sensor_absent") > 0)
        }
    }

    struct Totals: Sendable {
        let values: [Double]
        let believed: [Bool]
    }

    @Test(
        "complaint 33: a total is believed where it may be",
        arguments: [
            Totals(values: [5, 6, 7], believed: [true, true, true]),
            Totals(values: [65_530, 3], believed: [true, true]),
            Totals(values: [100, 99.9, 100.1], believed: [true, false, true]),
            Totals(values: [100, 9, 8, 7, 6, 5, 4], believed: [true, false, false, false, false, true, false]),
            Totals(values: [0, 200_000, 400_000, 600_000], believed: [true, false, true, true]),
        ]
    )
    func totals(_ example: Totals) {
        let rules =
            example.values.contains(65_530)
            ? CounterRules(rollover: 65_536, carry: nil) : CounterRules(rollover: nil, carry: 65_536)
        var watch = CounterWatch()
        #expect(example.values.map { watch.accepts($0, rules) } == example.believed)
    }
}

/// Holds a thread of a scripted peer for a millisecond.
private func holdBriefly() { _ = poll(nil, 0, 1) }
