// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

/// `thermocline probe` against simulated devices, as an engineer at a new meter uses it.
@Suite(.serialized)
struct ProbeCommandTests {
    private static func probe(_ device: LoneDevice, map: String, _ options: [String] = []) throws -> ChildResult {
        let maps = map.hasSuffix(".yaml") ? [] : ["--maps", Repository.path("devicemaps")]
        return try LoneAgent.verb(["probe", "127.0.0.1:\(device.port)", "--map", map] + maps + options)
    }

    /// A copy of a shipped map with something in it changed and its golden vectors left out.
    private static func changedMap(
        _ name: String,
        _ change: (inout String) -> Void,
        in directory: TemporaryDirectory
    ) throws -> String {
        var text = try String(contentsOfFile: Repository.path("devicemaps/\(name).yaml"), encoding: .utf8)
        text = text.components(separatedBy: "\ngolden:")[0] + "\n"
        let before = text
        change(&text)
        try #require(text != before)
        let path = directory.path("\(name).yaml")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test(.timeLimit(.minutes(1)))
    func showsRegistersAndValuesAsTextAndAsJSON() throws {
        let device = try LoneDevice()
        let text = try Self.probe(device, map: "schneider_iem3000")
        #expect(text.status == 0, "\(text.errors)")
        let row = text.output.split(separator: "\n").first { $0.hasPrefix("active_power ") }
        let cells = row?.split(separator: " ").map(String.init) ?? []
        #expect(cells.dropLast() == ["active_power", "holding", "3059", "4144", "CCCD", "12.3", "kW", "good"])
        #expect(text.output.contains("28 of 28 points good") && !text.output.contains("hint:"), "\(text.output)")

        let json = try Self.probe(device, map: "schneider_iem3000", ["--json"])
        #expect(json.status == 0, "\(json.errors)")
        let report = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        let points = report?["points"] as? [[String: Any]] ?? []
        let energy = try #require(points.first { $0["name"] as? String == "active_energy_import" })
        #expect(energy["registers"] as? [Int] == [0, 0, 0x075B, 0xCD15])
        #expect(energy["value"] as? Double == 123_456_789 && energy["unit"] as? String == "Wh")
        #expect(energy["baseValue"] as? Double == 444_444_440_400 && energy["quality"] as? String == "good")
        #expect((energy["roundTripSeconds"] as? Double ?? 0) > 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func namesTheWordOrderThatMakesSense() throws {
        let device = try LoneDevice()
        let directory = try TemporaryDirectory()
        let map = try Self.changedMap(
            "schneider_iem3000",
            { $0.replace("order: high_first", with: "order: low_first") },
            in: directory
        )
        let result = try Self.probe(device, map: map)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("good, implausible"), "\(result.output)")
        let hint =
            "hint: 'order: high_first' in the map would make sense of 27 implausible values: active_power (12.3 kW)"
        #expect(result.output.contains(hint), "\(result.output)")
    }

    @Test(.timeLimit(.minutes(1)))
    func aMapOfAnotherProductEndsWithOne() throws {
        let device = try LoneDevice(map: "carlo_gavazzi_em24_ethernet")
        let directory = try TemporaryDirectory()
        let refused = try Self.probe(device, map: "janitza_umg604")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("gives nothing of what map 'janitza_umg604' asks for; check --map"))

        let map = try Self.changedMap(
            "carlo_gavazzi_em24_ethernet",
            { $0.replace("accept: [1648,", with: "accept: [7,") },
            in: directory
        )
        let stranger = try Self.probe(device, map: map)
        #expect(stranger.status == 1)
        #expect(stranger.errors.contains("calls itself 1648"), "\(stranger.errors)")
        #expect(stranger.output.contains("active_power"), "the values are shown all the same")

        let unknown = try Self.probe(device, map: "no_such_map")
        #expect(unknown.status == 1 && unknown.errors.contains("no map 'no_such_map'"))
    }

    @Test(.timeLimit(.minutes(1)))
    func aPortWithoutAnybodyEndsWithThree() throws {
        let port = try freePortBlock(1)
        let maps = Repository.path("devicemaps")
        let place = "127.0.0.1:\(port)"
        for options in [[], ["--watch"], ["--scan"], ["--json"]] {
            let result = try LoneAgent.verb(["probe", place, "--map", "schneider_iem3000", "--maps", maps] + options)
            #expect(result.status == 3, "\(options)")
            #expect(result.errors.contains("127.0.0.1 port \(port): the connection failed: connection refused"))
            #expect(result.output.isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func aWatchAppendsBlocksOutlastsAnOutageAndEndsWithZero(_ isJSON: Bool) throws {
        let port = String(try freePortBlock(1))
        let device = try LoneDevice(port: port)
        let watch = try RunningProgram(
            "thermocline",
            [
                "probe", "127.0.0.1:\(port)", "--map", "schneider_iem3000", "--maps", Repository.path("devicemaps"),
                "--watch", "--interval", "100 ms",
            ] + (isJSON ? ["--json"] : [])
        )
        let mark = isJSON ? "\"baseValue\":12300" : "12.3  kW"
        func blocks() -> Int { watch.output.components(separatedBy: mark).count - 1 }
        #expect(try eventually(within: 10) { blocks() >= 2 ? true : nil } == true, "\(watch.output)")
        #expect(device.program.terminate() == 0)
        #expect(watch.waitForLine(containing: "probe: 127.0.0.1 port \(port)", within: 10) != nil, "\(watch.output)")
        let seen = blocks()
        let again = try LoneDevice(port: port)
        #expect(try eventually(within: 10) { blocks() > seen ? true : nil } == true, "\(watch.output)")
        watch.signal(SIGINT)
        #expect(watch.waitForEnd(within: 5) == 0)
        withExtendedLifetime(again) {}
    }

    @Test(.timeLimit(.minutes(1)))
    func aScanFindsTheUnitsBehindAGateway() throws {
        let server = try RunningProgram(
            executable: Python.executable,
            [Repository.path("Tests/EndToEndTests/oracles/gateway.py"), "3", "4", "17", "247"],
            input: ""
        )
        let port = try #require(server.waitForLine { UInt16($0) != nil }, "\(server.output)")
        let options = ["--map", "schneider_iem3000", "--maps", Repository.path("devicemaps"), "--scan"]
        let scan = try LoneAgent.verb(["probe", "127.0.0.1:\(port)"] + options)
        #expect(scan.status == 0, "\(scan.errors)")
        #expect(scan.output.contains("4 of 249 unit ids answer"), "\(scan.output)")
        let units = scan.output.split(separator: "\n").dropFirst(2).map { $0.prefix { $0 != " " } }
        #expect(units == ["3-4", "17", "247"], "\(scan.output)")
        #expect(scan.errors.isEmpty, "progress belongs on a terminal")

        let json = try LoneAgent.verb(["probe", "127.0.0.1:\(port)", "--json"] + options)
        let report = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect((report?["units"] as? [[String: Any]])?.compactMap { $0["unit"] as? Int } == [3, 4, 17, 247])
    }

    @Test(.timeLimit(.minutes(1)))
    func aScanOfADeviceThatIgnoresUnitsSaysSo() throws {
        let device = try LoneDevice()
        let scan = try Self.probe(device, map: "schneider_iem3000", ["--scan"])
        #expect(scan.status == 0, "\(scan.errors)")
        #expect(scan.output.contains("249 of 249 unit ids answer"), "\(scan.output)")
        #expect(scan.output.contains("1-247") && scan.output.contains("every unit id answers"), "\(scan.output)")
    }
}
