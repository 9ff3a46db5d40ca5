// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// Where on the command board each machine of the plant looks; found once.
///
/// The first values are those of a plant nobody commands: it must run safely with the agent absent. All chillers but
/// the spare one run at 18 °C, towers and pumps run fast, economizer and heat export stand.
struct PlantCommands: Sendable {
    let coolantSetpoints: [Int]
    let supplyAirSetpoints: [Int]
    let facilityPump: Int
    let chillerEnables: [Int]
    let chillerSetpoints: [Int]
    let condenserPump: Int
    let towerFans: [Int]
    let economizerValve: Int
    let recoveryValve: Int
    let recoveryPump: Int
    let heatPumpEnables: [Int]
    let heatPumpCapacities: [Int]
    let sinkSetpoints: [Int]

    init(site: SiteDescription, board: inout CommandBoard) {
        let plant = site.plant
        func slots(_ equipment: [String], _ point: String, _ initial: (Int) -> Double) -> [Int] {
            equipment.indices.map { board.add(site, equipment[$0], point, initial: initial($0)) }
        }
        coolantSetpoints = slots(
            plant.coolantDistributionUnits.map(\.id),
            PointName.coolantSupplyTemperatureSetpoint
        ) { plant.coolantDistributionUnits[$0].coolantSupplySetpoint.celsius }
        supplyAirSetpoints = slots(
            plant.airHandlers.map(\.id),
            PointName.supplyAirTemperatureSetpoint
        ) { plant.airHandlers[$0].supplyAirSetpoint.celsius }
        let chillers = plant.chillers.map(\.id)
        let running = chillers.count > 1 ? chillers.count - 1 : chillers.count
        chillerEnables = slots(chillers, PointName.enableCommand) { $0 < running ? 1 : 0 }
        chillerSetpoints = slots(chillers, PointName.chilledWaterSetpoint) { _ in 18 }
        towerFans = slots(plant.coolingTowers.map(\.id), PointName.fanSpeedCommand) { _ in 0.7 }
        let pumps = plant.heatPumps.map(\.id)
        heatPumpEnables = slots(pumps, PointName.enableCommand) { _ in 0 }
        heatPumpCapacities = slots(pumps, PointName.capacityCommand) { _ in 0 }
        let required = plant.districtHeating?.supplyRequired.celsius ?? 60
        sinkSetpoints = slots(pumps, PointName.sinkSupplySetpoint) { _ in required }
        func slot(_ equipment: String?, _ point: String, _ initial: Double) -> Int {
            board.add(site, equipment ?? "", point, initial: initial)
        }
        facilityPump = slot(plant.facilityWater?.id, PointName.pumpSpeedCommand, 0.9)
        condenserPump = slot(plant.condenserWater?.id, PointName.pumpSpeedCommand, 1)
        economizerValve = slot(plant.waterEconomizer?.id, PointName.valvePositionCommand, 0)
        recoveryValve = slot(plant.heatRecovery?.id, PointName.valvePositionCommand, 0)
        recoveryPump = slot(plant.heatRecovery?.id, PointName.pumpSpeedCommand, 0)
    }
}
