// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Synchronization
import Testing

/// Identity over real sockets: what readings, commands and statuses show of a device that is another one.
@Suite struct IdentityPollerTests {
    /// Two registers, the second writable, and an identity of 7 in register 900.
    private static let map: DeviceMap = {
        var map = registerMap(2)
        map.identity = IdentityProbe(
            table: .holdingRegister,
            address: 900,
            type: .unsigned(bits: 16),
            accepted: ["7"]
        )
        map.points[1].write = WriteBehavior(range: 0...100, function: .singleRegister, settle: .milliseconds(50))
        return map
    }()

    /// A device whose register 900 holds what a test says; nil refuses it.
    private static func peer(port: UInt16 = 0, _ identity: @escaping @Sendable () -> UInt16?) throws -> ScriptedPeer {
        try ScriptedPeer(port: port) { request in
            if request.function == 6 { return [.send(request.bytes)] }
            guard request.address == 900 else { return [.send(request.echoAddresses())] }
            return [.send(identity().map { request.reply([$0]) } ?? request.exception(2))]
        }
    }

    @Test(.timeLimit(.minutes(1))) func anotherDeviceHasNoReadingsAndGetsNoWritesUntilTheRightOneIsBack() async throws {
        let identity = Mutex<UInt16>(8)
        let wrong = try Self.peer { identity.withLock { $0 } }
        let port = wrong.port
        let site = site(Self.map, ports: [port])
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        #expect(poller.deviceStatuses()[0].identity?.state == .awaited)
        try await poller.polling {
            try await waitUntil("it is known") { poller.deviceStatuses()[0].identity?.state == .mismatch }
            let status = poller.deviceStatuses()[0]
            #expect(status.identity == DeviceIdentity(state: .mismatch, expected: "7", found: "8 (0x8)", mismatches: 1))
            #expect(status.link == .down && status.detail == "identity mismatch" && !status.takesWrites)
            for reading in poller.readings(at: clock.now()) {
                #expect(reading.quality == .bad && reading.cause == .identityMismatch && reading.value.isNaN)
            }
            poller.submit([try WritePollerTests.command("d0/r1", 5)])
            var ended: [WriteOutcome] = []
            try await waitUntil("the command is refused") {
                ended += poller.takeOutcomes()
                return !ended.isEmpty
            }
            #expect(ended[0].result == .blocked && ended[0].detail.contains("expects 7: it says 8 (0x8)"))
            #expect(wrong.requests.allSatisfy { $0.address == 900 }, "nothing else was asked for")
            let told = poller.takeEvents()
            #expect(told.contains { $0.kind == "identity_mismatch" && $0.message.contains("8 (0x8)") }, "\(told)")

            wrong.stop()
            let right = try Self.peer(port: port) { 7 }
            defer { right.stop() }
            try await waitUntil("the right one is read") {
                try poller.reading("d0/r1", of: site, at: clock).isGood
            }
            #expect(poller.deviceStatuses()[0].identity?.state == .confirmed && poller.deviceStatuses()[0].takesWrites)
            #expect(right.requests.first?.address == 900)
            #expect(poller.takeEvents().contains { $0.kind == "identity_confirmed" })
        }
    }

    @Test(.timeLimit(.minutes(1))) func oneThatDoesNotSayIsReadAsUncertainAndNotWritten() async throws {
        let peer = try Self.peer { nil }
        defer { peer.stop() }
        let site = site(Self.map, ports: [peer.port])
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        try await poller.polling {
            try await waitUntil("it is read") { try poller.reading("d0/r1", of: site, at: clock).value == 1 }
            let reading = try poller.reading("d0/r1", of: site, at: clock)
            #expect(reading.quality == .uncertain && reading.cause == .identityUnconfirmed)
            let status = poller.deviceStatuses()[0]
            #expect(status.identity?.state == .unconfirmed && status.link == .degraded && !status.takesWrites)
            poller.submit([try WritePollerTests.command("d0/r1", 5)])
            try await waitUntil("the command is refused") { poller.takeOutcomes().first?.result == .blocked }
            #expect(peer.requests.allSatisfy { $0.function == 3 })
        }
    }

    @Test(.timeLimit(.minutes(1))) func theRightOneIsAskedOnceAndRead() async throws {
        let peer = try Self.peer { 7 }
        defer { peer.stop() }
        let site = site(Self.map, ports: [peer.port])
        let poller = try ModbusPoller(site: site, clock: RunningClock())
        try await poller.polling {
            try await waitUntil("it is read ten times") { peer.requests.count > 10 }
            #expect(peer.requests.count { $0.address == 900 } == 1 && peer.requests[0].address == 900)
            #expect(poller.deviceStatuses()[0].link == .up)
            #expect(!poller.takeEvents().contains { $0.kind.hasPrefix("identity") })
        }
    }

    /// It accepts the connection and never answers: not up for a single moment.
    @Test(.timeLimit(.minutes(1))) func aDeviceThatNeverAnswersIsNeverUp() async throws {
        let peer = try ScriptedPeer { _ in [] }
        defer { peer.stop() }
        let site = site(registerMap(2, limits: RequestLimits(responseTimeout: .milliseconds(60))), ports: [peer.port])
        let poller = try ModbusPoller(site: site, clock: RunningClock())
        var seen: Set<String> = []
        try await poller.polling {
            try await waitUntil("it is down") {
                seen.insert(poller.deviceStatuses()[0].link.rawValue)
                seen.insert(poller.endpointMetrics()[0].link.rawValue)
                return seen.contains("down")
            }
        }
        #expect(seen == ["connecting", "down"])
    }
}
