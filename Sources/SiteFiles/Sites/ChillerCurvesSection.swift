// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// A maker's curves of a chiller, `curves: {reference_cop: 6.33, capft: [...], ...}`.
extension SiteDecoder {
    var chillerCurves: Rule<ChillerCurveSet> {
        .mapping("'curves'") { [self] fields in
            let water = Rule<Temperature>.temperature(-10...60, example: "6.7 degC")
            let performance = fields.required("reference_cop", .number(1...20))
            let leaving = fields.optional("reference_leaving", water)
            let condenser = fields.optional("reference_condenser", water)
            let leavingBox = fields.required("leaving_range", Rule<ClosedRange<Temperature>>.range(of: water))
            let condenserBox = fields.required("condenser_range", Rule<ClosedRange<Temperature>>.range(of: water))
            let capacity = fields.required("capft", Self.coefficients(6))
            let input = fields.required("eirft", Self.coefficients(6))
            let load = fields.required("eirfplr", Self.coefficients(3))
            guard let performance, let leavingBox, let condenserBox, let capacity, let input, let load else {
                return nil
            }
            var curves = ChillerCurveSet(
                performance: performance,
                leavingBox: leavingBox,
                condenserBox: condenserBox,
                capacity: capacity,
                input: input,
                partLoad: load
            )
            if let leaving { curves.referenceLeaving = leaving }
            if let condenser { curves.referenceCondenser = condenser }
            check(curves, fields)
            return curves
        }
    }

    private static func coefficients(_ count: Int) -> Rule<[Double]> {
        Rule { node, key, problems in
            let numbers = Rule<[Double]>.list(of: .number(-1e6...1e6), named: key, atMost: 6, asWhole: true)
            guard let values = numbers.read(node, key, problems) else { return nil }
            guard values.count == count else {
                problems.error(node.place, "'\(key)' has \(values.count) coefficients, but needs \(count)")
                return nil
            }
            return values
        }
    }

    /// Curves that are copied wrong show it at their reference point, or somewhere in their box.
    private func check(_ curves: ChillerCurveSet, _ fields: Fields) {
        for (key, curve) in [("capft", curves.capacity), ("eirft", curves.input)] {
            let corners = [curves.leavingBox.lowerBound, curves.leavingBox.upperBound].flatMap { leaving in
                [curves.condenserBox.lowerBound, curves.condenserBox.upperBound].map {
                    curves.value(of: curve, leaving: leaving, condenser: $0)
                }
            }
            let atReference = curves.value(
                of: curve,
                leaving: curves.referenceLeaving,
                condenser: curves.referenceCondenser
            )
            if let worst = corners.min(), worst < 0.05 {
                problems.error(
                    fields.place(of: key),
                    "'\(key)' falls to \(NumberText.short((worst * 1e3).rounded() / 1e3)) at a corner of its box; "
                        + "correct its coefficients or narrow 'leaving_range' or 'condenser_range'"
                )
            } else if abs(atReference - 1) > 0.05 {
                problems.warning(
                    fields.place(of: key),
                    "'\(key)' is \(NumberText.short((atReference * 1e3).rounded() / 1e3)) at the reference point, "
                        + "which should be 1; check its coefficients, 'reference_leaving' and 'reference_condenser'"
                )
            }
        }
        let loads = [0.1, 0.25, 0.5, 0.75, 1].map { curves.input(atLoad: $0) }
        if let least = loads.min(), least < 0.01 || abs((loads.last ?? 1) - 1) > 0.05 {
            problems.error(
                fields.place(of: "eirfplr"),
                "'eirfplr' must be above 0 at every part load and 1 at full load; correct its coefficients"
            )
        }
    }
}
