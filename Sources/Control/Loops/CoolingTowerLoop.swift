// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// Cooling tower cells and condenser water pumps on the points of a site.
struct CoolingTowerLoop: ControlLoop {
    /// The points of one cell.
    struct Binding: Sendable {
        let id: String
        let fanCommand: PointIndex?
        let fanFeedback: PointIndex?
        let basin: PointIndex?
    }

    let id: String
    let water: FacilityWaterDescription
    let basinMinimum: Temperature
    let condenserSupply: PointIndex?
    let condenserReturn: PointIndex?
    let facilitySupply: PointIndex?
    let pumpCommand: PointIndex?
    let bindings: [Binding]
    /// The same judgement of the heat as that of the joint interlock on the fans.
    let heat: PlantHeat
    var sequence: CoolingTower

    /// Binds the loop; nil where the site lacks what it needs, which the binder then has reported.
    init?(_ binder: inout PointBinder) {
        let plant = binder.water
        guard !plant.coolingTowers.isEmpty, let water = plant.facilityWater, let condenser = plant.condenserWater else {
            binder.report(
                binder.loop.id,
                "cooling_tower needs cooling towers, condenser water and facility water in the plant"
            )
            return nil
        }
        id = binder.loop.id
        self.water = water
        basinMinimum = condenser.basinMinimum
        condenserSupply = binder.required(condenser.id, PointName.condenserWaterSupplyTemperature)
        condenserReturn = binder.optional(condenser.id, PointName.condenserWaterReturnTemperature)
        facilitySupply = binder.required(water.id, PointName.facilityWaterSupplyTemperature)
        pumpCommand = binder.command(condenser.id, PointName.pumpSpeedCommand)
        var bindings: [Binding] = []
        for cell in plant.coolingTowers {
            bindings.append(
                Binding(
                    id: cell.id,
                    fanCommand: binder.command(cell.id, PointName.fanSpeedCommand),
                    fanFeedback: binder.required(cell.id, PointName.fanSpeedFeedback),
                    basin: binder.required(cell.id, PointName.basinTemperature)
                )
            )
        }
        self.bindings = bindings
        heat = PlantHeat(site: binder.site, loop: binder.waterLoop)
        sequence = CoolingTower(
            parameters: binder.parameters(CoolingTowerParameters.self),
            cells: bindings.count,
            supplySetpoint: water.supplySetpoint,
            supplyMaximum: water.supplyMaximum,
            basinMinimum: condenser.basinMinimum
        )
        guard binder.problems.isEmpty else { return nil }
    }

    var commandPoints: [PointIndex] { ([pumpCommand] + bindings.map(\.fanCommand)).compactMap { $0 } }
    var state: LoopState { .coolingTower(sequence.state) }

    mutating func adopt(_ image: ProcessImage) {
        sequence.adopt(fanFeedback: bindings.map { image[$0.fanFeedback] })
    }

    mutating func restore(_ state: LoopState) {
        guard case .coolingTower(let saved) = state, saved.frost.count == bindings.count else { return }
        sequence.state = saved
    }

    mutating func step(_ step: LoopStep, context: inout PlantContext) -> LoopOutput {
        let image = step.image
        let inputs = CoolingTower.Inputs(
            condenserSupply: image[condenserSupply],
            condenserReturn: image[condenserReturn],
            facilitySupply: image[facilitySupply],
            basins: bindings.map { image[$0.basin] },
            fanFeedback: bindings.map { image[$0.fanFeedback] },
            isActing: bindings.contains { step.reaches($0.fanCommand) },
            exceedsNaturalDraught: heat.exceedsNaturalDraught(image),
            context: context
        )
        let result = sequence.step(inputs, dt: step.dt, supervision: step.supervision)
        context.isTowerAtFullSpeed = result.isAtFullSpeed
        var wishes: [Wish] = []
        var limits: [PointLimit] = []
        wishes.reserveCapacity(1 + bindings.count)
        wishes.add(pumpCommand, result.pumpSpeed, result.reason)
        for (index, binding) in bindings.enumerated() {
            wishes.add(binding.fanCommand, result.fanSpeeds[index], result.reason)
            guard result.isFrozen[index] else { continue }
            let basin = Wording.celsius(inputs.basins[index].usableValue)
            limits.add(
                binding.fanCommand,
                .equipmentProtection,
                0...0,
                Reason(
                    "tower_frost",
                    "\(binding.id) stops: its basin is \(basin), least \(Wording.celsius(basinMinimum)).",
                    .celsius(PointName.basinTemperature, inputs.basins[index].usableValue)
                )
            )
        }
        return .make(
            state: result.state,
            reason: result.reason,
            wishes: wishes,
            limits: limits,
            alarms: alarms(result, inputs),
            changes: result.changes,
            subject: id,
            at: image.time
        )
    }

    private func alarms(_ result: CoolingTower.Outputs, _ inputs: CoolingTower.Inputs) -> [AlarmCondition] {
        var alarms: [AlarmCondition] = []
        if result.state == CoolingTower.Mode.inputsLost.rawValue {
            alarms.append(
                AlarmCondition(
                    id: "towers/inputs_lost",
                    isPresent: true,
                    priority: .medium,
                    message: "The water temperature that the fans should hold is not known; they run at full speed",
                    response: "Restore the reading; energy is wasted meanwhile, cooling is not at risk",
                    onDelay: .seconds(60),
                    offDelay: .seconds(60)
                )
            )
        }
        for (index, binding) in bindings.enumerated() where result.isFrozen[index] {
            alarms.append(
                AlarmCondition(
                    id: "\(binding.id)/basin_frost",
                    isPresent: true,
                    priority: .medium,
                    message: "The basin of \(binding.id) is \(Wording.celsius(inputs.basins[index].usableValue)), "
                        + "least \(Wording.celsius(basinMinimum)); its fan is stopped",
                    response: "Check basin heater and make-up water; drain the cell if frost is forecast",
                    onDelay: .seconds(60),
                    offDelay: .seconds(300)
                )
            )
        }
        return alarms
    }
}
