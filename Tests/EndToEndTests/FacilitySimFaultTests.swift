// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import TestKit
import Testing
import facility_sim

/// Device faults over plant time: from a scenario file, from the control socket, and what the plant makes of them.
struct FacilitySimFaultTests {
    /// A small site at one plant second per wall second, with a clock that the test moves.
    private struct Bench {
        let directory: TemporaryDirectory
        let wall = SharedWall()
        let site: ServedSite

        init(scenario: String? = nil) throws {
            directory = try TemporaryDirectory()
            let path = directory.path("site.yaml")
            try SmallHall.site().write(toFile: path, atomically: true, encoding: .utf8)
            var scenarioPath: String?
            if let scenario {
                scenarioPath = directory.path("scenario.yaml")
                try scenario.write(toFile: directory.path("scenario.yaml"), atomically: true, encoding: .utf8)
            }
            site = try ServedSite(
                path: path,
                mapDirectories: [Repository.path("devicemaps")],
                portBase: freePortBlock(2),
                scenarioPath: scenarioPath,
                wall: { [wall] in wall.now }
            )
            try site.start()
        }

        func client(_ endpoint: String) throws -> RawModbusClient {
            try RawModbusClient(port: #require(site.port(ofEndpoint: endpoint)))
        }

        func pass(_ seconds: Int) { wall.pass(.seconds(seconds)) }
    }

    /// Watt hours of a meter's energy register.
    private func energy(_ client: RawModbusClient, unit: UInt8 = 1) throws -> Int {
        try #require(client.holdingRegisters(unit: unit, 3_203, 4)).reduce(0) { $0 << 16 | Int($1) }
    }

    /// Tenths of a degree of the coolant setpoint.
    private func setpoint(_ client: RawModbusClient) throws -> UInt16 {
        try #require(client.holdingRegisters(unit: 1, 0, 1)?.first)
    }

    /// Writes the coolant setpoint in tenths of a degree; whether it was acknowledged.
    private func write(_ client: RawModbusClient, _ tenths: UInt8 = 0, high: UInt8 = 1) -> Bool {
        client.ask(unit: 1, [6, 0, 0, high, tenths]) == [6, 0, 0, high, tenths]
    }

    @Test(.timeLimit(.minutes(1)))
    func faultBeginsAndEndsAtItsPlantTimes() throws {
        let bench = try Bench(
            scenario: """
                faults:
                  - {after: 1 min, for: 30 s, devices: "meter-*", units: [2], exception: 0x0A}
                """
        )
        defer { bench.site.stop() }
        let client = try bench.client("meters")
        func answer(_ unit: UInt8) -> [UInt8]? { client.ask(unit: unit, [3, 0x0C, 0x83, 0, 4]) }
        #expect(answer(2)?.first == 3)
        bench.pass(59)
        #expect(answer(2)?.first == 3)
        bench.pass(1)
        #expect(answer(2) == [0x83, 0x0A])
        #expect(answer(1)?.first == 3)
        bench.pass(29)
        #expect(answer(2) == [0x83, 0x0A])
        bench.pass(1)
        #expect(answer(2)?.first == 3)
        #expect(bench.site.control("list") == ["ok"])
    }

    @Test(.timeLimit(.minutes(1)))
    func stuckPointKeepsItsValueAndGoesOnWithTheTruth() throws {
        let bench = try Bench()
        defer { bench.site.stop() }
        let client = try bench.client("meters")
        bench.pass(10)
        let before = try energy(client)
        #expect(bench.site.control("start {devices: meter-1, points: active_energy_import, stuck: true}") == ["ok 1"])
        bench.pass(100)
        #expect(try energy(client) == before)
        #expect(try energy(client, unit: 2) > 0)
        #expect(bench.site.control("stop 1") == ["ok"])
        bench.pass(1)
        // 101 s of at least half load.
        #expect(try energy(client) > before + 101 * 66_000 / 3_600)
    }

