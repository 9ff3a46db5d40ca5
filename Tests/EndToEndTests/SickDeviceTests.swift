// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

/// Devices that misbehave on the wire beside one that does not.
@Suite(.serialized)
struct SickDeviceTests {
    /// What the readings of each device of `sick_devices.py` must be marked with, in the end.
    private static let causes = [
        "closes-at-once": "connection lost",
        "garbage": "malformed reply",
        "stalls": "no reply in time",
        "stalls-halfway": "no reply in time",
        "length-too-long": "malformed reply",
        "length-too-short": "malformed reply",
        "byte-count-too-long": "malformed reply",
        "foreign-transaction": "malformed reply",
        "foreign-unit": "malformed reply",
        "foreign-protocol": "malformed reply",
    ]

    @Test(.timeLimit(.minutes(1)))
    func everySickDeviceIsMarkedAndAHealthyOneStaysGood() throws {
        let peers = try RunningProgram(
            executable: Python.executable,
            [Repository.path("Tests/EndToEndTests/oracles/sick_devices.py")],
            input: ""
        )
        try #require(peers.waitForLine { $0 == "ready" } != nil, "\(peers.output)")
        let sick = peers.output.split(separator: "\n").dropLast().map { line in
            let words = line.split(separator: " ")
            return (name: String(words[0]), port: String(words[1]))
        }
        #expect(Set(sick.map(\.name)) == Set(Self.causes.keys))
        let healthy = try LoneDevice()
        let absentPort = String(try freePortBlock(1))
        let directory = try TemporaryDirectory()
        let site = directory.path("site.yaml")
        try siteOfMeters([("healthy", healthy.port), ("absent", absentPort)] + sick)
            .write(toFile: site, atomically: true, encoding: .utf8)
        // It starts although all but one of its devices are in trouble, one of them not there at all.
        let agent = try LoneAgent(site, store: directory.path("store"))

        for (name, cause) in Self.causes.sorted(by: { $0.key < $1.key }) {
            try expectMarked(name, cause, by: agent)
        }
        try expectMarked("absent", "connection refused", by: agent)
        try expectHealthy(agent, without: sick.map(\.name) + ["absent"])

        // The one that was down appears, and is read without a restart.
        let appeared = try LoneDevice(port: absentPort)
        let isGood = try eventually(within: 20) { () -> Bool? in
            try agent.readings(of: "absent")["active_power"]?["quality"] as? String == "good" ? true : nil
        }
        #expect(isGood == true, "\(agent.program.output)")
        #expect(agent.program.terminate() == 0, "\(agent.program.output)")
        withExtendedLifetime((peers, appeared)) {}
    }

    /// Waits for the cause, and expects that no point of the device has a value.
    private func expectMarked(_ name: String, _ cause: String, by agent: LoneAgent) throws {
        var last: [String: [String: Any]] = [:]
        let isMarked = try eventually(within: 15) { () -> Bool? in
            last = try agent.readings(of: name)
            return last["active_power"]?["cause"] as? String == cause ? true : nil
        }
        #expect(isMarked == true, "\(name): \(last["active_power"] ?? [:])")
        for (point, reading) in last {
            #expect(reading["quality"] as? String == "bad", "\(name)/\(point)")
            #expect(!(reading["value"] is Double), "\(name)/\(point)")
        }
    }

    /// On the metrics page the healthy device is up with a fresh value, and the others are down without any.
    private func expectHealthy(_ agent: LoneAgent, without sick: [String]) throws {
        var page = MetricsPage(text: "")
        // A device that takes connections and says nothing counts as down when enough requests went unanswered.
        let areDown = try eventually(within: 15) { () -> Bool? in
            page = try MetricsPage(of: agent)
            return sick.allSatisfy { page.value("thermocline_device_up", $0) == 0 } ? true : nil
        }
        #expect(areDown == true, "\(sick.filter { page.value("thermocline_device_up", $0) != 0 }) are not down")
        #expect(page.value("thermocline_device_up", "healthy") == 1)
        // The register holds a single, 12.3 kW to seven digits.
        let power = try #require(page.value("thermocline_active_power_watts", "healthy"))
        #expect(abs(power - 12_300) < 0.001)
        let age = try #require(page.value("thermocline_device_last_reply_age_seconds", "healthy"))
        #expect(age < 3, "the healthy device waits for the others")
        #expect(page.value("thermocline_device_timeouts_total", "healthy") == 0)
        for name in sick { #expect(page.value("thermocline_active_power_watts", name) == nil, "\(name)") }
        for name in ["garbage", "length-too-long", "foreign-transaction"] {
            #expect((page.value("thermocline_device_malformed_replies_total", name) ?? 0) > 0, "\(name)")
        }
        #expect((page.value("thermocline_device_timeouts_total", "stalls") ?? 0) > 0)
    }
}

/// The values of one scrape.
private struct MetricsPage {
    let text: String

    init(text: String) { self.text = text }

    init(of agent: LoneAgent) throws {
        text = try runProcess("curl", ["-sS", "--fail", "--max-time", "5", agent.url + "/metrics"]).output
    }

    /// The value of a family's series of one device; nil where there is none.
    func value(_ family: String, _ device: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix("\(family){device=\"\(device)\"") }?
            .split(separator: " ").last.flatMap { Double($0) }
    }
}
