// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

/// The poller against pymodbus, whose registers are literal words; the values were worked out by hand from
/// IEEE 754 and two's complement.
@Suite struct PymodbusTests {
    /// The layout of a Schneider iEM3000: big-endian floats in kilowatts and volts, a 64-bit total in watt hours.
    static let iem3000 = DeviceMap(
        name: "iem3000",
        category: .powerMeter,
        confirmation: .simulated,
        points: [
            point("current_l1", 2_999, .float(bits: 32), unit: "A"),
            point("voltage_l1", 3_027, .float(bits: 32), unit: "V"),
            point("active_power", 3_059, .float(bits: 32), unit: "kW"),
            point("power_factor", 3_083, .float(bits: 32), unit: "ratio"),
            point("frequency", 3_109, .float(bits: 32), unit: "Hz"),
            point("active_energy_import", 3_203, .signed(bits: 64), unit: "Wh", pollClass: .slow),
        ]
    )

    /// The layout of a Carlo Gavazzi EM24: 32-bit integers, low word first, in tenths and thousandths.
    static let em24 = DeviceMap(
        name: "em24",
        category: .powerMeter,
        confirmation: .simulated,
        points: [
            point(
                "voltage_l1",
                0,
                .signed(bits: 32),
                table: .inputRegister,
                unit: "V",
                scale: 0.1,
                wordOrder: .lowFirst
            ),
            point(
                "current_l1",
                12,
                .signed(bits: 32),
                table: .inputRegister,
                unit: "A",
                scale: 0.001,
                wordOrder: .lowFirst
            ),
            point(
                "active_power",
                40,
                .signed(bits: 32),
                table: .inputRegister,
                unit: "W",
                scale: 0.1,
                wordOrder: .lowFirst
            ),
            point("frequency", 51, .unsigned(bits: 16), table: .inputRegister, unit: "Hz", scale: 0.1),
            point(
                "active_energy",
                52,
                .signed(bits: 32),
                table: .inputRegister,
                unit: "kWh",
                scale: 0.1,
                wordOrder: .lowFirst
            ),
        ]
    )

    /// Bits, a SunSpec scale factor, and two addresses that are not there.
    static let mixed = DeviceMap(
        name: "mixed",
        category: .plantController,
        confirmation: .simulated,
        points: [
            point("run_status", 5, .bool, table: .coil, unit: "boolean"),
            point("fault", 14, .bool, table: .coil, unit: "boolean"),
            point("door_open", 3, .bool, table: .discreteInput, unit: "boolean"),
            point("active_power", 100, .signed(bits: 16), unit: "W", scaleFactorAddress: 102),
            point("missing_register", 103, unit: "count"),
            point(
                "supply_temperature",
                104,
                .signed(bits: 16),
                unit: "degC",
                scale: 0.1,
                sentinels: [Sentinel(bits: 0x8000, cause: .sensorAbsent)]
            ),
            point(
                "return_temperature",
                105,
                .signed(bits: 16),
                unit: "degC",
                scale: 0.1,
                sentinels: [Sentinel(bits: 0x8000, cause: .sensorAbsent)]
            ),
        ]
    )

    private func site(_ port: UInt16) -> SiteDescription {
        let intervals = Dictionary(uniqueKeysWithValues: PollClass.allCases.map { ($0, Duration.milliseconds(50)) })
        return SiteDescription(
            id: "bus",
            cycleInterval: .milliseconds(50),
            endpoints: [EndpointDescription(id: "e", host: "127.0.0.1", port: port)],
            maps: [Self.iem3000, Self.em24, Self.mixed],
            devices: [
                DeviceDescription(id: "iem", endpoint: 0, unit: 1, map: 0, intervals: intervals),
                DeviceDescription(id: "em", endpoint: 0, unit: 2, map: 1, intervals: intervals),
                DeviceDescription(id: "plc", endpoint: 0, unit: 200, map: 2, intervals: intervals),
                DeviceDescription(id: "absent", endpoint: 0, unit: 9, map: 0, intervals: intervals),
            ]
        )
    }

    @Test(.timeLimit(.minutes(1))) func readsLiteralWordsAsTheValuesTheyMean() async throws {
        let server = try PymodbusServer([
            "1 holding_register 2999 41C4 0000 0000 0000 0000 0000",
            "1 holding_register 3027 4366 8000",
            "1 holding_register 3059 4148 0000",
            "1 holding_register 3083 BF40 0000",
            "1 holding_register 3109 4247 FAE1",
            "1 holding_register 3203 0000 0000 0756 B5B3",
            "2 input_register 0 08FF 0000 08FC 0000 0901 0000 0000 0000 0000 0000 0000 0000 61A8 0000",
            "2 input_register 14 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000",
            "2 input_register 30 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 E700 FFFF 0000 0000 0000 0000",
            "2 input_register 46 0000 0000 0000 0000 0000 01F4 4240 000F",
            "200 coil 5 1 0 0 0 0 0 0 0 0 1",
            "200 discrete_input 3 1",
            "200 holding_register 100 FC18 0000 FFFF",
            "200 holding_register 104 00B7 8000",
        ])
        let site = site(server.port)
        let clock = RunningClock()
        let poller = try ModbusPoller(site: site, clock: clock)
        let expected: [(String, Double)] = [
            ("iem/current_l1", 24.5),  // 0x41C40000 = 1.53125 * 2^4
            ("iem/voltage_l1", 230.5),  // 0x43668000 = 1.80078125 * 2^7
            ("iem/active_power", 12_500),  // 0x41480000 = 12.5 kW
            ("iem/power_factor", -0.75),  // 0xBF400000
            ("iem/frequency", Double(Float(49.995))),  // 0x4247FAE1
            ("iem/active_energy_import", 123_123_123 * 3_600),  // 0x0756B5B3 Wh
            ("em/voltage_l1", 230.3),  // 0x000008FF = 2303 tenths
            ("em/current_l1", 25),  // 0x000061A8 = 25000 thousandths
            ("em/active_power", -640),  // 0xFFFFE700 = -6400 tenths
            ("em/frequency", 50),  // 0x01F4 = 500 tenths
            ("em/active_energy", 360_000_000_000),  // 0x000F4240 = 1000000 tenths of 3.6 MJ
            ("plc/run_status", 1), ("plc/fault", 1), ("plc/door_open", 1),
            ("plc/active_power", -100),  // 0xFC18 = -1000, times 10^-1
            ("plc/supply_temperature", 18.3),  // 0x00B7 = 183 tenths
        ]
        try await poller.polling {
            for (id, value) in expected {
                try await waitUntil("\(id) is good") { try poller.reading(id, of: site, at: clock).isGood }
                #expect(try poller.reading(id, of: site, at: clock).value == value, "\(id)")
            }
            try await waitUntil("the hole is found") {
                try poller.reading("plc/missing_register", of: site, at: clock).cause == .knownBadRange
            }
            #expect(try poller.reading("plc/return_temperature", of: site, at: clock).cause == .sensorAbsent)
            try await waitUntil("the unit that is not there is named") {
                poller.deviceStatuses()[3].link == .degraded
            }
            #expect(poller.deviceStatuses().map(\.link) == [.up, .up, .up, .degraded])
            #expect(poller.deviceStatuses()[3].detail == "device exception", "pymodbus has no such unit")
            #expect(poller.deviceStatuses().allSatisfy { $0.malformedReplies == 0 && $0.lateReplies == 0 })
        }
    }
}
