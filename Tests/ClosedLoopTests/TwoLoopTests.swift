// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Testing

@Suite("The hall on two loops under control")
struct TwoLoopTests {
    @Test("each loop is led in its own band, and no interlock has to move a command", .timeLimit(.minutes(5)))
    func morning() throws {
        var plant = try VirtualSite("two-loops")
        let promoted = plant.step(plant.promotions()).replies
        #expect(promoted.count == 5 && promoted.allSatisfy { $0.accepted })
        var watch = SafetyWatch(plant.site)
        var exported: [String] = []
        var coldest = Double.infinity
        var warmLoop = (least: Double.infinity, most: -Double.infinity)
        var tripped: Set<String> = []
        while plant.elapsed < .seconds(4_500) {
            let outputs = plant.step()
            // A frosty start: for a while economizer and chillers together cool more than the setpoint asks for.
            watch.check(plant, isControlled: false)
            let cold = plant.value("facility-water", PointName.facilityWaterSupplyTemperature) ?? -.infinity
            coldest = min(coldest, cold)
            let warm = plant.value("liquid-facility-water", PointName.facilityWaterSupplyTemperature) ?? .infinity
            warmLoop = (min(warmLoop.least, warm), max(warmLoop.most, warm))
            if let state = outputs.loops.first(where: { $0.id == "heat-export" })?.state, exported.last != state {
                exported.append(state)
            }
            for decision in outputs.decisions {
                tripped.formUnion(decision.boundBy.map(\.reason.code).filter { JointInterlock(rawValue: $0) != nil })
            }
            #expect(outputs.loops.allSatisfy { $0.mode == .automatic })
        }
        #expect(exported.starts(with: ["no_permit", "waiting", "starting", "export_running"]), "\(exported)")
        #expect(tripped.isEmpty, "\(tripped.sorted())")
        #expect(warmLoop.least > 28 && warmLoop.most < 36, "\(warmLoop)")
        #expect(coldest > 14.5, "supply_minimum is 15 °C")
        let running = (1...3).count { plant.value("chiller-\($0)", PointName.runStatus) == 1 }
        #expect(running <= 2, "two of three carry the air's heat")
        for unit in 1...8 {
            #expect(plant.value("cdu-\(unit)", PointName.coolantSupplyTemperatureSetpoint) == 38)
        }
    }
}
