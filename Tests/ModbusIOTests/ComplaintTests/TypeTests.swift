// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

/// Complaints 21 to 25: how values lie in their registers, over the wire.
@Suite struct TypeTests {
    private static func read(
        _ points: [MapPoint],
        unit: UInt8 = 1,
        category: DeviceCategory = .plantController,
        _ words: @escaping @Sendable (PeerRequest) -> [UInt16]
    ) async throws -> [Reading] {
        let peer = try ScriptedPeer { [.send($0.reply(words($0)))] }
        defer { peer.stop() }
        let map = DeviceMap(name: "m", category: category, confirmation: .simulated, points: points)
        let site = SiteDescription(
            id: "s",
            cycleInterval: .milliseconds(20),
            endpoints: [EndpointDescription(id: "e", host: "127.0.0.1", port: peer.port)],
            maps: [map],
            devices: [DeviceDescription(id: "d", endpoint: 0, unit: unit, map: 0)]
        )
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        var readings: [Reading] = []
        try await poller.polling {
            try await waitUntil("everything is read") {
                readings = poller.readings(at: clock.now())
                return readings.allSatisfy { $0.cause != .notYetRead }
            }
        }
        return readings
    }

    @Test("complaint 21: word order and byte order are two settings of each point", .timeLimit(.minutes(1)))
    func orders() async throws {
        // 12.5 is 0x41480000.
        var points = (0..<4).map { point("f\($0)", UInt16(2 * $0), .float(bits: 32)) }
        points[1].wordOrder = .lowFirst
        points[2].byteOrder = .lowFirst
        points[3].wordOrder = .lowFirst
        points[3].byteOrder = .lowFirst
        points.append(point("high", 8, .uint8(.high)))
        points.append(point("low", 8, .uint8(.low)))
        points.append(point("wide", 9, .unsigned(bits: 48)))
        let image: [UInt16] = [
            0x4148, 0x0000, 0x0000, 0x4148, 0x4841, 0x0000, 0x0000, 0x4841, 0x0102, 0x0001, 0x0002, 0x0003,
        ]
        let readings = try await Self.read(points) { request in
            Array(image[Int(request.address)..<Int(request.address) + request.count])
        }
        #expect(readings.map(\.value) == [12.5, 12.5, 12.5, 12.5, 1, 2, 4_295_098_371])
    }

    @Test("complaint 22: a value that makes no sense is not good, however well it was read", .timeLimit(.minutes(1)))
    func plausibleNonsense() async throws {
        // One register beside the float, its halves are those of two others.
        var straddling = point("temperature", 1, .float(bits: 32), unit: "degC")
        straddling.validRange = -40...120
        let readings = try await Self.read([straddling]) { _ in [0x0000, 0x4148] }
        #expect(readings.map(\.cause) == [.outOfRange] || readings[0].value.magnitude < 1e-30)
        let wild = try await Self.read([straddling]) { _ in [0x4B48, 0x4148] }
        #expect(wild[0].cause == .outOfRange && wild[0].value.isNaN)
    }

    @Test("complaint 23: the function follows from the table, never from the address", .timeLimit(.minutes(1)))
    func functionFollowsTheTable() async throws {
        let points = [point("a", 40_001), point("b", 40_001, table: .inputRegister)]
        let readings = try await Self.read(points) { [UInt16($0.function)] }
        #expect(readings.map(\.value) == [3, 4])
    }

    @Test("complaint 24: a value and its scale factor come from one reply", .timeLimit(.minutes(1)))
    func scaleFactorOfTheSameReply() async throws {
        // The device changes its scale factor with each reply; 5 kW stays 5 kW.
        let points = [point("power", 10, .unsigned(bits: 16), unit: "W", scaleFactorAddress: 14), point("x", 30)]
        let readings = try await Self.read(points) { request in
            guard request.address == 10 else { return Array(repeating: 1, count: request.count) }
            let exponent = request.number % 3
            var words = [UInt16](repeating: 1, count: request.count)
            words[0] = UInt16([5_000, 500, 50][exponent])
            words[4] = UInt16(exponent)
            return words
        }
        #expect(readings[0].value == 5_000)
    }

    @Test(
        "complaint 25: unit ids up to 255 work over one connection",
        .timeLimit(.minutes(1)),
        arguments: [0, 128, 255]
    )
    func allUnitIdentifiers(_ unit: UInt8) async throws {
        let readings = try await Self.read([point("a", 0)], unit: unit) { [UInt16($0.unit)] }
        #expect(readings.map(\.value) == [Double(unit)])
    }
}
