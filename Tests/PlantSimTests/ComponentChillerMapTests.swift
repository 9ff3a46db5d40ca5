// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

@Suite("Chiller maps")
struct ComponentChillerMapTests {
    static func carnot(_ leaving: Double, _ entering: Double, load: Double = 1) -> Double {
        ChillerCurves.coefficientOfPerformance(
            carnotFraction: Ratio(fraction: 0.64),
            evaporatorLeaving: Temperature(celsius: leaving),
            condenserLeaving: Temperature(celsius: entering + 5 * load),
            load: load
        )
    }

    static func blended(_ map: ChillerMapCurve, _ leaving: Double, _ entering: Double, load: Double = 1) -> Double {
        map.coefficientOfPerformance(
            leaving: Temperature(celsius: leaving),
            condenserEntering: Temperature(celsius: entering),
            load: load,
            outside: carnot(leaving, entering, load: load)
        )
    }

    @Test("is within 3 % of itself at its reference point", arguments: PublishedChiller.all)
    func reference(chiller: PublishedChiller) {
        let map = chiller.map
        let (leaving, entering) = (map.curves.referenceLeaving, map.curves.referenceCondenser)
        #expect(abs(map.capacityFactor(leaving: leaving, condenserEntering: entering) - 1) < 0.03)
        let value = map.mapped(leaving: leaving, condenserEntering: entering, load: 1)
        #expect(abs(value / map.curves.performance - 1) < 0.03)
        #expect(map.trust(leaving: leaving, condenserEntering: entering) == 1)
    }

    @Test("never beats Carnot inside its box", arguments: PublishedChiller.all)
    func carnotLimit(chiller: PublishedChiller) {
        let map = chiller.map
        for leaving in [map.curves.leavingBox.lowerBound.celsius, map.curves.leavingBox.upperBound.celsius] {
            for entering in Self.celsius(map.curves.condenserBox, by: 2)
            where entering > leaving + 5 {
                let value = blendedInside(map, leaving, entering)
                #expect(value < (leaving + 273.15) / (entering - leaving))
                #expect(value > 1)
            }
        }
    }

    private static func celsius(_ box: ClosedRange<Temperature>, by step: Double) -> StrideThrough<Double> {
        stride(from: box.lowerBound.celsius, through: box.upperBound.celsius, by: step)
    }

    private func blendedInside(_ map: ChillerMapCurve, _ leaving: Double, _ entering: Double) -> Double {
        map.mapped(
            leaving: Temperature(celsius: leaving),
            condenserEntering: Temperature(celsius: entering),
            load: 1
        )
    }

    @Test("goes over to the other model without a jump and is that model beyond", arguments: PublishedChiller.all)
    func blend(chiller: PublishedChiller) {
        let map = chiller.map
        let entering = map.curves.referenceCondenser.celsius
        let edge = map.curves.leavingBox.upperBound.celsius
        var last = Self.blended(map, edge, entering)
        for leaving in stride(from: edge, through: edge + 3, by: 0.05) {
            let value = Self.blended(map, leaving, entering)
            #expect(abs(value - last) < 0.35)
            last = value
        }
        #expect(Self.blended(map, 20, entering) == Self.carnot(20, entering))
    }

    @Test("colder condenser water is cheaper, within the box", arguments: [PublishedChiller.trane])
    func monotone(chiller: PublishedChiller) {
        let map = chiller.map
        let values = [29.0, 26, 23, 20, 17].map { Self.blended(map, 6.67, $0) }
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    }

    /// Six published sets give 0.61 to 0.74 of Carnot at 6.7 and 29.4 °C, with the condenser 5 K warmer.
    @Test("the Carnot fraction agrees with the map where both hold")
    func fraction() {
        let value = Self.blended(PublishedChiller.trane.map, 6.67, 29.44)
        #expect((0.85...1.15).contains(Self.carnot(6.67, 29.44) / value))
    }

    /// What a chiller with curves draws once it holds its water; chilled water comes back 6 K warmer.
    private func settled(_ curves: ChillerCurveSet?, leaving: Double, entering: Double) -> Chiller.Outputs {
        let kilowatts = 2_317.0
        var chiller = Chiller(
            ChillerDescription(id: "c", capacity: Power(kilowatts: kilowatts), curves: curves),
            isRunning: true,
            waterTemperature: Temperature(celsius: leaving)
        )
        let flow = MassFlow(kilogramsPerSecond: 0.8 * kilowatts / 4.186 / 6)
        let inputs = Chiller.Inputs(
            isEnabled: true,
            leavingSetpoint: Temperature(celsius: leaving),
            chilledWater: FluidStream(temperature: Temperature(celsius: leaving + 6), flow: flow),
            condenserWater: FluidStream(
                temperature: Temperature(celsius: entering),
                flow: MassFlow(kilogramsPerSecond: 110)
            )
        )
        var last = chiller.step(inputs, dt: 10)
        for _ in 0..<180 { last = chiller.step(inputs, dt: 10) }
        return last
    }

    @Test("a chiller draws what its curves say in their box, and what Carnot's share says beyond")
    func inTheMachine() throws {
        let map = PublishedChiller.trane.map
        let inside = settled(map.curves, leaving: 6.67, entering: 25)
        #expect(abs(inside.chilledWaterLeaving.celsius - 6.67) < 0.1)
        let load =
            inside.load.fraction
            / map.capacityFactor(leaving: inside.chilledWaterLeaving, condenserEntering: Temperature(celsius: 25))
        let expected = map.mapped(
            leaving: inside.chilledWaterLeaving,
            condenserEntering: Temperature(celsius: 25),
            load: load
        )
        #expect(abs(try #require(inside.coefficientOfPerformance) / expected - 1) < 1e-3)
        let plain = settled(nil, leaving: 6.67, entering: 25)
        #expect(plain.coefficientOfPerformance != inside.coefficientOfPerformance)
        #expect(settled(map.curves, leaving: 18, entering: 25) == settled(nil, leaving: 18, entering: 25))
    }

    @Test("a chiller gives no more than its capacity curve allows")
    func capacity() {
        let map = PublishedChiller.trane.map
        var curves = map.curves
        curves.capacity = [0.5, 0, 0, 0, 0, 0]
        let short = settled(curves, leaving: 6.67, entering: 25)
        #expect(abs(short.load.fraction - 0.5) < 0.02)
        #expect(short.chilledWaterLeaving.celsius > 7.5)
    }
}
