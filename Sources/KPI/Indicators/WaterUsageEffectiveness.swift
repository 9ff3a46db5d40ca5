// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension Indicator {
    /// WUE of the site: water that enters per IT energy (ISO/IEC 30134-9).
    ///
    /// All water that enters counts, blow-down is not taken off; the water of power stations is not part of it.
    static func waterUsageEffectiveness(_ tree: MeterTree, category: Int) -> Indicator {
        Indicator(
            .wue,
            category: category,
            tree.required(.waterInput),
            over: tree.informationTechnology(category: category),
            validRange: 0...Double.greatestFiniteMagnitude,
            tree: tree
        )
    }
}
