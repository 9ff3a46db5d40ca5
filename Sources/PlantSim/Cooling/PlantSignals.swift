// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// The plant, its world and its commands at one moment, in one place: a reader of a single value copies nothing.
final class PlantView: Sendable {
    let plant: CoolingPlant
    let world: SimulatedWorld
    let board: CommandBoard

    init(_ side: ThermalSide) {
        plant = side.plant
        world = side.world
        board = side.board
    }
}

/// How a value of the plant is read for a point; found once for each point.
typealias PlantReader = @Sendable (PlantView) -> Double

/// What each piece of equipment of the cooling plant shows under each canonical point name, in base units.
///
/// Commands and setpoints are not here: their registers show the command board.
enum PlantSignals {
    /// The reader of a point, or nil where the plant has no such value.
    static func reader(_ plant: PlantComposition, equipment: String, point: String) -> PlantReader? {
        if equipment == plant.surroundings.weatherStation { return weather[point] }
        if let index = plant.coolantDistributionUnits.firstIndex(where: { $0.id == equipment }) {
            return coolantUnit(index, point)
        }
        if let reader = RejectionSignals.reader(plant, equipment: equipment, point: point) { return reader }
        if let index = plant.airHandlers.firstIndex(where: { $0.id == equipment }) { return airHandler(index, point) }
        if let index = plant.chillers.firstIndex(where: { $0.id == equipment }) { return chiller(index, point) }
        if let index = plant.coolingTowers.firstIndex(where: { $0.id == equipment }) { return tower(index, point) }
        if let index = plant.heatPumps.firstIndex(where: { $0.id == equipment }) { return heatPump(index, point) }
        if plant.racks.contains(where: { $0.hall == equipment }) { return hall[point] }
        if let rack = plant.racks.first(where: { equipment == $0.id + "-loop" }) { return rackLoop(plant, rack, point) }
        switch equipment {
        case plant.facilityWater?.id: return facilityWater[point]
        case plant.facilityWater.map { $0.id + "-pump-1" }: return facilityDrive[point]
        case plant.condenserWater?.id: return condenserWater[point]
        case plant.waterEconomizer?.id: return economizer[point]
        case plant.heatRecovery?.id: return recovery[point]
        case plant.districtHeating?.id: return district[point]
        default: return nil
        }
    }

    private static let weather: [String: PlantReader] = [
        PointName.outdoorDryBulbTemperature: { $0.world.outdoor.dryBulb.celsius },
        PointName.outdoorRelativeHumidity: { $0.world.outdoor.relativeHumidity.fraction },
        PointName.outdoorAirPressure: { $0.world.outdoor.pressure.pascals },
        PointName.outdoorDewPointTemperature: { $0.world.outdoor.dewPoint.celsius },
    ]

    private static let hall: [String: PlantReader] = [
        PointName.inletAirTemperature: { view in view.plant.hallSide.hallOutputs?.inletAir.celsius ?? .nan },
        PointName.hallDewPointTemperature: { view in view.plant.hallSide.hallOutputs?.dewPoint.celsius ?? .nan },
        "room_relative_humidity": { view in view.plant.hallSide.hallOutputs?.relativeHumidity.fraction ?? .nan },
    ]

    private static let facilityWater: [String: PlantReader] = [
        PointName.facilityWaterSupplyTemperature: { view in view.plant.water?.loop.plantLeaving ?? .nan },
        PointName.facilityWaterReturnTemperature: { view in view.plant.water?.loop.back ?? .nan },
        PointName.coolantBranchReturnTemperature: { view in view.plant.water?.loop.coolantBranch ?? .nan },
        PointName.economizerLeavingTemperature: { view in view.plant.water?.loop.economized ?? .nan },
        PointName.facilityWaterVolumeFlow: { view in volumeFlow(view.plant.water?.flow ?? .nan) },
        PointName.differentialPressure: { view in view.plant.water?.pumpOutputs.head.pascals ?? .nan },
        PointName.pumpSpeedFeedback: { view in view.plant.water?.pumpOutputs.speed.fraction ?? .nan },
    ]

    /// One of three equal drives.
    private static let facilityDrive: [String: PlantReader] = [
        PointName.activePower: { view in (view.plant.water?.pumpOutputs.power.watts ?? .nan) / 3 },
        PointName.pumpSpeedFeedback: { view in view.plant.water?.pumpOutputs.speed.fraction ?? .nan },
        PointName.pumpSpeedCommand: { view in view.plant.water?.pumpOutputs.speed.fraction ?? .nan },
        "motor_frequency": { view in 50 * (view.plant.water?.pumpOutputs.speed.fraction ?? .nan) },
        "motor_frequency_ratio": { view in view.plant.water?.pumpOutputs.speed.fraction ?? .nan },
        "motor_voltage": { view in 400 * (view.plant.water?.pumpOutputs.speed.fraction ?? .nan) },
        "motor_current": { view in
            let voltage = 400 * max(view.plant.water?.pumpOutputs.speed.fraction ?? .nan, 0.1)
            return (view.plant.water?.pumpOutputs.power.watts ?? .nan) / 3 / (1.732 * voltage * 0.86)
        },
    ]

