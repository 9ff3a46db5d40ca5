// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import ModbusIO
import Plant
import Synchronization
import TestKit
import Testing

/// A value whose meaning depends on how its device is set is no reading while nobody knows that it means this.
@Suite struct SettingTests {
    /// A temperature that counts degC while the setting reads 0; near it in one reply, or far away.
    private static func map(setting address: UInt16, pollClass: PollClass = .fast) -> DeviceMap {
        var temperature = point("temperature", 0, .signed(bits: 16), unit: "degC")
        temperature.validWhile = PointCondition(point: "fahrenheit", range: 0...0)
        return DeviceMap(
            name: "panel",
            category: .roomSensor,
            confirmation: .simulated,
            limits: RequestLimits(responseTimeout: .seconds(50)),
            points: [temperature, point("fahrenheit", address, pollClass: pollClass), point("humidity", 1)]
        )
    }

    /// What the temperature reads once the device has shown these words of the setting, one after the other; nil for a
    /// refusal.
    private func readings(_ map: DeviceMap, setting: [UInt16?]) async throws -> [Reading] {
        let address = Int(map.points[1].address)
        let shown = Mutex(setting[0])
        let asked = Mutex(0)
        let peer = try ScriptedPeer { request in
            let first = Int(request.address)
            guard (first..<first + Int(request.count)).contains(address) else {
                return [.send(request.reply(Array(repeating: 21, count: Int(request.count))))]
            }
            asked.withLock { $0 += 1 }
            guard let word = shown.withLock({ $0 }) else { return [.send(request.exception(2))] }
            var words = Array(repeating: UInt16(21), count: Int(request.count))
            words[address - first] = word
            return [.send(request.reply(words))]
        }
        defer { peer.stop() }
        let site = site(map, ports: [peer.port])
        let poller = try ModbusPoller(site: site, clock: RunningClock())
        var all: [Reading] = []
        try poller.start()
        defer { poller.stop() }
        for word in setting {
            shown.withLock { $0 = word }
            let before = asked.withLock { $0 }
            try await waitUntil("the setting is read twice, and the temperature behind it") {
                // What was refused is not asked for again for a while.
                asked.withLock { $0 } >= (word == nil ? 1 : before + 2)
            }
            let replies = poller.endpointMetrics()[0].replies
            try await waitUntil("more replies came") { poller.endpointMetrics()[0].replies >= replies + 4 }
            all.append(try poller.reading("d0/temperature", of: site, at: RunningClock()))
        }
        return all
    }

    @Test(.timeLimit(.minutes(1)), arguments: [(UInt16(2), PollClass.fast), (500, .fast), (500, .slow)])
    func theSettingDecides(address: UInt16, pollClass: PollClass) async throws {
        let seen = try await readings(Self.map(setting: address, pollClass: pollClass), setting: [0, 1, 0])
        #expect(seen.map(\.cause) == [.none, .settingDiffers, .none])
        #expect(seen.map(\.quality) == [.good, .bad, .good])
        #expect(seen[0].value == 21 && seen[1].value.isNaN)
    }

    @Test("a device that refuses to show the setting has no other", .timeLimit(.minutes(1)))
    func refusedSetting() async throws {
        let seen = try await readings(Self.map(setting: 500, pollClass: .slow), setting: [nil])
        #expect(seen.map(\.cause) == [.none])
    }

    @Test("a probe shows it as well", .timeLimit(.minutes(1)), arguments: [0.0, 1])
    func probed(setting: Double) throws {
        let map = Self.map(setting: 500)
        let sample = try ServedSample(map: map)
        try sample.set("fahrenheit", to: setting)
        let look = try DeviceProbe(host: "127.0.0.1", port: sample.port, unit: 1, map: map).run()
        #expect(look.points[0].cause == (setting == 0 ? .none : .settingDiffers))
        #expect(look.points[0].value.isNaN == (setting == 1))
        #expect(look.points[2].quality == .good, "what does not depend on it is shown")
    }

    /// A unit register in the same read: the value is right in either unit, and the served device converts as a real
    /// one does.
    @Test("a value is read in the unit that the device is set to", .timeLimit(.minutes(1)))
    func codedByARegister() throws {
        var temperature = point("temperature", 0, .signed(bits: 16), unit: "degC", scale: 0.1, scaleFactorAddress: 4)
        temperature.scaleCodes = ScaleCodes(
            shift: 10,
            width: 1,
            cases: ["degC", "degF"].enumerated().compactMap { code, unit in
                SourceUnit.named(unit).map { .init(code: UInt16(code), unit: $0, scale: 0.1, offset: 0) }
            }
        )
        let map = DeviceMap(
            name: "chiller",
            category: .chiller,
            confirmation: .simulated,
            points: [temperature, point("fahrenheit", 4, .bit(10), unit: "boolean"), point("other", 4, .bit(3))]
        )
        let sample = try ServedSample(map: map)
        try sample.set("temperature", to: 20)
        for (setting, word) in [(1.0, 680), (0, 200)] {
            try sample.set("fahrenheit", to: setting)
            let look = try DeviceProbe(host: "127.0.0.1", port: sample.port, unit: 1, map: map).run()
            #expect(look.points[0].words == [UInt16(word)] && abs(look.points[0].value - 20) < 1e-9)
            #expect(look.requests == 1)
        }
    }
}
