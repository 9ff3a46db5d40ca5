// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// The cooling plant of a site in its weather, with the commands it follows.
struct ThermalSide: Sendable {
    var board: CommandBoard
    private(set) var world: SimulatedWorld
    private(set) var plant: CoolingPlant
    private let commands: PlantCommands
    /// The CDU of each rack by position, or the immersion tank counted on behind the CDUs; nil for a rack without.
    private let unitOfRack: [Int?]
    private var heat: PlantHeat

    /// Plant time that the plant settles before the start, in long steps and then in short ones, in seconds.
    private static let settling = (long: 30, longSteps: 480, shortSteps: 240)

    /// - Returns: nil where the site has no cooling plant.
    init?(site: SiteDescription, seed: UInt64, start: Timestamp, of run: RunSurroundings) {
        guard let world = SimulatedWorld(site: site, seed: seed, start: start, of: run),
            let plant = CoolingPlant(site.plant, outdoor: world.outdoor, at: start)
        else { return nil }
        self.world = world
        self.plant = plant
        var board = CommandBoard(site: site)
        commands = PlantCommands(site: site, board: &board)
        self.board = board
        let units = site.plant.coolantDistributionUnits
        let tanks = site.plant.immersionTanks
        unitOfRack = site.plant.racks.map { rack in
            if let tank = tanks.firstIndex(where: { $0.id == rack.immersionTank }) { return units.count + tank }
            return units.firstIndex { $0.id == rack.coolantDistributionUnit }
        }
        heat = PlantHeat(coolant: Array(repeating: 0, count: units.count + tanks.count))
    }

    /// Lets the plant come to rest under the load and weather of the start.
    mutating func settle(compute: ComputeLoad, losses: Double, at start: Timestamp) {
        collectHeat(compute, losses)
        for _ in 0..<Self.settling.longSteps { stepPlant(at: start, dt: Double(Self.settling.long)) }
        for _ in 0..<Self.settling.shortSteps { stepPlant(at: start, dt: 1) }
        plant.forgetBalance()
    }

    /// Moves on by `dt` seconds to a plant time.
    mutating func step(compute: ComputeLoad, losses: Double, loadShare: Double, at time: Timestamp, dt: Double) {
        board.step(dt: dt)
        world.step(to: time, loadShare: loadShare, dt: dt)
        collectHeat(compute, losses)
        stepPlant(at: time, dt: dt)
    }

    /// Tells the racks how warm and how much coolant and air reach them.
    func surround(_ compute: inout ComputeLoad) {
        let inlet = plant.hallSide.hallOutputs?.inletAir ?? Temperature(celsius: 24)
        var ofUnit = plant.hallSide.unitOutputs.indices.map { unit in
            let outputs = plant.hallSide.unitOutputs[unit]
            let design = plant.hallSide.units[unit].description.designCoolantFlow
            return RackSurroundings(
                coolantSupply: outputs.coolantSupply,
                flowShare: Ratio(fraction: outputs.coolantFlow / design),
                inletAir: inlet
            )
        }
        // A tank's servers hang in its fluid: what reaches them is as warm as its supply and never runs dry.
        ofUnit += plant.hallSide.tankOutputs.map {
            RackSurroundings(coolantSupply: $0.supply, flowShare: .full, inletAir: inlet)
        }
        // A rack without coolant has air alone to fear.
        let air = RackSurroundings(coolantSupply: inlet, flowShare: .full, inletAir: inlet)
        compute.surround { rack in unitOfRack[rack].map { ofUnit[$0] } ?? air }
    }

    /// Changes something of the plant.
    mutating func changePlant(_ change: (inout CoolingPlant) -> Void) { change(&plant) }

    private mutating func collectHeat(_ compute: ComputeLoad, _ losses: Double) {
        heat.air = losses
        compute.addHeat(to: &heat, unitOfRack: unitOfRack)
    }

    private mutating func stepPlant(at time: Timestamp, dt: Double) {
        plant.step(heat: heat, world: world, at: time, commands: commands, board: board, dt: dt)
    }
}
