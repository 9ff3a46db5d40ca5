// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

/// Components as hourly calculations state them: an exchanger by its approach, a tower by a correlation.
@Suite("Stated models")
struct StatedModelTests {
    /// 10.5 MW, 2 K at design, water at 313 L/s on both sides.
    private static func economizer(exponent: Double) -> PlateExchanger {
        PlateExchanger(
            WaterEconomizerDescription(
                designHeat: Power(megawatts: 10.5),
                designFlow: VolumeFlow(litersPerSecond: 313),
                approachExponent: exponent
            )
        )
    }

    private static func rate(_ kilogramsPerSecond: Double) -> Double {
        LoopFluid.water.capacityRate(MassFlow(kilogramsPerSecond: kilogramsPerSecond)).wattsPerKelvin
    }

    // MARK: the approach

    @Test(
        "the approach is the stated one at every heat, whichever side is the warmer",
        arguments: [(0.05, 0.8), (0.35, 0.8), (0.7, 1), (1, 0.8), (1, 0.3), (1.2, 1.5)],
        [1.0, -1]
    )
    func approach(state: (share: Double, exponent: Double), sign: Double) {
        let (flow, cold) = (312.0, 15.0)
        let heat = state.share * 10.5e6
        let approach = 2 * Libm.pow(state.share, state.exponent)
        // What enters so that this heat leaves the stream at this approach to the other one.
        let entering = cold + sign * (heat / Self.rate(flow) + approach)
        let result = Self.economizer(exponent: state.exponent).exchange(
            hot: ComponentExchangerTests.stream(entering, flow),
            cold: ComponentExchangerTests.stream(cold, 1.2 * flow)
        )
        #expect(abs(result.heat.watts - sign * heat) < 1e-6 * heat)
        #expect(abs(result.hotLeaving.celsius - cold - sign * approach) < 1e-6)
    }

    @Test("never gives more than the cold stream takes up", arguments: [0.02, 0.1, 0.5, 1, 2])
    func coldStream(coldShare: Double) {
        let result = Self.economizer(exponent: 0.8).exchange(
            hot: ComponentExchangerTests.stream(28, 312),
            cold: ComponentExchangerTests.stream(18, coldShare * 312)
        )
        let taken = Self.rate(coldShare * 312) * 10
        #expect(result.heat.watts <= taken && result.coldLeaving.celsius <= 28 + 1e-9)
        // The hot stream falls by 8.3 K before the approach ends it, so up to 0.83 the cold stream is the limit.
        #expect((taken - result.heat.watts < 1e-6 * taken) == (coldShare < 0.83))
    }

    @Test("no heat without a difference, and half clean plates have twice the approach")
    func idleAndFouled() {
        var plates = Self.economizer(exponent: 0.8)
        let cold = ComponentExchangerTests.stream(20, 400)
        #expect(plates.exchange(hot: ComponentExchangerTests.stream(20, 312), cold: cold).heat == .zero)
        plates.cleanliness = Ratio(fraction: 0.5)
        let entering = 20 + 10.5e6 / Self.rate(312) + 4
        let result = plates.exchange(hot: ComponentExchangerTests.stream(entering, 312), cold: cold)
        #expect(abs(result.hotLeaving.celsius - 24) < 1e-6)
    }

    // MARK: YorkCalc

    private static let tower: CoolingTowerDescription = {
        var tower = ComponentTowerTests.description
        tower.model = .yorkCalc
        return tower
    }()

    private static func exchange(
        entering: Double,
        wetBulb: Double,
        waterShare: Double = 1,
        fan: Double = 1,
        condition: Double = 1
    ) -> (TowerFill.Exchange, rate: Double) {
        let fill = TowerFill(tower)
        let flow = fill.ratedWaterFlow * waterShare
        let exchange = fill.correlated(
            water: FluidStream(temperature: Temperature(celsius: entering), flow: flow),
            airShare: fan,
            outdoor: ComponentTowerTests.outdoor(wetBulb: wetBulb),
            condition: condition
        )
        return (exchange, LoopFluid.water.capacityRate(flow).wattsPerKelvin)
    }

    @Test(
        "leaving water is the wet bulb and the correlation's approach",
        arguments: [
            // wet bulb, range, share of water, share of air
            (25.6, 5.6, 1.0, 1.0), (12, 3.4, 1, 0.5), (2, 4.5, 0.8, 0.3),
        ]
    )
    func correlation(wetBulb: Double, range: Double, waterShare: Double, fan: Double) {
        let approach = YorkTower.approach(
            wetBulb: Temperature(celsius: wetBulb),
            range: TemperatureDifference(kelvins: range),
            waterShare: waterShare,
            airShare: fan
        ).kelvins
        if fan == 1 { #expect(abs(approach - 3.9) < 0.1) }
        let (result, rate) = Self.exchange(
            entering: wetBulb + approach + range,
            wetBulb: wetBulb,
            waterShare: waterShare,
            fan: fan
        )
        #expect(abs(result.leaving.celsius - wetBulb - approach) < 1e-4)
        #expect(abs(result.heat.watts / (rate * range) - 1) < 1e-4)
    }

    @Test("a whole cell settles where its fill does")
    func cell() {
        var tower = CoolingTower(Self.tower, initialFanSpeed: .full)
        let water = FluidStream(temperature: Temperature(celsius: 35.1), flow: tower.fill.ratedWaterFlow)
        let inputs = CoolingTower.Inputs(
            water: water,
            fanSpeedCommand: .full,
            outdoor: ComponentTowerTests.outdoor(wetBulb: 25.6)
        )
        for _ in 0..<100 { _ = tower.step(inputs, dt: 60) }
        #expect(abs(tower.step(inputs, dt: 60).basin.celsius - 29.5) < 0.05)
    }

    @Test("without fan an eighth of the way, fouled three quarters, and no heat from standing or cold water")
    func parts() {
        let full = Self.exchange(entering: 30, wetBulb: 18).0.heat
        #expect(abs(Self.exchange(entering: 30, wetBulb: 18, fan: 0).0.heat / full - 0.125) < 1e-9)
        #expect(abs(Self.exchange(entering: 30, wetBulb: 18, condition: 0.75).0.heat / full - 0.75) < 1e-9)
        for idle in [Self.exchange(entering: 30, wetBulb: 18, waterShare: 0), Self.exchange(entering: 10, wetBulb: 18)]
        {
            #expect(idle.0.heat == .zero && idle.0.evaporation == .zero)
        }
    }
}
