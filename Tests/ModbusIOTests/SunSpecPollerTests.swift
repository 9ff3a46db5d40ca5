// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Synchronization
import TestKit
import Testing

/// SunSpec devices over real sockets.
@Suite struct SunSpecPollerTests {
    /// A device that answers from registers which may be exchanged while it runs.
    private final class Device: Sendable {
        private let image: Mutex<SunSpecWalkTests.Image>

        init(_ image: SunSpecWalkTests.Image) { self.image = Mutex(image) }

        func set(_ image: SunSpecWalkTests.Image) { self.image.withLock { $0 = image } }

        func answer(_ request: PeerRequest) -> [PeerStep] {
            let words = image.withLock { $0.words(Int(request.address), request.count) }
            return [.send(words.map { request.reply($0) } ?? request.exception(2))]
        }
    }

    @Test(.timeLimit(.minutes(1))) func aMeterThatBecomesAnotherOneIsReadAsThat() async throws {
        let device = Device(SmallMeter.integers(base: 50_000))
        let peer = try ScriptedPeer { device.answer($0) }
        let site = site(SmallMeter.map(), ports: [peer.port])
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        try await poller.polling {
            try await waitUntil("the integers are read") {
                try poller.reading("d0/energy", of: site, at: clock).value == 70_000 * 3_600
                    && poller.reading("d0/power", of: site, at: clock).value == 1_230
            }
            #expect(try poller.reading("d0/current", of: site, at: clock).value == 5)
            peer.stop()
            device.set(SmallMeter.floats(base: 0))
            let other = try ScriptedPeer(port: peer.port) { device.answer($0) }
            defer { other.stop() }
            try await waitUntil("the floating point numbers are read") {
                try poller.reading("d0/power", of: site, at: clock).value == 1_500
            }
            let absent = try poller.reading("d0/current", of: site, at: clock)
            #expect(absent.quality == .bad && absent.cause == .notAvailable && absent.value.isNaN)
            device.set(SmallMeter.integers(base: 40_000))
            other.stop()
            let third = try ScriptedPeer(port: peer.port) { device.answer($0) }
            defer { third.stop() }
            try await waitUntil("the current is there again") {
                try poller.reading("d0/current", of: site, at: clock).quality == .good
            }
        }
        let told = poller.takeEvents().map(\.message).filter { $0.contains("SunSpec") }
        #expect(
            told == [
                "d0: SunSpec models 1, 64001, 203 from 50000", "d0: SunSpec models 1, 213 from 0",
                "d0: SunSpec models 1, 64001, 203 from 40000",
            ]
        )
    }

    @Test(.timeLimit(.minutes(1))) func aDeviceThatIsNoneSaysSoInEveryReading() async throws {
        let peer = try ScriptedPeer { [.send($0.reply(Array(repeating: 0, count: $0.count)))] }
        defer { peer.stop() }
        let site = site(SmallMeter.map(), ports: [peer.port])
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        try await poller.polling {
            try await waitUntil("the cause is shown") {
                try poller.reading("d0/power", of: site, at: clock).cause == .sunSpecMarkerMissing
            }
            #expect(poller.readings(at: clock.now()).allSatisfy { $0.cause == .sunSpecMarkerMissing })
            #expect(poller.deviceStatuses()[0].link == .degraded)
            #expect(poller.deviceStatuses()[0].detail == "no SunSpec marker")
            #expect(peer.requests.count == 3)
        }
    }

    @Test(.timeLimit(.minutes(1))) func aServedMapIsFoundAtEachBaseByProbeAndPoller() async throws {
        for base in SunSpecChain.bases {
            for models in [[(203, 6)], [(700, 3), (213, 4)], [(213, 4), (203, 6)]] as [[(id: UInt16, length: Int)]] {
                let map = SmallMeter.map().placed(on: SunSpecChain(base: base, models))
                let bank = RegisterBank(map: map)
                let server = try ModbusServer(endpoints: [ServedEndpoint(port: 0, units: [1: bank])])
                try server.start()
                defer { server.stop() }
                let power = try #require(bank.position(of: "power"))
                try bank.set(power, to: 123_000)
                let port = server.port(ofEndpoint: 0)
                let look = try DeviceProbe(host: "127.0.0.1", port: port, map: SmallMeter.map()).run()
                #expect(look.chain == SunSpecChain(base: base, models) && look.chainFailure == nil)
                #expect(look.points[power].value == 123_000)
                #expect(look.placed(SmallMeter.map()).points.map(\.address) == map.points.map(\.address))
                let hasCurrent = models.contains { $0.id == 203 }
                #expect(look.points[1].quality == (hasCurrent ? .good : .bad))
                #expect(hasCurrent || look.points[1].cause == .notAvailable)
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aProbeOfWhatIsNoneSaysSo() throws {
        let peer = try ScriptedPeer { [.send($0.exception(2))] }
        defer { peer.stop() }
        let look = try DeviceProbe(host: "127.0.0.1", port: peer.port, map: SmallMeter.map()).run()
        #expect(look.chain == nil && look.chainFailure == .noMarker && look.isRefusedThroughout)
        #expect(look.points.allSatisfy { $0.cause == .sunSpecMarkerMissing })
        let silent = try ScriptedPeer { _ in [] }
        defer { silent.stop() }
        #expect(throws: ModbusProblem.self) {
            try DeviceProbe(
                host: "127.0.0.1",
                port: silent.port,
                map: SmallMeter.map(),
                responseTimeout: .milliseconds(50)
            ).run()
        }
    }
}
