// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// Proof that water moves: a flow reading of at least a fifth of the design flow.
struct FlowProof: Sendable {
    private let index: PointIndex?
    /// The least flow that counts, in cubic metres per second.
    private let least: Double

    init(_ site: SiteDescription, _ equipment: String, _ point: String, design: VolumeFlow) {
        index = site.index(equipment: equipment, point)
        least = 0.2 * design.cubicMetersPerSecond
    }

    func isProven(_ image: ProcessImage) -> Bool {
        guard let flow = image[index].usableValue else { return false }
        return flow >= least
    }
}

/// What the meters of one facility water loop and its condenser water say of the heat that has to be rejected.
struct PlantHeat: Sendable {
    private let facilityReturn: PointIndex?
    private let facilitySupply: PointIndex?
    private let economizerLeaving: PointIndex?
    private let facilityFlow: PointIndex?
    private let condenserSupply: PointIndex?
    private let condenserReturn: PointIndex?
    private let condenserFlow: PointIndex?
    /// Heat below which the IT load counts as off, in watts.
    private let noticeable: Double
    /// Heat that the towers take with their fans off, in watts.
    private let naturalDraught: Double
    /// Basin temperature below which fans may stop against ice.
    private let basinMinimum: Temperature

    /// Volumetric heat capacity of water near 25 degrees Celsius, in joules per cubic metre and kelvin.
    private static let waterHeatCapacity = 4.17e6
    /// Share of its rated heat that a tower takes by natural draught.
    private static let naturalDraughtShare = 0.125
    /// Share of the heat at the racks' nominal power that counts as load.
    private static let noticeableShare = 0.02

    /// - Parameters:
    ///   - site: What the loop stands in.
    ///   - position: Its position in the plant's water loops.
    init(site: SiteDescription, loop position: Int) {
        let loop = site.plant.waterLoops[position]
        func index(_ equipment: String?, _ point: String) -> PointIndex? {
            equipment.flatMap { site.index(equipment: $0, point) }
        }
        let facility = loop.facilityWater?.id
        let condenser = loop.condenserWater?.id
        facilityReturn = index(facility, PointName.facilityWaterReturnTemperature)
        facilitySupply = index(facility, PointName.facilityWaterSupplyTemperature)
        economizerLeaving = index(facility, PointName.economizerLeavingTemperature)
        facilityFlow = index(facility, PointName.facilityWaterVolumeFlow)
        condenserSupply = index(condenser, PointName.condenserWaterSupplyTemperature)
        condenserReturn = index(condenser, PointName.condenserWaterReturnTemperature)
        condenserFlow = index(condenser, PointName.condenserWaterVolumeFlow)
        noticeable = Self.noticeableShare * site.plant.nominalHeat(ofLoop: position).watts
        naturalDraught = Self.naturalDraughtShare * loop.coolingTowers.reduce(0) { $0 + $1.ratedHeat.watts }
        basinMinimum = loop.condenserWater?.basinMinimum ?? Temperature(celsius: 6)
    }

    /// Heat that the plant takes out of the facility water, in watts; nil where a reading is missing.
    func loadWatts(_ image: ProcessImage) -> Double? { watts(facilityReturn, facilitySupply, facilityFlow, image) }

    /// Heat that the economizer is seen to take, in watts, at least 0; 0 where it cannot be proven.
    func economizerWatts(_ image: ProcessImage) -> Double {
        max(0, watts(facilityReturn, economizerLeaving, facilityFlow, image) ?? 0)
    }

    /// Whether IT heat flows; taken as yes where nobody knows.
    func isFlowing(_ image: ProcessImage) -> Bool {
        guard let load = loadWatts(image) else { return true }
        return load > noticeable
    }

    /// Whether the towers get more heat than they lose with their fans off; taken as yes where nobody knows.
    func exceedsNaturalDraught(_ image: ProcessImage) -> Bool {
        if let basin = image[condenserSupply].usableValue, basin < basinMinimum.celsius { return false }
        guard let rejected = watts(condenserReturn, condenserSupply, condenserFlow, image) else { return true }
        return rejected > naturalDraught
    }

    private func watts(_ warm: PointIndex?, _ cold: PointIndex?, _ flow: PointIndex?, _ image: ProcessImage) -> Double?
    {
        guard let warm = image[warm].usableValue, let cold = image[cold].usableValue,
            let flow = image[flow].usableValue
        else { return nil }
        return flow * Self.waterHeatCapacity * (warm - cold)
    }
}