    @Test(.timeLimit(.minutes(1)))
    func driftGrowsWithPlantTime() throws {
        let bench = try Bench()
        defer { bench.site.stop() }
        let drift = "start {devices: meter-1, points: active_power, drift: 3600000}"
        #expect(bench.site.control(drift) == ["ok 1"])
        let client = try bench.client("meters")
        bench.pass(1_000)
        let words = try #require(client.holdingRegisters(unit: 1, 3_059, 2))
        let kilowatts = Float(bitPattern: UInt32(words[0]) << 16 | UInt32(words[1]))
        // A thousand seconds at a kilowatt each on top of some 115 kW.
        #expect(kilowatts > 1_050 && kilowatts < 1_150, "\(kilowatts)")
    }

    /// What becomes of a setpoint of 25.6 °C written to a device that shows 32 °C, now and five seconds later.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("write_ignored: true", 320, 320),
            ("write_clamped: [28, 40]", 280, 280),
            ("write_slow: 5 s", 320, 256),
            ("local_panel: {value: 30}", 300, 300),
            ("worn_out_after: 10", 256, 256),
        ] as [(String, UInt16, UInt16)]
    )
    func acknowledgedCommandDoesWhatTheFaultSays(fault: String, atOnce: UInt16, later: UInt16) throws {
        let bench = try Bench()
        defer { bench.site.stop() }
        let client = try bench.client("cdus")
        #expect(try setpoint(client) == 320)
        #expect(bench.site.control("start {devices: cdu-1, \(fault)}") == ["ok 1"])
        bench.pass(1)
        #expect(write(client))
        bench.pass(1)
        #expect(try setpoint(client) == atOnce)
        bench.pass(5)
        #expect(try setpoint(client) == later)
    }

    /// The map's lease is 120 s and its home value 32 °C.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("{action: fall_back}", 118, 256, 0), ("{action: fall_back}", 121, 320, 0),
            ("{action: fall_back, period: 10 s}", 11, 320, 0),
            ("{action: fall_back, period: 10 s, alarm_point: fault_status}", 11, 320, 1),
            ("{action: hold}", 500, 256, 0), ("{action: none, alarm_point: fault_status}", 500, 256, 0),
            ("{action: alarm_only, alarm_point: fault_status}", 118, 256, 0),
            ("{action: alarm_only, alarm_point: fault_status}", 121, 256, 1),
        ] as [(String, Int, UInt16, UInt8)]
    )
    func watchdogActs(watchdog: String, after seconds: Int, shown: UInt16, alarm: UInt8) throws {
        let bench = try Bench()
        defer { bench.site.stop() }
        let client = try bench.client("cdus")
        let fault = "start {devices: cdu-1, points: coolant_supply_temperature_setpoint, watchdog: \(watchdog)}"
        #expect(bench.site.control(fault) == ["ok 1"])
        func alarmBit() -> UInt8? { client.ask(unit: 1, [2, 0, 1, 0, 1])?.last }
        let atRest = try #require(alarmBit())
        #expect(write(client))
        bench.pass(1)
        #expect(try setpoint(client) == 256)
        bench.pass(seconds)
        #expect(try setpoint(client) == shown)
        #expect(alarmBit() == max(alarm, atRest))
        // Written again, the device follows again.
        #expect(write(client, 4))
        bench.pass(1)
        #expect(try setpoint(client) == 260)
    }

    /// A fault that holds overrules the watchdog that the plant's own devices have; the others fall back as ever.
    @Test(.timeLimit(.minutes(1)))
    func holdingUnitOfTheHallKeepsItsCommandWhereTheOthersFallBack() throws {
        let wall = SharedWall()
        let site = try ServedSite(
            path: Repository.path("simulators/sites/hall-10mw.yaml"),
            mapDirectories: [Repository.path("devicemaps")],
            portBase: freePortBlock(67),
            wall: { wall.now }
        )
        try site.start()
        defer { site.stop() }
        let hold = "start {devices: cdu-1, points: coolant_supply_temperature_setpoint, watchdog: {action: hold}}"
        #expect(site.control(hold) == ["ok 1"])
        let clients = try ["cdu-1", "cdu-2"].map { try RawModbusClient(port: #require(site.port(ofEndpoint: $0))) }
        for client in clients { #expect(write(client)) }
        // 60 plant seconds a wall second.
        wall.pass(.seconds(1))
        #expect(try clients.map(setpoint) == [256, 256])
        wall.pass(.seconds(2))
        #expect(try clients.map(setpoint) == [256, 320])
    }

    @Test(.timeLimit(.minutes(1)))
    func writesAreCountedPerPoint() throws {
        let bench = try Bench()
        defer { bench.site.stop() }
        let client = try bench.client("cdus")
        for _ in 0..<3 { #expect(write(client)) }
        #expect(bench.site.control("writes") == ["cdu-1/coolant_supply_temperature_setpoint 3", "ok"])
    }

    @Test(.timeLimit(.minutes(1)))
    func controlSaysWhatItDoesNotUnderstand() throws {
        let bench = try Bench()
        defer { bench.site.stop() }
        let answers: [(line: String, part: String)] = [
            ("", "error: there is no command ''"),
            ("dance", "write start, load, stop, list or writes"),
            ("stop", "error: 'stop' needs a number, or all"),
            ("stop 9", "error: there is no fault 9"),
            ("start {devices: nobody, black_hole: true}", "no device of the site fits"),
            ("start {devices: meter-1, points: nothing, stuck: true}", "no point of these devices fits"),
            ("start {devices: meter-1}", "a fault needs exactly one of latency, black_hole"),
            ("start {reset: true, close: true}", "a fault needs exactly one of"),
            ("start {black_hole: false}", "leave the key out"),
            ("start {latency: slow}", "'latency' cannot be 'slow'"),
            ("start {exception: 300}", "outside 1...255"),
            ("start {stuck: true, share: 50 %}", "'share' goes with faults of single replies only"),
            ("start {colour: red, reset: true}", "has no key 'colour'"),
            ("load /nonexistent.yaml", "there is no readable file"),
        ]
        for (line, part) in answers {
            let answer = bench.site.control(line)
            #expect(
                answer.count == 1 && answer[0].hasPrefix("error: ") && answer[0].contains(part),
                "\(line): \(answer)"
            )
        }
        #expect(bench.site.control("list") == ["ok"])
        #expect(bench.site.control("start {latency: gateway}") == ["ok 1"])
        #expect(bench.site.control("start {after: 10 s, for: 5 s, units: [2], reset: true}") == ["ok 2"])
        let list = bench.site.control("list")
        #expect(list.count == 3 && list[0].hasPrefix("1 on: ") && list[1].hasPrefix("2 in 10"), "\(list)")
        #expect(bench.site.control("stop all") == ["ok"])
        #expect(bench.site.control("list") == ["ok"])
    }

    /// The program with its flags: a scenario from the start, a fault switched through the socket, a clean end.
    @Test(.timeLimit(.minutes(1)))
    func programTakesScenarioAndControlSocket() throws {
        let directory = try TemporaryDirectory()
        let scenario = directory.path("scenario.yaml")
        try "faults: [{devices: rack-1-meter, exception: 6}]\n".write(
            toFile: scenario,
            atomically: true,
            encoding: .utf8
        )
        let base = try freePortBlock(3)
        let socket = directory.path("control.socket")
        let program = try RunningProgram(
            "facility-sim",
            [
                "--site", Repository.path("simulators/sites/slice.yaml"), "--port-base", String(base), "--maps",
                Repository.path("devicemaps"), "--scenario", scenario, "--control", socket,
            ]
        )
        try #require(program.waitForLine(containing: "ready") != nil, "\(program.output)")
        let client = try RawModbusClient(port: base + 2)
        #expect(client.ask(unit: 1, [3, 0x0C, 0x83, 0, 4]) == [0x83, 6])
        let script = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(10)
            s.connect(sys.argv[1])
            f = s.makefile("rw")
            for line in ("stop 1", "start {devices: boundary-meter, exception: 0x0B}", "nonsense"):
                print(line, file=f, flush=True)
                print(f.readline().strip())
            """
        let answer = try runProcess(Python.executable, ["-c", script, socket])
        #expect(answer.output.hasPrefix("ok\nok 2\nerror: there is no command 'nonsense'"), "\(answer)")
        #expect(client.ask(unit: 1, [3, 0x0C, 0x83, 0, 4])?.first == 3)
        let other = try RawModbusClient(port: base)
        #expect(other.ask(unit: 1, [3, 0x4A, 0x38, 0, 2]) == [0x83, 0x0B])
        #expect(program.terminate() == 0)
        #expect(!FileManager.default.fileExists(atPath: socket))
    }

    @Test(.timeLimit(.minutes(1)))
    func oneDeviceOfAMapHasFaultsByFileAndSocketAtEveryUnit() throws {
        let directory = try TemporaryDirectory()
        let scenario = directory.path("scenario.yaml")
        try """
        faults:
          - {exception: 6}
          - {points: "*_setpoint", write_clamped: [20, 25]}
        """.write(toFile: scenario, atomically: true, encoding: .utf8)
        let socket = directory.path("control.socket")
        let program = try RunningProgram(
            "facility-sim",
            [
                "--map", "simulated_cdu", "--port", "0", "--maps", Repository.path("devicemaps"), "--scenario",
                scenario,
                "--control", socket,
            ]
        )
        let line = try #require(program.waitForLine(containing: "every unit"), "\(program.output)")
        let port = try #require(line.split(separator: " ").first?.split(separator: ":").last.flatMap { UInt16($0) })
        try #require(program.waitForLine(containing: "ready") != nil, "\(program.output)")
        let client = try RawModbusClient(port: port)
        for unit: UInt8 in [1, 7, 255] { #expect(client.ask(unit: unit, [3, 0, 0, 0, 1]) == [0x83, 6]) }
        let script = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(10)
            s.connect(sys.argv[1])
            f = s.makefile("rw")
            for line in ("stop 1", "start {points: pump_*, stuck: true}", "start {devices: no, close: true}"):
                print(line, file=f, flush=True)
                print(f.readline().strip())
            """
        let answer = try runProcess(Python.executable, ["-c", script, socket])
        #expect(answer.output.hasPrefix("ok\nok 3\nerror: fault:1:10: no device of the site fits"), "\(answer)")
        // 30 degC is cut to 25.
        #expect(client.ask(unit: 7, [6, 0, 0, 1, 0x2C]) == [6, 0, 0, 1, 0x2C])
        #expect(client.holdingRegisters(unit: 1, 0, 1) == [250])
        #expect(program.waitForLine(containing: "written coolant_supply_temperature_setpoint 25.0") != nil)
        #expect(program.terminate() == 0)
        #expect(!FileManager.default.fileExists(atPath: socket))
    }

    @Test(.timeLimit(.minutes(1)))
    func scenarioWithFaultsOfItsOwnEndsTheProgramWithOne() throws {
        let directory = try TemporaryDirectory()
        let scenario = directory.path("scenario.yaml")
        let cases = [
            ("faults: [{devices: nobody, reset: true}]", "scenario.yaml:1:10: no device of the site fits"),
            ("faults: [{after: soon, reset: true}]", "scenario.yaml:1:18: 'after' must be a quantity"),
            ("wrong: 1", "scenario.yaml:1:1: "),
        ]
        for (text, message) in cases {
            try text.write(toFile: scenario, atomically: true, encoding: .utf8)
            let result = try runProcess(
                RunningProgram.directory.appendingPathComponent("facility-sim").path,
                [
                    "--site", Repository.path("simulators/sites/slice.yaml"), "--maps", Repository.path("devicemaps"),
                    "--scenario", scenario,
                ],
                timeLimit: 20
            )
            #expect(result.status == 1)
            #expect(result.errors.contains(message), "\(result.errors)")
        }
    }
}
