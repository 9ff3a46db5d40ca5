// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import TestKit
import Testing

/// Devices that give registers only in even numbers, or a block only whole.
struct WholeReadTests {
    private static let limits = RequestLimits(
        maximumGap: 0,
        evenReads: true,
        wholeBlocks: [RegisterRange(table: .holdingRegister, address: 40, count: 6)]
    )

    private static func map(_ identity: IdentityProbe? = nil) -> DeviceMap {
        var command = point("command", 33)
        command.write = WriteBehavior(range: 0...100, function: .singleRegister, settle: .zero)
        return DeviceMap(
            name: "even",
            category: .powerMeter,
            confirmation: .simulated,
            limits: limits,
            identity: identity,
            points: [point("odd", 21), command, point("inside", 43), point("next", 22, .float(bits: 32))],
            goldenVectors: [GoldenVector(point: "odd", words: [7], value: 7)]
        )
    }

    /// The served device refuses halves, so a probe that reads all points has asked as it wants to be asked.
    @Test(.timeLimit(.minutes(1)))
    func aDeviceThatRefusesHalvesIsRead() throws {
        let identity = IdentityProbe(
            table: .holdingRegister,
            address: 61,
            type: .unsigned(bits: 16),
            accepted: ["1350"]
        )
        let map = Self.map(identity)
        let sample = try ServedSample(map: map)
        let look = try DeviceProbe(host: "127.0.0.1", port: sample.port, unit: 1, map: map).run()
        #expect(look.points.allSatisfy { $0.quality == .good }, "\(look.points)")
        #expect(look.points[0].value == 7)
        #expect(look.identity?.isAccepted == true && look.identity?.answer == "1350")
        #expect(look.requests == 4, "the identity, and one read each for 20 to 23, 32 to 33 and 40 to 45")
    }

    @Test(.timeLimit(.minutes(1)), arguments: [(21, 1), (20, 3), (21, 2), (42, 2), (40, 8), (38, 2), (20, 2), (40, 6)])
    func halvesAreRefused(address: Int, count: Int) throws {
        let sample = try ServedSample(map: Self.map())
        let script = """
            r = c.read_holding_registers(\(address), count=\(count), device_id=1)
            print(r.exception_code if r.isError() else len(r.registers))
            """
        let isWhole = (address, count) == (20, 2) || (address, count) == (40, 6)
        let isUndefined = (address, count) == (40, 8) || (address, count) == (38, 2)
        #expect(try runClient(port: sample.port, script) == (isWhole ? "\(count)" : isUndefined ? "2" : "3"))
    }
}
