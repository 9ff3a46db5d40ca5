// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import TestKit
import Testing

/// Writes over real sockets, through the poller, against devices that take them or do not.
@Suite struct WritePollerTests {
    static let map: DeviceMap = {
        func write(_ function: WriteFunction, _ range: ClosedRange<Double> = 0...1) -> WriteBehavior {
            WriteBehavior(range: range, function: function, settle: .milliseconds(300))
        }
        var map = ServerSample.map
        map.limits.responseTimeout = .milliseconds(500)
        for (position, point) in map.points.enumerated() {
            guard let before = point.write else { continue }
            map.points[position].write = write(before.function, before.range)
            map.points[position].pollClass = .fast
        }
        map.points.append(
            ServerSample.point(
                "ramp",
                .holdingRegister,
                40,
                .unsigned(bits: 16),
                "count",
                write: write(.multipleRegisters, 0...60_000)
            )
        )
        return map
    }()

    static func command(_ point: String, _ value: Double, epoch: Int = 1, role: Authority.Role = .active) throws
        -> Command
    {
        Command(
            point: try #require(PointID(point)),
            value: value,
            origin: "test",
            reason: Reason(code: "test", text: "a test"),
            expires: Timestamp(milliseconds: 4_000_000_000_000),
            authority: Authority(role: role, epoch: epoch)
        )
    }

    private func outcomes(_ count: Int, of poller: ModbusPoller) async throws -> [WriteOutcome] {
        var outcomes: [WriteOutcome] = []
        try await waitUntil("\(count) outcomes") {
            outcomes += poller.takeOutcomes()
            return outcomes.count >= count
        }
        return outcomes
    }

    private func polled(_ poller: ModbusPoller, _ site: SiteDescription) async throws {
        try await waitUntil("the device is up") { poller.deviceStatuses().allSatisfy { $0.link == .up } }
    }

