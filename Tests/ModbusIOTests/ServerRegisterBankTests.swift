// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

struct ServerRegisterBankTests {
    /// Every readable number of a fresh bank is a good value to the codec that polls it.
    @Test func freshBankIsPlausibleEverywhere() throws {
        let sample = try ServedSample()
        let values = try runClient(
            port: sample.port,
            """
            print(c.read_holding_registers(0, count=2, device_id=1).registers)
            print(c.read_input_registers(10, count=1, device_id=1).registers)
            print(c.read_holding_registers(1000, count=4, device_id=1).registers)
            """
        )
        // 50 kW as a float, 22 degrees in tenths, THERMO.
        #expect(values == "[16968, 0]\n[220]\n[21576, 17746, 19791, 0]")
    }

    /// Golden vectors, and with them their scale factor, are what a fresh device shows.
    @Test func goldenVectorIsTheFirstValue() throws {
        let power = ServerSample.point(
            "power",
            .holdingRegister,
            4,
            .signed(bits: 16),
            "W",
            scaleFactorAddress: 5
        )
        let map = DeviceMap(
            name: "test_scaled",
            category: .powerMeter,
            confirmation: .simulated,
            points: [power],
            goldenVectors: [GoldenVector(point: "power", words: [1_234], value: 12_340, scaleFactorWord: 1)]
        )
        let sample = try ServedSample(map: map)
        let script = "print(c.read_holding_registers(4, count=2, device_id=1).registers)"
        #expect(try runClient(port: sample.port, script) == "[1234, 1]")
        // Too large for the exponent: it grows, and value and exponent change together.
        try sample.set("power", to: 9_876_000)
        #expect(try runClient(port: sample.port, script) == "[9876, 3]")
        #expect(throws: CodecProblem.self) { try sample.set("power", to: 1e30) }
        #expect(try runClient(port: sample.port, script) == "[9876, 3]")
    }

    /// Values that share a scale factor keep their meaning when it grows.
    @Test func growingScaleFactorEncodesItsSharersAgain() throws {
        func phase(_ name: String, _ address: UInt16) -> MapPoint {
            ServerSample.point(name, .holdingRegister, address, .unsigned(bits: 16), "A", scaleFactorAddress: 9)
        }
        let map = DeviceMap(
            name: "test_phases",
            category: .powerMeter,
            confirmation: .simulated,
            points: [phase("current_a", 0), phase("current_b", 1)]
        )
        let sample = try ServedSample(map: map)
        try sample.set("current_a", to: 12.345)
        try sample.set("current_b", to: 500)
        let words = try runClient(
            port: sample.port,
            """
            print(c.read_holding_registers(0, count=2, device_id=1).registers)
            print(c.read_holding_registers(9, count=1, device_id=1).registers)
            """
        )
        #expect(words == "[1235, 50000]\n[65534]" || words == "[1234, 50000]\n[65534]")
    }

    @Test func writesNobodyTakesAreDroppedOldestFirstAndCounted() throws {
        let bank = RegisterBank(map: ServerSample.map, writeCapacity: 2)
        let server = try ModbusServer(endpoints: [ServedEndpoint(port: 0, units: [1: bank])])
        try server.start()
        defer { server.stop() }
        _ = try runClient(
            port: server.port(ofEndpoint: 0),
            "for v in (200, 210, 220, 230): c.write_register(10, v, device_id=1)"
        )
        let (values, dropped) = bank.takeWrites()
        #expect(values.map { ($0.value * 10).rounded() } == [220, 230])
        #expect(dropped == 2)
        #expect(bank.takeWrites().values.isEmpty)
        #expect(bank.takeWrites().dropped == 0)
    }

    /// A command given at one address and read at another shows in both.
    @Test func commandWithItsOwnAddressShowsWhereItIsRead() throws {
        var speed = ServerSample.point("speed", .inputRegister, 7, .unsigned(bits: 16), "%")
        speed.write = WriteBehavior(range: 0...1, function: .multipleRegisters, address: 40)
        let map = DeviceMap(
            name: "test_drive",
            category: .variableSpeedDrive,
            confirmation: .simulated,
            points: [speed]
        )
        let sample = try ServedSample(map: map)
        let words = try runClient(
            port: sample.port,
            "c.write_registers(40, [65], device_id=1); print(c.read_input_registers(7, count=1, device_id=1).registers)"
        )
        #expect(words == "[65]")
        #expect(sample.writes() == ["speed=0.65"])
    }

    @Test func readLargerThanTheDeviceBearsIsRefused() throws {
        var map = ServerSample.map
        map.limits.maximumRegistersPerRead = 1
        let sample = try ServedSample(map: map)
        let code = try runClient(
            port: sample.port,
            "print(c.read_holding_registers(0, count=2, device_id=1).exception_code)"
        )
        #expect(code == "3")
    }
}
