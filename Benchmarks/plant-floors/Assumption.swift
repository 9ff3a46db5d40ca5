// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// One thing in which the plant of an hourly calculation and a plant that could be built differ.
enum Assumption: String, CaseIterable {
    /// Temperature of the water that comes back: a bypass or two-way valves, with the pumps and the economizer's flow
    /// that belong to it.
    case facilityWater = "return"
    /// The model of the towers, with their slowest fan speed.
    case towers
    /// The economizer stated by its approach or by its plates.
    case economizer
    /// Losses as a share or by transformers, UPS and distribution.
    case electrical
    /// The air handlers' fans.
    case airHandlers = "air_handlers"
    /// The number of chillers, with or without a spare.
    case chillers

    /// The site with this part of another plant, all else as it was.
    func switched(in site: SiteDescription, to other: PlantComposition) -> SiteDescription {
        var plant = site.plant
        var devices = site.devices
        switch self {
        case .facilityWater:
            plant.facilityWater = other.facilityWater
            if let flow = other.waterEconomizer?.designFlow { plant.waterEconomizer?.designFlow = flow }
        case .towers: plant.coolingTowers = other.coolingTowers
        case .economizer: plant.waterEconomizer?.approachExponent = other.waterEconomizer?.approachExponent
        case .electrical: plant.electrical = other.electrical
        case .airHandlers: plant.airHandlers = other.airHandlers
        case .chillers:
            plant.chillers = other.chillers
            devices = Self.devices(site.devices, serving: site.plant.chillers, now: other.chillers)
        }
        return SiteDescription(
            id: site.id,
            name: site.name,
            jurisdiction: site.jurisdiction,
            cycleInterval: site.cycleInterval,
            simulation: site.simulation,
            endpoints: site.endpoints,
            maps: site.maps,
            devices: devices,
            meters: site.meters,
            plant: plant,
            loops: site.loops,
            kpis: site.kpis,
            store: site.store,
            remoteWrite: site.remoteWrite
        )
    }

    /// A chiller that is gone takes its device with it; one that is new gets a device like that of the last.
    private static func devices(
        _ devices: [DeviceDescription],
        serving chillers: [ChillerDescription],
        now: [ChillerDescription]
    ) -> [DeviceDescription] {
        let (before, after) = (Set(chillers.map(\.id)), Set(now.map(\.id)))
        let kept = devices.filter { !before.contains($0.equipment) || after.contains($0.equipment) }
        guard let last = kept.last(where: { before.contains($0.equipment) }) else { return kept }
        let added = now.filter { !before.contains($0.id) }.enumerated().map { offset, chiller in
            DeviceDescription(
                id: chiller.id,
                endpoint: last.endpoint,
                unit: last.unit + UInt8(offset + 1),
                map: last.map,
                intervals: last.intervals
            )
        }
        return kept + added
    }
}
