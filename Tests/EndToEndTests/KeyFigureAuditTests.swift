// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

/// What an auditor does: takes the exported energy totals and computes PUE again with a script of his own.
@Suite(.serialized)
struct KeyFigureAuditTests {
    @Test(.timeLimit(.minutes(2)))
    func pueIsRecomputedFromTheExportedEnergyTotals() throws {
        // One rack moves the UPS meter's 0.1 kWh register too little for five minutes; a quarter of an hour is enough.
        let running = try RunningSite(site: "simulators/sites/slice.yaml", timeScale: 60)
        let figure = try #require(
            try eventually(within: 60) { () -> [String: Any]? in
                let figures = try running.json("/api/v1/kpis") as? [[String: Any]] ?? []
                return figures.first {
                    $0["name"] as? String == "pue" && $0["window"] as? String == "15m" && $0["value"] is Double
                        && ($0["completeness"] as? Double ?? 0) >= 1
                }
            }
        )
        #expect(running.agent.terminate() == 0, "\(running.agent.output)")
        let start = try #require(figure["start"] as? Int)
        let end = try #require(figure["end"] as? Int)
        #expect(end - start == 900_000)

        let csv = running.directory.path("totals.csv")
        let export = try runProcess(
            RunningProgram.directory.appendingPathComponent("thermocline").path,
            [
                "export", "--store", running.storeDirectory, "--from", "2026-03-01T00:00:00Z", "--to",
                "2026-03-03T00:00:00Z", "--points", "*/energy_total", "--format", "csv", "--output", csv,
            ]
        )
        #expect(export.status == 0, "\(export.errors)")
        let recomputed = try runProcess(
            Python.executable,
            [
                Repository.path("Tests/EndToEndTests/oracles/recompute_pue.py"), csv, String(start), String(end),
                "boundary-meter", "ups-output-meter",
            ]
        )
        let pue = try #require(
            Double(recomputed.output.trimmingCharacters(in: .whitespacesAndNewlines)),
            "\(recomputed.errors)"
        )
        let published = try #require(figure["value"] as? Double)
        #expect(abs(pue - published) <= 1e-6, "recomputed \(pue), published \(published)")
        #expect(published > 1.02 && published < 2)
    }
}
