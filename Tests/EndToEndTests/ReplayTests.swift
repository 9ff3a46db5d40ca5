// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModbusIO
import Plant
import SiteFiles
import Synchronization
import TestKit
import Testing
import facility_sim

/// Recorded telemetry behind the registers of a site.
@Suite(.serialized)
struct ReplayTests {
    /// Lines that the simulator told its operator.
    private final class Told: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    /// A site of two meters and a CDU on a recording, with a clock that the test moves.
    private final class Bench: Sendable {
        let directory: TemporaryDirectory
        let site: ServedSite
        private let wall = SharedWall()
        private let told = Told()

        init(
            _ recording: String,
            columns: String? = nil,
            speed: Double? = nil,
            hold: Duration? = nil,
            isLooping: Bool = false,
            simulation: String = SmallHall.realTime
        ) throws {
            directory = try TemporaryDirectory()
            try SmallHall.site(simulation).write(toFile: directory.path("site.yaml"), atomically: true, encoding: .utf8)
            try recording.write(toFile: directory.path("r.csv"), atomically: true, encoding: .utf8)
            try columns?.write(toFile: directory.path("c.yaml"), atomically: true, encoding: .utf8)
            site = try ServedSite(
                path: directory.path("site.yaml"),
                mapDirectories: [Repository.path("devicemaps")],
                portBase: freePortBlock(2),
                replay: ReplayOptions(
                    path: directory.path("r.csv"),
                    columnsPath: columns.map { [directory] _ in directory.path("c.yaml") },
                    speed: speed,
                    hold: hold,
                    isLooping: isLooping
                ),
                wall: { [wall] in wall.now },
                report: { [told] line in told.add(line) }
            )
            try site.start()
        }

        deinit { site.stop() }

        var reports: [String] { told.all }

        func pass(_ seconds: Int) { wall.pass(.seconds(seconds)) }

        func client(_ endpoint: String) throws -> RawModbusClient {
            try RawModbusClient(port: #require(site.port(ofEndpoint: endpoint)))
        }
    }

    /// Kilowatts in a meter's register of power; nil where the read is refused.
    private func power(_ client: RawModbusClient, unit: UInt8 = 1) -> Float? {
        client.holdingRegisters(unit: unit, 3_059, 2).map {
            Float(bitPattern: UInt32($0[0]) << 16 | UInt32($0[1]))
        }
    }

    private static let minutes = """
        time,meter-1/active_power,meter-1/active_energy_import,cdu-1/coolant_supply_temperature
        2026-03-01T06:00:00Z,1000,3600,20
        2026-03-01T06:01:00Z,2000,7200,21
        2026-03-01T06:02:00Z,3000,10800,22.345
        2026-03-01T06:03:00Z,4000,14400,

        """

    @Test(.timeLimit(.minutes(1)))
    func registersShowWhatWasRecordedForTheMoment() throws {
        let bench = try Bench(Self.minutes, hold: .seconds(180))
        let meter = try bench.client("meters")
        let cdu = try bench.client("cdus")
        #expect(power(meter) == 1)
        bench.pass(59)
        #expect(power(meter) == 1)
        bench.pass(1)
        #expect(power(meter) == 2)
        #expect(meter.holdingRegisters(unit: 1, 3_203, 4) == [0, 0, 0, 2])
        bench.pass(60)
        #expect(power(meter) == 3)
        // Rounded to the register's hundredth of a degree.
        #expect(cdu.inputRegisters(unit: 1, 0, 1) == [2_235] || cdu.inputRegisters(unit: 1, 0, 1) == [2_234])
        // Nothing in the last row: the value holds for the given time.
        bench.pass(150)
        #expect(cdu.inputRegisters(unit: 1, 0, 1)?.first != 0x7FFF)
        bench.pass(31)
        #expect(cdu.inputRegisters(unit: 1, 0, 1) == nil, "its only recorded value is gone, and the unit with it")
        // A device is there as long as any of its values is.
        #expect(power(meter) == 4)
        bench.pass(3_600)
        #expect(meter.ask(unit: 1, [3, 0x0B, 0xF3, 0, 2]) == [0x83, 0x0B])
        #expect(bench.reports.count { $0.contains("the recording is over") } == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func pointsWithoutAValueDoNotLookAsIfTheyHadOne() throws {
        let bench = try Bench(Self.minutes)
        let meter = try bench.client("meters")
        // Floating point has NaN; an integer without a sentinel is refused, and only that.
        let voltage = try #require(meter.holdingRegisters(unit: 1, 3_027, 2))
        #expect(Float(bitPattern: UInt32(voltage[0]) << 16 | UInt32(voltage[1])).isNaN)
        #expect(meter.ask(unit: 1, [3, 0x0C, 0x87, 0, 4]) == [0x83, 0x02])
        #expect(meter.holdingRegisters(unit: 1, 3_203, 4) != nil)
        // A device without any column is not there.
        #expect(meter.ask(unit: 2, [3, 0x0B, 0xF3, 0, 2]) == [0x83, 0x0B])
        let cdu = try bench.client("cdus")
        #expect(cdu.inputRegisters(unit: 1, 1, 1) == [0x7FFF])
        #expect(bench.reports.contains { $0.contains("3 of ") && $0.contains("4 moments from 2026-03-01T06:00:00Z") })
        #expect(
            bench.reports.contains { $0 == "values hold for 180 s to 270 s, then there are none" },
            "\(bench.reports)"
        )
        #expect(bench.reports.contains { $0 == "meter-2: no column; it does not answer" })
        #expect(bench.reports.contains { $0.contains("cdu-1: no column for coolant_return_temperature") })
    }

