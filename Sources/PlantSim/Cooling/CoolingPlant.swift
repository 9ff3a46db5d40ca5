// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// The whole cooling plant between the racks and the weather: halls, the water loops behind them, outdoor air.
///
/// A hall that outdoor air alone cools has no loop; one with two has the air handlers on the first and CDUs and tanks
/// on the second.
struct CoolingPlant: Sendable {
    private(set) var hallSide: HallSide
    /// Facility water with its machines, by position in the plant's water loops; none for outdoor air alone.
    private(set) var loops: [FacilityLoop] = []
    /// The position of the loop whose heat others use; nil without heat recovery.
    private let recoveryLoop: Int?
    /// Heat and water since the start.
    private(set) var balance = PlantBalance()

    /// - Returns: nil where the site has no complete cooling plant.
    init?(_ plant: PlantComposition, outdoor: WeatherState, at time: Timestamp) {
        guard plant.hasCooling else { return nil }
        if plant.facilityWater != nil {
            for index in plant.waterLoops.indices {
                guard let loop = FacilityLoop(plant, loop: index, at: time) else { return nil }
                loops.append(loop)
            }
        }
        recoveryLoop = loops.firstIndex { $0.heatExport != nil }
        hallSide = HallSide(plant, outdoor: outdoor)
    }

    /// Heat above 0 °C in water, coolant, hall air and structure, in joules.
    var storedHeat: Double { loops.reduce(0) { $0 + $1.storedHeat } + hallSide.storedHeat }

    /// Water into the basins and onto pads over the last step, in cubic metres per second.
    var makeUpFlow: Double {
        LoopFluid.water.volumeFlow(loops.reduce(.zero) { $0 + $1.condenserSide.makeUp }).cubicMetersPerSecond
    }

    /// Electrical power of the groups that have a meter, in watts.
    var powers: CoolingPowers {
        var powers = CoolingPowers()
        for index in loops.indices { powers.add(loops[index]) }
        powers.coolantUnits = hallSide.outputs.coolantPower
        powers.airHandlers = hallSide.outputs.fanPower
        return powers
    }

    /// What of ``powers`` is that of the loop for liquid, where it is the second of two.
    var liquidLoopPowers: CoolingPowers {
        var powers = CoolingPowers()
        for index in loops.indices.dropFirst() { powers.add(loops[index]) }
        return powers
    }

    /// Heat that a district network or another taker took over the last step, in watts.
    var exportedHeat: Double {
        recoveryLoop.flatMap { loops[$0].heatExport?.districtOutputs?.acceptedHeat.watts } ?? 0
    }

    /// Starts the balance anew.
    mutating func forgetBalance() { balance = PlantBalance() }

    /// Moves on by `dt` seconds.
    mutating func step(
        heat: PlantHeat,
        world: SimulatedWorld,
        at time: Timestamp,
        commands: PlantCommands,
        board: CommandBoard,
        dt: Double
    ) {
        var feeds: (liquid: FacilityLoop.Feed?, air: FacilityLoop.Feed?) = (nil, nil)
        for index in loops.indices {
            let loads = loops[index].loads
            let open = hallSide.openFlow(of: loads)
            let feed = loops[index].deliver(openFlow: open, commands: commands.loops[index], board: board, dt: dt)
            if loads.hasLiquid { feeds.liquid = feed }
            if loads.hasAir { feeds.air = feed }
        }
        hallSide.step(
            heat: heat,
            feeds: feeds,
            outdoor: world.outdoor,
            commands: commands,
            board: board,
            dt: dt
        )
        for index in loops.indices {
            let side = hallSide.branches(of: loops[index].loads)
            loops[index].take(side, world: world, at: time, commands: commands.loops[index], board: board, dt: dt)
        }
        balance.add(self, heat: heat, dt: dt)
    }
}

extension PlantComposition {
    /// Whether anything here is simulated as a cooling plant; without, cooling is a share of the load.
    var hasCooling: Bool { mainLoop.facilityWater != nil || !outdoorAirHandlers.isEmpty }
}

extension CoolingPlant {
    /// Lets these faults, and no others, be on.
    mutating func apply(_ faults: PlantFaults) {
        hallSide.apply(faults)
        for index in loops.indices { loops[index].apply(faults) }
    }
}
