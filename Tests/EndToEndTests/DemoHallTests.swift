// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

/// The demo as a user runs it: both programs, the command verb, two wall minutes at most.
@Suite(.serialized)
struct DemoHallTests {
    private static let loops = ["heat-export", "economizer", "chillers", "towers", "coolant-supply"]

    /// Every event that says a meter did what no meter of the hall does: none may be raised on any machine.
    private static let meterFaults = [
        "meter_reset", "meter_jump", "meter_spike_rejected", "meter_step_back_rejected", "meter_zero_rejected",
        "meter_rate_implausible",
    ]

    @Test(.timeLimit(.minutes(4)))
    func aColdFrontAndAPermitMoveTheHallWithReasons() throws {
        let running = try RunningSite(site: "simulators/sites/hall-10mw.yaml")
        let thermocline = RunningProgram.directory.appendingPathComponent("thermocline").path
        for loop in Self.loops {
            let promoted = try runProcess(
                thermocline,
                [
                    "command", "mode", loop, "automatic", "--socket", running.storeDirectory + "/command.socket",
                    "--reason", "test", "--record",
                    Repository.path("simulators/sites/hall-10mw.commissioning.yaml"),
                ]
            )
            #expect(promoted.status == 0, "\(loop): \(promoted.errors)")
        }
        var seen: [String: Set<String>] = [:]
        let moved = try eventually(within: 120) { () -> Bool? in
            for loop in try running.json("/api/v1/loops") as? [[String: Any]] ?? [] {
                let reason = (loop["reason"] as? [String: Any])?["text"] as? String ?? ""
                guard let id = loop["id"] as? String, let state = loop["state"] as? String, !reason.isEmpty else {
                    continue
                }
                #expect(loop["mode"] as? String == "automatic", "\(id)")
                seen[id, default: []].insert(state)
            }
            let hasChanged = seen["economizer"]?.contains("partial_mechanical") == true
            let hasExported = seen["heat-export"]?.contains("export_running") == true
            return hasChanged && hasExported ? true : nil
        }
        #expect(moved == true, "\(seen)")
        let why = try runProcess(thermocline, ["why", "economizer-valve/valve_position_command", "--url", running.url])
        #expect(why.output.contains("because"), "\(why.output)\(why.errors)")
        #expect(running.agent.terminate() == 0)
        #expect(running.simulator.terminate() == 0)
        for kind in Self.meterFaults {
            #expect(!running.agent.output.contains("kind=\(kind)"), "\(running.agent.output)")
        }
    }
}
