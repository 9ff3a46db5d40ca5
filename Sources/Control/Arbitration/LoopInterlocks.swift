// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// The joint interlocks of one water loop, bound to its points once.
///
/// A machine of another loop says nothing here: its chillers do not carry this loop's heat, nor does its flow prove
/// ours.
///
/// Every test is a total function of the image and the proposed set: a reading without a usable value counts as no
/// flow, no proof, or heat that flows, whichever is the careful reading of it.
struct LoopInterlocks: Sendable {
    struct Machine: Sendable {
        let enable: Actuator
        let runStatus: PointIndex?
        /// Heat it moves at its rated point, in watts.
        let capacity: Double
    }

    let chillers: [Machine]
    let heatPumps: [Machine]
    let towerFans: [Actuator]
    let facilityPump: Actuator?
    let condenserPump: Actuator?
    let economizerValve: Actuator?
    let recoveryValve: Actuator?
    let recoveryPump: Actuator?
    /// Whether the economizer's plates are all that takes heat out of the water.
    private let isExchangerAlone: Bool
    let heat: PlantHeat
    private let recoveryFlow: FlowProof?
    private let facilityFlow: FlowProof?
    private let condenserFlow: FlowProof?

    /// A pump below this share of full speed does not count as running.
    static let pumpRunning = 0.2
    /// A valve below this position counts as shut.
    static let valveShut = 0.05
    /// A fan below this share of full speed counts as off.
    static let fanOff = 0.05
    /// Share of the heat that what is left must carry before cooling is taken away.
    static let carriedShare = 0.85

    /// - Parameters:
    ///   - site: What the loop stands in.
    ///   - index: Its position in the plant's water loops.
    ///   - points: The points that may be written.
    init(site: SiteDescription, loop index: Int, points: ControlledPoints) {
        let plant = site.plant
        let loop = plant.waterLoops[index]
        func actuator(_ equipment: String?, _ point: String) -> Actuator? {
            Actuator(site, points, equipment: equipment, point)
        }
        func machine(_ id: String, capacity: Power) -> Machine? {
            actuator(id, PointName.enableCommand).map {
                let status = site.index(equipment: id, PointName.runStatus)
                return Machine(enable: $0, runStatus: status, capacity: capacity.watts)
            }
        }
        chillers = loop.chillers.compactMap { machine($0.id, capacity: $0.capacity) }
        let behind = loop.heatRecovery == nil ? [] : plant.heatPumps
        heatPumps = behind.compactMap { machine($0.id, capacity: $0.evaporatorCapacity) }
        towerFans = loop.coolingTowers.compactMap { actuator($0.id, PointName.fanSpeedCommand) }
        facilityPump = actuator(loop.facilityWater?.id, PointName.pumpSpeedCommand)
        condenserPump = actuator(loop.condenserWater?.id, PointName.pumpSpeedCommand)
        economizerValve = actuator(loop.waterEconomizer?.id, PointName.valvePositionCommand)
        recoveryValve = actuator(loop.heatRecovery?.id, PointName.valvePositionCommand)
        recoveryPump = actuator(loop.heatRecovery?.id, PointName.pumpSpeedCommand)
        isExchangerAlone = loop.chillers.isEmpty && loop.waterEconomizer != nil
        heat = PlantHeat(site: site, loop: index)
        facilityFlow = loop.facilityWater.map {
            FlowProof(site, $0.id, PointName.facilityWaterVolumeFlow, design: $0.designFlow)
        }
        condenserFlow = loop.condenserWater.map {
            FlowProof(site, $0.id, PointName.condenserWaterVolumeFlow, design: $0.designFlow)
        }
        recoveryFlow = loop.heatRecovery.map {
            FlowProof(site, $0.id, PointName.recoveryVolumeFlow, design: $0.designFlow)
        }
    }

    /// The interlocks that a proposed set would violate, in the order they are resolved.
    func violations(_ image: ProcessImage, _ set: ProposedSet) -> [JointInterlock] {
        JointInterlock.allCases.filter { isViolated($0, image, set) }
    }

