// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension Indicator {
    /// REF: renewable energy per energy across the boundary (ISO/IEC 30134-3; EN 50600-4-3).
    ///
    /// The renewable energy is the settings' share of grid electricity; what backs the share (retired guarantees of
    /// origin, supply contracts, own generation) is for the yearly report to show.
    static func renewableEnergyFactor(_ tree: MeterTree) -> Indicator {
        let share = tree.site.kpis.renewableShare
        var renewable = tree.gridElectricity
        renewable.parts = renewable.parts.map { MeterTree.Part(meter: $0.meter, weight: $0.weight * (share ?? 0)) }
        return Indicator(
            .ref,
            renewable,
            over: tree.facility,
            validRange: 0...1,
            lack: share == nil ? "the renewable share of the electricity is not set; set it under kpis" : nil,
            tree: tree
        )
    }
}
