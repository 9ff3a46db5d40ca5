// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import TestKit
import Testing

/// The poller over real sockets against devices that behave.
@Suite struct ModbusPollerTests {
    @Test(.timeLimit(.minutes(1))) func allUnitsBehindAnEndpointShareOneSocketWithOneRequestInFlight() async throws {
        let peer = try ScriptedPeer { request in
            [.send(request.reply(Array(repeating: UInt16(request.unit), count: request.count)))]
        }
        defer { peer.stop() }
        let units: [UInt8] = [0, 1, 127, 128, 247, 248, 255]
        let site = SiteDescription(
            id: "gateway",
            cycleInterval: .milliseconds(20),
            endpoints: [EndpointDescription(id: "g", host: "127.0.0.1", port: peer.port)],
            maps: [registerMap(2)],
            devices: units.map { unit in
                DeviceDescription(
                    id: "u\(unit)",
                    endpoint: 0,
                    unit: unit,
                    map: 0,
                    intervals: [.fast: .milliseconds(20)]
                )
            }
        )
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        try await poller.polling {
            for unit in units {
                try await waitUntil("unit \(unit) is read") {
                    try poller.reading("u\(unit)/r1", of: site, at: clock).value == Double(unit)
                }
            }
            #expect(peer.accepted == 1)
            #expect(poller.deviceStatuses().map(\.device) == units.map { "u\($0)" })
        }
    }

    @Test(.timeLimit(.minutes(1))) func readingsGrowStaleAfterThreeIntervalsOfTheirOwn() async throws {
        let peer = try ScriptedPeer { [.send($0.echoAddresses())] }
        defer { peer.stop() }
        let map = DeviceMap(
            name: "m",
            category: .powerMeter,
            confirmation: .simulated,
            points: [point("power", 1), point("energy", 2, pollClass: .slow)]
        )
        let site = SiteDescription(
            id: "s",
            endpoints: [EndpointDescription(id: "e", host: "127.0.0.1", port: peer.port)],
            maps: [map],
            devices: [DeviceDescription(id: "d", endpoint: 0, map: 0)]
        )
        let clock = ManualClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        try await poller.polling {
            try await waitUntil("both are read") {
                try poller.reading("d/power", of: site, at: clock).isGood
                    && poller.reading("d/energy", of: site, at: clock).isGood
            }
        }
        let now = clock.now()
        func qualities(after age: Duration) -> [Quality] { poller.readings(at: now + age).map(\.quality) }
        #expect(qualities(after: .seconds(3)) == [.good, .good])
        #expect(qualities(after: .milliseconds(3_001)) == [.stale, .good])
        #expect(qualities(after: .seconds(30)) == [.stale, .good])
        #expect(qualities(after: .milliseconds(30_001)) == [.stale, .stale])
        let stale = poller.readings(at: now + .seconds(60))[0]
        #expect(stale.value == 1 && stale.cause == .tooOld && stale.sourceTime == now)
    }

