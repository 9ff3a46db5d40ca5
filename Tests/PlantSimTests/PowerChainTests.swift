// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

struct PowerChainTests {
    private let chain = PowerChain(
        ElectricalDescription(
            transformerRating: Power(kilowatts: 1_000),
            uninterruptibleRating: Power(kilowatts: 1_000),
            distributionRating: Power(kilowatts: 1_000),
            auxiliary: .zero
        )
    )

    /// The efficiencies usual for a double-conversion UPS at these loads.
    @Test(arguments: [(1.0, 0.969), (0.5, 0.967), (0.2, 0.948)])
    func uninterruptiblePowerSupplyHasItsEfficiency(load: Double, efficiency: Double) {
        let output = load * 1e6
        let input = output + chain.uninterruptible.loss(output: output)
        #expect(abs(output / input - efficiency) < 0.001)
    }

    @Test func everyFlowAddsUpToTheBoundary() {
        for load in stride(from: 0.0, through: 1.2e6, by: 1e5) {
            let flows = chain.flows(racks: load, coolingShare: 0.13)
            let parts = [
                flows.informationTechnology, flows.distributionLoss, flows.uninterruptibleLoss, flows.cooling,
                flows.auxiliary, flows.transformerLoss,
            ]
            #expect(abs(flows.boundary - parts.reduce(0, +)) <= 1e-9 * max(flows.boundary, 1))
            #expect(parts.allSatisfy { $0 >= 0 })
        }
    }

    /// A share stands for the whole chain: no other loss and no auxiliaries beside it, at any load.
    @Test(arguments: [0.0, 1e5, 8.5e6])
    func aLossShareIsAllThatIsLost(racks: Double) {
        let chain = PowerChain(ElectricalDescription(lossShare: Ratio(fraction: 0.05)))
        let flows = chain.flows(racks: racks, cooling: 1e6, heatUpgrade: 2e5)
        #expect(flows.transformerLoss == 0 && flows.distributionLoss == 0 && flows.auxiliary == 0)
        #expect(flows.uninterruptibleOutput == racks)
        #expect(abs(flows.uninterruptibleLoss - 0.05 * racks) <= 1e-9 * racks)
        #expect(abs(flows.boundary - (1.05 * racks + 1.2e6)) <= 1e-9 * flows.boundary)
        let shared = chain.flows(racks: racks, coolingShare: 0.1)
        #expect(abs(shared.boundary - 1.1 * 1.05 * racks) <= 1e-9 * racks)
    }

    @Test func idleTransformerStillLosesItsIronLoss() {
        #expect(chain.transformer.loss(output: 0) == 1_500)
        #expect(abs(chain.transformer.loss(output: 1e6) - 10_000) < 1e-6)
    }
}

struct EnergyRegisterTests {
    @Test(arguments: [
        // initial, counted, resolution, rollover, shown
        (0.0, 0.0, 3_600.0 as Double?, nil as Double?, 0.0),
        (0, 3_599, 3_600, nil, 0),
        (0, 3_600, 3_600, nil, 3_600),
        (1_800, 1_800, 3_600, nil, 3_600),
        (0, 36_000, 3_600, 36_000, 0),
        (32_400, 7_300, 3_600, 36_000, 3_600),
        (32_400, 3_599, 3_600, 36_000, 32_400),
        (32_400, 7_200, 3_600, 36_000, 3_600),
        (0, 123.456, nil, nil, 123.456),
        (0, 360_123.5, nil, 36_000, 123.5),
    ])
    func showsWholeStepsAndStartsAgain(
        initial: Double,
        counted: Double,
        resolution: Double?,
        rollover: Double?,
        shown: Double
    ) {
        let register = EnergyRegister(initial: initial, resolution: resolution, rollover: rollover)
        #expect(abs(register.shown(counted: counted) - shown) < 1e-6)
    }

    /// What a client sums up over many roll-overs is what was counted, to within one step.
    @Test(arguments: [UInt64(1), 2, 3, 4])
    func differencesOverRolloverConserveEnergy(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let resolution = 100.0
        let rollover = 1_000_000.0
        let register = EnergyRegister(initial: random.uniform(0...rollover), resolution: resolution, rollover: rollover)
        var counted = 0.0
        var shown = register.shown(counted: 0)
        var summed = 0.0
        for _ in 0..<10_000 {
            counted += random.uniform(0...5_000)
            let next = register.shown(counted: counted)
            #expect(next >= 0 && next < rollover)
            summed += next >= shown ? next - shown : next + rollover - shown
            shown = next
        }
        #expect(counted > 20 * rollover)
        #expect(abs(summed - counted) <= resolution)
    }
}
