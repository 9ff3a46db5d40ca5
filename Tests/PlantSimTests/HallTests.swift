// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

/// The whole plant: where it stands at the start, that nothing is lost in it, and that commands move it.
struct HallTests {
    private typealias Hold = [(equipment: String, point: String, value: Double)]

    private static func fans(_ speed: Double) -> Hold {
        (1...5).map { ("tower-\($0)", PointName.fanSpeedCommand, speed) }
    }

    private static func pumps(facility: Double, condenser: Double) -> Hold {
        [
            ("facility-water", PointName.pumpSpeedCommand, facility),
            ("condenser-water", PointName.pumpSpeedCommand, condenser),
        ]
    }

    private static let export: Hold =
        [("heat-recovery", PointName.pumpSpeedCommand, 0.9)]
        + (1...2).flatMap { number in
            [
                ("heat-pump-\(number)", PointName.enableCommand, 1),
                ("heat-pump-\(number)", PointName.capacityCommand, 1),
            ]
        }

    private static func front(_ kelvins: Double) -> SimulationEvent {
        let difference = TemperatureDifference(kelvins: kelvins)
        return SimulationEvent(
            after: .zero,
            kind: .weatherFront(dryBulb: difference, dewPoint: difference, over: .seconds(600))
        )
    }

    @Test func startsAtRestInTheStateNobodyCommands() throws {
        var hall = try RunningHall()
        let watched: [(String, String, ClosedRange<Double>, Double)] = [
            ("facility-water", PointName.facilityWaterSupplyTemperature, 17.8...18.2, 0.1),
            ("facility-water", PointName.coolantBranchReturnTemperature, 38...41, 0.3),
            ("facility-water", PointName.facilityWaterReturnTemperature, 34...37.5, 0.3),
            ("condenser-water", PointName.condenserWaterSupplyTemperature, 21...26, 0.3),
            ("cdu-1", PointName.coolantSupplyTemperature, 31.8...32.2, 0.2),
            ("hall-1", PointName.inletAirTemperature, 23.5...26, 0.3),
            ("hall-1", PointName.hallDewPointTemperature, 8...18, 0.1),
            ("tower-3", PointName.fanSpeedFeedback, 0.7...0.7, 0),
            ("chiller-5", PointName.runStatus, 1...1, 0),
            ("chiller-6", PointName.runStatus, 0...0, 0),
        ]
        let before = watched.map { hall[$0.0, $0.1] }
        for (value, entry) in zip(before, watched) { #expect(entry.2.contains(value), "\(entry.0)/\(entry.1)") }
        hall.run(.seconds(60))
        for (value, entry) in zip(before, watched) {
            #expect(abs(hall[entry.0, entry.1] - value) <= entry.3, "\(entry.0)/\(entry.1) jumps")
        }
    }

    /// Heat in is heat out plus what is stored, water in is water out, over a day with mode changes, export, a front.
    @Test(arguments: ["mild-and-humid", "stockholm"])
    func heatAndWaterBalancesCloseOverADay(climate: String) throws {
        let permit = SimulationEvent(after: .seconds(7_200), kind: .districtPermit(true))
        var hall = try RunningHall(climate: climate, events: [Self.front(-9), permit])
        let stored = try #require(hall.facility.storedHeat)
        let step = Duration.seconds(5)
        hall.run(.seconds(6 * 3_600), step: step, hold: Self.fans(0.6))
        hall.write("economizer", PointName.valvePositionCommand, 0.7)
        hall.write("heat-recovery", PointName.valvePositionCommand, 1)
        hall.run(.seconds(12 * 3_600), step: step, hold: Self.fans(0.5) + Self.export)
        for number in 3...5 { hall.write("chiller-\(number)", PointName.enableCommand, 0) }
        hall.run(.seconds(6 * 3_600), step: step, hold: Self.pumps(facility: 0.8, condenser: 0.7))
        let balance = try #require(hall.facility.balance)
        let change = try #require(hall.facility.storedHeat) - stored
        let taken = balance.released + balance.machines
        let error = taken - balance.rejected - balance.exported - change
        #expect(balance.exported > 0.1 * taken)
        #expect(abs(error) < 0.001 * taken, "heat: \(error / taken)")
        let lost = balance.evaporation + balance.drift + balance.blowdown
        // What five basins may lack before their floats open.
        #expect(abs(balance.makeUp - lost) < 0.001 * lost + 5 * 150, "water: \(balance.makeUp) of \(lost)")
        #expect(lost > 50_000)
    }

    /// Ranges of a 10 MW one-loop plant at 85 % load with 5 % electrical losses.
    @Test(arguments: [
        (mode: "tower only", economizer: 1.0, chillers: 0, front: -9.0, range: 1.07...1.09),
        (mode: "partial", economizer: 1.0, chillers: 2, front: -3.0, range: 1.09...1.13),
        (mode: "full mechanical", economizer: 0.0, chillers: 5, front: 6.0, range: 1.17...1.21),
    ])
    func effectivenessOfEachModeIsInThePublishedRange(
        mode: String,
        economizer: Double,
        chillers: Int,
        front: Double,
        range: ClosedRange<Double>
    ) throws {
        var hall = try RunningHall(events: [Self.front(front)])
        for number in 1...6 {
            hall.write("chiller-\(number)", PointName.chilledWaterSetpoint, 20)
            hall.write("chiller-\(number)", PointName.enableCommand, number <= chillers ? 1 : 0)
        }
        hall.write("economizer", PointName.valvePositionCommand, economizer)
        let speeds = Self.fans(0.6) + Self.pumps(facility: 0.8, condenser: mode == "tower only" ? 0.7 : 0.9)
        hall.run(.seconds(3 * 3_600), hold: speeds)
        let before = hall.facility.flows.boundary / hall.facility.flows.informationTechnology
        #expect(range.contains(before), "\(mode): \(before)")
        let supply = hall["facility-water", PointName.facilityWaterSupplyTemperature]
        #expect((17...21).contains(supply), "\(mode): supply \(supply)")
        let runs = (1...6).reduce(0) { $0 + Int(hall["chiller-\($1)", PointName.runStatus]) }
        #expect(runs == chillers, "\(mode): \(runs) chillers run")
    }

    @Test func withoutChillersSupplyWarmsUpAndRacksStayCooledForAWhile() throws {
        var hall = try RunningHall()
        for number in 1...6 { hall.write("chiller-\(number)", PointName.enableCommand, 0) }
        hall.run(.seconds(120))
        #expect(hall["chiller-1", PointName.runStatus] == 0)
        hall.run(.seconds(480))
        #expect(hall["facility-water", PointName.facilityWaterSupplyTemperature] > 25)
        hall.write("chiller-1", PointName.enableCommand, 1)
        hall.run(.seconds(180))
        #expect(hall["chiller-1", PointName.runStatus] == 1)
        #expect(hall["chiller-1", PointName.compressorStarts] == 1)
    }

    @Test func economizerInColdWeatherCoolsFacilityWaterAndUnloadsChillers() throws {
        var hall = try RunningHall(events: [Self.front(-9)])
        hall.run(.seconds(1_800))
        let chillers = hall["chillers", PointName.activePower]
        let before = hall["facility-water", PointName.economizerLeavingTemperature]
        hall.write("economizer", PointName.valvePositionCommand, 1)
        hall.run(.seconds(60))
        #expect((0.4...0.6).contains(hall["economizer", PointName.valvePositionFeedback]))
        hall.run(.seconds(1_740))
        #expect(hall["facility-water", PointName.economizerLeavingTemperature] < before - 10)
        #expect(hall["chillers", PointName.activePower] < 0.5 * chillers)
    }

    @Test func aValueNobodyRefreshesGoesHomeAfterItsLease() throws {
        var hall = try RunningHall()
        let cases: [(String, String, written: Double, home: Double)] = [
            ("tower-2", PointName.fanSpeedCommand, 0.3, 1),
            ("cdu-4", PointName.coolantSupplyTemperatureSetpoint, 36, 32),
            ("condenser-water", PointName.pumpSpeedCommand, 0.6, 1),
            ("heat-pump-1", PointName.enableCommand, 1, 0),
        ]
        for entry in cases { hall.write(entry.0, entry.1, entry.written) }
        hall.write("economizer", PointName.valvePositionCommand, 0.4)
        hall.run(.seconds(110))
        for entry in cases { #expect(hall[entry.0, entry.1] == entry.written) }
        hall.write("tower-2", PointName.fanSpeedCommand, 0.3)
        hall.run(.seconds(11))
        for entry in cases.dropFirst() { #expect(hall[entry.0, entry.1] == entry.home, "\(entry.0)") }
        #expect(hall["tower-2", PointName.fanSpeedCommand] == 0.3)
        #expect(abs(hall["tower-2", PointName.fanSpeedFeedback] - 0.3) < 1e-9)
        hall.run(.seconds(240))
        #expect(hall["tower-2", PointName.fanSpeedFeedback] == 1)
        #expect(hall["economizer", PointName.valvePositionCommand] == 0.4)
        // Never written, so no watchdog: the tower beside it still runs as at the start.
        #expect(hall["tower-1", PointName.fanSpeedFeedback] == 0.7)
    }

    @Test func heatGoesToTheNetworkWhileItPermitsAndToTheTowersOtherwise() throws {
        let events = [
            SimulationEvent(after: .seconds(60), kind: .districtPermit(true)),
            SimulationEvent(after: .seconds(3_600), kind: .districtPermit(false)),
        ]
        var hall = try RunningHall(events: events)
        hall.write("heat-recovery", PointName.valvePositionCommand, 1)
        hall.run(.seconds(3_500), hold: Self.export)
        #expect(hall["district", PointName.heatExportPermit] == 1)
        #expect((4.5e6...5.5e6).contains(hall["district", PointName.thermalPower]))
        #expect((0.85e6...1.3e6).contains(hall["heat-pumps", PointName.activePower]))
        #expect((66...70).contains(hall["heat-pump-1", PointName.sinkSupplyTemperature]))
        hall.run(.seconds(300), hold: Self.export)
        #expect(hall["district", PointName.heatExportPermit] == 0)
        #expect(hall["district", PointName.thermalPower] == 0)
        #expect(hall["heat-pump-1", PointName.runStatus] == 0)
        #expect(hall["heat-pump-1", PointName.faultStatus] == 0)
        hall.run(.seconds(1_800), hold: Self.export)
        #expect(hall["facility-water", PointName.facilityWaterSupplyTemperature] < 19)
    }

    @Test func metersOfTheCoolingPlantAddUp() throws {
        var hall = try RunningHall()
        hall.run(.seconds(600))
        let groups = ["chillers", "towers", "facility-pumps", "cdus", "crahs"].map { hall[$0, PointName.activePower] }
        let flows = hall.facility.flows
        #expect(groups.allSatisfy { $0 > 10_000 })
        #expect(abs(groups.reduce(0, +) - flows.cooling) < 1e-6 * flows.cooling)
        let boundary = hall["utility-a", PointName.activePower] + hall["utility-b", PointName.activePower]
        #expect(abs(boundary - flows.boundary) < 1e-6 * boundary)
        let removed = hall["cooling-plant", PointName.thermalPower]
        #expect((1.0...1.08).contains(removed / flows.uninterruptibleOutput))
        let before = hall["make-up-water", PointName.waterVolume]
        let energy = hall.facility.balance?.makeUp ?? 0
        hall.run(.seconds(3_600))
        let drawn = ((hall.facility.balance?.makeUp ?? 0) - energy) / 997.1
        #expect(abs(hall["make-up-water", PointName.waterVolume] - before - drawn) < 1e-6)
        // 1.2 to 2.1 L/kWh of IT energy with towers.
        #expect((8...20).contains(drawn))
    }

    @Test func loadStepMovesTheMeanLoadToItsShare() throws {
        let event = SimulationEvent(after: .seconds(60), kind: .loadStep(Ratio(fraction: 0.6), over: .seconds(600)))
        var hall = try RunningHall(events: [event])
        let nominal = 76 * 132_000.0
        let before = hall.facility.flows.informationTechnology / nominal
        hall.run(.seconds(360))
        let between = hall.facility.flows.informationTechnology / nominal
        hall.run(.seconds(400))
        let after = hall.facility.flows.informationTechnology / nominal
        #expect((0.8...0.9).contains(before))
        #expect((0.57...0.64).contains(after))
        #expect(after < between && between < before)
    }

    @Test func sameSeedGivesTheSameBitsOfEveryPoint() throws {
        func bits(seed: UInt64) throws -> [UInt64] {
            var hall = try RunningHall(climate: "stockholm", seed: seed)
            hall.write("economizer", PointName.valvePositionCommand, 1)
            hall.run(.seconds(600))
            return hall.site.points.map { (hall.facility.value(of: $0.index) ?? .nan).bitPattern }
        }
        let first = try bits(seed: 42)
        #expect(first == (try bits(seed: 42)))
        #expect(first != (try bits(seed: 43)))
        #expect(first.allSatisfy { Double(bitPattern: $0).isFinite })
    }

    @Test func anUnknownClimateAndAHalfPlantAreRefused() {
        let climate = Facility.make(site: HallSite.make(climate: "mars"), seed: 1, start: HallSite.start)
        #expect(climate.0 == nil)
        #expect(climate.problems.map(\.subject) == ["surroundings"])
        var plant = HallSite.plant(climate: "stockholm")
        plant.chillers = []
        plant.waterEconomizer = nil
        let site = SiteDescription(id: "half", endpoints: [], maps: [], devices: [], plant: plant)
        let half = Facility.make(site: site, seed: 1, start: HallSite.start)
        #expect(half.problems.map(\.subject) == ["facility-water"])
    }
}
