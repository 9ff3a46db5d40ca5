// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModbusIO
import Plant
import TestKit
import Testing

/// A device with something in each table, a gap, a prohibited range and every kind of write.
enum ServerSample {
    static let map = DeviceMap(
        name: "test_device",
        category: .plantController,
        confirmation: .simulated,
        limits: RequestLimits(
            maximumGap: 4,
            prohibited: [RegisterRange(table: .holdingRegister, address: 21, count: 1)]
        ),
        identity: IdentityProbe(
            table: .holdingRegister,
            address: 1_000,
            type: .string(registers: 4),
            accepted: ["THERMO", "OTHER"]
        ),
        points: [
            point("pump_enable", .coil, 0, .bool, "boolean", write: WriteBehavior(range: 0...1, function: .singleCoil)),
            point("fan_enable", .coil, 1, .bool, "boolean", write: WriteBehavior(range: 0...1, function: .singleCoil)),
            point("leak", .discreteInput, 5, .bool, "boolean"),
            point("supply_temperature", .inputRegister, 10, .signed(bits: 16), "degC", scale: 0.1),
            point("power", .holdingRegister, 0, .float(bits: 32), "kW"),
            point(
                "setpoint",
                .holdingRegister,
                10,
                .signed(bits: 16),
                "degC",
                scale: 0.1,
                write: WriteBehavior(range: 15...45, function: .singleRegister, feedback: "setpoint_feedback")
            ),
            point("setpoint_feedback", .holdingRegister, 11, .signed(bits: 16), "degC", scale: 0.1),
            point(
                "flow_setpoint",
                .holdingRegister,
                12,
                .unsigned(bits: 32),
                "L/min",
                write: WriteBehavior(range: 0...1, function: .multipleRegisters)
            ),
            point("mode_bit", .holdingRegister, 20, .bit(0), "boolean", write: bitWrite),
            point("boost_bit", .holdingRegister, 20, .bit(3), "boolean", write: bitWrite),
            point("behind_prohibited", .holdingRegister, 22, .unsigned(bits: 16), "count"),
            point("far_away", .holdingRegister, 60_000, .unsigned(bits: 16), "count"),
            point("last_register", .holdingRegister, 65_535, .unsigned(bits: 16), "count"),
        ]
    )

    private static let bitWrite = WriteBehavior(range: 0...1, function: .maskRegister)

    static func point(
        _ name: String,
        _ table: RegisterTable,
        _ address: UInt16,
        _ type: RegisterType,
        _ unit: String,
        scale: Double = 1,
        scaleFactorAddress: UInt16? = nil,
        write: WriteBehavior? = nil
    ) -> MapPoint {
        MapPoint(
            name: name,
            table: table,
            address: address,
            type: type,
            unit: SourceUnit.named(unit) ?? SourceUnit(unit, .count),
            scale: scale,
            scaleFactorAddress: scaleFactorAddress,
            write: write
        )
    }
}

/// A server on a free loopback port that stops with the test.
final class ServedSample: Sendable {
    let bank: RegisterBank
    let server: ModbusServer

    var port: UInt16 { server.port(ofEndpoint: 0) }

    init(
        map: DeviceMap = ServerSample.map,
        undefinedAddresses: UndefinedAddresses = .refused,
        limits: ServerLimits = ServerLimits(),
        units: [UInt8] = [0, 1],
        faults: FaultSwitch? = nil
    ) throws {
        let bank = RegisterBank(map: map, undefinedAddresses: undefinedAddresses)
        self.bank = bank
        let served = Dictionary(uniqueKeysWithValues: units.map { ($0, bank) })
        server = try ModbusServer(
            endpoints: [ServedEndpoint(port: 0, units: served, faults: faults)],
            limits: limits
        )
        try server.start()
    }

    deinit { server.stop() }

    func set(_ name: String, to value: Double) throws {
        try bank.set(#require(bank.position(of: name)), to: value)
    }

    /// The written values since the last call, as `name=value` in base units.
    func writes() -> [String] {
        bank.takeWrites().values.map { "\(bank.map.points[$0.point].name)=\(rounded($0.value))" }
    }

    private func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }

    /// What a Python script prints, given the port as its only argument.
    func python(_ script: String) throws -> String {
        let result = try runProcess(Python.executable, ["-c", script, String(port)], timeLimit: 40)
        #expect(result.status == 0, "\(result.errors)")
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// What a pymodbus script prints; `c` is its connected client.
func runClient(port: UInt16, _ script: String) throws -> String {
    let prelude = """
        import sys
        from pymodbus.client import ModbusTcpClient
        c = ModbusTcpClient("127.0.0.1", port=int(sys.argv[1]), timeout=5, retries=0)
        assert c.connect()

        """
    let result = try runProcess(Python.executable, ["-c", prelude + script, String(port)], timeLimit: 40)
    #expect(result.status == 0, "\(result.errors)")
    return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
}
