// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension Indicator {
    /// PUE: energy across the boundary per IT energy (EN 50600-4-2; ISO/IEC 30134-2).
    ///
    /// The category says where IT energy is read: 1 at UPS output, 2 at PDU output, 3 at IT equipment input. Cooling
    /// gear that hangs behind such a meter counts as IT unless it is metered with sign -1. Below 1 a meter is wrong.
    static func powerUsageEffectiveness(_ tree: MeterTree, category: Int) -> Indicator {
        Indicator(
            .pue,
            category: category,
            tree.facility,
            over: tree.informationTechnology(category: category),
            validRange: 1...Double.greatestFiniteMagnitude,
            tree: tree
        )
    }
}
