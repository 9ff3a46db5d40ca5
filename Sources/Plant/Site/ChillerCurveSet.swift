// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// A maker's performance curves of one chiller in the DOE-2 electric input ratio form, with the box they hold in.
///
/// `Q_avail = Q_ref CAPFT`, `P = Q_avail / COP_ref EIRFT EIRFPLR`; `CAPFT` and `EIRFT` = `c1 + c2 T_l + c3 T_l² +
/// c4 T_c + c5 T_c² + c6 T_l T_c` of leaving chilled water `T_l` and entering condenser water `T_c` in °C, `EIRFPLR` =
/// `c1 + c2 x + c3 x²` of part load `x` (EnergyPlus Engineering Reference, `Chiller:Electric:EIR`).
package struct ChillerCurveSet: Hashable, Sendable {
    /// Coefficient of performance at the reference point, a ratio.
    package var performance: Double
    /// Leaving chilled water of the reference point.
    package var referenceLeaving: Temperature
    /// Entering condenser water of the reference point.
    package var referenceCondenser: Temperature
    /// Leaving chilled water that the curves hold for.
    package var leavingBox: ClosedRange<Temperature>
    /// Entering condenser water that the curves hold for.
    package var condenserBox: ClosedRange<Temperature>
    /// Six coefficients of `CAPFT`.
    package var capacity: [Double]
    /// Six coefficients of `EIRFT`.
    package var input: [Double]
    /// Three coefficients of `EIRFPLR`.
    package var partLoad: [Double]

    package init(
        performance: Double,
        referenceLeaving: Temperature = Temperature(celsius: 6.67),
        referenceCondenser: Temperature = Temperature(celsius: 29.44),
        leavingBox: ClosedRange<Temperature>,
        condenserBox: ClosedRange<Temperature>,
        capacity: [Double],
        input: [Double],
        partLoad: [Double]
    ) {
        self.performance = performance
        self.referenceLeaving = referenceLeaving
        self.referenceCondenser = referenceCondenser
        self.leavingBox = leavingBox
        self.condenserBox = condenserBox
        self.capacity = capacity
        self.input = input
        self.partLoad = partLoad
    }

    /// A curve over both temperatures, moved to the box.
    package func value(of c: [Double], leaving: Temperature, condenser: Temperature) -> Double {
        let l = min(max(leaving, leavingBox.lowerBound), leavingBox.upperBound).celsius
        let t = min(max(condenser, condenserBox.lowerBound), condenserBox.upperBound).celsius
        return c[0] + l * (c[1] + l * c[2] + t * c[5]) + t * (c[3] + t * c[4])
    }

    /// `EIRFPLR` at a part load, 0...1.
    package func input(atLoad load: Double) -> Double { partLoad[0] + load * (partLoad[1] + load * partLoad[2]) }
}