    /// Whether a proposed set violates one interlock.
    func isViolated(_ interlock: JointInterlock, _ image: ProcessImage, _ set: ProposedSet) -> Bool {
        switch interlock {
        case .facilityWaterFlowForChillers: hasUnprovenStart(facilityFlow, image, set)
        case .condenserWaterFlowForChillers: hasUnprovenStart(condenserFlow, image, set)
        case .facilityWaterPumpKeepsRunning:
            stops(facilityPump, image, set) && (needsChillerWater(image, set) || heat.isFlowing(image))
        case .condenserWaterPumpKeepsRunning:
            stops(condenserPump, image, set)
                && (needsChillerWater(image, set) || (isExchanging(image, set) && heat.isFlowing(image)))
        case .rejectionPath: lacksPath(image, set)
        case .rejectionCapacity: takesAwayTooMuch(image, set)
        case .condenserPumpAgainstShutValves:
            economizerValve != nil && value(condenserPump, image, set) >= Self.pumpRunning
                && !needsChillerWater(image, set) && !isEconomizerOpen(image, set)
        case .towerFansForHeat:
            !towerFans.isEmpty && towerFans.allSatisfy { value($0, image, set) < Self.fanOff }
                && heat.exceedsNaturalDraught(image)
        case .recoveryFlowForHeatPumps:
            heatPumps.contains { isOn($0, image, set) } && !hasRecoveryFlow(image, set)
        }
    }

    /// The slots of all machines that the loop has.
    var slots: [Int] {
        let alone: [Actuator?] = [facilityPump, condenserPump, economizerValve, recoveryValve, recoveryPump]
        let machines = chillers.map(\.enable.slot) + heatPumps.map(\.enable.slot) + towerFans.map(\.slot)
        return machines.compactMap { $0 } + alone.compactMap { $0?.slot }
    }

    /// The slots that an interlock may move, ascending.
    func scope(of interlock: JointInterlock) -> [Int] {
        let chillerSlots = chillers.map(\.enable.slot)
        let slots: [Int?] =
            switch interlock {
            case .facilityWaterFlowForChillers, .condenserWaterFlowForChillers: chillerSlots
            case .facilityWaterPumpKeepsRunning: [facilityPump?.slot]
            case .condenserWaterPumpKeepsRunning: [condenserPump?.slot]
            case .rejectionPath, .rejectionCapacity: chillerSlots + [economizerValve?.slot]
            case .condenserPumpAgainstShutValves: [economizerValve?.slot]
            case .towerFansForHeat: towerFans.map(\.slot)
            case .recoveryFlowForHeatPumps: heatPumps.map(\.enable.slot)
            }
        return slots.compactMap { $0 }.sorted()
    }

    /// The set with the interlock's fail-safe values in place of those proposed.
    ///
    /// Only proposed values change: what nobody commands cannot be moved.
    func remedied(_ interlock: JointInterlock, _ image: ProcessImage, _ set: ProposedSet) -> ProposedSet {
        var result = set
        func put(_ actuator: Actuator?, _ value: Double) {
            if let slot = actuator?.slot, result[slot] != nil { result[slot] = value }
        }
        switch interlock {
        case .facilityWaterFlowForChillers, .condenserWaterFlowForChillers:
            for chiller in chillers where isStarting(chiller, image, set) { put(chiller.enable, 0) }
        case .facilityWaterPumpKeepsRunning: put(facilityPump, 1)
        case .condenserWaterPumpKeepsRunning: put(condenserPump, 1)
        case .rejectionPath:
            put(economizerValve, 1)
            for chiller in chillers where mayStart(chiller, image) { put(chiller.enable, 1) }
        case .rejectionCapacity:
            for chiller in chillers where isOnNow(chiller, image) { put(chiller.enable, 1) }
            if let valve = economizerValve, let present = valve.present(image), present >= Self.valveShut {
                put(valve, max(present, value(valve, image, set)))
            }
        case .condenserPumpAgainstShutValves: put(economizerValve, 1)
        case .towerFansForHeat: for fan in towerFans { put(fan, 1) }
        case .recoveryFlowForHeatPumps: for pump in heatPumps { put(pump.enable, 0) }
        }
        return result
    }
}

