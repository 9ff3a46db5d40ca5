// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

/// Two products of one family at the address of one: what an operator sees and may do until the right one is there.
@Suite(.serialized)
struct IdentityTests {
    /// Maps of two products that differ in their identity alone.
    private static func writeMaps(to directory: TemporaryDirectory) throws {
        for (name, identity) in [("acme_pump", "ACME 70"), ("other_pump", "OTHER 9")] {
            try """
            format: 1
            vendor: Acme
            model: \(name)
            category: pump
            confirmation: simulated
            sources: ["this test"]
            identity: {table: holding_register, address: 50, type: "string:6", accept: ["\(identity)"]}
            numbering: zero_based
            defaults: {table: holding_register, poll: fast}
            points:
              supply_temperature: {address: 0, type: int16, unit: degC, scale: 0.1}
              pump_speed_command:
                address: 1
                type: uint16
                unit: "%"
                write: {range: [0, 100], function: single_register, feedback: pump_speed_feedback, settle: 3 s}
              pump_speed_feedback: {address: 2, type: uint16, unit: "%"}
            golden:
              - {point: supply_temperature, words: [200], value: 20}
              - {point: pump_speed_command, words: [30], value: 30}
              - {point: pump_speed_feedback, words: [30], value: 30}
            """.write(toFile: directory.path("\(name).yaml"), atomically: true, encoding: .utf8)
        }
    }

    private static func serve(_ map: String, _ directory: TemporaryDirectory, port: UInt16, control: String = "")
        throws -> RunningProgram
    {
        let extra = control.isEmpty ? [] : ["--control", control]
        let program = try RunningProgram(
            "facility-sim",
            ["--map", map, "--port", String(port), "--maps", directory.path("")] + extra
        )
        try #require(program.waitForLine(containing: "ready") != nil, "\(program.output)")
        return program
    }

    private static func metric(_ name: String, of agent: LoneAgent) throws -> Double? {
        try runProcess("curl", ["-sS", "--fail", "--max-time", "5", agent.url + "/metrics"]).output
            .split(separator: "\n").first { $0.hasPrefix("\(name){device=\"pump\"") }?
            .split(separator: " ").last.flatMap { Double($0) }
    }

    private static func alarms(of agent: LoneAgent) throws -> [[String: Any]] {
        try getJSON("\(agent.url)/api/v1/alarms") as? [[String: Any]] ?? []
    }

    @Test(.timeLimit(.minutes(1)))
    func anotherProductIsAnAlarmAndTheRightOneIsTakenOnByItself() throws {
        let directory = try TemporaryDirectory()
        try Self.writeMaps(to: directory)
        let port = try freePortBlock(1)
        let site = directory.path("site.yaml")
        try siteOfMeters([("pump", String(port))], map: "acme_pump")
            .write(toFile: site, atomically: true, encoding: .utf8)
        let wrong = try Self.serve("other_pump", directory, port: port)
        let store = directory.path("store")
        let agent = try LoneAgent(site, store: store, extra: ["--maps", directory.path("")])

        let alarm = try eventually(within: 15) {
            try Self.alarms(of: agent).first { $0["id"] as? String == "pump/identity_mismatch" }
        }
        let message = alarm?["message"] as? String ?? ""
        #expect(message.contains("expects 'ACME 70'") && message.contains("it says 'OTHER 9'"), "\(message)")
        for (point, reading) in try agent.readings(of: "pump") {
            #expect(reading["quality"] as? String == "bad", "\(point)")
            #expect(reading["cause"] as? String == "identity mismatch", "\(point)")
        }
        #expect(try Self.metric("thermocline_device_up", of: agent) == 0)
        #expect(try Self.metric("thermocline_device_identity_confirmed", of: agent) == 0)
        #expect((try Self.metric("thermocline_device_identity_mismatches_total", of: agent) ?? 0) >= 1)
        let hand = [
            "command", "hand", "pump/pump_speed_command", "0.5", "--reason", "test", "--for", "10 min", "--socket",
            store + "/command.socket",
        ]
        let refused = try LoneAgent.verb(hand)
        #expect(refused.status != 0)
        #expect((refused.output + refused.errors).contains("it says 'OTHER 9'"), "\(refused)")
        #expect(wrong.terminate() == 0)
        #expect(!wrong.output.contains("written"))

        // The right one heals it without a restart.
        let control = directory.path("control.socket")
        let right = try Self.serve("acme_pump", directory, port: port, control: control)
        let isGood = try eventually(within: 20) { () -> Bool? in
            try agent.readings(of: "pump")["supply_temperature"]?["quality"] as? String == "good" ? true : nil
        }
        #expect(isGood == true)
        #expect(try Self.metric("thermocline_device_identity_confirmed", of: agent) == 1)
        let taken = try LoneAgent.verb(hand)
        #expect(taken.status == 0, "\(taken)")
        #expect(right.waitForLine(containing: "written pump_speed_command 0.5") != nil, "\(right.output)")
        try Self.expectNotFollowed(of: agent, control: control, hand: hand.map { $0 == "0.5" ? "0.9" : $0 })
        #expect(agent.program.terminate() == 0)
        withExtendedLifetime(right) {}
    }

    /// A pump that takes a command, reads it back and does nothing is told of within the map's time.
    private static func expectNotFollowed(of agent: LoneAgent, control: String, hand: [String]) throws {
        #expect(try !alarms(of: agent).contains { ($0["id"] as? String)?.hasSuffix("/not_followed") == true })
        let script = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(10)
            s.connect(sys.argv[1])
            f = s.makefile("rw")
            print(sys.argv[2], file=f, flush=True)
            print(f.readline().strip())
            """
        let fault = "start {points: pump_speed_feedback, stuck: true}"
        let answer = try runProcess(Python.executable, ["-c", script, control, fault])
        #expect(answer.output == "ok 1\n", "\(answer)")
        #expect(try LoneAgent.verb(hand).status == 0)
        let alarm = try eventually(within: 15) {
            try alarms(of: agent).first { $0["id"] as? String == "pump/pump_speed_command/not_followed" }
        }
        let message = alarm?["message"] as? String ?? ""
        #expect(message.contains("took 0.9") && message.contains("pump_speed_feedback stays at 0.5"), "\(message)")
    }
}
