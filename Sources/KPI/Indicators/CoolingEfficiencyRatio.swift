// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension Indicator {
    /// CER: heat removed from the computer room per electricity of the cooling system (ISO/IEC 30134-7).
    ///
    /// Not meant for cooling that is driven by heat.
    static func coolingEfficiencyRatio(_ tree: MeterTree) -> Indicator {
        Indicator(
            .cer,
            tree.required(.heatRemoved),
            over: tree.required(.cooling),
            validRange: 0...Double.greatestFiniteMagnitude,
            tree: tree
        )
    }
}