extension LoopInterlocks {
    private func value(_ actuator: Actuator?, _ image: ProcessImage, _ set: ProposedSet) -> Double {
        actuator?.value(set, image) ?? 0
    }

    private func isOn(_ machine: Machine, _ image: ProcessImage, _ set: ProposedSet) -> Bool {
        (machine.enable.value(set, image) ?? 0) >= 0.5
    }

    private func isRunning(_ machine: Machine, _ image: ProcessImage) -> Bool {
        (image[machine.runStatus].usableValue ?? 0) >= 0.5
    }

    private func isOnNow(_ machine: Machine, _ image: ProcessImage) -> Bool {
        (machine.enable.present(image) ?? 0) >= 0.5
    }

    private func isStarting(_ machine: Machine, _ image: ProcessImage, _ set: ProposedSet) -> Bool {
        isOn(machine, image, set) && !isOnNow(machine, image) && !isRunning(machine, image)
    }

    private func mayStart(_ machine: Machine, _ image: ProcessImage) -> Bool {
        isOnNow(machine, image) || isRunning(machine, image)
            || (isProven(facilityFlow, image) && isProven(condenserFlow, image))
    }

    /// A site without the loop has nothing to prove.
    private func isProven(_ flow: FlowProof?, _ image: ProcessImage) -> Bool { flow?.isProven(image) ?? true }

    private func hasUnprovenStart(_ flow: FlowProof?, _ image: ProcessImage, _ set: ProposedSet) -> Bool {
        !isProven(flow, image) && chillers.contains { isStarting($0, image, set) }
    }

    /// Whether water must flow for a chiller: one is enabled, or one still runs.
    private func needsChillerWater(_ image: ProcessImage, _ set: ProposedSet) -> Bool {
        chillers.contains { isOn($0, image, set) || isRunning($0, image) }
    }

    /// Whether the set itself lets a pump stop; a pump that nobody commands is not ours to judge.
    private func stops(_ pump: Actuator?, _ image: ProcessImage, _ set: ProposedSet) -> Bool {
        guard let slot = pump?.slot, let proposed = set[slot] else { return false }
        return proposed < Self.pumpRunning
    }

    private func isEconomizerOpen(_ image: ProcessImage, _ set: ProposedSet) -> Bool {
        value(economizerValve, image, set) >= Self.valveShut
    }

    /// Whether heat goes over the economizer's plates; without chillers and a valve there is no other way for it.
    private func isExchanging(_ image: ProcessImage, _ set: ProposedSet) -> Bool {
        isEconomizerOpen(image, set) || (isExchangerAlone && economizerValve == nil)
    }

    private func lacksPath(_ image: ProcessImage, _ set: ProposedSet) -> Bool {
        guard !chillers.isEmpty, heat.isFlowing(image) else { return false }
        guard economizerValve != nil || chillers.contains(where: { mayStart($0, image) }) else { return false }
        return !chillers.contains { isOn($0, image, set) } && !isEconomizerOpen(image, set)
    }

    private func takesAwayTooMuch(_ image: ProcessImage, _ set: ProposedSet) -> Bool {
        let economizer = heat.economizerWatts(image)
        var present = economizerValve?.present(image).map { $0 >= Self.valveShut } == true ? economizer : 0
        var proposed = isEconomizerOpen(image, set) ? min(economizer, present) : 0
        for chiller in chillers where isRunning(chiller, image) && isOnNow(chiller, image) {
            present += chiller.capacity
            if isOn(chiller, image, set) { proposed += chiller.capacity }
        }
        guard proposed < present else { return false }
        guard let load = heat.loadWatts(image) else { return true }
        return proposed < Self.carriedShare * load
    }

    private func hasRecoveryFlow(_ image: ProcessImage, _ set: ProposedSet) -> Bool {
        value(recoveryPump, image, set) >= Self.pumpRunning && value(recoveryValve, image, set) >= Self.valveShut
            && isProven(recoveryFlow, image)
    }
}
