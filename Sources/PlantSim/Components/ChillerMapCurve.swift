// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// A published performance map of one chiller: capacity and electricity over temperatures and part load.
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
    /// What the map is of.
    package let name: String
    /// Capacity at the reference point.
    package let capacity: Power
    /// Coefficient of performance at the reference point, a ratio.
    package let performance: Double
    /// Leaving chilled water of the reference point.
    package let referenceLeaving: Temperature
    /// Entering condenser water, or outdoor air, of the reference point.
    package let referenceCondenser: Temperature
    /// Leaving chilled water of the box, in degrees Celsius.
    package let leavingBox: ClosedRange<Double>
    /// Entering condenser water, or outdoor air, of the box, in degrees Celsius.
    package let condenserBox: ClosedRange<Double>
    /// Part load below which the machine cycles.
    package let minimumLoad: Ratio
    private let capacityCurve: [Double]
    private let inputCurve: [Double]
    private let loadCurve: [Double]

    /// How far beyond the box the map still counts in part, in kelvins.
    package static let blend = 2.0

    /// Water-cooled centrifugal with variable speed: Trane CVHF, 2,317 kW (Modelica Buildings Library,
    /// `Fluid.Chillers.Data.ElectricEIR`).
    package static let traneCentrifugal = ChillerMapCurve(
        name: "Trane CVHF 2317 kW",
        reference: (2_317, 6.33, 5.56, 29.44),
        box: (4.44...8.89, 12.78...29.44, 0.10),
        capacity: [0.7277716, 0.01018101, -6.282438e-4, 0.01337701, -5.050352e-4, 1.527259e-3],
        input: [0.3502330, -0.02301510, 5.749596e-4, 0.01902421, 3.109974e-4, -4.714517e-4],
        load: [0.09861441, 0.5297727, 0.3707229]
    )

    /// Water-cooled centrifugal with inlet vanes, the one of the library's data centre example: York YT, 1,055 kW.
    package static let yorkCentrifugal = ChillerMapCurve(
        name: "York YT 1055 kW",
        reference: (1_055, 5.96, 6.67, 29.44),
        box: (4.44...8.89, 12.78...35.0, 0.10),
        capacity: [0.1785912, -5.900023e-2, -5.946963e-4, 9.297889e-2, -2.841024e-3, 4.974221e-3],
        input: [0.5245110, -2.850126e-2, 8.034720e-4, 1.893133e-2, 1.151629e-4, -9.340642e-5],
        load: [0.2619878, 0.2393605, 0.4988306]
    )

    /// Air-cooled scroll: Carrier 30RB390, 1,326 kW (EnergyPlus data sets; power with condenser fans).
    package static let carrierAirCooled = ChillerMapCurve(
        name: "Carrier 30RB390 1326 kW",
        reference: (1_325.8, 2.8, 6.67, 35),
        box: (4.44...15.56, 29.44...48.89, 0.15),
        capacity: [0.906156554, 0.062333077, -0.000650381, -0.001441633, -0.000102575, -0.000483589],
        input: [0.956167823, -0.019026851, 0.001252807, -0.016983516, 0.000717471, -0.00074488],
        load: [0, 1, 0]
    )

    package static let all = [traneCentrifugal, yorkCentrifugal, carrierAirCooled]

    private init(
        name: String,
        reference: (kilowatts: Double, performance: Double, leaving: Double, condenser: Double),
        box: (leaving: ClosedRange<Double>, condenser: ClosedRange<Double>, minimumLoad: Double),
        capacity: [Double],
        input: [Double],
        load: [Double]
    ) {
        self.name = name
        self.capacity = Power(kilowatts: reference.kilowatts)
        performance = reference.performance
        referenceLeaving = Temperature(celsius: reference.leaving)
        referenceCondenser = Temperature(celsius: reference.condenser)
        leavingBox = box.leaving
        condenserBox = box.condenser
        minimumLoad = Ratio(fraction: box.minimumLoad)
        capacityCurve = capacity
        inputCurve = input
        loadCurve = load
    }

    /// What the machine can give over its reference capacity, inputs moved to the box.
    package func capacityFactor(leaving: Temperature, condenserEntering: Temperature) -> Double {
        surface(capacityCurve, leaving, condenserEntering)
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
        let ofLoad = loadCurve[0] + ratio * (loadCurve[1] + ratio * loadCurve[2])
        return performance * ratio / (surface(inputCurve, leaving, condenserEntering) * ofLoad)
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
        func excess(_ value: Double, _ box: ClosedRange<Double>) -> Double {
            max(box.lowerBound - value, value - box.upperBound, 0)
        }
        let furthest = max(
            excess(leaving.celsius, leavingBox),
            excess(condenserEntering.celsius, condenserBox)
        )
        return max(1 - furthest / Self.blend, 0)
    }

    private func surface(_ c: [Double], _ leaving: Temperature, _ condenser: Temperature) -> Double {
        let l = min(max(leaving.celsius, leavingBox.lowerBound), leavingBox.upperBound)
        let t = min(max(condenser.celsius, condenserBox.lowerBound), condenserBox.upperBound)
        return c[0] + l * (c[1] + l * c[2] + t * c[5]) + t * (c[3] + t * c[4])
    }
}
