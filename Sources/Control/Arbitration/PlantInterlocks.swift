// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// The joint interlocks of a site: those of each of its water loops.
package struct PlantInterlocks: Sendable {
    let loops: [LoopInterlocks]
    /// By loop: the slots of the machines of the other loops.
    private let slotsOfOthers: [Set<Int>]

    package init(site: SiteDescription, points: ControlledPoints) {
        let loops = site.plant.waterLoops.indices.map { LoopInterlocks(site: site, loop: $0, points: points) }
        self.loops = loops
        slotsOfOthers = loops.indices.map { own in
            Set(loops.indices.filter { $0 != own }.flatMap { loops[$0].slots })
        }
    }

    /// The interlocks that a proposed set would violate in any loop, in the order they are resolved.
    package func violations(_ image: ProcessImage, _ set: ProposedSet) -> [JointInterlock] {
        JointInterlock.allCases.filter { isViolated($0, image, set) }
    }

    /// Whether a proposed set violates any interlock; in almost every cycle it does not.
    package func isAnyViolated(_ image: ProcessImage, _ set: ProposedSet) -> Bool {
        JointInterlock.allCases.contains { isViolated($0, image, set) }
    }

    /// Whether a proposed set violates one interlock in any loop.
    package func isViolated(_ interlock: JointInterlock, _ image: ProcessImage, _ set: ProposedSet) -> Bool {
        loops.contains { $0.isViolated(interlock, image, set) }
    }

    /// Makes a proposed set one that violates no interlock, loop by loop: no remedy of one moves a machine of another.
    ///
    /// - Parameters:
    ///   - proposed: what per-point arbitration left.
    ///   - lastAccepted: what held in the cycle before; nil per slot where nothing did.
    ///   - failSafe: by slot, the value of most cooling; nil where a point keeps what it has.
    ///   - hard: by slot, what safety and equipment protection allow now.
    ///   - image: the readings.
    /// - Returns: the set that may hold, with what was changed.
    package func resolve(
        _ proposed: ProposedSet,
        lastAccepted: ProposedSet,
        failSafe: [Double?],
        hard: [AllowedValues],
        image: ProcessImage
    ) -> AcceptedSet {
        var result = AcceptedSet(set: proposed, moved: [])
        for (loop, interlocks) in loops.enumerated() {
            let resolution = LoopResolution(
                interlocks: interlocks,
                slotsOfOthers: slotsOfOthers[loop],
                lastAccepted: lastAccepted,
                failSafe: failSafe,
                hard: hard,
                image: image
            )
            let next = resolution.resolve(result.set)
            result.set = next.set
            result.moved += next.moved
        }
        return result
    }
}
