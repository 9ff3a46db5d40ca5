// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// What a carrier other than electricity counts for at the boundary.
package struct EnergyFactors: Hashable, Sendable {
    /// Joules per cubic metre of natural gas.
    package var naturalGasJoulesPerCubicMeter: Double
    /// Joules per cubic metre of diesel.
    package var dieselJoulesPerCubicMeter: Double
    /// Joules at the boundary per joule of bought cooling: what the producing system uses, 0...1.
    ///
    /// There is no value that would be right for all; nil leaves out every figure that needs it.
    package var boughtCoolingShare: Double?

    /// The factors of EN 50600-4-2: 10.5 kWh/m³ of gas, 9.9 kWh/L of diesel.
    package init(
        naturalGasJoulesPerCubicMeter: Double = 10.5 * 3.6e6,
        dieselJoulesPerCubicMeter: Double = 9_900 * 3.6e6,
        boughtCoolingShare: Double? = nil
    ) {
        self.naturalGasJoulesPerCubicMeter = naturalGasJoulesPerCubicMeter
        self.dieselJoulesPerCubicMeter = dieselJoulesPerCubicMeter
        self.boughtCoolingShare = boughtCoolingShare
    }

    /// Counts of a meter's total per base unit of its point: joules, or millilitres for water.
    func countsPerUnit(of carrier: EnergyCarrier) -> Double {
        switch carrier {
        case .electricity, .heat, .districtCooling: 1
        case .water: 1e6
        case .naturalGas: naturalGasJoulesPerCubicMeter
        case .diesel: dieselJoulesPerCubicMeter
        }
    }
}
