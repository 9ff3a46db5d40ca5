// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// How the plant is put together: what stands there, how large it is, what feeds what.
///
/// Heat goes rack - CDU, immersion tank or air handler - facility water - recovery exchanger, economizer exchanger,
/// chillers, in that order on the return water - condenser water - towers, dry coolers or ambient water. Outdoor-air
/// handlers give the hall's heat to the air outside. A part that a site does not have is nil or an empty list.
///
/// A plant has one facility water loop for all of its units, ``mainLoop``, or beside it a warmer ``liquidLoop`` for
/// CDUs and tanks; the main loop then serves the air handlers. The parts of the main loop are members of the plant
/// itself.
@dynamicMemberLookup
package struct PlantComposition: Sendable {
    package var surroundings = SurroundingsDescription()
    package var racks: [RackDescription]
    package var coolantDistributionUnits: [CoolantDistributionUnitDescription] = []
    package var immersionTanks: [ImmersionTankDescription] = []
    package var airHandlers: [AirHandlerDescription] = []
    package var outdoorAirHandlers: [OutdoorAirHandlerDescription] = []
    /// The only loop, or that of the air handlers.
    package var mainLoop = WaterLoopDescription()
    /// The loop of CDUs and immersion tanks; nil where they share the main loop.
    package var liquidLoop: WaterLoopDescription?
    package var heatPumps: [HeatPumpDescription] = []
    package var districtHeating: DistrictHeatingDescription?
    package var electrical: ElectricalDescription?

    package init(racks: [RackDescription] = []) {
        self.racks = racks
    }

    /// A part of the main loop.
    package subscript<Part>(dynamicMember part: WritableKeyPath<WaterLoopDescription, Part>) -> Part {
        get { mainLoop[keyPath: part] }
        set { mainLoop[keyPath: part] = newValue }
    }
}

/// The air around the plant.
package struct SurroundingsDescription: Hashable, Sendable {
    /// Site pressure where no barometer reads it.
    package var atmosphericPressure: Pressure
    /// The equipment that measures outdoor air.
    package var weatherStation: String
    /// The synthetic climate a simulated site lives in, by its published name.
    package var climate: String

    package init(
        atmosphericPressure: Pressure = .standardAtmosphere,
        weatherStation: String = "weather",
        climate: String = "stockholm"
    ) {
        self.atmosphericPressure = atmosphericPressure
        self.weatherStation = weatherStation
        self.climate = climate
    }
}

/// One rack of IT equipment.
package struct RackDescription: Hashable, Sendable {
    /// The equipment's identifier in the site.
    package var id: String
    /// The hall the rack stands in.
    package var hall: String
    /// Electrical power at full load.
    package var nominalPower: Power
    /// Share of the nominal power drawn when idle.
    package var idleShare: Ratio
    /// Share of the heat that leaves through liquid; the rest leaves through air.
    package var liquidShare: Ratio
    /// The CDU that serves the rack; nil for a rack cooled otherwise.
    package var coolantDistributionUnit: String?
    /// The immersion tank that the servers hang in; nil for a rack cooled otherwise.
    package var immersionTank: String?

    /// Share of a direct-to-chip rack's heat that leaves through liquid where nobody says.
    package static let usualLiquidShare = Ratio(fraction: 0.87)

    package init(
        id: String,
        hall: String = "hall-1",
        nominalPower: Power,
        idleShare: Ratio = Ratio(fraction: 0.30),
        liquidShare: Ratio = usualLiquidShare,
        coolantDistributionUnit: String? = nil,
        immersionTank: String? = nil
    ) {
        self.id = id
        self.hall = hall
        self.nominalPower = nominalPower
        self.idleShare = idleShare
        self.liquidShare = liquidShare
        self.coolantDistributionUnit = coolantDistributionUnit
        self.immersionTank = immersionTank
    }
}

/// The power chain; each stage loses rated * (a0 + a1 x + a2 x^2) at load ratio x.
package struct ElectricalDescription: Hashable, Sendable {
    /// Rating of all transformers together.
    package var transformerRating: Power
    /// Rating of all UPS together.
    package var uninterruptibleRating: Power
    /// Rating of PDUs and busways together.
    package var distributionRating: Power
    /// Lighting, offices, controls.
    package var auxiliary: Power
    /// The make of the machines.
    package var vintage: PowerChainVintage
    /// All losses as a fixed share of what the racks draw, instead of ratings and curves; nil for the latter.
    package var lossShare: Ratio?

    package init(
        transformerRating: Power,
        uninterruptibleRating: Power,
        distributionRating: Power,
        auxiliary: Power = Power(kilowatts: 40),
        vintage: PowerChainVintage = .modern
    ) {
        self.transformerRating = transformerRating
        self.uninterruptibleRating = uninterruptibleRating
        self.distributionRating = distributionRating
        self.auxiliary = auxiliary
        self.vintage = vintage
    }

    /// A chain that loses a fixed share of what the racks draw, all of it into the rooms that air handlers cool.
    package init(lossShare: Ratio) {
        self.init(transformerRating: .zero, uninterruptibleRating: .zero, distributionRating: .zero, auxiliary: .zero)
        self.lossShare = lossShare
    }
}
