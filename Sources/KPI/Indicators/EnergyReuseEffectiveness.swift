// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension Indicator {
    /// ERE: energy across the boundary less reused heat, per IT energy (The Green Grid, White Paper 29).
    ///
    /// Equal to `(1 - ERF) * PUE`, so it may lie below 1; 0 is a site whose energy is all reused.
    static func energyReuseEffectiveness(_ tree: MeterTree, category: Int) -> Indicator {
        Indicator(
            .ere,
            category: category,
            tree.facility - tree.reuse,
            over: tree.informationTechnology(category: category),
            validRange: 0...Double.greatestFiniteMagnitude,
            tree: tree
        )
    }
}