    private static let condenserWater: [String: PlantReader] = [
        PointName.condenserWaterSupplyTemperature: { view in view.plant.water?.condenserSide.supply ?? .nan },
        PointName.condenserWaterReturnTemperature: { view in view.plant.water?.condenserSide.back ?? .nan },
        PointName.condenserWaterVolumeFlow: { view in
            volumeFlow(view.plant.water?.condenserSide.pumpOutputs.flow.kilogramsPerSecond ?? .nan)
        },
        PointName.pumpSpeedFeedback: { view in view.plant.water?.condenserSide.pumpOutputs.speed.fraction ?? .nan },
    ]

    private static let economizer: [String: PlantReader] = [
        PointName.valvePositionFeedback: { view in view.plant.water?.economizerValve.position.fraction ?? .nan },
        "volume_flow_ratio": { view in view.plant.water?.economizerValve.position.fraction ?? .nan },
        "remote_temperature": { view in view.plant.water?.loop.back ?? .nan },
        "flow_body_temperature": { view in view.plant.water?.loop.economized ?? .nan },
    ]

    private static let recovery: [String: PlantReader] = [
        PointName.valvePositionFeedback: { view in view.plant.water?.heatExport?.valve.position.fraction ?? 0 },
        "volume_flow_ratio": { view in view.plant.water?.heatExport?.valve.position.fraction ?? 0 },
        PointName.recoveryEnteringTemperature: { view in view.plant.water?.heatExport?.warm ?? .nan },
        PointName.recoveryLeavingTemperature: { view in view.plant.water?.heatExport?.cold ?? .nan },
        PointName.recoveryVolumeFlow: { view in
            volumeFlow(view.plant.water?.heatExport?.loopPump.flow.kilogramsPerSecond ?? 0)
        },
        PointName.pumpSpeedFeedback: { view in view.plant.water?.heatExport?.loopPump.speed.fraction ?? 0 },
    ]

    private static let district: [String: PlantReader] = [
        PointName.heatExportPermit: { $0.world.isHeatPermitted ? 1 : 0 },
        PointName.districtSupplyRequired: { view in
            view.plant.water?.heatExport?.districtOutputs?.supplyRequired.celsius ?? .nan
        },
        PointName.districtReturnTemperature: { view in
            view.plant.water?.heatExport?.districtOutputs?.returnTemperature.celsius ?? .nan
        },
        PointName.districtVolumeFlow: { view in
            view.plant.water?.heatExport?.districtOutputs?.flow.cubicMetersPerSecond ?? 0
        },
    ]

    static func volumeFlow(_ kilogramsPerSecond: Double) -> Double {
        LoopFluid.water.volumeFlow(MassFlow(kilogramsPerSecond: kilogramsPerSecond)).cubicMetersPerSecond
    }

    private static func coolantUnit(_ index: Int, _ point: String) -> PlantReader? {
        func output(
            _ value: @escaping @Sendable (CoolantDistributionUnit.Outputs) -> Double
        ) -> PlantReader {
            { view in value(view.plant.hallSide.unitOutputs[index]) }
        }
        return switch point {
        case PointName.coolantSupplyTemperature: output { $0.coolantSupply.celsius }
        case PointName.coolantReturnTemperature: output { $0.coolantReturn.celsius }
        case PointName.coolantVolumeFlow: output { $0.coolantFlow.cubicMetersPerSecond }
        case PointName.facilityWaterEnteringTemperature: { view in view.plant.water?.loop.supply ?? .nan }
        case PointName.facilityWaterLeavingTemperature: output { $0.facilityWaterLeaving.celsius }
        case PointName.facilityWaterVolumeFlow: output { volumeFlow($0.facilityWaterFlow.kilogramsPerSecond) }
        case PointName.valvePositionFeedback: output { $0.valvePosition.fraction }
        case PointName.pumpSpeedFeedback: output { $0.pumpSpeed.fraction }
        case PointName.leakDetected, PointName.faultStatus: { _ in 0 }
        default: nil
        }
    }

    private static func airHandler(_ index: Int, _ point: String) -> PlantReader? {
        func output(_ value: @escaping @Sendable (AirHandler.Outputs) -> Double) -> PlantReader {
            { view in value(view.plant.hallSide.handlerOutputs[index]) }
        }
        return switch point {
        case PointName.supplyAirTemperature, "remote_sensor_5_temperature": output { $0.supplyAir.celsius }
        case PointName.returnAirTemperature, "remote_sensor_6_temperature":
            { view in view.plant.hallSide.hallOutputs?.returnAir.celsius ?? .nan }
        case "return_air_relative_humidity", "room_relative_humidity":
            { view in view.plant.hallSide.hallOutputs?.relativeHumidity.fraction ?? .nan }
        case PointName.fanSpeedFeedback: output { $0.fanSpeed.fraction }
        case PointName.valvePositionFeedback, "cooling_capacity_ratio": output { $0.valvePosition.fraction }
        case PointName.outdoorDryBulbTemperature: { $0.world.outdoor.dryBulb.celsius }
        case "fluid_inlet_2_temperature": { view in view.plant.water?.loop.supply ?? .nan }
        case "fluid_outlet_1_temperature", "fluid_outlet_2_temperature": output { $0.facilityWaterLeaving.celsius }
        default: nil
        }
    }

