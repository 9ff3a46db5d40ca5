// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// What dry coolers, the exchanger on ambient water, immersion tanks and outdoor-air handlers show, in base units.
enum RejectionSignals {
    /// The reader of a point, or nil where the equipment is none of these or has no such value.
    static func reader(_ plant: PlantComposition, equipment: String, point: String) -> PlantReader? {
        if let index = plant.immersionTanks.firstIndex(where: { $0.id == equipment }) {
            return tank(index, supply: plant.loopOfLiquid, point)
        }
        if let index = plant.outdoorAirHandlers.firstIndex(where: { $0.id == equipment }) {
            return outdoorAir(index, point)
        }
        for (loop, parts) in plant.waterLoops.enumerated() {
            if let index = parts.dryCoolers.firstIndex(where: { $0.id == equipment }) {
                return cooler(loop, index, point)
            }
            if parts.ambientWater?.id == equipment { return ambientWater(loop, point) }
        }
        return nil
    }

    private static func cooler(_ loop: Int, _ index: Int, _ point: String) -> PlantReader? {
        func output(_ value: @escaping @Sendable (DryCooler.Outputs) -> Double) -> PlantReader {
            { view in (view.plant.loops[loop].condenserSide.dryCoolers?.outputs[index]).map(value) ?? .nan }
        }
        return switch point {
        case PointName.enteringWaterTemperature: { view in view.plant.loops[loop].condenserSide.back }
        case PointName.leavingWaterTemperature:
            { view in view.plant.loops[loop].condenserSide.dryCoolers?.leaving[index] ?? .nan }
        case PointName.padWettingStatus:
            { view in view.plant.loops[loop].condenserSide.dryCoolers?.isWetted[index] == true ? 1 : 0 }
        case PointName.fanSpeedFeedback: output { $0.fanSpeed.fraction }
        case PointName.activePower: output { $0.fanPower.watts }
        case PointName.runStatus: output { $0.fanPower.watts > 0 ? 1 : 0 }
        case PointName.faultStatus: { _ in 0 }
        default: nil
        }
    }

    private static func ambientWater(_ loop: Int, _ point: String) -> PlantReader? {
        func output(_ value: @escaping @Sendable (AmbientWaterExchanger.Outputs) -> Double) -> PlantReader {
            { view in (view.plant.loops[loop].condenserSide.ambientWater?.outputs).map(value) ?? .nan }
        }
        return switch point {
        case PointName.enteringWaterTemperature: { view in view.plant.loops[loop].condenserSide.back }
        case PointName.leavingWaterTemperature:
            { view in view.plant.loops[loop].condenserSide.ambientWater?.leaving ?? .nan }
        case PointName.intakeWaterTemperature:
            { view in view.plant.loops[loop].condenserSide.ambientWater?.body.intake.celsius ?? .nan }
        case PointName.pumpSpeedFeedback:
            { view in view.plant.loops[loop].condenserSide.ambientWater?.pumpSpeed.fraction ?? .nan }
        case PointName.dischargeWaterTemperature: output { $0.discharge.celsius }
        case PointName.intakeWaterVolumeFlow: output { PlantSignals.volumeFlow($0.intakeFlow.kilogramsPerSecond) }
        case PointName.dischargeLimitStatus: output { $0.isLimited ? 1 : 0 }
        case PointName.activePower: output { $0.pumpPower.watts }
        case PointName.faultStatus: { _ in 0 }
        default: nil
        }
    }

    private static func tank(_ index: Int, supply loop: Int, _ point: String) -> PlantReader? {
        func output(_ value: @escaping @Sendable (ImmersionTank.Outputs) -> Double) -> PlantReader {
            { view in value(view.plant.hallSide.tankOutputs[index]) }
        }
        return switch point {
        case PointName.coolantSupplyTemperature: output { $0.supply.celsius }
        case PointName.coolantReturnTemperature: output { $0.tank.celsius }
        case PointName.facilityWaterEnteringTemperature: { view in view.plant.loops[loop].loop.supply }
        case PointName.facilityWaterLeavingTemperature: output { $0.facilityWaterLeaving.celsius }
        case PointName.facilityWaterVolumeFlow:
            output { PlantSignals.volumeFlow($0.facilityWaterFlow.kilogramsPerSecond) }
        case PointName.valvePositionFeedback: output { $0.valvePosition.fraction }
        case PointName.activePower: output { $0.pumpPower.watts }
        case PointName.leakDetected, PointName.faultStatus: { _ in 0 }
        default: nil
        }
    }

    private static func outdoorAir(_ index: Int, _ point: String) -> PlantReader? {
        func output(_ value: @escaping @Sendable (OutdoorAirHandler.Outputs) -> Double) -> PlantReader {
            { view in value(view.plant.hallSide.outdoorOutputs[index]) }
        }
        return switch point {
        case PointName.supplyAirTemperature: output { $0.supplyAir.dryBulb.celsius }
        case PointName.mixedAirTemperature: output { $0.mixedAir.dryBulb.celsius }
        case PointName.returnAirTemperature: { view in view.plant.hallSide.hallOutputs?.returnAir.celsius ?? .nan }
        case PointName.damperPositionFeedback: output { $0.damperPosition.fraction }
        case PointName.filterDifferentialPressure: output { $0.filterPressure.pascals }
        case PointName.fanSpeedFeedback:
            { view in
                let unit = view.plant.hallSide.outdoorHandlers[index].rating
                return view.plant.hallSide.outdoorOutputs[index].airFlow / unit.designAirFlow
            }
        case PointName.activePower: output { $0.fanPower.watts }
        case PointName.faultStatus: { _ in 0 }
        default: nil
        }
    }
}
