// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import Simulation
import TestKit
import Testing

@Suite("Sites side by side")
struct SiteComparisonTests {
    /// A mild night and a warm noon: where the year's mean lies between.
    @Test(
        "each kind of cooling lands in its published range by physics",
        .timeLimit(.minutes(2)),
        arguments: SiteComparison.entries.filter { $0.published != nil }
    )
    func published(entry: SiteComparison.Entry) throws {
        let dates = ["2026-04-15T04:00:00Z", "2026-07-15T11:00:00Z"]
        let figures = try SiteComparison.run(entry.site, from: dates, hours: 1)
        let range = try #require(entry.published)
        #expect(range.contains(figures.pue), "\(entry.site): \(figures.pue)")
        #expect(figures.worstHeat < 1e-6)
    }

    @Test(
        "every site closes its balances and gives the same bytes again",
        .timeLimit(.minutes(2)),
        arguments: [
            "pool-28kw", "lake", "outdoor-air",
        ]
    )
    func closes(name: String) throws {
        let first = try SiteComparison.run(name, from: ["2026-07-15T11:00:00Z"], hours: 1)
        let second = try SiteComparison.run(name, from: ["2026-07-15T11:00:00Z"], hours: 1)
        #expect(first.worstHeat < 1e-6)
        #expect(first.pue.bitPattern == second.pue.bitPattern)
        #expect(first.grade.sum.bitPattern == second.grade.sum.bitPattern)
    }

    @Test("the pool takes nearly all of the container's heat, and without it the dry cooler does")
    func pool() throws {
        let figures = try SiteComparison.run("pool-28kw", from: ["2026-04-15T04:00:00Z"], hours: 2)
        #expect(figures.exported > 0.85 * figures.facility)
        #expect((40...55).contains(figures.meanGrade))
    }

    /// The page is made from four whole days of each site, which takes minutes: only on request.
    @Test("the page of the comparison holds what its ranges say", .timeLimit(.minutes(20)))
    func page() throws {
        let path = Repository.path("docs/plant/comparison.md")
        if ProcessInfo.processInfo.environment["THERMOCLINE_RECORD"] == "1" {
            let dates = ["2026-01-15", "2026-04-15", "2026-07-15", "2026-10-15"]
            let all = try SiteComparison.entries.map { entry in
                (entry, try SiteComparison.site(entry.site), try SiteComparison.run(entry.site, from: dates, hours: 24))
            }
            try SiteComparison.page(all).write(toFile: path, atomically: true, encoding: .utf8)
        }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        for entry in SiteComparison.entries {
            let row = try #require(lines.first { $0.hasPrefix("| [\(entry.site)]") }, "\(entry.site)")
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let pue = try #require(Double(cells[3]))
            #expect(pue > 1)
            if let range = entry.published { #expect(range.contains(pue), "\(entry.site)") }
        }
    }
}
