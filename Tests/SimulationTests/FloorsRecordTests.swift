// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

/// The runs behind docs/plant/floors.md against the figures of the hourly calculation.
///
/// Runs of a year are no test: what is checked is the record that `make floors` leaves.
@Suite("The record of the floors")
struct FloorsRecordTests {
    @Test("both yardsticks on bounds are within 0.01 of the calculation, and keep the limits")
    func bounds() throws {
        let runs = try Self.rows("Benchmarks/plant-floors/record.csv")
        let calculated = try Self.rows("Benchmarks/plant-floors/calculated.csv")
        #expect(calculated.count == 5)
        for place in calculated {
            for (controller, column) in [("baseline", "baseline"), ("good-practice", "good_practice")] {
                let mine = runs.filter {
                    $0["site"] == "bounds" && $0["weather"] == place["weather"] && $0["controller"] == controller
                }
                let year = try #require(mine.first { $0["days"] == "31" }, "\(place) \(controller)")
                let (pue, reference) = (try Self.number(year, "pue"), try Self.number(place, column))
                #expect(abs(pue - reference) < 0.01, "\(place["name"] ?? "") \(controller) \(pue)")
                #expect(year["valid"] == "true")
                // B0 starts a year's month with warm coolant: one kelvin minute.
                #expect(try Self.number(year, "kelvin_minutes") <= (controller == "baseline" ? 1 : 0))
            }
        }
    }

    @Test("causes of a difference above 0.02, each switched alone in both plants, add up to nine tenths of it")
    func causes() throws {
        let runs = try Self.rows("Benchmarks/plant-floors/record.csv").filter { $0["controller"] == "good-practice" }
        func pue(_ site: String, like run: [String: String]) throws -> Double {
            let found = runs.first {
                $0["site"] == site && $0["weather"] == run["weather"] && $0["days"] == run["days"]
            }
            return try Self.number(try #require(found, "\(site) \(run["weather"] ?? "")"), "pue")
        }
        let explained = runs.filter { $0["site"] == "hall-10mw+return" }
        #expect(explained.contains { $0["weather"]?.hasPrefix("singapore") == true })
        for run in explained {
            let (hall, bounds) = (try pue("hall-10mw", like: run), try pue("bounds", like: run))
            var sum = 0.0
            for part in ["return", "towers", "economizer", "electrical", "air_handlers", "chillers"] {
                let into = try pue("hall-10mw+\(part)", like: run) - hall
                let out = bounds - (try pue("bounds+\(part)", like: run))
                sum += (into + out) / 2
            }
            #expect((0.9...1.1).contains(sum / (bounds - hall)), "\(run["weather"] ?? "") \(sum) \(bounds - hall)")
        }
    }

    /// Lines of a file with a head, by their column's name.
    private static func rows(_ path: String) throws -> [[String: String]] {
        let text = try String(contentsOfFile: Repository.path(path), encoding: .utf8)
        let lines = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        let head = try #require(lines.first)
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(head, $0)) }
    }

    private static func number(_ row: [String: String], _ column: String) throws -> Double {
        try #require(row[column].flatMap { Double($0) }, "\(column) in \(row)")
    }
}
