// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

/// One boundary meter, one UPS meter and one rack, from simulated registers to every surface.
@Suite(.serialized)
struct SliceTests {
    @Test(.timeLimit(.minutes(2)))
    func oneRackIsSeenOnEverySurface() throws {
        let running = try RunningSite(site: "simulators/sites/slice.yaml")
        let page = try #require(
            try eventually { () -> String? in
                guard let page = try running.get("/metrics") else { return nil }
                return page.contains("thermocline_active_power_watts{device=\"rack-1-meter\"") ? page : nil
            }
        )
        #expect(page.contains("thermocline_device_up{device=\"rack-1-meter\""))
        let snapshot = try runProcess(
            RunningProgram.directory.appendingPathComponent("thermocline").path,
            ["top", "--once", "--url", running.url]
        )
        #expect(snapshot.status == 0, "\(snapshot.errors)")
        #expect(snapshot.output.contains("rack-1"))
        #expect(snapshot.output.contains("PUE"))
        #expect(running.agent.terminate() == 0)
        #expect(running.simulator.terminate() == 0)
        let export = try runProcess(
            RunningProgram.directory.appendingPathComponent("thermocline").path,
            [
                "export", "--store", running.storeDirectory, "--from", "2026-03-01T00:00:00Z", "--to",
                "2026-03-02T00:00:00Z", "--points", "*/energy_total", "--format", "csv",
            ]
        )
        #expect(export.status == 0, "\(export.errors)")
        #expect(export.output.contains("boundary-meter/energy_total"))
    }
}