    /// At time scale 60 an interval of 1 s is floored at the cycle of 3 s of plant time, which is 50 ms on the wall.
    @Test(.timeLimit(.minutes(1))) func pollIntervalsArePlantTime() async throws {
        let peer = try ScriptedPeer { [.send($0.echoAddresses())] }
        defer { peer.stop() }
        let start = Timestamp(milliseconds: 1_772_344_800_000)
        let site = SiteDescription(
            id: "s",
            simulation: SimulationSettings(start: start, timeScale: 60),
            endpoints: [EndpointDescription(id: "e", host: "127.0.0.1", port: peer.port)],
            maps: [registerMap(1)],
            devices: [DeviceDescription(id: "d", endpoint: 0, map: 0)]
        )
        let clock = RunningClock(scale: 60)
        let poller = try ModbusPoller(site: site, clock: clock)
        let began = ContinuousClock.now
        try await poller.polling {
            try await waitUntil("forty scans") { peer.requests.count >= 40 }
            let wall = ContinuousClock.now - began
            #expect(wall >= .milliseconds(38 * 50), "no faster than every 50 ms, was \(wall)")
            #expect(wall < .seconds(20), "at the pace of the wall clock it would take 40 s, was \(wall)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func hostNamesAreLookedUp() async throws {
        let peer = try ScriptedPeer { [.send($0.echoAddresses())] }
        defer { peer.stop() }
        let site = SiteDescription(
            id: "s",
            cycleInterval: .milliseconds(20),
            endpoints: [
                EndpointDescription(id: "e", host: "localhost", port: peer.port),
                EndpointDescription(id: "f", host: "no-such-host.invalid", port: peer.port),
            ],
            maps: [registerMap(1, from: 5)],
            devices: [
                DeviceDescription(id: "d", endpoint: 0, map: 0), DeviceDescription(id: "x", endpoint: 1, map: 0),
            ]
        )
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        try await poller.polling {
            try await waitUntil("the name leads to the device") {
                try poller.reading("d/r0", of: site, at: clock).value == 5
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func stopsAtOnceAndMayStartAgain() async throws {
        let hole = try ScriptedPeer { _ in [] }
        defer { hole.stop() }
        let map = registerMap(1, limits: RequestLimits(responseTimeout: .seconds(30)))
        let site = site(map, ports: [hole.port])
        let poller = try ModbusPoller(site: site, clock: RunningClock())
        for _ in 0..<3 {
            let asked = hole.requests.count
            try poller.start()
            try await waitUntil("a request waits for its reply") { hole.requests.count > asked }
            let began = ContinuousClock.now
            poller.stop()
            #expect(ContinuousClock.now - began < .seconds(5), "it does not sit out the time-out of 30 s")
        }
        poller.stop()
    }

    @Test(.timeLimit(.minutes(1))) func worksWithThreeThousandSocketsOnBothSides() async throws {
        let map = registerMap(2, from: 40)
        let bank = RegisterBank(map: map)
        try bank.set(0, to: 11)
        try bank.set(1, to: 22)
        let server = try ModbusServer(endpoints: [ServedEndpoint(port: 0, units: [1: bank])])
        try server.start()
        defer { server.stop() }
        let ports = Array(repeating: server.port(ofEndpoint: 0), count: 3_000)
        let site = site(map, ports: ports, every: .seconds(1))
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        try await poller.polling {
            try await waitUntil("all of them are read at the same time", within: .seconds(50)) {
                poller.readings(at: clock.now()).allSatisfy(\.isGood)
            }
            #expect(poller.readings(at: clock.now()).suffix(2).map(\.value) == [11, 22])
            #expect(poller.deviceStatuses().allSatisfy { $0.malformedReplies == 0 })
            #expect(poller.endpointMetrics().count == 3_000 && poller.endpointMetrics().allSatisfy(\.isUp))
        }
    }

    @Test func refusesAMapThatCannotBeRead() {
        let map = registerMap(
            1,
            limits: RequestLimits(prohibited: [
                RegisterRange(table: .holdingRegister, address: 0, count: 1)
            ])
        )
        let problem = #expect(throws: ModbusProblem.self) {
            try ModbusPoller(site: site(map, ports: [502]), clock: ManualClock())
        }
        #expect(problem?.place == "map 'registers', point 'r0'")
    }

    @Test func refusesASiteThatNeedsMoreFilesThanAllowedWithTheNumbers() {
        #expect(FileNeed(endpoints: 1_000, workers: 4).files == 1_276)
        #expect(FileNeed(endpoints: 1_000, workers: 4).problem(allowed: 1_276, site: "s") == nil)
        let problem = FileNeed(endpoints: 5_000, workers: 4).problem(allowed: 4_096, site: "s")
        #expect(problem?.description.contains("5000 endpoints need 5276 open files, but the limit is 4096") == true)
    }
}
