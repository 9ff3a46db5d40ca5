// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Simulation
import Testing
import Thermo

@Suite("A run in virtual time")
struct SimulationRunTests {
    @Test(
        "gives the same result for the same seed, and another for another",
        .timeLimit(.minutes(2)),
        arguments: SimulatedController.usual
    )
    func seeds(controller: SimulatedController) throws {
        let first = try Hall.run(controller, try Hall.setup(hours: 0.5, isSteady: false))
        let again = try Hall.run(controller, try Hall.setup(hours: 0.5, isSteady: false))
        let other = try Hall.run(controller, try Hall.setup(hours: 0.5, seed: 2, isSteady: false))
        #expect(first == again)
        #expect(first.energy.facility != other.energy.facility)
    }

    @Test(
        "closes its balances and adds up, whoever controls",
        .timeLimit(.minutes(3)),
        arguments: SimulatedController.usual
    )
    func closure(controller: SimulatedController) throws {
        let result = try Hall.run(controller, try Hall.setup(hours: 1.5))
        #expect(result.isValid, "\(result.closure)")
        #expect(result.closure.worstHeat < 1e-4)
        let energy = result.energy
        let parts = energy.informationTechnology + energy.cooling + energy.heatUpgrade + energy.electrical
        #expect(abs(parts - energy.facility) < 1e-9 * energy.facility)
        // 76 racks of 132 kW at 85 %, for an hour and a half.
        #expect(abs(energy.informationTechnology - 76 * 132 * 0.85 * 1.5) < 130)
        let modes = result.modes
        #expect(abs(modes.free + modes.partial + modes.mechanical + modes.none - 1.5) < 1e-9)
        #expect(energy.peakPower > energy.facility / 1.5 && energy.peakPower < 1.3 * energy.facility / 1.5)
        #expect(result.series.count == 18)
        let mean = result.series.map(\.facilityPower).reduce(0, +) / 18
        #expect(abs(mean - energy.facility / 1.5) < 1e-6 * mean)
        #expect(result.violations.map(\.kelvinMinutes) == [0, 0, 0, 0], "\(result.violations)")
    }

    @Test("counts what is beyond a limit in kelvin minutes", .timeLimit(.minutes(2)))
    func violations() throws {
        var setup = try Hall.setup(hours: 1)
        let kept = try Hall.run(.baseline, setup)
        setup.limits.coolantMaximum = Temperature(celsius: 20)
        let broken = try Hall.run(.baseline, setup)
        let coolant = try #require(broken.violations.first { $0.limit == "coolant_above_maximum" })
        let mean = kept.series.map(\.coolant).reduce(0, +) / Double(kept.series.count)
        #expect(abs(coolant.kelvinMinutes - 60 * (mean - 20)) < 0.5)
        #expect(coolant.worst >= mean - 20)
        #expect(broken.violations.dropFirst().map(\.kelvinMinutes) == kept.violations.dropFirst().map(\.kelvinMinutes))
    }

    @Test("behind realistic instruments decides by them, and is judged by the plant", .timeLimit(.minutes(1)))
    func sensors() throws {
        let ideal = try Hall.run(.shipped, try Hall.setup(hours: 0.3, isSteady: false))
        var setup = try Hall.setup(hours: 0.3, isSteady: false)
        setup.facility.sensors = .realistic
        let realistic = try Hall.run(.shipped, setup)
        #expect(realistic == (try Hall.run(.shipped, setup)))
        #expect(realistic.wear != ideal.wear)
        #expect(realistic.closure.meters == nil && realistic.isValid)
        let (left, right) = (try #require(ideal.keyFigures.pue), try #require(realistic.keyFigures.pue))
        #expect(abs(left - right) < 0.01)
        setup.facility.sensors = .ideal
        #expect(try Hall.run(.shipped, setup) == ideal)
    }

    @Test("can be ended early and then has no result")
    func early() throws {
        var run = try #require(SimulatedController.baseline.run(try Hall.setup(hours: 1)).0)
        run.step()
        #expect(run.elapsed == .seconds(10))
        #expect(run.result().hours > 0)
    }

    @Test("says what keeps a setup from being run")
    func problems() throws {
        var setup = try Hall.setup("atlantis", hours: 1)
        setup.plantStep = .seconds(60)
        let (run, problems) = SimulatedController.baseline.run(setup)
        #expect(run == nil)
        #expect(problems.map(\.description).joined().contains("atlantis"))
        #expect(problems.map(\.description).joined().contains("plant step"))
    }
}

@Suite("The step of a run")
struct SimulationStepTests {
    /// A scenario and what may happen in it.
    struct Scenario: Sendable, CustomTestStringConvertible {
        let name: String
        let climate: String
        let date: String
        let events: [SimulationEvent]
        var testDescription: String { name }
    }

    static let scenarios = [
        Scenario(
            name: "a cold front, then free cooling",
            climate: "mild-and-humid",
            date: "2026-04-10",
            events: [
                SimulationEvent(
                    after: .seconds(1_200),
                    kind: .weatherFront(
                        dryBulb: TemperatureDifference(kelvins: -10),
                        dewPoint: TemperatureDifference(kelvins: -10),
                        over: .seconds(1_200)
                    )
                )
            ]
        ),
        Scenario(
            name: "heat export with a load step",
            climate: "stockholm",
            date: "2026-02-03",
            events: [
                SimulationEvent(after: .seconds(600), kind: .districtPermit(true)),
                SimulationEvent(after: .seconds(5_400), kind: .loadStep(Ratio(fraction: 0.6), over: .seconds(600))),
            ]
        ),
        Scenario(name: "a summer day in the tropics", climate: "singapore", date: "2026-07-01", events: []),
    ]

    @Test(
        "of 1 s and of 10 s gives the same modes, the same starts and PUE within 0.001",
        .timeLimit(.minutes(10)),
        arguments: scenarios
    )
    func steps(scenario: Scenario) throws {
        func run(_ step: Duration) throws -> SimulationResult {
            try Hall.run(
                .shipped,
                try Hall.setup(
                    scenario.climate,
                    from: scenario.date,
                    hours: Hall.scenarioHours,
                    step: step,
                    events: scenario.events
                )
            )
        }
        let (fine, coarse) = (try run(.seconds(1)), try run(.seconds(10)))
        #expect(fine.modes.log.map(\.way) == coarse.modes.log.map(\.way))
        #expect(fine.machines.map(\.starts) == coarse.machines.map(\.starts))
        let (left, right) = (try #require(fine.keyFigures.pue), try #require(coarse.keyFigures.pue))
        #expect(abs(left - right) < 0.001, "\(left) and \(right)")
    }
}
