// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// Where on the command board each machine of the plant looks; found once.
///
/// The first values are those of a plant nobody commands: it must run safely with the agent absent. All chillers but
/// the spare one run 2 K below the supply setpoint, towers and pumps run fast, economizer and heat pumps stand; where
/// the economizer is the only way out, or dry coolers and ambient water keep it from warming the loads, it is open.
/// Heat that is handed over without heat pumps is handed over.
struct PlantCommands: Sendable {
    let coolantSetpoints: [Int]
    let tankSetpoints: [Int]
    let supplyAirSetpoints: [Int]
    let outdoorAirSetpoints: [Int]
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
        tankSetpoints = slots(
            plant.immersionTanks.map(\.id),
            PointName.coolantSupplyTemperatureSetpoint
        ) { plant.immersionTanks[$0].coolantSupplySetpoint.celsius }
        outdoorAirSetpoints = slots(
            plant.outdoorAirHandlers.map(\.id),
            PointName.supplyAirTemperatureSetpoint
        ) { plant.outdoorAirHandlers[$0].supplyAirSetpoint.celsius }
        coolerSetpoints = slots(
            plant.dryCoolers.map(\.id),
            PointName.leavingWaterTemperatureSetpoint
        ) { plant.dryCoolers[$0].leavingSetpoint.celsius }
        supplyAirSetpoints = slots(
            plant.airHandlers.map(\.id),
            PointName.supplyAirTemperatureSetpoint
        ) { plant.airHandlers[$0].supplyAirSetpoint.celsius }
        let chillers = plant.chillers.map(\.id)
        let running = chillers.count > 1 ? chillers.count - 1 : chillers.count
        let chilled = (plant.facilityWater?.supplySetpoint.celsius ?? 20) - 2
        chillerEnables = slots(chillers, PointName.enableCommand) { $0 < running ? 1 : 0 }
        chillerSetpoints = slots(chillers, PointName.chilledWaterSetpoint) { _ in chilled }
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
        ambientSetpoint = plant.ambientWater.map {
            slot($0.id, PointName.leavingWaterTemperatureSetpoint, $0.leavingSetpoint.celsius)
        }
        let open = plant.coolingTowers.isEmpty || plant.chillers.isEmpty ? 1.0 : 0
        economizerValve = slot(plant.waterEconomizer?.id, PointName.valvePositionCommand, open)
        let direct = plant.heatPumps.isEmpty ? 1.0 : 0
        recoveryValve = slot(plant.heatRecovery?.id, PointName.valvePositionCommand, direct)
        recoveryPump = slot(plant.heatRecovery?.id, PointName.pumpSpeedCommand, direct)
    }
}