    @Test(.timeLimit(.minutes(1)))
    func commandsAreTakenUnlessAColumnDrivesThePoint() throws {
        let setpoint: [UInt8] = [6, 0, 0, 0x01, 0x18]
        let free = try Bench(Self.minutes)
        let cdu = try free.client("cdus")
        #expect(cdu.holdingRegisters(unit: 1, 0, 1) == [320])
        #expect(cdu.ask(unit: 1, setpoint) == setpoint)
        free.pass(2)
        #expect(cdu.holdingRegisters(unit: 1, 0, 1) == [280])

        let driven = try Bench(
            "time,cdu-1/coolant_supply_temperature_setpoint\n2026-03-01T06:00:00Z,30\n2026-03-01T07:00:00Z,31\n"
        )
        let other = try driven.client("cdus")
        #expect(other.holdingRegisters(unit: 1, 0, 1) == [300])
        #expect(other.ask(unit: 1, setpoint) == setpoint)
        driven.pass(2)
        #expect(other.holdingRegisters(unit: 1, 0, 1) == [300])
    }

    @Test(.timeLimit(.minutes(1)))
    func speedIsThatOfTheSiteFile() throws {
        let scaled = "simulation: {start: \"2026-03-01T06:01:00Z\", time_scale: 10}"
        let bench = try Bench(Self.minutes, speed: 10, simulation: scaled)
        let meter = try bench.client("meters")
        #expect(power(meter) == 2, "the site begins a minute into the recording")
        bench.pass(5)
        #expect(power(meter) == 2)
        bench.pass(1)
        #expect(power(meter) == 3)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (
                "", nil, "the site says no time to replay at",
                "'simulation: {start: \"2026-03-01T06:00:00Z\", time_scale: 1}'"
            ),
            (
                "simulation: {start: \"2026-03-01T06:00:30Z\", time_scale: 1}", 10.0,
                "--speed 10 is not its time_scale, 1", "'simulation: {start: \"2026-03-01T06:00:30Z\", time_scale: 10}'"
            ),
            (
                "simulation: {start: \"2025-03-01T06:00:00Z\", time_scale: 4}", nil,
                "is outside the recording", "'simulation: {start: \"2026-03-01T06:00:00Z\", time_scale: 4}'"
            ),
        ] as [(String, Double?, String, String)]
    )
    func aSiteThatDisagreesIsRefusedWithWhatToWrite(
        simulation: String,
        speed: Double?,
        reason: String,
        remedy: String
    ) {
        let problem = #expect(throws: SimulatorProblem.self) {
            try Bench(Self.minutes, speed: speed, simulation: simulation)
        }
        let text = problem?.lines.joined(separator: "\n") ?? ""
        #expect(problem?.exitCode == 1)
        #expect(text.contains(reason) && text.contains(remedy), "\(text)")
    }

    @Test(.timeLimit(.minutes(1)))
    func aLoopBeginsAgainOneIntervalBehindTheLastLine() throws {
        let bench = try Bench(Self.minutes, isLooping: true)
        let meter = try bench.client("meters")
        let seen = (0..<10).map { _ in
            defer { bench.pass(60) }
            return power(meter)
        }
        #expect(seen == [1, 2, 3, 4, 1, 2, 3, 4, 1, 2])
        #expect(!bench.reports.contains { $0.contains("over") })
    }

    @Test(.timeLimit(.minutes(1)))
    func aValueThatNoRegisterHoldsIsToldOnceAndNotCut() throws {
        let bench = try Bench(
            """
            time,cdu-1/coolant_supply_temperature,cdu-1/coolant_return_temperature
            2026-03-01T06:00:00Z,20,25
            2026-03-01T06:00:10Z,4000,25
            2026-03-01T06:00:20Z,5000,25
            2026-03-01T06:00:30Z,21,25

            """
        )
        let cdu = try bench.client("cdus")
        let seen = (0..<4).map { _ in
            defer { bench.pass(10) }
            return cdu.inputRegisters(unit: 1, 0, 2)
        }
        #expect(seen == [[2_000, 2_500], [0x7FFF, 2_500], [0x7FFF, 2_500], [2_100, 2_500]])
        #expect(bench.reports.count { $0.contains("does not fit its registers") } == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func columnsOfAForeignFileAreMapped() throws {
        let bench = try Bench(
            "When;Rack 1 kW;Weather\n1772344800;7.5;fine\n1772344860;8;fine\n",
            columns: "time: When\ncolumns:\n  Rack 1 kW: {point: meter-1/active_power, unit: kW}\n"
        )
        #expect(try power(bench.client("meters")) == 7.5)
        #expect(bench.reports.contains("not used: Weather"))
        let problem = #expect(throws: SimulatorProblem.self) {
            try Bench(Self.minutes, columns: "columns: {a: meter-9/active_power}")
        }
        #expect(problem?.lines.first?.contains("c.yaml:1:14: there is no point 'meter-9/active_power'") == true)
    }

    @Test(.timeLimit(.minutes(1)))
    func aBrokenLineIsNamedAndNothingIsServed() throws {
        let problem = #expect(throws: SimulatorProblem.self) {
            try Bench(Self.minutes + "2026-03-01T06:04:00Z,x,1,1\n")
        }
        #expect(problem?.exitCode == 1)
        #expect(problem?.lines.first?.contains("r.csv:6: 'x' in column 2") == true, "\(problem?.lines ?? [])")
        let empty = #expect(throws: SimulatorProblem.self) { try Bench("") }
        #expect(empty?.lines.first?.contains("the file is empty") == true)
    }

    /// What one run exported, the next one reads from the replay.
    @Test(.timeLimit(.minutes(2)))
    func anExportReplaysAsItIs() throws {
        let running = try RunningSite(site: "simulators/sites/slice.yaml")
        let metric = "thermocline_active_power_watts{device=\"rack-1-meter\""
        let page = try eventually { () -> String? in
            try running.get("/metrics").flatMap { $0.contains(metric) ? $0 : nil }
        }
        try #require(page != nil)
        #expect(running.agent.terminate() == 0)
        #expect(running.simulator.terminate() == 0)
        let csv = running.directory.path("export.csv")
        let export = try LoneAgent.verb([
            "export", "--store", running.storeDirectory, "--from", "2026-03-01T00:00:00Z", "--to",
            "2026-03-02T00:00:00Z", "--format", "csv", "--output", csv,
        ])
        #expect(export.status == 0, "\(export.errors)")
        let arguments = [
            "--site", running.sitePath, "--maps", Repository.path("devicemaps"), "--replay", csv,
        ]
        let simulator = try RunningProgram("facility-sim", arguments + ["--hold", "1 h"])
        try #require(simulator.waitForLine(containing: "ready") != nil, "\(simulator.output)")
        let agent = try LoneAgent(running.sitePath, store: running.directory.path("second"))
        let recorded = try Self.values(of: "rack-1-meter/active_power", in: csv)
        #expect(!recorded.isEmpty)
        let power = try #require(
            try eventually { () -> Double? in
                try agent.readings(of: "rack-1-meter")["active_power"]?["value"] as? Double
            }
        )
        #expect(recorded.contains { abs($0 - power) <= 1e-6 * power }, "\(power) is none of \(recorded)")
        #expect(agent.program.terminate() == 0)
        #expect(simulator.terminate() == 0)
    }

    private static func values(of point: String, in csv: String) throws -> [Double] {
        try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\r\n").compactMap { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            return fields[1] == point ? Double(fields[2]) : nil
        }
    }
}
