// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing
import facility_sim

/// facility-sim as a user starts it: what it takes, how it ends, what it says when it cannot start.
@Suite(.serialized)
struct FacilitySimProgramTests {
    private static let maps = Repository.path("devicemaps")
    private static let slice = Repository.path("simulators/sites/slice.yaml")

    private func run(_ arguments: [String]) throws -> ChildResult {
        try runProcess(RunningProgram.directory.appendingPathComponent("facility-sim").path, arguments, timeLimit: 20)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ([], "Give either --site or --map."),
            (["--site", "a.yaml", "--map", "b", "--port", "0"], "Give either --site or --map."),
            (["--site", "a.yaml", "--port", "1"], "--port goes with --map"),
            (["--map", "schneider_iem3000"], "--map needs --port"),
            (["--map", "schneider_iem3000", "--port", "0", "--port-base", "15000"], "--port-base goes with --site"),
            (["--site", "a.yaml", "--port-base", "0"], "--port-base must be at least 1"),
            (["--site", "a.yaml", "--port-base", "70000"], "70000"),
            (["--site", "a.yaml", "--seed", "x"], "--seed"),
            (["--map", "b", "--port", "0", "--weather", "synthetic:stockholm"], "--weather goes with --site"),
            (["--site", "a.yaml", "--nonsense"], "--nonsense"),
            (["--map", "b", "--port", "0", "--replay", "r.csv"], "--replay goes with --site"),
            (["--site", "a.yaml", "--loop"], "--loop goes with --replay"),
            (["--site", "a.yaml", "--speed", "2"], "--speed goes with --replay"),
            (["--site", "a.yaml", "--replay", "r.csv", "--hold", "soon"], "--hold 'soon' is no time"),
            (["--site", "a.yaml", "--replay", "r.csv", "--weather", "synthetic:stockholm"], "not --replay"),
        ] as [([String], String)]
    )
    func usageErrorsEndWithTwo(arguments: [String], message: String) throws {
        let result = try run(arguments)
        #expect(result.status == 2)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test(.timeLimit(.minutes(1)))
    func faultsOfTheInputEndWithOneAndSayWhere() throws {
        let directory = try TemporaryDirectory()
        func site(_ text: String) throws -> String {
            let path = directory.path("site.yaml")
            try ("site: {id: s, name: S, jurisdiction: SE}\n" + text).write(
                toFile: path,
                atomically: true,
                encoding: .utf8
            )
            return path
        }
        let missing = try run(["--site", directory.path("none.yaml"), "--maps", Self.maps])
        #expect(missing.status == 1)
        #expect(missing.errors.contains("none.yaml:1:1: there is no readable file here"), "\(missing.errors)")

        let endpoint = "endpoints: [{id: a, host: HOST, port: 1502}]\n"
        let unknown = try site(
            endpoint.replacing("HOST", with: "127.0.0.1") + "devices: [{id: d, endpoint: a, map: no_such}]\n"
        )
        let unknownMap = try run(["--site", unknown, "--maps", Self.maps])
        #expect(unknownMap.status == 1)
        #expect(unknownMap.errors.contains("site.yaml:3:") && unknownMap.errors.contains("no_such"))

        let distant = try site(
            endpoint.replacing("HOST", with: "192.0.2.1") + "devices: [{id: d, endpoint: a, map: schneider_iem3000}]\n"
                + "racks: [{id: r, hall: h, power: 132 kW, liquid_share: 87 %}]\n"
        )
        let notLoopback = try run(["--site", distant, "--maps", Self.maps])
        #expect(notLoopback.status == 1)
        #expect(notLoopback.errors.contains("192.0.2.1 is not loopback"), "\(notLoopback.errors)")

        let beyond = try run(["--site", Self.slice, "--maps", Self.maps, "--port-base", "65534"])
        #expect(beyond.status == 1)
        #expect(beyond.errors.contains("port 65536 does not exist; take a lower --port-base"), "\(beyond.errors)")

        let climate = try run(["--site", Self.slice, "--maps", Self.maps, "--weather", "synthetic:atlantis"])
        #expect(climate.status == 1)
        #expect(climate.errors.contains("synthetic:atlantis: there is no climate 'atlantis'; take one of "))
        let noYear = try run(["--site", Self.slice, "--maps", Self.maps, "--weather", directory.path("none.epw")])
        #expect(noYear.status == 1)
        #expect(noYear.errors.contains("none.epw: there is no readable file here"), "\(noYear.errors)")

        let noMap = try run(["--map", "no_such", "--port", "0", "--maps", Self.maps])
        #expect(noMap.status == 1)
        #expect(noMap.errors.contains("there is no map no_such in"), "\(noMap.errors)")
        let noFile = try run(["--map", directory.path("none.yaml"), "--port", "0"])
        #expect(noFile.status == 1)
        #expect(noFile.errors.contains("none.yaml:1:1: there is no readable file here"), "\(noFile.errors)")
    }

    @Test(.timeLimit(.minutes(1)))
    func aMapOfOnesOwnIsServedByItsPath() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("acme_meter.yaml")
        try FileManager.default.copyItem(atPath: "\(Self.maps)/schneider_iem3000.yaml", toPath: path)
        let simulator = try RunningProgram("facility-sim", ["--map", path, "--port", "0"])
        #expect(simulator.waitForLine(containing: "acme_meter, every unit") != nil, "\(simulator.output)")
        #expect(simulator.terminate() == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func takenPortEndsWithThreeAndIsNamed() throws {
        let first = try RunningProgram(
            "facility-sim",
            ["--map", "schneider_iem3000", "--port", "0", "--maps", Self.maps]
        )
        let line = try #require(first.waitForLine(containing: "schneider_iem3000, every unit"), "\(first.output)")
        let port = try #require(line.split(separator: " ").first?.split(separator: ":").last.map(String.init))
        let second = try run(["--map", "schneider_iem3000", "--port", port, "--maps", Self.maps])
        #expect(second.status == 3)
        #expect(second.errors.contains("127.0.0.1:\(port)") && second.errors.contains("in use"), "\(second.errors)")
        let site = try run(["--site", Self.slice, "--port-base", port, "--maps", Self.maps])
        #expect(site.status == 3)
        #expect(first.terminate() == 0)
    }

    /// Both signals end it with status 0 while a client is connected, and its ports can be taken at once.
    @Test(.timeLimit(.minutes(1)), arguments: [SIGTERM, SIGINT])
    func signalsEndItCleanlyAndFreeItsPorts(number: Int32) throws {
        let base = try freePortBlock(3)
        let arguments = ["--site", Self.slice, "--port-base", String(base), "--maps", Self.maps]
        let first = try RunningProgram("facility-sim", arguments)
        try #require(first.waitForLine(containing: "ready") != nil, "\(first.output)")
        for (offset, device) in ["boundary-meter", "ups-output-meter", "rack-1-meter"].enumerated() {
            #expect(first.output.contains("127.0.0.1:\(Int(base) + offset) \(device) ("), "\(first.output)")
        }
        let client = try RawModbusClient(port: base + 2)
        #expect(client.holdingRegisters(unit: 1, 3_203, 4) != nil)
        first.signal(number)
        #expect(first.waitForEnd() == 0)
        #expect(client.holdingRegisters(unit: 1, 3_203, 4) == nil)
        let second = try RunningProgram("facility-sim", arguments)
        #expect(second.waitForLine(containing: "ready") != nil, "\(second.output)")
        #expect(second.terminate() == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func sameSeedShowsTheSameRegistersAndAnotherSeedOthers() throws {
        func words(seed: UInt64) throws -> [[UInt16]] {
            let clock = SharedWall()
            let site = try ServedSite(
                path: Self.slice,
                mapDirectories: [Self.maps],
                portBase: freePortBlock(3),
                seed: seed,
                wall: { clock.now }
            )
            try site.start()
            defer { site.stop() }
            let client = try RawModbusClient(port: #require(site.port(ofEndpoint: "rack-meter")))
            return try (0..<20).map { _ in
                clock.pass(.seconds(30))
                let power = try #require(client.holdingRegisters(unit: 1, 3_059, 2))
                return try power + #require(client.holdingRegisters(unit: 1, 3_203, 4))
            }
        }
        let first = try words(seed: 7)
        #expect(try words(seed: 7) == first)
        #expect(try words(seed: 8) != first)
        #expect(Set(first).count == 20)
    }

    /// The flag reaches the plant: energy registers start where the seed puts them.
    @Test(.timeLimit(.minutes(1)))
    func seedFlagRepeatsTheRun() throws {
        func energy(seed: String) throws -> Int {
            let base = try freePortBlock(3)
            let program = try RunningProgram(
                "facility-sim",
                ["--site", Self.slice, "--port-base", String(base), "--seed", seed, "--maps", Self.maps]
            )
            try #require(program.waitForLine(containing: "ready") != nil, "\(program.output)")
            let words = try #require(RawModbusClient(port: base + 2).holdingRegisters(unit: 1, 3_203, 4))
            #expect(program.terminate() == 0)
            return words.reduce(0) { $0 << 16 | Int($1) }
        }
        let first = try energy(seed: "7")
        // A second counts about 33 Wh; the registers of two seeds lie megawatt hours apart.
        #expect(try abs(energy(seed: "7") - first) < 2_000)
        #expect(try abs(energy(seed: "8") - first) > 10_000)
    }

    /// The weather station of the hall, at a dry bulb that only the file can have given.
    @Test(.timeLimit(.minutes(1)))
    func weatherOfAFileReachesTheWeatherStation() throws {
        let directory = try TemporaryDirectory()
        let rows = (1...48).map { "\(1 + ($0 - 1) / 24 * 59 / 28),1,\(1 + ($0 - 1) % 24),33.5,11" }
        try (["month,day,hour,dry_bulb_celsius,dew_point_celsius"] + rows).joined(separator: "\n")
            .write(toFile: directory.path("year.csv"), atomically: true, encoding: .utf8)
        func dryBulb(_ weather: String?) throws -> Int {
            let clock = SharedWall()
            let site = try ServedSite(
                path: Repository.path("simulators/sites/hall-10mw.yaml"),
                mapDirectories: [Self.maps],
                portBase: freePortBlock(200),
                weather: weather,
                wall: { clock.now }
            )
            try site.start()
            defer { site.stop() }
            clock.pass(.seconds(2))
            let client = try RawModbusClient(port: #require(site.port(ofEndpoint: "weather")))
            return try Int(Int16(bitPattern: #require(client.inputRegisters(unit: 1, 31, 1)?.first)))
        }
        #expect(try abs(dryBulb(directory.path("year.csv")) - 335) < 5)
        #expect(try abs(dryBulb(nil) - 190) < 5)
    }
}
