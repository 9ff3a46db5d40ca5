// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// The plate exchanger that takes heat from the CDU return before it mixes with other branches.
package struct HeatRecoveryDescription: Hashable, Sendable {
    /// The equipment's identifier in the site.
    package var id: String
    /// Heat exchanged at design flows and approach.
    package var designHeat: Power
    /// CDU return minus recovery water leaving, at design.
    package var designApproach: TemperatureDifference
    /// Recovery loop flow at design.
    package var designFlow: VolumeFlow
    /// Electrical power of the recovery loop pump at design flow.
    package var pumpPower: Power

    package init(
        id: String = "heat-recovery",
        designHeat: Power,
        designApproach: TemperatureDifference = TemperatureDifference(kelvins: 2.5),
        designFlow: VolumeFlow,
        pumpPower: Power = Power(kilowatts: 15)
    ) {
        self.id = id
        self.designHeat = designHeat
        self.designApproach = designApproach
        self.designFlow = designFlow
        self.pumpPower = pumpPower
    }
}

/// One heat pump from the recovery loop to the district network.
package struct HeatPumpDescription: Hashable, Sendable {
    /// The equipment's identifier in the site.
    package var id: String
    /// Heat taken from the recovery loop at full load.
    package var evaporatorCapacity: Power
    /// Part load below which it stops.
    package var minimumLoad: Ratio
    /// Warmest water it delivers.
    package var sinkMaximum: Temperature

    package init(
        id: String,
        evaporatorCapacity: Power,
        minimumLoad: Ratio = Ratio(fraction: 0.25),
        sinkMaximum: Temperature = Temperature(celsius: 88)
    ) {
        self.id = id
        self.evaporatorCapacity = evaporatorCapacity
        self.minimumLoad = minimumLoad
        self.sinkMaximum = sinkMaximum
    }
}

/// The substation that hands heat to the district network.
package struct DistrictHeatingDescription: Hashable, Sendable {
    /// The equipment's identifier in the site.
    package var id: String
    /// Delivery temperature the network asks for.
    package var supplyRequired: Temperature
    /// Return temperature from the network.
    package var returnDesign: Temperature
    /// Heat the network can take.
    package var designHeat: Power

    package init(
        id: String = "district",
        supplyRequired: Temperature = Temperature(celsius: 68),
        returnDesign: Temperature = Temperature(celsius: 45),
        designHeat: Power
    ) {
        self.id = id
        self.supplyRequired = supplyRequired
        self.returnDesign = returnDesign
        self.designHeat = designHeat
    }
}
