// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Testing

@Suite("Joint interlocks")
struct ArbitrationInterlockTests {
    typealias Change = (device: String, point: String, value: Double?)

    struct Case: Sendable, CustomTestStringConvertible {
        let interlock: JointInterlock
        let what: String
        let image: [Change]
        let proposed: [(device: String, point: String, value: Double)]
        let isTripped: Bool
        /// What must come out for the points proposed; empty where nothing changes.
        let result: [Double]
        var testDescription: String { "\(interlock.rawValue): \(what)" }

        init(
            _ interlock: JointInterlock,
            _ what: String,
            image: [Change] = [],
            proposed: [(device: String, point: String, value: Double)],
            becomes result: [Double]? = nil
        ) {
            self.interlock = interlock
            self.what = what
            self.image = image
            self.proposed = proposed
            isTripped = result != nil
            self.result = result ?? proposed.map(\.value)
        }
    }

    private static let enable = PointName.enableCommand
    private static let pump = PointName.pumpSpeedCommand
    private static let valve = PointName.valvePositionCommand
    private static let fan = PointName.fanSpeedCommand
    private static let chillerTwoOff: [Change] = [("chiller-2", enable, 0), ("chiller-2", PointName.runStatus, 0)]
    private static let chillersOff: [Change] =
        chillerTwoOff + [("chiller-1", enable, 0), ("chiller-1", PointName.runStatus, 0)]
    private static let freeCooling: [Change] = [
        ("economizer", valve, 1), ("facility-water", PointName.economizerLeavingTemperature, 20),
    ]
    private static let exporting: [Change] = [
        ("recovery-loop", pump, 0.8), ("recovery-valve", valve, 1),
        ("recovery-loop", PointName.recoveryVolumeFlow, 0.015),
    ]

