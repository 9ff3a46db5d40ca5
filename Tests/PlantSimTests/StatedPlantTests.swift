// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

/// Model choices of a site's plant, seen from outside the built plant.
@Suite("Stated plants")
struct StatedPlantTests {
    @Test(
        "a tower's fan turns at least at its lowest speed, or not at all",
        arguments: [
            // lowest speed, commanded, reached
            (0.3, 0.1, 0.0), (0.3, 0.2, 0.3), (0.3, 0.25, 0.3), (0.3, 0.5, 0.5), (0.2, 0.25, 0.25), (0.2, 0.1, 0),
        ]
    )
    func lowestFanSpeed(lowest: Double, commanded: Double, reached: Double) throws {
        var hall = try RunningHall { plant in
            for index in plant.coolingTowers.indices {
                plant.coolingTowers[index].minimumFanSpeed = Ratio(fraction: lowest)
            }
        }
        let hold = (1...5).map { (equipment: "tower-\($0)", point: PointName.fanSpeedCommand, value: commanded) }
        hall.run(.seconds(180), step: .seconds(10), hold: hold)
        #expect(abs(hall["tower-3", PointName.fanSpeedFeedback] - reached) < 0.001)
    }

    /// The hall under a constant load with a bypass, two hours on.
    private static func withBypass(step: Double) throws -> RunningHall {
        let load = try LoadTrace(commaSeparated: "hours,utilisation\n0,0.7857\n1,0.7857\n")
        var hall = try RunningHall(settings: FacilitySettings(profile: .trace(load))) { plant in
            plant.facilityWater?.returnRise = TemperatureDifference(kelvins: 8)
            plant.facilityWater?.designFlow = VolumeFlow(litersPerSecond: 313)
        }
        let stored = try #require(hall.facility.storedHeat)
        hall.run(.seconds(2 * 3_600), step: .seconds(step))
        let balance = try #require(hall.facility.balance)
        let change = try #require(hall.facility.storedHeat) - stored
        let taken = balance.released + balance.machines
        #expect(abs(taken - balance.rejected - balance.exported - change) < 1e-6 * taken)
        return hall
    }

    @Test("a bypass holds the stated rise, closes the balance and does not depend on the step", .timeLimit(.minutes(1)))
    func returnRise() throws {
        let returns = try [1.0, 10].map { step in
            let hall = try Self.withBypass(step: step)
            let supply = hall["facility-water", PointName.facilityWaterSupplyTemperature]
            let back = hall["facility-water", PointName.facilityWaterReturnTemperature]
            // Beside the loads' 8 K the pumps warm their own water by less than 0.1 K.
            #expect((7.95...8.15).contains(back - supply), "\(step) s: \(supply) to \(back)")
            return back
        }
        #expect(abs(returns[0] - returns[1]) < 0.05, "\(returns)")
    }
}
