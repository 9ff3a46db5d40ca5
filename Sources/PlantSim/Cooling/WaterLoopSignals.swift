// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// What the machines of one water loop show, in base units: pumps, economizer, chillers, towers and heat export.
enum WaterLoopSignals {
    /// Finds what reads a point.
    ///
    /// - Parameters:
    ///   - loop: The loop's position in the plant's water loops.
    ///   - parts: What it is made of.
    ///   - equipment: The equipment that shows the point.
    ///   - point: The canonical name.
    /// - Returns: nil where the equipment is none of the loop's or has no such value.
    static func reader(
        _ loop: Int,
        _ parts: WaterLoopDescription,
        equipment: String,
        point: String
    ) -> PlantReader? {
        if let index = parts.chillers.firstIndex(where: { $0.id == equipment }) { return chiller(loop, index, point) }
        if let index = parts.coolingTowers.firstIndex(where: { $0.id == equipment }) {
            return tower(loop, index, point)
        }
        switch equipment {
        case parts.facilityWater?.id: return facilityWater(loop, point)
        case parts.facilityWater.map { $0.id + "-pump-1" }: return facilityDrive(loop, point)
        case parts.condenserWater?.id: return condenserWater(loop, point)
        case parts.waterEconomizer?.id: return economizer(loop, point)
        case parts.heatRecovery?.id: return recovery(loop, point)
        default: return nil
        }
    }

    private static func facilityWater(_ loop: Int, _ point: String) -> PlantReader? {
        switch point {
        case PointName.facilityWaterSupplyTemperature: { view in view.plant.loops[loop].loop.plantLeaving }
        case PointName.facilityWaterReturnTemperature: { view in view.plant.loops[loop].loop.back }
        case PointName.coolantBranchReturnTemperature: { view in view.plant.loops[loop].loop.coolantBranch }
        case PointName.economizerLeavingTemperature: { view in view.plant.loops[loop].loop.economized }
        case PointName.facilityWaterVolumeFlow: { view in PlantSignals.volumeFlow(view.plant.loops[loop].flow) }
        case PointName.differentialPressure: { view in view.plant.loops[loop].pumpOutputs.head.pascals }
        case PointName.pumpSpeedFeedback: { view in view.plant.loops[loop].pumpOutputs.speed.fraction }
        default: nil
        }
    }

    /// One of three equal drives.
    private static func facilityDrive(_ loop: Int, _ point: String) -> PlantReader? {
        switch point {
        case PointName.activePower: { view in view.plant.loops[loop].pumpOutputs.power.watts / 3 }
        case PointName.pumpSpeedFeedback, PointName.pumpSpeedCommand, "motor_frequency_ratio":
            { view in view.plant.loops[loop].pumpOutputs.speed.fraction }
        case "motor_frequency": { view in 50 * view.plant.loops[loop].pumpOutputs.speed.fraction }
        case "motor_voltage": { view in 400 * view.plant.loops[loop].pumpOutputs.speed.fraction }
        case "motor_current":
            { view in
                let pump = view.plant.loops[loop].pumpOutputs
                let voltage = 400 * max(pump.speed.fraction, 0.1)
                return pump.power.watts / 3 / (1.732 * voltage * 0.86)
            }
        default: nil
        }
    }

    private static func condenserWater(_ loop: Int, _ point: String) -> PlantReader? {
        switch point {
        case PointName.condenserWaterSupplyTemperature: { view in view.plant.loops[loop].condenserSide.supply }
        case PointName.condenserWaterReturnTemperature: { view in view.plant.loops[loop].condenserSide.back }
        case PointName.condenserWaterVolumeFlow:
            { view in
                PlantSignals.volumeFlow(view.plant.loops[loop].condenserSide.pumpOutputs.flow.kilogramsPerSecond)
            }
        case PointName.pumpSpeedFeedback:
            { view in view.plant.loops[loop].condenserSide.pumpOutputs.speed.fraction }
        default: nil
        }
    }

    private static func economizer(_ loop: Int, _ point: String) -> PlantReader? {
        switch point {
        case PointName.valvePositionFeedback, "volume_flow_ratio":
            { view in view.plant.loops[loop].economizerValve.position.fraction }
        case "remote_temperature": { view in view.plant.loops[loop].loop.back }
        case "flow_body_temperature": { view in view.plant.loops[loop].loop.economized }
        default: nil
        }
    }

    private static func recovery(_ loop: Int, _ point: String) -> PlantReader? {
        switch point {
        case PointName.valvePositionFeedback, "volume_flow_ratio":
            { view in view.plant.loops[loop].heatExport?.valve.position.fraction ?? 0 }
        case PointName.recoveryEnteringTemperature: { view in view.plant.loops[loop].heatExport?.warm ?? .nan }
        case PointName.recoveryLeavingTemperature: { view in view.plant.loops[loop].heatExport?.cold ?? .nan }
        case PointName.recoveryVolumeFlow:
            { view in
                PlantSignals.volumeFlow(view.plant.loops[loop].heatExport?.loopPump.flow.kilogramsPerSecond ?? 0)
            }
        case PointName.pumpSpeedFeedback: { view in view.plant.loops[loop].heatExport?.loopPump.speed.fraction ?? 0 }
        default: nil
        }
    }

    private static func chiller(_ loop: Int, _ index: Int, _ point: String) -> PlantReader? {
        func output(_ value: @escaping @Sendable (Chiller.Outputs) -> Double) -> PlantReader {
            { view in value(view.plant.loops[loop].chillerOutputs[index]) }
        }
        func machine(_ value: @escaping @Sendable (MachineSequence) -> Double) -> PlantReader {
            { view in value(view.plant.loops[loop].chillers[index].machine) }
        }
        return switch point {
        case PointName.runStatus: machine { $0.status == .running ? 1 : 0 }
        case PointName.faultStatus: machine { $0.status == .tripped ? 1 : 0 }
        case PointName.compressorStarts: machine { Double($0.starts) }
        case PointName.runHours: machine { $0.runSeconds }
        case PointName.chilledWaterSupplyTemperature: output { $0.chilledWaterLeaving.celsius }
        case PointName.chilledWaterReturnTemperature: { view in view.plant.loops[loop].loop.economized }
        case PointName.condenserWaterEnteringTemperature: { view in view.plant.loops[loop].condenserSide.supply }
        case PointName.condenserWaterLeavingTemperature: output { $0.condenserWaterLeaving.celsius }
        case "evaporator_refrigerant_temperature": output { $0.chilledWaterLeaving.celsius - 1.5 }
        case "condenser_refrigerant_temperature": output { $0.condenserWaterLeaving.celsius + 1.5 }
        case PointName.loadRatio, "rated_load_current_ratio": output { $0.load.fraction }
        case "active_current_limit": { _ in 1 }
        default: nil
        }
    }

    private static func tower(_ loop: Int, _ index: Int, _ point: String) -> PlantReader? {
        func output(_ value: @escaping @Sendable (CoolingTower.Outputs) -> Double) -> PlantReader {
            { view in value(view.plant.loops[loop].condenserSide.towerOutputs[index]) }
        }
        return switch point {
        case PointName.fanSpeedFeedback: output { $0.fanSpeed.fraction }
        case PointName.runStatus: output { $0.fanPower.watts > 0 ? 1 : 0 }
        case PointName.basinTemperature: output { $0.basin.celsius }
        default: nil
        }
    }
}
