// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import PlantSim
import Simulation
import Testing
import Thermo

/// The ideal yardsticks with a search that is short enough for a test.
@Suite("The oracles")
struct OracleTests {
    struct Day: Sendable, CustomTestStringConvertible {
        let climate: String
        let date: String
        var testDescription: String { "\(climate) on \(date)" }
    }

    static let days = [
        Day(climate: "stockholm", date: "2026-01-20"),
        Day(climate: "frankfurt", date: "2026-10-14"),
        Day(climate: "singapore", date: "2026-07-01"),
    ]

    private static func run(
        _ limits: PlanLimits?,
        _ setup: SimulationSetup,
        forerunner: SimulationRun? = nil,
        trials: Int = 12
    ) throws -> SimulationRun {
        let controller = try #require(OracleController.make(setup, limits: limits, trials: trials).0)
        return try #require(SimulationRun.make(setup, controller: controller, forerunner: forerunner).0)
    }

    @Test(
        "use less than good practice without more violations, and without limits never more than within",
        .timeLimit(.minutes(5)),
        arguments: days
    )
    func energy(day: Day) throws {
        let setup = try Hall.setup(day.climate, from: day.date, hours: 1.1, step: .seconds(30))
        let good = try Hall.run(.goodPractice, setup)
        var oracle = try Self.run(nil, setup, forerunner: try Self.run(.shipped, setup))
        let result = oracle.run()
        let free = try #require(result)
        let restricted = try #require(oracle.forerunnerResult)
        for result in [restricted, free] {
            #expect(result.isValid, "\(result.closure)")
            #expect(result.energy.facility < good.energy.facility)
            #expect(result.energy.heatExported == 0)
            for (own, other) in zip(result.violations, good.violations) {
                #expect(own.kelvinMinutes <= other.kelvinMinutes, "\(result.controller): \(own)")
            }
        }
        #expect(restricted.controller == "oracle-r" && free.controller == "oracle")
        #expect(try #require(free.keyFigures.pue) <= (try #require(restricted.keyFigures.pue)))
    }

    @Test("give the same result for the same seed", .timeLimit(.minutes(2)))
    func seeds() throws {
        let setup = try Hall.setup("frankfurt", from: "2026-10-14", hours: 0.1, step: .seconds(30), isSteady: false)
        var (first, again) = (try Self.run(nil, setup, trials: 6), try Self.run(nil, setup, trials: 6))
        let results = (first.run(), again.run())
        #expect(try #require(results.0) == (try #require(results.1)))
    }

    /// A front takes the plant from chillers to free cooling and on; the record of commands must keep the limits.
    @Test("within limits keep ramps, holds and starts", .timeLimit(.minutes(5)))
    func limits() throws {
        let front = SimulationEvent(
            after: .seconds(1_800),
            kind: .weatherFront(
                dryBulb: TemperatureDifference(kelvins: 9),
                dewPoint: TemperatureDifference(kelvins: 9),
                over: .seconds(1_200)
            )
        )
        let setup = try Hall.setup("mild-and-humid", hours: 2, step: .seconds(30), events: [front])
        let limits = PlanLimits.shipped
        let controller = try #require(OracleController.make(setup, limits: limits, trials: 12).0)
        var run = try #require(SimulationRun.make(setup, controller: controller).0)
        var record = CommandRecord(setup.site)
        while run.elapsed < setup.duration {
            run.step()
            record.add(run.plant, at: run.elapsed.inSeconds)
        }
        #expect(record.fastestValve <= 30 / limits.valveTravel.inSeconds + 1e-9)
        #expect(record.fastestFanFall <= limits.slowDown.fraction / 2 + 1e-9)
        #expect(record.fastestSetpoint <= limits.setpointSlew.kelvins / 10 + 1e-9)
        #expect(!record.changes.isEmpty)
        let starts = record.changes.filter(\.isOn)
        for (first, second) in zip(starts, starts.dropFirst()) {
            #expect(second.time - first.time >= limits.stageInterval.inSeconds)
        }
        for machine in Set(record.changes.map(\.machine)).sorted() {
            let own = record.changes.filter { $0.machine == machine }
            for (first, second) in zip(own, own.dropFirst()) {
                let least = first.isOn ? limits.minimumOn : limits.minimumOff
                #expect(second.time - first.time >= least.inSeconds)
            }
        }
    }
}

/// What a run's commands did.
private struct CommandRecord {
    struct Change {
        let machine: Int
        let isOn: Bool
        /// Seconds since the start.
        let time: Double
    }

    private let chillers: [String]
    private var enables: [Bool]?
    private var valve: Double?
    private var fan: Double?
    private var setpoint: Double?
    private(set) var changes: [Change] = []
    /// In one step, as a share of full travel.
    private(set) var fastestValve = 0.0
    /// In one step, as a share of full speed.
    private(set) var fastestFanFall = 0.0
    /// In one step, in kelvins.
    private(set) var fastestSetpoint = 0.0

    init(_ site: SiteDescription) { chillers = site.plant.chillers.map(\.id) }

    mutating func add(_ plant: SimulatedSite, at time: Double) {
        let now = chillers.map { (plant.value($0, PointName.enableCommand) ?? 0) >= 0.5 }
        for (machine, isOn) in now.enumerated() where enables.map({ $0[machine] != isOn }) ?? false {
            changes.append(Change(machine: machine, isOn: isOn, time: time))
        }
        enables = now
        func moved(_ last: inout Double?, _ next: Double?) -> Double {
            defer { last = next }
            guard let last, let next else { return 0 }
            return next - last
        }
        let opening = moved(&valve, plant.value("economizer", PointName.valvePositionCommand))
        fastestValve = max(fastestValve, abs(opening))
        fastestFanFall = max(fastestFanFall, -moved(&fan, plant.value("tower-1", PointName.fanSpeedCommand)))
        let chilled = moved(&setpoint, plant.value("chiller-1", PointName.chilledWaterSetpoint))
        fastestSetpoint = max(fastestSetpoint, abs(chilled))
    }
}
