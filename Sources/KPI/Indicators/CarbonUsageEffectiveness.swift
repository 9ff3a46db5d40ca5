// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension Indicator {
    /// CUE: emissions of grid electricity per IT energy, in grams per joule (ISO/IEC 30134-8).
    ///
    /// The numerator published with it is the electricity in joules; the value is that over IT energy times the
    /// average carbon intensity of the settings. Fuels, refrigerants and bought cooling are not counted, and the
    /// result says so where the site has any.
    static func carbonUsageEffectiveness(_ tree: MeterTree, category: Int) -> Indicator {
        let intensity = tree.site.kpis.carbonIntensityGramsPerKilowattHour
        return Indicator(
            .cue,
            category: category,
            tree.gridElectricity,
            over: tree.informationTechnology(category: category),
            factor: (intensity ?? 0) / 3.6e6,
            validRange: 0...Double.greatestFiniteMagnitude,
            remark: tree.hasOtherCarriers ? "grid electricity only: fuels and bought cooling are not counted" : "",
            lack: intensity == nil ? "the carbon intensity of the electricity is not set; set it under kpis" : nil,
            tree: tree
        )
    }
}
