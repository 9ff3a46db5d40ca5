// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Thermo

/// Electrical power of the cooling plant by metered group, in watts.
package struct CoolingPowers: Hashable, Sendable {
    package var chillers = 0.0
    /// What rejects the heat: fans, basin heaters, intake and condenser water pumps.
    package var towers = 0.0
    package var facilityPumps = 0.0
    /// Pumps of CDUs and immersion tanks.
    package var coolantUnits = 0.0
    /// Fans of all air handlers.
    package var airHandlers = 0.0
    /// Heat pumps and recovery pump: counts apart from cooling.
    package var heatUpgrade = 0.0

    package init() {}

    mutating func add(_ loop: FacilityLoop) {
        chillers += loop.chillerOutputs.reduce(0) { $0 + $1.power.watts }
        towers += loop.condenserSide.power
        facilityPumps += loop.pumpOutputs.power.watts
        heatUpgrade += loop.heatExport?.power ?? 0
    }

    subscript(group: CoolingGroup) -> Double {
        switch group {
        case .chillers: chillers
        case .towers, .heatRejection: towers
        case .facilityPumps: facilityPumps
        case .coolantUnits, .immersionTanks: coolantUnits
        case .airHandlers, .outdoorAirHandlers: airHandlers
        }
    }

    /// All that cools, without what only upgrades heat.
    package var cooling: Double { chillers + towers + facilityPumps + coolantUnits + airHandlers }
}

/// All that the meters of the cooling plant see, taken together so that the plant is looked at once a step.
struct ThermalRates: Sendable {
    /// Of all loops and of the units in the halls.
    let powers: CoolingPowers
    /// The part of it that is the second loop's, the one for liquid.
    let liquidLoop: CoolingPowers
    /// Heat the district network or another taker took, in watts.
    let exported: Double
    /// Heat that CDUs, tanks and air handlers took out of the halls, in watts.
    let removed: Double
    /// Water into basins and onto pads, in cubic metres per second.
    let makeUp: Double

    /// Power of a group of the loop for liquid, or of the group without that, in watts.
    func power(of group: CoolingGroup, isLiquidLoop: Bool) -> Double {
        isLiquidLoop ? liquidLoop[group] : powers[group] - liquidLoop[group]
    }
}

extension CoolingPlant {
    var rates: ThermalRates {
        ThermalRates(
            powers: powers,
            liquidLoop: liquidLoopPowers,
            exported: exportedHeat,
            removed: hallSide.outputs.coolantHeat + hallSide.outputs.airHeat + hallSide.outputs.outdoorHeat,
            makeUp: makeUpFlow
        )
    }
}