    static let cases: [Case] = [
        Case(
            .facilityWaterFlowForChillers,
            "a start with flow is let through",
            image: chillerTwoOff,
            proposed: [("chiller-2", enable, 1)]
        ),
        Case(
            .facilityWaterFlowForChillers,
            "a start without flow waits",
            image: chillerTwoOff + [("facility-water", PointName.facilityWaterVolumeFlow, 0.001)],
            proposed: [("chiller-2", enable, 1)],
            becomes: [0]
        ),
        Case(
            .facilityWaterFlowForChillers,
            "a start with a silent flow meter waits",
            image: chillerTwoOff + [("facility-water", PointName.facilityWaterVolumeFlow, nil)],
            proposed: [("chiller-2", enable, 1)],
            becomes: [0]
        ),
        Case(
            .facilityWaterFlowForChillers,
            "a silent flow meter does not stop what runs",
            image: [("facility-water", PointName.facilityWaterVolumeFlow, nil)],
            proposed: [("chiller-1", enable, 1), ("chiller-2", enable, 1)]
        ),
        Case(
            .condenserWaterFlowForChillers,
            "a start without flow waits",
            image: chillerTwoOff + [("condenser-water", PointName.condenserWaterVolumeFlow, 0)],
            proposed: [("chiller-2", enable, 1)],
            becomes: [0]
        ),
        Case(
            .facilityWaterPumpKeepsRunning,
            "the pump may slow down",
            proposed: [("facility-water", pump, 0.4)]
        ),
        Case(
            .facilityWaterPumpKeepsRunning,
            "the pump may not stop under load",
            proposed: [("facility-water", pump, 0)],
            becomes: [1]
        ),
        Case(
            .condenserWaterPumpKeepsRunning,
            "the pump may not stop while chillers run",
            proposed: [("condenser-water", pump, 0.1)],
            becomes: [1]
        ),
        Case(
            .condenserWaterPumpKeepsRunning,
            "the pump may not stop in free cooling",
            image: chillersOff + freeCooling,
            proposed: [("condenser-water", pump, 0), ("chiller-1", enable, 0), ("chiller-2", enable, 0)],
            becomes: [1, 0, 0]
        ),
        Case(
            .rejectionPath,
            "free cooling needs no chiller",
            image: chillersOff + freeCooling,
            proposed: [("chiller-1", enable, 0), ("chiller-2", enable, 0), ("economizer", valve, 1)]
        ),
        Case(
            .rejectionPath,
            "all shut under load opens the economizer and enables what has flow",
            image: chillersOff,
            proposed: [("chiller-1", enable, 0), ("chiller-2", enable, 0), ("economizer", valve, 0)],
            becomes: [1, 1, 1]
        ),
        Case(
            .rejectionPath,
            "without load all may be shut",
            image: chillersOff + [("facility-water", PointName.facilityWaterReturnTemperature, 20)],
            proposed: [
                ("chiller-1", enable, 0), ("chiller-2", enable, 0), ("economizer", valve, 0),
                ("condenser-water", pump, 0),
            ]
        ),
        Case(
            .rejectionCapacity,
            "one of two chillers may go when the other carries the load",
            image: [("facility-water", PointName.facilityWaterReturnTemperature, 25)],
            proposed: [("chiller-1", enable, 1), ("chiller-2", enable, 0)]
        ),
        Case(
            .rejectionCapacity,
            "one of two chillers stays when the other cannot carry the load",
            proposed: [("chiller-1", enable, 1), ("chiller-2", enable, 0)],
            becomes: [1, 1]
        ),
        Case(
            .rejectionCapacity,
            "an enabled chiller that does not run is no proof",
            image: [
                ("chiller-1", PointName.runStatus, 0), ("facility-water", PointName.facilityWaterReturnTemperature, 25),
            ],
            proposed: [("chiller-1", enable, 1), ("chiller-2", enable, 0)],
            becomes: [1, 1]
        ),
        Case(
            .rejectionCapacity,
            "the last chiller goes once the economizer carries the load",
            image: chillerTwoOff + [
                ("economizer", valve, 1), ("facility-water", PointName.economizerLeavingTemperature, 20.4),
            ],
            proposed: [("chiller-1", enable, 0), ("economizer", valve, 1)]
        ),
        Case(
            .rejectionCapacity,
            "the economizer stays open while it carries the load",
            image: chillersOff + freeCooling,
            proposed: [("chiller-1", enable, 1), ("chiller-2", enable, 1), ("economizer", valve, 0)],
            becomes: [1, 1, 1]
        ),
        Case(
            .condenserPumpAgainstShutValves,
            "the pump has a way through the economizer",
            image: chillersOff + [("facility-water", PointName.facilityWaterReturnTemperature, 20)],
            proposed: [
                ("condenser-water", pump, 1), ("chiller-1", enable, 0), ("chiller-2", enable, 0),
                ("economizer", valve, 0),
            ],
            becomes: [1, 0, 0, 1]
        ),
        Case(
            .towerFansForHeat,
            "one fan of two may stop",
            proposed: [("tower-1", fan, 0), ("tower-2", fan, 0.3)]
        ),
        Case(
            .towerFansForHeat,
            "all fans may not stop under load",
            proposed: [("tower-1", fan, 0), ("tower-2", fan, 0)],
            becomes: [1, 1]
        ),
        Case(
            .towerFansForHeat,
            "all fans may stop against ice",
            image: [("condenser-water", PointName.condenserWaterSupplyTemperature, 4)],
            proposed: [("tower-1", fan, 0), ("tower-2", fan, 0)]
        ),
        Case(
            .recoveryFlowForHeatPumps,
            "a heat pump runs with flow",
            image: exporting,
            proposed: [("heat-pump-1", enable, 1), ("recovery-loop", pump, 0.8), ("recovery-valve", valve, 1)]
        ),
        Case(
            .recoveryFlowForHeatPumps,
            "a heat pump without measured flow stays off",
            image: [("recovery-loop", PointName.recoveryVolumeFlow, 0.001)],
            proposed: [("heat-pump-1", enable, 1), ("recovery-loop", pump, 0.8), ("recovery-valve", valve, 1)],
            becomes: [0, 0.8, 1]
        ),
        Case(
            .recoveryFlowForHeatPumps,
            "a heat pump whose pump would stop is stopped with it",
            image: exporting,
            proposed: [("heat-pump-1", enable, 1), ("recovery-loop", pump, 0), ("recovery-valve", valve, 1)],
            becomes: [0, 0, 1]
        ),
    ]

