// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// What a judge of a run sees of the plant at the end of a step: the truth, not what a sensor shows.
package struct PlantObservation: Hashable, Sendable {
    /// Chillers whose compressor runs.
    package internal(set) var runningChillers = 0
    /// Heat that condenser water takes through the economizer, and what outdoor air carries off, in watts.
    package internal(set) var economizerHeat = 0.0
    /// Heat that the chillers take up, in watts.
    package internal(set) var chillerHeat = 0.0
    /// Heat that the recovery loop takes from facility water, in watts.
    package internal(set) var recoveredHeat = 0.0
    /// Facility water that leaves the plant, in degrees Celsius; of two loops that of the air handlers.
    package internal(set) var facilityWaterSupply = 0.0
    /// Water of the loop for CDUs and tanks that leaves the plant, in degrees Celsius; minus infinity where there is
    /// one loop.
    package internal(set) var liquidLoopSupply = -Double.infinity
    /// Facility water that comes back, behind heat recovery, in degrees Celsius; of two loops that of the air
    /// handlers.
    package internal(set) var facilityWaterReturn = 0.0
    /// Water of CDUs and tanks on its way back, before heat recovery, in degrees Celsius: what heat could be had at.
    package internal(set) var coolantBranchReturn = 0.0
    /// Coolant of the CDU with the warmest supply, in degrees Celsius.
    package internal(set) var warmestCoolant = -Double.infinity
    /// Coolant of the CDU with the coldest supply, in degrees Celsius.
    package internal(set) var coldestCoolant = Double.infinity
    /// Dew point of the hall, in degrees Celsius.
    package internal(set) var hallDewPoint = -Double.infinity
    /// Air at the rack inlets, in degrees Celsius.
    package internal(set) var rackInletAir = 0.0
    /// Air that leaves the racks, in degrees Celsius.
    package internal(set) var hallReturnAir = 0.0
    /// Condenser water to the machines, in degrees Celsius; of two loops that of the air handlers.
    package internal(set) var condenserWaterSupply = 0.0
    /// Outdoor dry bulb, in degrees Celsius.
    package internal(set) var dryBulb = 0.0
    /// Outdoor wet bulb, in degrees Celsius.
    package internal(set) var wetBulb = 0.0
    /// Positions of all valves, 0...1: economizers, recovery, CDUs, air handlers, tanks, outdoor dampers.
    package internal(set) var valves: [Double] = []
    /// Speeds of all fans of towers and dry coolers, 0...1.
    package internal(set) var fans: [Double] = []

    package init() {}
}

/// What a machine with a compressor did since the start.
package struct MachineRecord: Hashable, Sendable {
    package let id: String
    /// Compressor starts.
    package let starts: Int
    /// Hours that the compressor ran.
    package let hours: Double
}

extension ThermalSide {
    func observe(_ seen: inout PlantObservation) {
        plant.observe(&seen)
        seen.dryBulb = world.outdoor.dryBulb.celsius
        seen.wetBulb = world.outdoor.wetBulb.celsius
    }
}

extension CoolingPlant {
    fileprivate func observe(_ seen: inout PlantObservation) {
        seen.runningChillers = 0
        seen.chillerHeat = 0
        // Outdoor air is a free cooling of its own.
        seen.economizerHeat = 0
        seen.recoveredHeat = 0
        var recoveryValve = 0.0
        for loop in loops {
            for output in loop.chillerOutputs {
                if output.status == .running { seen.runningChillers += 1 }
                seen.chillerHeat += output.evaporatorHeat.watts
            }
            seen.economizerHeat += loop.economizerHeat
            guard loop.heatExport != nil else { continue }
            seen.recoveredHeat = loop.heatExport?.recoveredHeat ?? 0
            recoveryValve = loop.heatExport?.valve.position.fraction ?? 0
        }
        seen.economizerHeat += hallSide.outputs.outdoorHeat
        seen.facilityWaterSupply = loops.first?.loop.plantLeaving ?? -.infinity
        seen.facilityWaterReturn = loops.first?.loop.back ?? -.infinity
        seen.condenserWaterSupply = loops.first?.condenserSide.supply ?? -.infinity
        seen.coolantBranchReturn = loops.last?.loop.coolantBranch ?? -.infinity
        seen.liquidLoopSupply = loops.count > 1 ? loops[1].loop.plantLeaving : -.infinity
        seen.hallDewPoint = hallSide.hallOutputs?.dewPoint.celsius ?? -.infinity
        seen.rackInletAir = hallSide.hallOutputs?.inletAir.celsius ?? 0
        seen.hallReturnAir = hallSide.hallOutputs?.returnAir.celsius ?? 0
        seen.warmestCoolant = -.infinity
        seen.coldestCoolant = .infinity
        seen.valves.removeAll(keepingCapacity: true)
        seen.valves.append(loops.first?.economizerValve.position.fraction ?? 0)
        seen.valves.append(recoveryValve)
        for output in hallSide.unitOutputs {
            seen.warmestCoolant = max(seen.warmestCoolant, output.coolantSupply.celsius)
            seen.coldestCoolant = min(seen.coldestCoolant, output.coolantSupply.celsius)
            seen.valves.append(output.valvePosition.fraction)
        }
        for output in hallSide.handlerOutputs { seen.valves.append(output.valvePosition.fraction) }
        for output in hallSide.tankOutputs { seen.valves.append(output.valvePosition.fraction) }
        for output in hallSide.outdoorOutputs { seen.valves.append(output.damperPosition.fraction) }
        seen.fans.removeAll(keepingCapacity: true)
        for loop in loops {
            for output in loop.condenserSide.towerOutputs { seen.fans.append(output.fanSpeed.fraction) }
            for output in loop.condenserSide.dryCoolers?.outputs ?? [] { seen.fans.append(output.fanSpeed.fraction) }
        }
        for loop in loops.dropFirst() { seen.valves.append(loop.economizerValve.position.fraction) }
    }

    var machineRecords: [MachineRecord] {
        let chillers = loops.flatMap(\.chillers).map {
            MachineRecord(id: $0.description.id, starts: $0.machine.starts, hours: $0.machine.runSeconds / 3_600)
        }
        let pumps = loops.flatMap { $0.heatExport?.pumps ?? [] }
        return chillers
            + pumps.map {
                MachineRecord(id: $0.description.id, starts: $0.machine.starts, hours: $0.machine.runSeconds / 3_600)
            }
    }
}
