// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Thermo

/// Effectiveness and number of transfer units of a crossflow exchanger with both fluids unmixed: a finned coil.
///
/// Incropera, DeWitt, Bergman and Lavine, "Fundamentals of Heat and Mass Transfer" (6th edition, 2007), equation
/// 11.32: `ε = 1 - exp((exp(-Cr N^0.78) - 1) N^0.22 / Cr)`, within 2 % of the
/// tables of Kays and London ("Compact Heat Exchangers", 3rd edition).
package enum CrossflowExchange {
    /// The effectiveness, 0...1, for `units` transfer units and a ratio of capacity rates of 0...1.
    package static func effectiveness(units: Double, capacityRatio: Double) -> Double {
        guard units > 0 else { return 0 }
        guard capacityRatio > 1e-9 else { return -Libm.expm1(-units) }
        let mixing = Libm.pow(units, 0.22)
        return -Libm.expm1(Libm.expm1(-capacityRatio * units / mixing) * mixing / capacityRatio)
    }

    /// The number of transfer units, at most 100, that give an effectiveness.
    package static func units(effectiveness: Double, capacityRatio: Double) -> Double {
        var low = 0.0
        var high = 100.0
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if self.effectiveness(units: middle, capacityRatio: capacityRatio) < effectiveness {
                low = middle
            } else {
                high = middle
            }
        }
        return high
    }
}
