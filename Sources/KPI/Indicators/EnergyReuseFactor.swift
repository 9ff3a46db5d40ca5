// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension Indicator {
    /// ERF: reused heat at hand-off per energy across the boundary (ISO/IEC 30134-6; EN 50600-4-6).
    ///
    /// Heat that comes back as cooling of the same site is taken off. Above 1 the hand-off is metered behind a heat
    /// pump whose electricity does not cross the boundary.
    static func energyReuseFactor(_ tree: MeterTree) -> Indicator {
        Indicator(.erf, tree.reuse, over: tree.facility, validRange: 0...1, tree: tree)
    }
}
