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
    /// By position in the plant's water loops.
    let loops: [LoopCommands]

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
        supplyAirSetpoints = slots(
            plant.airHandlers.map(\.id),
            PointName.supplyAirTemperatureSetpoint
        ) { plant.airHandlers[$0].supplyAirSetpoint.celsius }
        loops = plant.waterLoops.map { LoopCommands(site: site, loop: $0, board: &board) }
    }
}
