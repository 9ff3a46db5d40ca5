// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// One facility water loop with all that takes heat out of it.
///
/// On the return stand, in this order, recovery exchanger, economizer exchanger and chillers; condenser water carries
/// the heat of the latter two to towers, dry coolers or ambient water. A part that a loop does not have is nil or an
/// empty list.
package struct WaterLoopDescription: Hashable, Sendable {
    package var facilityWater: FacilityWaterDescription?
    package var chillers: [ChillerDescription] = []
    package var coolingTowers: [CoolingTowerDescription] = []
    package var dryCoolers: [DryCoolerDescription] = []
    package var ambientWater: AmbientWaterDescription?
    package var condenserWater: CondenserWaterDescription?
    package var waterEconomizer: WaterEconomizerDescription?
    package var heatRecovery: HeatRecoveryDescription?

    package init() {}
}

/// Which units of the hall give their heat to a water loop.
package enum WaterLoopLoads: Hashable, Sendable {
    /// CDUs, immersion tanks and air handlers: the one loop of a plant.
    case all
    /// Air handlers alone: the loop of the plant's own keys, beside a loop for liquid.
    case air
    /// CDUs and immersion tanks alone.
    case liquid

    package var hasLiquid: Bool { self != .air }
    package var hasAir: Bool { self != .liquid }
}

extension PlantComposition {
    /// The loop of the plant's own keys, then the one for liquid, where there are two.
    package var waterLoops: [WaterLoopDescription] { [mainLoop] + [liquidLoop].compactMap(\.self) }

    /// What gives heat to a loop, by its position in ``waterLoops``.
    package func loads(ofLoop loop: Int) -> WaterLoopLoads {
        guard liquidLoop != nil else { return .all }
        return loop == 0 ? .air : .liquid
    }

    /// The position in ``waterLoops`` of the loop that CDUs and immersion tanks give their heat to.
    package var loopOfLiquid: Int { liquidLoop == nil ? 0 : 1 }

    /// The position in ``waterLoops`` of the loop that has the recovery exchanger; nil without one.
    package var loopOfRecovery: Int? { waterLoops.firstIndex { $0.heatRecovery != nil } }

    /// Heat that the racks give to a loop at nominal power, by the loop's position in ``waterLoops``.
    package func nominalHeat(ofLoop loop: Int) -> Power {
        let loads = loads(ofLoop: loop)
        return racks.reduce(.zero) { sum, rack in
            guard loads != .all else { return sum + rack.nominalPower }
            let isLiquid = rack.coolantDistributionUnit != nil || rack.immersionTank != nil
            let liquid = isLiquid ? rack.nominalPower * rack.liquidShare.fraction : .zero
            return sum + (loads == .liquid ? liquid : rack.nominalPower - liquid)
        }
    }
}
