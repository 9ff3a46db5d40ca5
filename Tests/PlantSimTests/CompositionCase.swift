// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing

/// A change of a plant's composition, and what the simulator says of it.
struct CompositionCase: Sendable, CustomTestStringConvertible {
    let name: String
    /// Subjects of the problems; empty where the plant can be built.
    let subjects: [String]
    let change: @Sendable (inout PlantComposition) -> Void

    var testDescription: String { name }

    /// Expects the plant to be built, or refused with these parts.
    func expectBuiltOrRefused(from plant: PlantComposition) {
        let made = facility(from: plant)
        #expect(made.problems.map(\.subject) == subjects, "\(made.problems)")
        #expect((made.0 == nil) == !subjects.isEmpty)
    }

    /// Expects an hour at work to balance: what goes in comes out or stays in.
    func expectBalance(from plant: PlantComposition) throws {
        var facility = try #require(facility(from: plant).0)
        let stored = try #require(facility.storedHeat)
        for _ in 0..<180 { facility.step(dt: .seconds(20)) }
        let balance = try #require(facility.balance)
        let change = try #require(facility.storedHeat) - stored
        let taken = balance.released + balance.machines
        #expect(abs(taken - balance.rejected - balance.exported - change) < 1e-6 * taken)
        #expect(balance.rejected > 0.8 * taken)
    }

    private func facility(from plant: PlantComposition) -> (Facility?, problems: [SimulationProblem]) {
        var plant = plant
        change(&plant)
        let site = SiteDescription(id: "composed", endpoints: [], maps: [], devices: [], plant: plant)
        return Facility.make(site: site, seed: 1, start: HallSite.start)
    }
}
