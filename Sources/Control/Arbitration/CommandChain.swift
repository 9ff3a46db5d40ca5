// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// The order in which commands leave, and what must be proven before the next one may.
///
/// First what adds cooling to the water: pumps, fans, valves that open. Then setpoints, then machines that start.
/// Then machines that stop, and last the valves that shut and the pumps that slow down behind them. Each step waits
/// for the device's own feedback, not for the acknowledgement of the write.
package struct CommandChain: Sendable {
    /// What must be seen before a command may leave.
    struct Proof: Sendable {
        let index: PointIndex
        let threshold: Double
        let isAbove: Bool

        func holds(_ image: ProcessImage) -> Bool {
            guard let value = image[index].usableValue else { return false }
            return isAbove ? value >= threshold : value < threshold
        }
    }

    private let roles: [PointRole]
    /// By slot: what a start waits for.
    private let beforeStart: [[Proof]]
    /// By slot: what a stop waits for.
    private let beforeStop: [[Proof]]

    /// How long a proof may take before it is an alarm.
    package static let proofTimeout = Duration.seconds(300)

    package init(site: SiteDescription, points: ControlledPoints) {
        let plant = site.plant
        func proof(_ equipment: String?, _ point: String, _ threshold: Double, above: Bool) -> Proof? {
            equipment.flatMap { site.index(equipment: $0, point) }
                .map { Proof(index: $0, threshold: threshold, isAbove: above) }
        }
        let running = LoopInterlocks.pumpRunning
        let speed = PointName.pumpSpeedFeedback
        var starts: [[Proof]] = Array(repeating: [], count: points.points.count)
        var stops = starts
        func wait(_ proofs: [Proof], at equipment: String?, _ point: String, in list: inout [[Proof]]) {
            guard let index = equipment.flatMap({ site.index(equipment: $0, point) }),
                let slot = points.slot(of: index)
            else { return }
            list[slot] = proofs
        }
        for loop in plant.waterLoops {
            let chillerStart = [
                proof(loop.facilityWater?.id, speed, running, above: true),
                proof(loop.condenserWater?.id, speed, running, above: true),
            ].compactMap { $0 }
            for chiller in loop.chillers { wait(chillerStart, at: chiller.id, PointName.enableCommand, in: &starts) }
            let chillersStopped = loop.chillers.compactMap { proof($0.id, PointName.runStatus, 0.5, above: false) }
            wait(chillersStopped, at: loop.condenserWater?.id, PointName.pumpSpeedCommand, in: &stops)
            guard let recovery = loop.heatRecovery?.id else { continue }
            let heatPumpStart = [
                proof(recovery, PointName.valvePositionFeedback, LoopInterlocks.valveShut, above: true),
                proof(recovery, speed, running, above: true),
            ].compactMap { $0 }
            for pump in plant.heatPumps { wait(heatPumpStart, at: pump.id, PointName.enableCommand, in: &starts) }
            let pumpsStopped = plant.heatPumps.compactMap { proof($0.id, PointName.runStatus, 0.5, above: false) }
            wait(pumpsStopped, at: recovery, PointName.valvePositionCommand, in: &stops)
            wait(pumpsStopped, at: recovery, PointName.pumpSpeedCommand, in: &stops)
        }
        roles = points.points.map(\.role)
        beforeStart = starts
        beforeStop = stops
    }

    /// The place of a command in the order, 0 first.
    package func rank(slot: Int, from present: Double?, to value: Double) -> Int {
        let isLess = present.map { value < $0 } ?? false
        return switch roles[slot] {
        case .facilityWaterPump, .condenserWaterPump: isLess ? 7 : 0
        case .towerFan: isLess ? 7 : 1
        case .economizerValve, .recoveryValve: isLess ? 6 : 1
        case .recoveryPump: isLess ? 6 : 2
        case .coolantSetpoint, .chillerSetpoint, .other: 3
        case .chillerEnable: isLess ? 5 : 4
        case .heatPumpEnable, .heatPumpCapacity: isLess ? 5 : 4
        }
    }

    /// The first point whose proof is missing for this command, or nil where it may leave.
    package func missingProof(slot: Int, to value: Double, _ image: ProcessImage) -> PointIndex? {
        let proofs = value >= startThreshold(slot) ? beforeStart[slot] : beforeStop[slot]
        return proofs.first { !$0.holds(image) }?.index
    }

    private func startThreshold(_ slot: Int) -> Double {
        switch roles[slot] {
        case .chillerEnable, .heatPumpEnable: 0.5
        case .condenserWaterPump, .recoveryPump: LoopInterlocks.pumpRunning
        default: LoopInterlocks.valveShut
        }
    }
}
