// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Foundation
import Plant
import PlantSim
import Testing

@Suite("The demo hall under control")
struct DemoHallTests {
    /// A state that a loop entered, with the minute of plant time and the reason it gave.
    private struct Entered: Hashable {
        let loop: String
        let state: String
        let reason: Reason
        let minute: Double
    }

    @Test(
        "in two hours heat export starts, and with the cold front chillers give way to free cooling",
        .timeLimit(.minutes(10))
    )
    func morning() throws {
        var plant = try VirtualSite("hall-10mw")
        #expect(plant.site.loops.count == 5)
        #expect(plant.site.loops.allSatisfy { $0.parameters.isEmpty }, "with the product's own parameters")
        let promoted = plant.step(plant.promotions()).replies
        #expect(promoted.allSatisfy { $0.accepted })
        var watch = SafetyWatch(plant.site)
        var entered: [Entered] = []
        var tripped: Set<String> = []
        while plant.elapsed < .seconds(7_200) {
            let outputs = plant.step()
            watch.check(plant)
            for status in outputs.loops where entered.last(where: { $0.loop == status.id })?.state != status.state {
                entered.append(
                    Entered(
                        loop: status.id,
                        state: status.state,
                        reason: status.reason,
                        minute: plant.elapsed.inSeconds / 60
                    )
                )
            }
            for decision in outputs.decisions {
                tripped.formUnion(decision.boundBy.map(\.reason.code).filter { JointInterlock(rawValue: $0) != nil })
            }
            #expect(outputs.loops.allSatisfy { $0.mode == .automatic })
        }
        let phases = states(entered, "heat-export")
        #expect(phases.starts(with: ["no_permit", "waiting", "starting", "export_running"]), "\(phases)")
        let modes = states(entered, "economizer")
        #expect(modes.starts(with: ["full_mechanical", "partial_mechanical", "free_cooling"]), "\(modes)")
        #expect(entered.allSatisfy { !$0.reason.code.isEmpty && !$0.reason.text.isEmpty })
        #expect(
            entered.first { $0.state == "partial_mechanical" }?.reason.evidence.isEmpty == false,
            "a change of mode carries the numbers it rests on"
        )
        let start = entered.first { $0.state == "export_running" }?.minute ?? 0
        #expect((10...30).contains(start), "the permit is given after 10 min; started at \(start)")
        #expect(tripped.isEmpty, "interlocks that had to move a command: \(tripped.sorted())")
        #expect((plant.value("facility-water", PointName.economizerLeavingTemperature) ?? 99) < 20.5)
    }

    @Test(
        "in any weather and load, devices never hold an unsafe set and facility water stays in its band",
        .timeLimit(.minutes(10)),
        arguments: Seeds.all
    )
    func anySeed(seed: UInt64) throws {
        var plant = try VirtualSite("hall-10mw", seed: seed)
        _ = plant.step(plant.promotions())
        var watch = SafetyWatch(plant.site)
        while plant.elapsed < .seconds(4_800) {
            let outputs = plant.step()
            watch.check(plant)
            let moved = outputs.decisions.flatMap { $0.boundBy.map(\.reason.code) }
            #expect(moved.allSatisfy { JointInterlock(rawValue: $0) == nil }, "seed \(seed) at \(plant.elapsed)")
        }
    }

    @Test("a restart in the middle goes on with the same commands, decisions and alarms", .timeLimit(.minutes(5)))
    func restart() throws {
        var plant = try VirtualSite("hall-10mw")
        _ = plant.step(plant.promotions())
        while plant.elapsed < .seconds(1_190) { _ = plant.step() }
        var other = plant
        let bytes = try JSONEncoder().encode(plant.control.snapshot())
        other.control = try #require(ControlCycle.make(site: plant.site).0)
        other.control.restore(try JSONDecoder().decode(ControlSnapshot.self, from: bytes))
        var commands = 0
        while plant.elapsed < .seconds(1_500) {
            let (left, right) = (plant.step(), other.step())
            commands += left.commands.count
            #expect(left.commands == right.commands, "at \(plant.elapsed)")
            #expect(left.decisions == right.decisions, "at \(plant.elapsed)")
            #expect(left.loops == right.loops, "at \(plant.elapsed)")
            #expect(left.alarms == right.alarms)
        }
        #expect(commands > 50)
    }

    @Test("advisory loops decide and record, and write nothing", .timeLimit(.minutes(5)))
    func advisory() throws {
        var plant = try VirtualSite("hall-10mw")
        var proposals = 0
        while plant.elapsed < .seconds(1_500) {
            let outputs = plant.step()
            #expect(outputs.commands.isEmpty)
            #expect(outputs.decisions.allSatisfy { !$0.isSent })
            #expect(outputs.loops.allSatisfy { $0.mode == .advisory })
            proposals += outputs.decisions.count
        }
        #expect(proposals > 0)
        #expect(plant.value("economizer", PointName.valvePositionFeedback) == 0)
    }

    @Test("an agent that leaves in free cooling hands back a plant that cools without it", .timeLimit(.minutes(5)))
    func leaving() throws {
        var plant = try VirtualSite("hall-10mw")
        _ = plant.step(plant.promotions())
        while plant.elapsed < .seconds(3_600) { _ = plant.step() }
        let home = plant.control.homeCommands(at: plant.facility.time, authority: plant.authority)
        #expect(home.contains { $0.point.point == PointName.fanSpeedCommand && $0.value == 1 })
        #expect(
            !home.contains {
                $0.point.point == PointName.enableCommand && $0.point.device.hasPrefix("chiller") && $0.value == 0
            }
        )
        for command in home {
            if let index = plant.site.index(of: command.point) { plant.facility.apply(index, value: command.value) }
        }
        var watch = SafetyWatch(plant.site)
        for _ in 0..<600 {
            plant.watch()
            watch.check(plant, isControlled: false)
        }
        #expect((1...6).contains { plant.value("chiller-\($0)", PointName.enableCommand) == 1 })
    }

    private func states(_ entered: [Entered], _ loop: String) -> [String] {
        entered.filter { $0.loop == loop }.map(\.state)
    }
}
