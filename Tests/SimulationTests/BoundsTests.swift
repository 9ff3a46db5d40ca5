// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import PlantSim
import Simulation
import Testing
import Thermo

/// The plant of bounds.yaml in air that does not change, against a steady state worked out by hand.
@Suite("The plant of bounds")
struct BoundsTests {
    @Test(
        "settles where arithmetic has it",
        .timeLimit(.minutes(2)),
        arguments: [
            // wet bulb, PUE worked out
            (SimulatedController.baseline, 5.0, 1.197), (.baseline, 24, 1.203),
            (.goodPractice, 5, 1.093), (.goodPractice, 22, 1.178), (.goodPractice, 24, 1.184),
        ]
    )
    func settles(controller: SimulatedController, wetBulb: Double, expected: Double) throws {
        let row = try Self.lastRow(controller, wetBulb: wetBulb)
        let isGood = controller == .goodPractice
        let hand = HandCalculation(wetBulb: wetBulb, supply: row.facilityWater, isGood: isGood)
        #expect(abs(hand.pue - expected) < 0.002, "\(hand)")
        #expect(abs(row.facilityPower / row.itPower - hand.pue) < 0.01, "\(row) \(hand)")
        #expect(abs(row.chillerPower - hand.chillers) < 0.03 * hand.chillers + 1)
        #expect(abs(row.itPower - HandCalculation.racks) < 20)
        #expect(row.free == (isGood && wetBulb < 10 ? 1 : 0) && row.partial == 0)
    }

    /// Means over the last five minutes of three hours.
    private static func lastRow(_ controller: SimulatedController, wetBulb: Double) throws -> SeriesRow {
        // Racks draw 30 % of nominal idle, and on a straight line from there.
        let utilisation = (HandCalculation.racks / (76 * 132) - 0.3) / 0.7
        let load = try LoadTrace(commaSeparated: "hours,utilisation\n0,\(utilisation)\n1,\(utilisation)\n")
        let air = MoistAir(dryBulb: Temperature(celsius: wetBulb + 3), wetBulb: Temperature(celsius: wetBulb))
        let fields = "\(air.dryBulb.celsius),\(air.dewPoint.celsius)\n"
        let series = try WeatherSeries(
            commaSeparated: "month,day,hour,t_db_C,t_dp_C\n1,1,1,\(fields)1,1,2,\(fields)",
            zoneHours: 0
        )
        let setup = SimulationSetup(
            site: try SiteComparison.site("bounds"),
            start: try #require(Timestamp(iso8601: "2026-04-10")),
            duration: .seconds(3 * 3_600),
            plantStep: .seconds(30),
            controlStep: .seconds(30),
            facility: FacilitySettings(profile: .trace(load)),
            surroundings: RunSurroundings(air: .series(series), events: [])
        )
        var run = try #require(controller.run(setup).0)
        let finished = run.run()
        let result = try #require(finished)
        #expect(result.isValid)
        return try #require(result.series.last)
    }
}

/// One steady state of bounds.yaml, powers in kilowatts, from the figures of that file.
private struct HandCalculation {
    static let racks = 8_500.0
    private(set) var chillers = 0.0
    private(set) var condenserPumps: Double
    private(set) var fans: Double
    private let facilityPumps: Double

    /// Racks, losses of 5 %, 8 CDU pumps of 12 kW, 12 air handlers of 5 kW, and what follows.
    var pue: Double {
        let constant = Self.racks * 1.05 + 8 * 12 + 12 * 5
        return (constant + facilityPumps + chillers + condenserPumps + fans) / Self.racks
    }

    /// - Parameters:
    ///   - wetBulb: Of the outdoor air, in degrees Celsius.
    ///   - supply: Facility water supply, in degrees Celsius.
    ///   - isGood: B1 rather than B0.
    init(wetBulb: Double, supply: Double, isGood: Bool) {
        // Into facility water: racks, losses, 90 % of the CDU pumps' power, fans: 9 071 kW. At 8 K that is 271 kg/s,
        // 0.87 of the 313 L/s of design.
        let heat = Self.racks * 1.05 + 0.9 * 96 + 60
        let flow = heat / (4.181 * 8) / (313 * 0.997)
        // B0's pumps run at full speed, B1's hold the design pressure: 1.25 y² - 0.25 x² = 1. 92 or 87 kW.
        let speed = isGood ? Libm.sqrt((1 + 0.25 * flow * flow) / 1.25) : 1
        facilityPumps = 100 * speed * speed * speed * (0.4 + 0.6 * flow / speed)
        let rejected = heat + 0.9 * facilityPumps
        let isFree = isGood && wetBulb < 10
        // Condenser water: all of 537 L/s through five chillers, with B1 in proportion to their load, and so the speed;
        // half the openness through the economizer alone lets sqrt(1.25 / (0.25 + 1 / 0.5²)) = 0.54 of it through at
        // full speed, less than the 313 L/s of its exchanger.
        let ratio = rejected / (5 * 2_300)
        let share = isFree ? Libm.sqrt(1.25 / (0.25 + 4)) : isGood ? ratio : 1
        let rate = share * 537 * 0.997 * 4.181
        condenserPumps = isFree || !isGood ? 120 * (0.4 + 0.6 * share) : 120 * share * share * share
        // Condenser water wanted: an approach of 2 K x^0.8 below the supply in free cooling; B0 29.4 °C; B1 by
        // Guideline 36, the lift of its load above the supply less the range.
        let parameters = CoolingTowerParameters()
        let (lowest, highest) = (parameters.liftMinimum.kelvins, parameters.liftMaximum.kelvins)
        let lift = min(max(highest - 1.1 * (highest - lowest) * (1 - ratio), lowest), highest)
        var water = 29.4
        // Chillers add a tenth to the heat; what their power really is changes the range by 0.1 K.
        let range = (rejected * (isFree ? 1 : 1.095) + 0.9 * condenserPumps) / rate
        if isGood { water = supply + lift - range }
        if isFree { water = supply - 2 * Libm.pow(rejected / 10_500, 0.8) }
        func leaving(_ fan: Double) -> Double {
            wetBulb
                + YorkTower.approach(
                    wetBulb: Temperature(celsius: wetBulb),
                    range: TemperatureDifference(kelvins: range),
                    waterShare: share,
                    airShare: fan
                ).kelvins
        }
        // Fan speed in steps of a hundredth: the slowest that is enough, 30 % where that is already too much.
        let fan = (30...100).map { Double($0) / 100 }.first { leaving($0) <= water } ?? 1
        fans = 5 * 26.2 * (0.02 + 0.98 * fan * fan * fan)
        guard !isFree else { return }
        // 64 % of Carnot between 1.5 K below the supply and 1.5 K above the condensers' leaving water, and 1.053 at
        // a load of 0.8.
        let evaporation = supply + 273.15 - 1.5
        for _ in 0..<5 {
            let leavingCondenser = min(water, leaving(fan)) + (rejected + chillers) / rate
            let lift = leavingCondenser + 273.15 + 1.5 - evaporation
            chillers = rejected / (0.64 * evaporation / lift * 1.053)
        }
    }
}
