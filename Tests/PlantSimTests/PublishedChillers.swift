// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

/// Published curve sets of machines that are sold or were.
struct PublishedChiller: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let map: ChillerMapCurve

    private init(
        _ name: String,
        reference: (performance: Double, leaving: Double, condenser: Double),
        box: (leaving: ClosedRange<Double>, condenser: ClosedRange<Double>, minimumLoad: Double),
        capacity: [Double],
        input: [Double],
        load: [Double]
    ) {
        func span(_ box: ClosedRange<Double>) -> ClosedRange<Temperature> {
            Temperature(celsius: box.lowerBound)...Temperature(celsius: box.upperBound)
        }
        testDescription = name
        map = ChillerMapCurve(
            ChillerCurveSet(
                performance: reference.performance,
                referenceLeaving: Temperature(celsius: reference.leaving),
                referenceCondenser: Temperature(celsius: reference.condenser),
                leavingBox: span(box.leaving),
                condenserBox: span(box.condenser),
                capacity: capacity,
                input: input,
                partLoad: load
            ),
            minimumLoad: Ratio(fraction: box.minimumLoad)
        )
    }

    /// Water-cooled centrifugal with variable speed, 2,317 kW (Modelica Buildings Library,
    /// `Fluid.Chillers.Data.ElectricEIR`).
    static let trane = PublishedChiller(
        "Trane CVHF 2317 kW",
        reference: (6.33, 5.56, 29.44),
        box: (4.44...8.89, 12.78...29.44, 0.10),
        capacity: [0.7277716, 0.01018101, -6.282438e-4, 0.01337701, -5.050352e-4, 1.527259e-3],
        input: [0.3502330, -0.02301510, 5.749596e-4, 0.01902421, 3.109974e-4, -4.714517e-4],
        load: [0.09861441, 0.5297727, 0.3707229]
    )

    /// Water-cooled centrifugal with inlet vanes, the one of the library's data centre example.
    static let york = PublishedChiller(
        "York YT 1055 kW",
        reference: (5.96, 6.67, 29.44),
        box: (4.44...8.89, 12.78...35.0, 0.10),
        capacity: [0.1785912, -5.900023e-2, -5.946963e-4, 9.297889e-2, -2.841024e-3, 4.974221e-3],
        input: [0.5245110, -2.850126e-2, 8.034720e-4, 1.893133e-2, 1.151629e-4, -9.340642e-5],
        load: [0.2619878, 0.2393605, 0.4988306]
    )

    /// Air-cooled scroll (EnergyPlus data sets; power with condenser fans): condenser "water" is outdoor air here.
    static let carrier = PublishedChiller(
        "Carrier 30RB390 1326 kW",
        reference: (2.8, 6.67, 35),
        box: (4.44...15.56, 29.44...48.89, 0.15),
        capacity: [0.906156554, 0.062333077, -0.000650381, -0.001441633, -0.000102575, -0.000483589],
        input: [0.956167823, -0.019026851, 0.001252807, -0.016983516, 0.000717471, -0.00074488],
        load: [0, 1, 0]
    )

    static let all = [trane, york, carrier]
}