    private let points = ControlledPoints(site: CycleTestPlant.site)
    private let interlocks: PlantInterlocks

    init() { interlocks = PlantInterlocks(site: CycleTestPlant.site, points: points) }

    @Test("each one trips by its cause and has its effect", arguments: cases)
    func table(_ row: Case) {
        let image = CycleTestPlant.image(row.image)
        var set = ProposedSet(slots: points.points.count)
        for entry in row.proposed { set[CycleTestPlant.slot(points, entry.device, entry.point)] = entry.value }
        #expect(interlocks.violations(image, set).contains(row.interlock) == row.isTripped)
        let result = resolve(set, last: ProposedSet(slots: points.points.count), image)
        #expect(row.proposed.map { result.set[CycleTestPlant.slot(points, $0.device, $0.point)] } == row.result)
        if row.isTripped { #expect(result.moved.contains { $0.interlock == row.interlock }) }
        #expect(interlocks.violations(image, result.set).isEmpty)
    }

    @Test("every interlock has a case that trips it and tells cause and effect", arguments: JointInterlock.allCases)
    func coverage(_ interlock: JointInterlock) {
        #expect(Self.cases.contains { $0.interlock == interlock && $0.isTripped })
        #expect(!interlock.cause.isEmpty && !interlock.effect.isEmpty)
        #expect(interlock.reason.code == interlock.rawValue)
    }

    @Test("a failing set goes back to the values last accepted")
    func lastAccepted() {
        let slots = ["tower-1", "tower-2"].map { CycleTestPlant.slot(points, $0, Self.fan) }
        var set = ProposedSet(slots: points.points.count)
        var last = set
        for slot in slots { (set[slot], last[slot]) = (0, 0.45) }
        #expect(slots.map { resolve(set, last: last, CycleTestPlant.image()).set[$0] } == [0.45, 0.45])
        last[slots[0]] = 0.01
        last[slots[1]] = 0.01
        #expect(slots.map { resolve(set, last: last, CycleTestPlant.image()).set[$0] } == [1, 1], "it fails as well")
    }

    @Test("whatever loops wish and sensors say, no interlock is violated", arguments: UInt64(1)...20)
    func randomWishes(seed: UInt64) {
        var random = CycleTestGenerator(seed: seed)
        var last = ProposedSet(slots: points.points.count)
        for step in 0..<250 {
            var changes: [Change] = []
            for entry in CycleTestPlant.steady where Double.random(in: 0...1, using: &random) < 0.3 {
                let scale: Double = [0, 0.05, 0.5, 1, 1.2].randomElement(using: &random) ?? 1
                let value = entry.value == 0 ? scale.rounded() : entry.value * scale
                changes.append((entry.device, entry.point, Bool.random(using: &random) ? value : nil))
            }
            let image = CycleTestPlant.image(changes)
            var set = ProposedSet(slots: points.points.count)
            for slot in points.points.indices {
                let wish: Double = [0, 0.02, 0.3, 1].randomElement(using: &random) ?? 0
                set[slot] = points.points[slot].range.projected(wish)
            }
            let result = resolve(set, last: step.isMultiple(of: 3) ? last : ProposedSet(slots: set.values.count), image)
            #expect(interlocks.violations(image, result.set).isEmpty, "step \(step)")
            #expect(resolve(result.set, last: last, image).set == result.set, "an accepted set stays as it is")
            last = result.set
        }
    }

    private func resolve(_ set: ProposedSet, last: ProposedSet, _ image: ProcessImage) -> AcceptedSet {
        interlocks.resolve(
            set,
            lastAccepted: last,
            failSafe: points.points.map(\.failSafe),
            hard: points.points.map(\.range),
            image: image
        )
    }
}
