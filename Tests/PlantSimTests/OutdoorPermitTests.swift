// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

/// When the district network takes heat.
@Suite("The network's permit", .timeLimit(.minutes(1)))
struct OutdoorPermitTests {
    /// The steady climate has 19 °C; fronts move it, events give the network's word.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let permit: OutdoorPermit?
        let events: [SimulationEvent]
        /// Whether the network takes heat half-way into each quarter of an hour.
        let isPermitted: [Bool]
    }

    private static let mild = OutdoorPermit(below: Temperature(celsius: 10))

    private static func front(_ minutes: Double, _ kelvins: Double) -> SimulationEvent {
        let move = TemperatureDifference(kelvins: kelvins)
        return SimulationEvent(
            after: .seconds(minutes * 60),
            kind: .weatherFront(dryBulb: move, dewPoint: move, over: .zero)
        )
    }

    private static func word(_ minutes: Double, _ isPermitted: Bool) -> SimulationEvent {
        SimulationEvent(after: .seconds(minutes * 60), kind: .districtPermit(isPermitted))
    }

    static let cases = [
        Case(testDescription: "is none where nobody gives it", permit: nil, events: [], isPermitted: [false, false]),
        Case(
            testDescription: "is the events' without a condition, in any weather",
            permit: nil,
            events: [word(15, true), front(30, -15), word(45, false)],
            isPermitted: [false, true, true, false]
        ),
        Case(
            testDescription: "follows the outdoor air, 1 K apart",
            permit: mild,
            // 19, 9, 10.5, 11.5, 10.5, 9.5 °C
            events: [front(15, -10), front(30, 1.5), front(45, 1), front(60, -1), front(75, -1)],
            isPermitted: [false, true, true, false, false, true]
        ),
        Case(
            testDescription: "starts within the hysteresis without one",
            permit: OutdoorPermit(
                below: Temperature(celsius: 18),
                hysteresis: TemperatureDifference(kelvins: 3)
            ),
            events: [front(15, -2), front(30, 2), front(45, 3)],
            isPermitted: [false, true, true, false]
        ),
        Case(
            testDescription: "has no band without a hysteresis",
            permit: OutdoorPermit(below: Temperature(celsius: 10), hysteresis: .zero),
            events: [front(15, -9.5), front(30, 1)],
            isPermitted: [false, true, false]
        ),
        Case(
            testDescription: "is withdrawn by an event in the cold, and given back to the weather",
            permit: mild,
            events: [front(0, -12), word(15, false), word(30, true), front(45, 12)],
            isPermitted: [true, false, true, false]
        ),
    ]

    @Test("by outdoor air and by events", arguments: cases)
    func permits(example: Case) throws {
        let site = HallSite.make(districtPermit: example.permit, events: example.events)
        let permit = try #require(site.index(equipment: "district", PointName.heatExportPermit))
        var facility = try #require(Facility.make(site: site, seed: 1, start: RealismTests.start).0)
        var seen: [Bool] = []
        for _ in example.isPermitted {
            for _ in 0..<15 { facility.step(dt: .seconds(30)) }
            seen.append(facility.value(of: permit) == 1)
            for _ in 0..<15 { facility.step(dt: .seconds(30)) }
        }
        #expect(seen == example.isPermitted)
    }
}
