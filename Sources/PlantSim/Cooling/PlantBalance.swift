// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Thermo

/// Heat and water that the cooling plant moved since the start.
///
/// `released + machines = rejected + exported + change of stored heat`; `make-up = evaporation + drift + blowdown -
/// change of what the basins lack`.
package struct PlantBalance: Hashable, Sendable {
    /// Heat of racks, UPS and distribution, in joules.
    package var released = 0.0
    /// Heat of pumps, fans and compressors that ends in a loop, in joules.
    package var machines = 0.0
    /// Heat given to the outdoor air or to ambient water, in joules.
    package var rejected = 0.0
    /// Heat the district network took, in joules.
    package var exported = 0.0
    /// Water that left as vapour, in kilograms.
    package var evaporation = 0.0
    /// Water that left as drops, in kilograms.
    package var drift = 0.0
    /// Water let off to keep salts down, in kilograms.
    package var blowdown = 0.0
    /// Water let into the basins and onto pads, in kilograms.
    package var makeUp = 0.0

    package init() {}

    mutating func add(_ plant: CoolingPlant, heat: PlantHeat, dt: Double) {
        released += (heat.coolant.reduce(0, +) + heat.air) * dt
        let side = plant.hallSide.outputs
        var work = side.coolantPumpHeat + side.fanPower
        rejected += side.outdoorHeat * dt
        for loop in plant.loops { work += add(loop, dt: dt) }
        machines += work * dt
    }

    /// - Returns: Power of the loop's machines that ends in its water, in watts.
    private mutating func add(_ water: FacilityLoop, dt: Double) -> Double {
        var work = water.pumpOutputs.fluidHeat.watts + water.condenserSide.pumpOutputs.fluidHeat.watts
        for chiller in water.chillerOutputs { work += chiller.power.watts }
        if let export = water.heatExport {
            work += export.loopPump.flow > .zero ? export.loopPump.fluidHeat.watts : 0
            for pump in export.pumpOutputs { work += pump.power.watts }
            exported += (export.districtOutputs?.acceptedHeat.watts ?? 0) * dt
        }
        for tower in water.condenserSide.towerOutputs {
            work += tower.basinHeaterPower.watts
            rejected += tower.heat.watts * dt
            evaporation += tower.water.evaporation.kilogramsPerSecond * dt
            drift += tower.water.drift.kilogramsPerSecond * dt
            blowdown += tower.water.blowdown.kilogramsPerSecond * dt
            makeUp += tower.water.makeUp.kilogramsPerSecond * dt
        }
        for cooler in water.condenserSide.dryCoolers?.outputs ?? [] {
            rejected += cooler.heat.watts * dt
            evaporation += cooler.evaporation.kilogramsPerSecond * dt
            blowdown += (cooler.makeUp - cooler.evaporation).kilogramsPerSecond * dt
            makeUp += cooler.makeUp.kilogramsPerSecond * dt
        }
        rejected += (water.condenserSide.ambientWater?.outputs?.heat.watts ?? 0) * dt
        return work
    }
}
