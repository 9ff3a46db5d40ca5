// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// Where on the command board the machines of one water loop look; the first values are those of ``PlantCommands``.
struct LoopCommands: Sendable {
    let facilityPump: Int
    let chillerEnables: [Int]
    let chillerSetpoints: [Int]
    let condenserPump: Int
    let towerFans: [Int]
    let coolerSetpoints: [Int]
    let ambientSetpoint: Int?
    let economizerValve: Int
    let recoveryValve: Int
    let recoveryPump: Int
    /// Empty where the heat pumps stand behind another loop's recovery exchanger.
    let heatPumpEnables: [Int]
    let heatPumpCapacities: [Int]
    let sinkSetpoints: [Int]

    init(site: SiteDescription, loop: WaterLoopDescription, board: inout CommandBoard) {
        func slots(_ equipment: [String], _ point: String, _ initial: (Int) -> Double) -> [Int] {
            equipment.indices.map { board.add(site, equipment[$0], point, initial: initial($0)) }
        }
        func slot(_ equipment: String?, _ point: String, _ initial: Double) -> Int {
            board.add(site, equipment ?? "", point, initial: initial)
        }
        coolerSetpoints = slots(
            loop.dryCoolers.map(\.id),
            PointName.leavingWaterTemperatureSetpoint
        ) { loop.dryCoolers[$0].leavingSetpoint.celsius }
        let chillers = loop.chillers.map(\.id)
        let running = chillers.count > 1 ? chillers.count - 1 : chillers.count
        let chilled = (loop.facilityWater?.supplySetpoint.celsius ?? 20) - 2
        chillerEnables = slots(chillers, PointName.enableCommand) { $0 < running ? 1 : 0 }
        chillerSetpoints = slots(chillers, PointName.chilledWaterSetpoint) { _ in chilled }
        towerFans = slots(loop.coolingTowers.map(\.id), PointName.fanSpeedCommand) { _ in 0.7 }
        let plant = site.plant
        let pumps = loop.heatRecovery == nil ? [] : plant.heatPumps.map(\.id)
        heatPumpEnables = slots(pumps, PointName.enableCommand) { _ in 0 }
        heatPumpCapacities = slots(pumps, PointName.capacityCommand) { _ in 0 }
        let required = plant.districtHeating?.supplyRequired.celsius ?? 60
        sinkSetpoints = slots(pumps, PointName.sinkSupplySetpoint) { _ in required }
        facilityPump = slot(loop.facilityWater?.id, PointName.pumpSpeedCommand, 0.9)
        condenserPump = slot(loop.condenserWater?.id, PointName.pumpSpeedCommand, 1)
        ambientSetpoint = loop.ambientWater.map {
            slot($0.id, PointName.leavingWaterTemperatureSetpoint, $0.leavingSetpoint.celsius)
        }
        let open = loop.coolingTowers.isEmpty || loop.chillers.isEmpty ? 1.0 : 0
        economizerValve = slot(loop.waterEconomizer?.id, PointName.valvePositionCommand, open)
        let direct = plant.heatPumps.isEmpty ? 1.0 : 0
        recoveryValve = slot(loop.heatRecovery?.id, PointName.valvePositionCommand, direct)
        recoveryPump = slot(loop.heatRecovery?.id, PointName.pumpSpeedCommand, direct)
    }
}
