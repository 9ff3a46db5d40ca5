// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

/// Values through the shipped maps and the shipped program, from and to Modbus peers that nobody here wrote.
@Suite(.serialized)
struct ForeignPeerTests {
    /// Registers as literal words, apart from our codec, and the values they were worked out to by hand.
    ///
    /// iEM3000: float32 kW and int64 Wh, high word first. 0x4281_4000 is 64.625; 0x0000_0000_1A2B_3C4D is 439041101.
    /// EM24: int32 in tenths, low word first. 0x0001_86A5 is 100005 tenths of a watt; 0x0000_0A0B is 2571 tenths of
    /// a kilowatt hour.
    private static let words = """
        1 holding_register 3059 4281 4000
        1 holding_register 3203 0000 0000 1A2B 3C4D
        2 holding_register 40 86A5 0001
        2 holding_register 52 0A0B 0000

        """

    private static let expected: [(point: String, value: Double)] = [
        ("iem/active_power", 64_625),
        ("iem/active_energy_import", 439_041_101 * 3_600),
        ("em24/active_power", 10_000.5),
        ("em24/active_energy_import", 925_560_000),
    ]

    @Test(.timeLimit(.minutes(2)))
    func literalWordsOfAPymodbusServerReadAsWorkedOutByHand() throws {
        let server = try RunningProgram(
            executable: Python.executable,
            [Repository.path("Tests/ModbusIOTests/oracles/pymodbus_server.py")],
            input: Self.words + "\n"
        )
        let portLine = try #require(server.waitForLine { UInt16($0) != nil }, "\(server.output)")
        let directory = try TemporaryDirectory()
        let site = directory.path("site.yaml")
        try """
        site: {id: peer, name: Peer, jurisdiction: SE}
        endpoints: [{id: peer, host: 127.0.0.1, port: \(portLine)}]
        devices:
          - {id: iem, endpoint: peer, unit: 1, map: schneider_iem3000}
          - {id: em24, endpoint: peer, unit: 2, map: carlo_gavazzi_em24_ethernet}
        """.write(toFile: site, atomically: true, encoding: .utf8)
        let agent = try RunningProgram(
            "thermocline",
            [
                "run", site, "--maps", Repository.path("devicemaps"), "--store", directory.path("store"), "--listen",
                "127.0.0.1:0",
            ]
        )
        let line = try #require(agent.waitForLine(containing: "serving http://"), "\(agent.output)")
        let url = "http://" + (line.components(separatedBy: "serving http://").last ?? "")
        for (point, value) in Self.expected {
            let read = try eventually { () -> Double? in
                let points = try getJSON(url + "/api/v1/points?glob=" + point) as? [[String: Any]]
                return (points?.first?["reading"] as? [String: Any])?["value"] as? Double
            }
            #expect(read == value, "\(point)")
        }
        #expect(agent.terminate() == 0)
    }

    @Test(.timeLimit(.minutes(2)))
    func mbpollAndPymodbusReadTheRackPowerThatMetricsShow() throws {
        let running = try RunningSite(site: "simulators/sites/slice.yaml")
        let shown = try #require(
            try eventually { () -> Double? in
                guard let page = try running.get("/metrics") else { return nil }
                return page.split(separator: "\n")
                    .first { $0.hasPrefix("thermocline_active_power_watts{device=\"rack-1-meter\"") }
                    .flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }
            }
        )
        let port = String(running.portBase + 22)
        // iEM3000: active power, float32 in kW, high word first, at address 3059 counted from 0.
        let mbpoll = try runProcess(
            "mbpoll",
            [
                "-m", "tcp", "-p", port, "-a", "1", "-0", "-r", "3059", "-c", "1", "-t", "4:float", "-B", "-1", "-q",
                "127.0.0.1",
            ]
        )
        let answer = mbpoll.output.split(separator: "\n").first { $0.hasPrefix("[3059]") }
        let polled = try #require(answer?.split(whereSeparator: \.isWhitespace).last.flatMap { Double($0) })
        let pymodbus = try runProcess(
            Python.executable,
            [Repository.path("Tests/EndToEndTests/oracles/read_float.py"), port, "1", "3059"]
        )
        let read = try #require(
            Double(pymodbus.output.trimmingCharacters(in: .whitespacesAndNewlines)),
            "\(pymodbus.errors)"
        )
        // One moment after another; the simulated load moves a little in between.
        #expect(abs(polled * 1_000 - shown) < 0.10 * shown, "mbpoll \(polled) kW, metrics \(shown) W")
        #expect(abs(read * 1_000 - shown) < 0.10 * shown, "pymodbus \(read) kW, metrics \(shown) W")
    }
}
