// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import TestKit
import Testing

/// The search for unit ids with a map whose registers stand where the device's marker says.
@Suite struct SunSpecScanTests {
    /// Units 1, 2 and 3 with a marker at each of the three places, 4 without one, 5 that reads zeros; no others.
    private static func answer(_ request: PeerRequest) -> [PeerStep] {
        let address = Int(request.address)
        let words: [UInt16]? =
            switch request.unit {
            case 1: SmallMeter.integers(base: 40_000).words(address, request.count)
            case 2: SmallMeter.integers(base: 50_000).words(address, request.count)
            case 3: SmallMeter.floats(base: 0).words(address, request.count)
            case 5: Array(repeating: 0, count: request.count)
            default: nil
            }
        let code: UInt8 = request.unit <= 5 ? 2 : 11
        return [.send(words.map { request.reply($0) } ?? request.exception(code))]
    }

    @Test(.timeLimit(.minutes(1))) func eachUnitIsAskedForTheMarkerWhereverItMayStand() throws {
        let peer = try ScriptedPeer { Self.answer($0) }
        defer { peer.stop() }
        let probe = try DeviceProbe(host: "127.0.0.1", port: peer.port, map: SmallMeter.map())
        let scan = try UnitScan(probe, atMost: .seconds(1))
        #expect(scan.ranges.map(\.address) == [40_000, 50_000, 0] && scan.ranges.allSatisfy { $0.count == 2 })
        let there = try scan.run { _ in }.filter(\.isThere)
        #expect(there.map(\.unit) == [1, 2, 3, 4, 5, 0])
        #expect(there.map(\.markerAddress) == [40_000, 50_000, 0, nil, nil, nil])
        #expect(there[3].answer == .refused(ModbusException(code: 2)) && there[4].answer == .words([0, 0]))
        // A unit that the gateway does not reach is asked once, one that may have the marker elsewhere on and on.
        #expect(peer.requests.filter { $0.unit == 6 }.count == 1)
        #expect(peer.requests.filter { $0.unit == 4 }.count == 3)
    }
}
