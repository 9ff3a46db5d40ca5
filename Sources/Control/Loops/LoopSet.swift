// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

/// The loops of a site in their fixed order, each bound to its points once.
///
/// Heat export, water economizer, chiller staging, cooling tower, coolant supply: the order in which heat is taken
/// out of the return water, so that each sees what those before it intend in the same cycle. A loop kind that the
/// site does not list is not there.
///
/// Loops always step. What a loop believes of the plant comes from what the plant proves; only where it acts do its
/// own commands count. So an advisory loop says what it would do next, and not that it has been done.
package struct LoopSet: Sendable {
    /// Time beyond which a gap between two cycles counts no further: nobody watched meanwhile.
    package static let longestStep = Duration.seconds(300)

    /// The site's loops in the order they are stepped, which is the order of every array here.
    package let descriptions: [LoopDescription]
    private var loops: [any ControlLoop]
    /// By loop: the position of the water loop it serves.
    private let waterLoops: [Int]
    /// By water loop: what its loops tell each other; those of another are not concerned.
    private var contexts: [PlantContext]
    /// The chillers of all water loops, each with the position of its own.
    private let chillers: [(status: PointIndex?, waterLoop: Int)]
    /// Per chiller, as last known; one never heard of counts as running.
    private var isChillerRunning: [Bool]

    /// Builds the loops of a site; a loop with a problem is left out, so a set with problems must not be run.
    package static func make(site: SiteDescription) -> (LoopSet, problems: [ControlProblem]) {
        var problems: [ControlProblem] = []
        var descriptions: [LoopDescription] = []
        var loops: [any ControlLoop] = []
        var waterLoops: [Int] = []
        for kind in order {
            let found = site.loops.filter { $0.kind == kind }
            for extra in found.dropFirst() {
                problems.append(
                    ControlProblem(
                        subject: extra.id,
                        message:
                            "is the second \(kind.rawValue) loop of the site; one commands the whole plant, remove it"
                    )
                )
            }
            guard let description = found.first else { continue }
            var binder = PointBinder(site: site, loop: description)
            if let loop = bound(kind, &binder) {
                descriptions.append(description)
                loops.append(loop)
                waterLoops.append(binder.waterLoop)
            }
            problems += binder.problems
        }
        return (LoopSet(site: site, descriptions: descriptions, loops: loops, waterLoops: waterLoops), problems)
    }

    private static let order: [LoopKind] = [
        .heatExport, .waterEconomizer, .chillerStaging, .coolingTower, .coolantSupply,
    ]

    private static func bound(_ kind: LoopKind, _ binder: inout PointBinder) -> (any ControlLoop)? {
        switch kind {
        case .heatExport: HeatExportLoop(&binder)
        case .waterEconomizer: WaterEconomizerLoop(&binder)
        case .chillerStaging: ChillerStagingLoop(&binder)
        case .coolingTower: CoolingTowerLoop(&binder)
        case .coolantSupply: CoolantSupplyLoop(&binder)
        }
    }

    private init(
        site: SiteDescription,
        descriptions: [LoopDescription],
        loops: [any ControlLoop],
        waterLoops: [Int]
    ) {
        self.descriptions = descriptions
        self.loops = loops
        self.waterLoops = waterLoops
        let parts = site.plant.waterLoops
        contexts = parts.map { _ in PlantContext() }
        chillers = parts.enumerated().flatMap { position, loop in
            loop.chillers.map { (site.index(equipment: $0.id, PointName.runStatus), position) }
        }
        isChillerRunning = chillers.map { $0.status != nil }
    }

    /// The points a loop may wish for, in a fixed order; no point belongs to two loops.
    package func commandPoints(ofLoop loop: Int) -> [PointIndex] { loops[loop].commandPoints }

    /// One cycle of every loop.
    ///
    /// - Parameters:
    ///   - image: The frozen readings.
    ///   - dt: Plant time since the step before; a negative one counts as zero, one above ``longestStep`` as that.
    ///   - acting: Per loop whether its wishes are sent: automatic and authorised.
    ///   - isHeld: Whether a point is in hand, so that no wish reaches it.
    /// - Returns: One output per loop, in the order of ``descriptions``.
    package mutating func step(
        _ image: ProcessImage,
        dt: Duration,
        acting: [Bool],
        isHeld: (PointIndex) -> Bool
    ) -> [LoopOutput] {
        for (index, chiller) in chillers.enumerated() {
            if let status = image[chiller.status].usableValue { isChillerRunning[index] = status >= 0.5 }
        }
        for position in contexts.indices {
            contexts[position].runningChillers = chillers.indices.count {
                chillers[$0].waterLoop == position && isChillerRunning[$0]
            }
        }
        let dt = min(max(dt, .zero), Self.longestStep)
        var outputs: [LoopOutput] = []
        outputs.reserveCapacity(loops.count)
        withoutActuallyEscaping(isHeld) { isHeld in
            for index in loops.indices {
                let isActing = index < acting.count && acting[index]
                let step = LoopStep(
                    image: image,
                    dt: dt,
                    supervision: SupervisionClock.period,
                    isActing: isActing,
                    isHeld: isHeld
                )
                outputs.append(loops[index].step(step, context: &contexts[waterLoops[index]]))
            }
        }
        return outputs
    }

    /// Takes over without a bump: the loop's outputs become what its devices do at present.
    package mutating func adopt(loop: Int, _ image: ProcessImage) { loops[loop].adopt(image) }

    /// The state of every loop as it is kept across a restart, in the order of ``descriptions``.
    package func snapshot() -> LoopSetSnapshot {
        LoopSetSnapshot(
            context: contexts[0],
            liquidContext: contexts.count > 1 ? contexts[1] : nil,
            runningChillers: isChillerRunning,
            loops: loops.indices.map { LoopSnapshot(id: descriptions[$0].id, state: loops[$0].state) }
        )
    }

    /// Continues from a snapshot: loops are matched by identifier and kind; those it does not know start fresh.
    package mutating func restore(_ snapshot: LoopSetSnapshot) {
        contexts[0] = snapshot.context
        if contexts.count > 1, let saved = snapshot.liquidContext { contexts[1] = saved }
        if snapshot.runningChillers.count == isChillerRunning.count { isChillerRunning = snapshot.runningChillers }
        for index in loops.indices {
            guard let saved = snapshot.loops.first(where: { $0.id == descriptions[index].id }) else { continue }
            loops[index].restore(saved.state)
        }
    }
}

/// What is kept of the loops across a restart: modes, dwell timers, integrators, rotation.
package struct LoopSetSnapshot: Sendable, Codable {
    let context: PlantContext
    /// That of a second water loop; nil on a plant with one.
    let liquidContext: PlantContext?
    /// Per chiller of the site, as last known.
    let runningChillers: [Bool]
    let loops: [LoopSnapshot]
}

/// What is kept of one loop.
struct LoopSnapshot: Sendable, Codable {
    let id: String
    let state: LoopState
}
