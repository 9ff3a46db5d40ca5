// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import TestKit
import Testing

/// Devices that acknowledge a command and do something else with it.
struct ServerWriteFaultTests {
    private static let writeAndRead = """
        w = c.write_register(10, 301, device_id=1)
        print("exception %d" % w.exception_code if w.isError() else "ok", end=" ")
        print(c.read_holding_registers(10, count=2, device_id=1).registers)

        """

    private func sample(_ fault: BankWriteFault?) throws -> ServedSample {
        let sample = try ServedSample()
        try sample.set("setpoint", to: 20)
        try sample.set("setpoint_feedback", to: 20)
        let position = try #require(sample.bank.position(of: "setpoint"))
        sample.bank.setWriteFaults(fault.map { [position: $0] } ?? [:])
        return sample
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (nil, "ok [301, 301]", ["setpoint=30.1"]),
            (.ignored, "ok [200, 200]", []),
            (.clamped(15...25), "ok [250, 250]", ["setpoint=25.0"]),
            (.deferred, "ok [200, 200]", ["setpoint=30.1"]),
            (.wornOut(after: 0), "exception 4 [200, 200]", []),
        ] as [(BankWriteFault?, String, [String])]
    )
    func acknowledgedWriteDoes(fault: BankWriteFault?, shown: String, taken: [String]) throws {
        let sample = try sample(fault)
        #expect(try runClient(port: sample.port, Self.writeAndRead) == shown)
        #expect(sample.writes() == taken)
    }

    /// A bit that is not taken leaves the other bits of its register to those who are.
    @Test(.timeLimit(.minutes(1)))
    func ignoredBitKeepsItsValueAndItsNeighbourChanges() throws {
        let sample = try ServedSample()
        try sample.set("mode_bit", to: 0)
        try sample.set("boost_bit", to: 0)
        sample.bank.setWriteFaults([try #require(sample.bank.position(of: "mode_bit")): .ignored])
        let words = try runClient(
            port: sample.port,
            """
            c.write_register(20, 0x0009, device_id=1)
            print(c.read_holding_registers(20, count=1, device_id=1).registers)
            """
        )
        #expect(words == "[8]")
        #expect(sample.writes() == ["boost_bit=1.0"])
    }

    /// Memory bears three writes; the counter says how often each point was written.
    @Test(.timeLimit(.minutes(1)))
    func memoryWearsOutAfterItsWritesAndCountsThem() throws {
        let sample = try sample(.wornOut(after: 3))
        let output = try runClient(
            port: sample.port,
            """
            for v in (200, 210, 220, 230, 240):
                r = c.write_register(10, v, device_id=1)
                print(r.exception_code if r.isError() else "ok")
            c.write_coil(0, True, device_id=1)
            print(c.read_holding_registers(10, count=1, device_id=1).registers)
            """
        )
        #expect(output.split(separator: "\n").map(String.init) == ["ok", "ok", "ok", "4", "4", "[220]"])
        let counts = sample.bank.writeCounts.map { "\(sample.bank.map.points[$0.point].name) \($0.count)" }
        #expect(counts == ["pump_enable 1", "setpoint 3"])
    }
}
