// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// One meter in the site's meter tree.
package struct MeterDescription: Hashable, Sendable {
    /// The device that reads it.
    package let device: String
    package let place: MeterPlace
    package let carrier: EnergyCarrier
    /// The largest rate the meter can see: watts, or cubic metres per second for water.
    ///
    /// Bounds what counts as a plausible step of the register.
    package let ratedRate: Double
    /// +1 where its total counts, -1 where it is subtracted (a sub-metered pump behind the UPS).
    package let sign: Int

    package init(device: String, place: MeterPlace, carrier: EnergyCarrier, ratedRate: Double, sign: Int = 1) {
        self.device = device
        self.place = place
        self.carrier = carrier
        self.ratedRate = ratedRate
        self.sign = sign
    }
}

/// Where a meter stands (EN 50600-4-2, clause 5; measuring categories of PUE).
package enum MeterPlace: String, CaseIterable, Sendable, Codable {
    /// Energy that crosses the data-centre boundary inward.
    case boundary
    /// Energy of own generators, reported apart as well.
    case generator
    /// UPS output: the IT energy of category 1.
    case upsOutput = "ups_output"
    /// PDU output: the IT energy of category 2.
    case pduOutput = "pdu_output"
    /// IT equipment input: the IT energy of category 3.
    case itInput = "it_input"
    /// One rack, for power per rack; counts in no total.
    case rack
    /// Electricity of the cooling system.
    case cooling
    /// Electricity of plant that only upgrades waste heat.
    case heatUpgrade = "heat_upgrade"
    /// Heat at the hand-off to whoever reuses it.
    case heatHandOff = "heat_hand_off"
    /// Exported heat that returns as cooling of the same site.
    case heatReturned = "heat_returned"
    /// Heat removed from the computer room.
    case heatRemoved = "heat_removed"
    /// Water that enters the site.
    case waterInput = "water_input"
}

/// What a meter counts.
package enum EnergyCarrier: String, CaseIterable, Sendable, Codable {
    case electricity
    case heat
    case water
    case naturalGas = "natural_gas"
    case diesel
    case districtCooling = "district_cooling"
}

/// What the site's KPIs are computed over.
package struct KPISettings: Hashable, Sendable {
    /// The measuring category of the PUE that is shown first, 1...3.
    package var category: Int
    /// The name of the boundary the totals are drawn around, published with every result.
    package var boundary: String
    /// Grams of CO2 equivalent per kilowatt hour of boundary electricity; nil leaves CUE out.
    package var carbonIntensityGramsPerKilowattHour: Double?
    /// Renewable share of boundary electricity, 0...1; nil leaves REF out.
    package var renewableShare: Double?

    package init(
        category: Int = 1,
        boundary: String = "site",
        carbonIntensityGramsPerKilowattHour: Double? = nil,
        renewableShare: Double? = nil
    ) {
        self.category = category
        self.boundary = boundary
        self.carbonIntensityGramsPerKilowattHour = carbonIntensityGramsPerKilowattHour
        self.renewableShare = renewableShare
    }
}
