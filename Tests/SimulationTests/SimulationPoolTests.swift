// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Simulation
import Testing

@Suite("Runs side by side")
struct SimulationPoolTests {
    @Test("on two processors give the results of runs one after the other, in the order given", .timeLimit(.minutes(2)))
    func results() throws {
        let setup = try Hall.setup(hours: 0.2, isSteady: false)
        let controllers: [SimulatedController] = [.shipped, .baseline, .goodPractice]
        let alone = try controllers.map { try Hall.run($0, setup) }
        let runs = try controllers.map { try #require($0.run(setup).0) }
        #expect(SimulationPool.run(runs, processors: 2) == alone)
        #expect(alone[0] != alone[1])
    }
}
