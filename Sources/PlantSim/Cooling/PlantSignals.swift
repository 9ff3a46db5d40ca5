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
            return coolantUnit(index, supply: plant.loopOfLiquid, point)
        }
        if let reader = RejectionSignals.reader(plant, equipment: equipment, point: point) { return reader }
        if let index = plant.airHandlers.firstIndex(where: { $0.id == equipment }) { return airHandler(index, point) }
        if let index = plant.heatPumps.firstIndex(where: { $0.id == equipment }) {
            return heatPump(plant.loopOfRecovery ?? 0, index, point)
        }
        if plant.racks.contains(where: { $0.hall == equipment }) { return hall[point] }
        if let rack = plant.racks.first(where: { equipment == $0.id + "-loop" }) { return rackLoop(plant, rack, point) }
        if plant.districtHeating?.id == equipment { return district(plant.loopOfRecovery ?? 0, point) }
        for (loop, parts) in plant.waterLoops.enumerated() {
            if let reader = WaterLoopSignals.reader(loop, parts, equipment: equipment, point: point) { return reader }
        }
        return nil
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

    private static func district(_ loop: Int, _ point: String) -> PlantReader? {
        func output(_ value: @escaping @Sendable (DistrictSubstation.Outputs) -> Double) -> PlantReader {
            { view in view.plant.loops[loop].heatExport?.districtOutputs.map(value) ?? .nan }
        }
        return switch point {
        case PointName.heatExportPermit: { $0.world.isHeatPermitted ? 1 : 0 }
        case PointName.districtSupplyRequired: output { $0.supplyRequired.celsius }
        case PointName.districtReturnTemperature: output { $0.returnTemperature.celsius }
        case PointName.districtVolumeFlow:
            { view in view.plant.loops[loop].heatExport?.districtOutputs?.flow.cubicMetersPerSecond ?? 0 }
        default: nil
        }
    }

    static func volumeFlow(_ kilogramsPerSecond: Double) -> Double {
        LoopFluid.water.volumeFlow(MassFlow(kilogramsPerSecond: kilogramsPerSecond)).cubicMetersPerSecond
    }

    private static func coolantUnit(_ index: Int, supply loop: Int, _ point: String) -> PlantReader? {
        func output(
            _ value: @escaping @Sendable (CoolantDistributionUnit.Outputs) -> Double
        ) -> PlantReader {
            { view in value(view.plant.hallSide.unitOutputs[index]) }
        }
        return switch point {
        case PointName.coolantSupplyTemperature: output { $0.coolantSupply.celsius }
        case PointName.coolantReturnTemperature: output { $0.coolantReturn.celsius }
        case PointName.coolantVolumeFlow: output { $0.coolantFlow.cubicMetersPerSecond }
        case PointName.facilityWaterEnteringTemperature: { view in view.plant.loops[loop].loop.supply }
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
        case "fluid_inlet_2_temperature": { view in view.plant.loops.first?.loop.supply ?? .nan }
        case "fluid_outlet_1_temperature", "fluid_outlet_2_temperature": output { $0.facilityWaterLeaving.celsius }
        default: nil
        }
    }

    private static func heatPump(_ loop: Int, _ index: Int, _ point: String) -> PlantReader? {
        func output(_ value: @escaping @Sendable (HeatPump.Outputs) -> Double) -> PlantReader {
            { view in
                guard let outputs = view.plant.loops[loop].heatExport?.pumpOutputs, index < outputs.count else {
                    return .nan
                }
                return value(outputs[index])
            }
        }
        func machine(_ value: @escaping @Sendable (MachineSequence) -> Double) -> PlantReader {
            { view in view.plant.loops[loop].heatExport.map { value($0.pumps[index].machine) } ?? .nan }
        }
        return switch point {
        case PointName.runStatus: machine { $0.status == .running ? 1 : 0 }
        case PointName.faultStatus: machine { $0.status == .tripped ? 1 : 0 }
        case PointName.compressorStarts: machine { Double($0.starts) }
        case PointName.runHours: machine { $0.runSeconds }
        case PointName.capacityFeedback: output { $0.capacity.fraction }
        case PointName.sinkSupplyTemperature: output { $0.sinkLeaving.celsius }
        case PointName.sinkReturnTemperature:
            { view in view.plant.loops[loop].heatExport?.districtOutputs?.returnTemperature.celsius ?? .nan }
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
        guard let unit = coolantUnit(index, supply: plant.loopOfLiquid, point) else { return nil }
        return point == PointName.coolantVolumeFlow ? { unit($0) / peers } : unit
    }
}
