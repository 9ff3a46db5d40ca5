// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Foundation
import Plant
import Simulation
import TestKit
import Testing

@Suite("The yardsticks")
struct BaselineTests {
    @Test("B0 cools with chillers alone, at 18 °C, with coolant at 25 °C", .timeLimit(.minutes(2)))
    func baseline() throws {
        let result = try Hall.run(.baseline, try Hall.setup(hours: 2))
        #expect(result.modes.mechanical > 1.9)
        let last = try #require(result.series.last)
        #expect(abs(last.facilityWater - 18) < 1, "\(last.facilityWater)")
        #expect(abs(last.coolant - 25) < 1, "\(last.coolant)")
        #expect(result.energy.heatExported == 0)
    }

    @Test("B1 cools with the economizer where the air is cold", .timeLimit(.minutes(2)))
    func cold() throws {
        let result = try Hall.run(.goodPractice, try Hall.setup(from: "2026-01-20", hours: 3))
        #expect(result.modes.free > 1, "\(result.modes)")
        let last = try #require(result.series.last)
        #expect(last.facilityWater < 23)
        #expect(last.chillers == 0)
        #expect(result.energy.heatExported == 0)
    }

    @Test("B1 takes chillers where the air is hot, and uses less than B0", .timeLimit(.minutes(2)))
    func hot() throws {
        let setup = try Hall.setup("singapore", from: "2026-07-01", hours: 2)
        let good = try Hall.run(.goodPractice, setup)
        let base = try Hall.run(.baseline, setup)
        #expect(good.modes.mechanical + good.modes.partial > 1.9)
        #expect(try #require(good.keyFigures.pue) < (try #require(base.keyFigures.pue)))
        #expect(good.violations.allSatisfy { $0.kelvinMinutes == 0 }, "\(good.violations)")
    }

    /// Their commands are part of every comparison made with them, so a change of the blocks may not change them.
    @Test(
        "command what they always did",
        .timeLimit(.minutes(2)),
        arguments: [SimulatedController.baseline, .goodPractice]
    )
    func trace(controller: SimulatedController) throws {
        let setup = try Hall.setup("frankfurt", from: "2026-10-14T02:00:00Z", hours: 3)
        var run = try #require(controller.run(setup).0)
        var text = "minute," + Self.watched.map { "\($0.0)/\($0.1)" }.joined(separator: ",") + "\n"
        while run.elapsed < setup.duration {
            run.step()
            guard run.elapsed.inSeconds.truncatingRemainder(dividingBy: 600) == 0 else { continue }
            let values = Self.watched.map { String(format: "%.3f", run.plant.value($0.0, $0.1) ?? .nan) }
            text += "\(Int(run.elapsed.inSeconds / 60))," + values.joined(separator: ",") + "\n"
        }
        let path = Repository.path("Tests/SimulationTests/golden/\(controller.rawValue).csv")
        if ProcessInfo.processInfo.environment["THERMOCLINE_RECORD"] == "1" {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOfFile: path, encoding: .utf8)))
    }

    private static let watched = [
        ("facility-water", PointName.pumpSpeedCommand), ("facility-water", PointName.facilityWaterSupplyTemperature),
        ("condenser-water", PointName.pumpSpeedCommand), ("tower-1", PointName.fanSpeedCommand),
        ("economizer", PointName.valvePositionCommand), ("chiller-1", PointName.enableCommand),
        ("chiller-2", PointName.enableCommand), ("chiller-3", PointName.enableCommand),
        ("chiller-1", PointName.chilledWaterSetpoint), ("cdu-1", PointName.coolantSupplyTemperatureSetpoint),
    ]
}
