// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

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

    @Test("is within 3 % of itself at its reference point", arguments: ChillerMapCurve.all)
    func reference(map: ChillerMapCurve) {
        let (leaving, entering) = (map.referenceLeaving, map.referenceCondenser)
        #expect(abs(map.capacityFactor(leaving: leaving, condenserEntering: entering) - 1) < 0.03)
        let value = map.mapped(leaving: leaving, condenserEntering: entering, load: 1)
        #expect(abs(value / map.performance - 1) < 0.03)
        #expect(map.trust(leaving: leaving, condenserEntering: entering) == 1)
    }

    @Test("never beats Carnot inside its box", arguments: ChillerMapCurve.all)
    func carnotLimit(map: ChillerMapCurve) {
        for leaving in [map.leavingBox.lowerBound, map.leavingBox.upperBound] {
            for entering in stride(from: map.condenserBox.lowerBound, through: map.condenserBox.upperBound, by: 2)
            where entering > leaving + 5 {
                let value = blendedInside(map, leaving, entering)
                #expect(value < (leaving + 273.15) / (entering - leaving))
                #expect(value > 1)
            }
        }
    }

    private func blendedInside(_ map: ChillerMapCurve, _ leaving: Double, _ entering: Double) -> Double {
        map.mapped(
            leaving: Temperature(celsius: leaving),
            condenserEntering: Temperature(celsius: entering),
            load: 1
        )
    }

    @Test("goes over to the other model without a jump and is that model beyond", arguments: ChillerMapCurve.all)
    func blend(map: ChillerMapCurve) {
        let entering = map.referenceCondenser.celsius
        var last = Self.blended(map, map.leavingBox.upperBound, entering)
        for leaving in stride(from: map.leavingBox.upperBound, through: map.leavingBox.upperBound + 3, by: 0.05) {
            let value = Self.blended(map, leaving, entering)
            #expect(abs(value - last) < 0.35)
            last = value
        }
        #expect(Self.blended(map, 20, entering) == Self.carnot(20, entering))
    }

    @Test("colder condenser water is cheaper, within the box", arguments: [ChillerMapCurve.traneCentrifugal])
    func monotone(map: ChillerMapCurve) {
        let values = [29.0, 26, 23, 20, 17].map { Self.blended(map, 6.67, $0) }
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    }

    /// Six published sets give 0.61 to 0.74 of Carnot at 6.7 and 29.4 °C, with the condenser 5 K warmer.
    @Test("the Carnot fraction agrees with the map where both hold")
    func fraction() {
        let value = Self.blended(.traneCentrifugal, 6.67, 29.44)
        #expect((0.85...1.15).contains(Self.carnot(6.67, 29.44) / value))
    }
}
