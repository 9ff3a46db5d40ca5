// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// The whole cooling plant between the racks and the weather: halls, the water loop behind them, outdoor air.
///
/// A hall that outdoor air alone cools has no loop.
struct CoolingPlant: Sendable {
    private(set) var hallSide: HallSide
    /// Facility water with its machines; nil for a hall cooled with outdoor air alone.
    private(set) var water: FacilityLoop?
    /// Heat and water since the start.
    private(set) var balance = PlantBalance()

    /// - Returns: nil where the site has no complete cooling plant.
    init?(_ plant: PlantComposition, outdoor: WeatherState, at time: Timestamp) {
        guard plant.hasCooling else { return nil }
        if plant.facilityWater != nil {
            guard let loop = FacilityLoop(plant, at: time) else { return nil }
            water = loop
        }
        hallSide = HallSide(plant, outdoor: outdoor)
    }

    /// Heat above 0 °C in water, coolant, hall air and structure, in joules.
    var storedHeat: Double { (water?.storedHeat ?? 0) + hallSide.storedHeat }

    /// Water into the basins and onto pads over the last step, in cubic metres per second.
    var makeUpFlow: Double {
        LoopFluid.water.volumeFlow(water?.condenserSide.makeUp ?? .zero).cubicMetersPerSecond
    }

    /// Electrical power of the groups that have a meter, in watts.
    var powers: CoolingPowers {
        var powers = CoolingPowers()
        if let water {
            powers.chillers = water.chillerOutputs.reduce(0) { $0 + $1.power.watts }
            powers.towers = water.condenserSide.power
            powers.facilityPumps = water.pumpOutputs.power.watts
            powers.heatUpgrade = water.heatExport?.power ?? 0
        }
        powers.coolantUnits = hallSide.outputs.coolantPower
        powers.airHandlers = hallSide.outputs.fanPower
        return powers
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
        let feed = water?.deliver(openFlow: hallSide.openFlow, commands: commands, board: board, dt: dt)
        hallSide.step(
            heat: heat,
            feed: feed,
            outdoor: world.outdoor,
            commands: commands,
            board: board,
            dt: dt
        )
        water?.take(hallSide.branches, world: world, at: time, commands: commands, board: board, dt: dt)
        balance.add(self, heat: heat, dt: dt)
    }
}

extension PlantComposition {
    /// Whether anything here is simulated as a cooling plant; without, cooling is a share of the load.
    var hasCooling: Bool { facilityWater != nil || !outdoorAirHandlers.isEmpty }
}

extension CoolingPlant {
    /// Lets these faults, and no others, be on.
    mutating func apply(_ faults: PlantFaults) {
        hallSide.apply(faults)
        water?.apply(faults)
    }
}