    private static func chiller(_ index: Int, _ point: String) -> PlantReader? {
        func output(_ value: @escaping @Sendable (Chiller.Outputs) -> Double) -> PlantReader {
            { view in (view.plant.water?.chillerOutputs[index]).map(value) ?? .nan }
        }
        func machine(_ value: @escaping @Sendable (MachineSequence) -> Double) -> PlantReader {
            { view in (view.plant.water?.chillers[index].machine).map(value) ?? .nan }
        }
        return switch point {
        case PointName.runStatus: machine { $0.status == .running ? 1 : 0 }
        case PointName.faultStatus: machine { $0.status == .tripped ? 1 : 0 }
        case PointName.compressorStarts: machine { Double($0.starts) }
        case PointName.runHours: machine { $0.runSeconds }
        case PointName.chilledWaterSupplyTemperature: output { $0.chilledWaterLeaving.celsius }
        case PointName.chilledWaterReturnTemperature: { view in view.plant.water?.loop.economized ?? .nan }
        case PointName.condenserWaterEnteringTemperature: { view in view.plant.water?.condenserSide.supply ?? .nan }
        case PointName.condenserWaterLeavingTemperature: output { $0.condenserWaterLeaving.celsius }
        case "evaporator_refrigerant_temperature": output { $0.chilledWaterLeaving.celsius - 1.5 }
        case "condenser_refrigerant_temperature": output { $0.condenserWaterLeaving.celsius + 1.5 }
        case PointName.loadRatio, "rated_load_current_ratio": output { $0.load.fraction }
        case "active_current_limit": { _ in 1 }
        default: nil
        }
    }

    private static func tower(_ index: Int, _ point: String) -> PlantReader? {
        func output(_ value: @escaping @Sendable (CoolingTower.Outputs) -> Double) -> PlantReader {
            { view in (view.plant.water?.condenserSide.towerOutputs[index]).map(value) ?? .nan }
        }
        return switch point {
        case PointName.fanSpeedFeedback: output { $0.fanSpeed.fraction }
        case PointName.runStatus: output { $0.fanPower.watts > 0 ? 1 : 0 }
        case PointName.basinTemperature: output { $0.basin.celsius }
        default: nil
        }
    }

    private static func heatPump(_ index: Int, _ point: String) -> PlantReader? {
        func output(_ value: @escaping @Sendable (HeatPump.Outputs) -> Double) -> PlantReader {
            { view in
                guard let outputs = view.plant.water?.heatExport?.pumpOutputs, index < outputs.count else {
                    return .nan
                }
                return value(outputs[index])
            }
        }
        func machine(_ value: @escaping @Sendable (MachineSequence) -> Double) -> PlantReader {
            { view in view.plant.water?.heatExport.map { value($0.pumps[index].machine) } ?? .nan }
        }
        return switch point {
        case PointName.runStatus: machine { $0.status == .running ? 1 : 0 }
        case PointName.faultStatus: machine { $0.status == .tripped ? 1 : 0 }
        case PointName.compressorStarts: machine { Double($0.starts) }
        case PointName.runHours: machine { $0.runSeconds }
        case PointName.capacityFeedback: output { $0.capacity.fraction }
        case PointName.sinkSupplyTemperature: output { $0.sinkLeaving.celsius }
        case PointName.sinkReturnTemperature:
            { view in view.plant.water?.heatExport?.districtOutputs?.returnTemperature.celsius ?? .nan }
        case PointName.activePower: output { $0.power.watts }
        case PointName.thermalPower: output { $0.sinkHeat.watts }
        default: nil
        }
    }

    /// One rack's branch of its CDU's loop: the flow falls evenly on its racks.
    private static func rackLoop(_ plant: PlantComposition, _ rack: RackDescription, _ point: String) -> PlantReader? {
        let units = plant.coolantDistributionUnits
        guard let index = units.firstIndex(where: { $0.id == rack.coolantDistributionUnit }) else { return nil }
        let peers = Double(plant.racks.count { $0.coolantDistributionUnit == rack.coolantDistributionUnit })
        if point == PointName.inletAirTemperature { return hall[point] }
        guard let unit = coolantUnit(index, point) else { return nil }
        return point == PointName.coolantVolumeFlow ? { unit($0) / peers } : unit
    }
}
