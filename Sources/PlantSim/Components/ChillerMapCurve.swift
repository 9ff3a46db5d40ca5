// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// A performance map of one chiller: capacity and electricity over temperatures and part load.
///
/// The DOE-2 electric input ratio form (EnergyPlus Engineering Reference, `Chiller:Electric:EIR`): `Q_avail = Q_ref
/// CAPFT`, `P = Q_avail / COP_ref EIRFT EIRFPLR`, with `CAPFT` and `EIRFT` = `c1 + c2 T_l + c3 T_l² + c4 T_c + c5 T_c²
/// + c6 T_l T_c` of leaving chilled water `T_l` and entering condenser water (or outdoor air) `T_c` in °C, `EIRFPLR` a
/// square of the part load ratio.
///
/// Valid inside the box of each map only, which ends far below the water of AI halls: left to themselves the curves
/// rise above Carnot or fall to a third of it there. So inputs are moved to the box, and
/// ``coefficientOfPerformance(leaving:condenserEntering:load:outside:)`` goes over to another model within 2 K beyond.
package struct ChillerMapCurve: Hashable, Sendable {
    /// The curves and their box.
    package let curves: ChillerCurveSet
    /// Part load below which the machine cycles.
    package let minimumLoad: Ratio

    /// How far beyond the box the map still counts in part, in kelvins.
    package static let blend = 2.0

    package init(_ curves: ChillerCurveSet, minimumLoad: Ratio) {
        self.curves = curves
        self.minimumLoad = minimumLoad
    }

    /// What the machine can give over its reference capacity, inputs moved to the box.
    package func capacityFactor(leaving: Temperature, condenserEntering: Temperature) -> Double {
        curves.value(of: curves.capacity, leaving: leaving, condenser: condenserEntering)
    }

    /// The map alone, inputs moved to the box; below minimum load the machine cycles at it.
    ///
    /// - Parameters:
    ///   - leaving: Chilled water leaving.
    ///   - condenserEntering: Condenser water entering, or outdoor air.
    ///   - load: Heat over what the machine can give at these temperatures.
    /// - Returns: Heat over electricity.
    package func mapped(leaving: Temperature, condenserEntering: Temperature, load: Double) -> Double {
        let ratio = min(max(load, minimumLoad.fraction), 1)
        let input = curves.value(of: curves.input, leaving: leaving, condenser: condenserEntering)
        return curves.performance * ratio / (input * curves.input(atLoad: ratio))
    }

    /// The map inside its box, another model beyond it, and a straight line from one to the other over 2 K.
    package func coefficientOfPerformance(
        leaving: Temperature,
        condenserEntering: Temperature,
        load: Double,
        outside: Double
    ) -> Double {
        let share = trust(leaving: leaving, condenserEntering: condenserEntering)
        guard share > 0 else { return outside }
        return share * mapped(leaving: leaving, condenserEntering: condenserEntering, load: load)
            + (1 - share) * outside
    }

    /// How much the map counts at these temperatures: 1 in its box, 0 from 2 K beyond.
    package func trust(leaving: Temperature, condenserEntering: Temperature) -> Double {
        func excess(_ value: Temperature, _ box: ClosedRange<Temperature>) -> Double {
            max((box.lowerBound - value).kelvins, (value - box.upperBound).kelvins, 0)
        }
        let furthest = max(excess(leaving, curves.leavingBox), excess(condenserEntering, curves.condenserBox))
        return max(1 - furthest / Self.blend, 0)
    }

    /// What the machine can give over its reference capacity: the curve in the box, 1 from 2 K beyond.
    package func available(leaving: Temperature, condenserEntering: Temperature) -> Double {
        let share = trust(leaving: leaving, condenserEntering: condenserEntering)
        guard share > 0 else { return 1 }
        return 1 + share * (capacityFactor(leaving: leaving, condenserEntering: condenserEntering) - 1)
    }
}
