// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import TestKit
import Testing

/// One look at one device.
@Suite struct ProbeTests {
    @Test(.timeLimit(.minutes(1))) func showsWordsAndValuesOfADeviceInTheMapsOrder() throws {
        let served = try ServedSample()
        try served.set("supply_temperature", to: 18.4)
        try served.set("power", to: 12_500)
        let points = try DeviceProbe(host: "127.0.0.1", port: served.port, map: ServerSample.map).run().points
        #expect(points.map(\.name) == ServerSample.map.points.map(\.name))
        #expect(points[3].words == [184] && abs(points[3].value - 18.4) < 1e-9)
        #expect(points[4].words == [0x4148, 0x0000] && points[4].value == 12_500)
        #expect(points.allSatisfy { $0.quality == .good && ($0.roundTripSeconds ?? -1) >= 0 })
    }

    @Test(.timeLimit(.minutes(1))) func anAddressThatIsRefusedLeavesTheOthersReadable() throws {
        let served = try ServedSample()
        var map = ServerSample.map
        map.points.append(ServerSample.point("absent", .holdingRegister, 13_000, .unsigned(bits: 16), "count"))
        map.points.append(ServerSample.point("absent_neighbour", .holdingRegister, 14, .unsigned(bits: 16), "count"))
        let points = try DeviceProbe(host: "127.0.0.1", port: served.port, map: map).run().points
        let bad = points.filter { $0.quality != .good }
        #expect(bad.map(\.name) == ["absent", "absent_neighbour"])
        #expect(bad.allSatisfy { $0.cause == .illegalAddress })
    }

    @Test(.timeLimit(.minutes(1))) func aUnitNobodyAnswersForIsAProblemThatSaysWhatWasTried() throws {
        let served = try ServedSample()
        let problem = #expect(throws: ModbusProblem.self) {
            try DeviceProbe(host: "127.0.0.1", port: served.port, unit: 9, map: ServerSample.map).run()
        }
        #expect(problem?.description.contains("unit 9") == true && problem?.description.contains("test_device") == true)
    }

    @Test(.timeLimit(.minutes(1))) func aPortNobodyListensOnIsAProblem() throws {
        let served = try ServedSample()
        let port = served.port
        served.server.stop()
        let problem = #expect(throws: ModbusProblem.self) {
            try DeviceProbe(host: "127.0.0.1", port: port, map: ServerSample.map).run()
        }
        #expect(problem?.what.contains("refused") == true && problem?.place == "127.0.0.1 port \(port)")
    }

    @Test(.timeLimit(.minutes(1))) func aDeviceThatAcceptsButSaysNothingIsGivenUp() throws {
        let peer = try ScriptedPeer { _ in [] }
        defer { peer.stop() }
        let problem = #expect(throws: ModbusProblem.self) {
            try DeviceProbe(host: "127.0.0.1", port: peer.port, map: registerMap(3)).run()
        }
        #expect(problem?.what.contains("no reply in time") == true)
    }
}
