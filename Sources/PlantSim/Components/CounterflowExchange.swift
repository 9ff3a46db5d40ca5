// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Thermo

/// Effectiveness and number of transfer units of a counterflow exchanger.
///
/// Incropera, DeWitt, Bergman and Lavine, "Fundamentals of Heat and Mass Transfer" (6th edition, 2007), tables 11.3
/// and 11.4.
package enum CounterflowExchange {
    /// The effectiveness, 0...1, for `units` transfer units and a ratio of capacity rates of 0...1.
    package static func effectiveness(units: Double, capacityRatio: Double) -> Double {
        guard units > 0 else { return 0 }
        let slack = 1 - capacityRatio
        if slack < 1e-6 { return units / (1 + units) }
        // Written with expm1 so that nearly equal rates keep all digits.
        let decay = -Libm.expm1(-units * slack)
        return decay / (decay + slack * (1 - decay))
    }

    /// The number of transfer units that give an effectiveness, dimensionless.
    ///
    /// An effectiveness beyond 0.995 counts as that: no real exchanger is larger.
    package static func units(effectiveness: Double, capacityRatio: Double) -> Double {
        let reached = min(max(effectiveness, 0), 0.995)
        let slack = 1 - capacityRatio
        if slack < 1e-6 { return reached / (1 - reached) }
        return Libm.log((1 - reached * capacityRatio) / (1 - reached)) / slack
    }
}