    @Test(.timeLimit(.minutes(1))) func functions5And6And16And22AreConfirmedAndShown() async throws {
        let served = try ServedSample(map: Self.map)
        let site = site(Self.map, ports: [served.port])
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        try await poller.polling {
            try await polled(poller, site)
            poller.submit([
                try Self.command("d0/pump_enable", 1), try Self.command("d0/setpoint", 31.5),
                try Self.command("d0/ramp", 12_345), try Self.command("d0/boost_bit", 1),
            ])
            let ended = try await outcomes(4, of: poller)
            #expect(
                ended.map { "\($0.point.point) \($0.result.rawValue)" } == [
                    "pump_enable confirmed", "setpoint confirmed", "ramp confirmed", "boost_bit confirmed",
                ]
            )
            #expect(ended.map(\.readBack) == [1, 31.5, 12_345, 1])
            #expect(try poller.reading("d0/ramp", of: site, at: clock).value == 12_345, "before its next scan")
            #expect(ended.allSatisfy { $0.durationSeconds > 0 && $0.durationSeconds < 5 })
        }
        #expect(served.writes() == ["pump_enable=1.0", "setpoint=31.5", "ramp=12345.0", "boost_bit=1.0"])
    }

    @Test(.timeLimit(.minutes(1))) func whatMayNotBeWrittenNeverLeaves() async throws {
        let served = try ServedSample(map: Self.map)
        let site = site(Self.map, ports: [served.port])
        let poller = try ModbusPoller(site: site, clock: RunningClock())
        try await poller.polling {
            try await polled(poller, site)
            poller.submit([
                try Self.command("d0/setpoint", 46), try Self.command("d0/power", 1),
                try Self.command("d0/nothing", 1), try Self.command("d0/setpoint", 20, role: .standby),
                try Self.command("d0/setpoint", 20, epoch: 2), try Self.command("d0/setpoint", 21, epoch: 1),
            ])
            let ended = try await outcomes(6, of: poller)
            let blocked = ended.filter { $0.result == .blocked }.map(\.detail)
            #expect(blocked.count == 5)
            for (detail, word) in zip(blocked, ["range", "does not let", "no such point", "standby", "epoch 1"]) {
                #expect(detail.contains(word), "\(detail)")
            }
        }
        #expect(served.writes() == ["setpoint=20.0"])
    }

    @Test(.timeLimit(.minutes(1))) func twoHundredWritesUnderFullPollingAreConfirmedInOrder() async throws {
        var map = Self.map
        map.points = (0..<200).map { position in
            ServerSample.point(
                "p\(position)",
                .holdingRegister,
                UInt16(100 + position),
                .unsigned(bits: 16),
                "count",
                write: WriteBehavior(range: 0...60_000, function: .singleRegister)
            )
        }
        let served = try ServedSample(map: map)
        let site = site(map, ports: [served.port], every: .milliseconds(20))
        let poller = try ModbusPoller(site: site, clock: RunningClock())
        try await poller.polling {
            try await polled(poller, site)
            poller.submit(try (0..<200).map { try Self.command("d0/p\($0)", Double(1_000 + $0)) })
            let ended = try await outcomes(200, of: poller)
            #expect(ended.allSatisfy { $0.result == .confirmed })
            #expect(ended.map(\.value) == (0..<200).map { Double(1_000 + $0) })
        }
        #expect(served.writes().count == 200)
    }

    /// The peer echoes writes but every register reads as its own address.
    @Test(.timeLimit(.minutes(1))) func aDeviceThatIgnoresTheWriteHasNotTakenIt() async throws {
        let peer = try ScriptedPeer { request in
            request.function == 6 ? [.send(request.bytes)] : [.send(request.echoAddresses())]
        }
        defer { peer.stop() }
        var map = registerMap(2)
        map.points[1].write = WriteBehavior(range: 0...100, function: .singleRegister, settle: .milliseconds(50))
        let site = site(map, ports: [peer.port])
        let poller = try ModbusPoller(site: site, clock: RunningClock())
        try await poller.polling {
            try await polled(poller, site)
            poller.submit([try Self.command("d0/r1", 77)])
            let end = try #require(try await outcomes(1, of: poller).first)
            #expect(end.result == .notTaken && end.readBack == 1)
        }
    }

    @Test(.timeLimit(.minutes(1))) func aServerThatIsGoneGivesNoReply() async throws {
        let served = try ServedSample(map: Self.map)
        let site = site(Self.map, ports: [served.port])
        let poller = try ModbusPoller(site: site, clock: RunningClock())
        try await poller.polling {
            try await polled(poller, site)
            served.server.stop()
            try await waitUntil("the link is down") { poller.deviceStatuses()[0].link == .down }
            poller.submit([try Self.command("d0/setpoint", 20)])
            let end = try #require(try await outcomes(1, of: poller).first)
            #expect(end.result == .noReply && end.detail.contains("down"))
        }
    }

    @Test(.timeLimit(.minutes(1))) func commandsGivenRightBeforeTheStopStillLeave() async throws {
        let served = try ServedSample(map: Self.map)
        let site = site(Self.map, ports: [served.port])
        let poller = try ModbusPoller(site: site, clock: RunningClock())
        try await poller.polling {
            try await polled(poller, site)
            poller.submit([try Self.command("d0/setpoint", 15), try Self.command("d0/pump_enable", 1)])
        }
        #expect(served.writes() == ["setpoint=15.0", "pump_enable=1.0"])
        #expect(poller.takeOutcomes().map(\.result) == [.confirmed, .confirmed])
        poller.submit([try Self.command("d0/setpoint", 16)])
        #expect(poller.takeOutcomes().map(\.result) == [.noReply], "nobody polls any more")
    }

    @Test(.timeLimit(.minutes(1))) func pymodbusTakesFunctions5And6And16And22() async throws {
        let server = try PymodbusServer([
            "1 coil 0 0 0", "1 holding_register 10 0064 0064 0000 0000", "1 holding_register 20 8001",
            "1 holding_register 40 0000",
        ])
        var map = Self.map
        let wanted = ["pump_enable", "setpoint", "boost_bit", "ramp"]
        map.points = map.points.filter { wanted.contains($0.name) }
        map.identity = nil
        let site = site(map, ports: [server.port])
        let poller = try ModbusPoller(site: site, clock: RunningClock())
        try await poller.polling {
            try await polled(poller, site)
            poller.submit(try wanted.map { try Self.command("d0/\($0)", $0 == "setpoint" ? 22.5 : 1) })
            let ended = try await outcomes(4, of: poller)
            #expect(ended.map(\.result) == Array(repeating: .confirmed, count: 4), "\(ended.map(\.detail))")
            #expect(ended.map(\.readBack) == [1, 22.5, 1, 1])
        }
    }
}
