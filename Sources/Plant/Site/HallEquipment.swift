// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// One coolant distribution unit: plate exchanger, secondary pumps, primary valve.
package struct CoolantDistributionUnitDescription: Hashable, Sendable {
    /// The equipment's identifier in the site.
    package var id: String
    /// Heat it moves at its design flows and approach.
    package var capacity: Power
    /// Secondary supply minus facility water supply at capacity.
    package var approach: TemperatureDifference
    /// What runs in the secondary loop.
    package var coolant: Coolant
    /// Secondary flow with all pumps at design speed.
    package var designCoolantFlow: VolumeFlow
    /// Primary flow with the valve fully open at design differential pressure.
    package var designFacilityWaterFlow: VolumeFlow
    /// Electrical power of the secondary pumps at design flow.
    package var pumpPower: Power
    /// Secondary supply setpoint the unit starts with and returns to.
    package var coolantSupplySetpoint: Temperature

    package init(
        id: String,
        capacity: Power,
        approach: TemperatureDifference = TemperatureDifference(kelvins: 4),
        coolant: Coolant = .propyleneGlycol25,
        designCoolantFlow: VolumeFlow,
        designFacilityWaterFlow: VolumeFlow,
        pumpPower: Power = Power(kilowatts: 12),
        coolantSupplySetpoint: Temperature = Temperature(celsius: 32)
    ) {
        self.id = id
        self.capacity = capacity
        self.approach = approach
        self.coolant = coolant
        self.designCoolantFlow = designCoolantFlow
        self.designFacilityWaterFlow = designFacilityWaterFlow
        self.pumpPower = pumpPower
        self.coolantSupplySetpoint = coolantSupplySetpoint
    }
}

/// One computer-room air handler on facility water.
package struct AirHandlerDescription: Hashable, Sendable {
    /// The equipment's identifier in the site.
    package var id: String
    /// The hall it serves.
    package var hall: String
    /// Sensible heat it removes at design air flow.
    package var capacity: Power
    /// Air flow at full fan speed.
    package var designAirFlow: VolumeFlow
    /// Electrical power of the fans at full speed.
    package var fanPower: Power
    /// Supply air setpoint the unit starts with and returns to.
    package var supplyAirSetpoint: Temperature
    package var fanControl: FanControl

    package init(
        id: String,
        hall: String = "hall-1",
        capacity: Power,
        designAirFlow: VolumeFlow,
        fanPower: Power,
        supplyAirSetpoint: Temperature = Temperature(celsius: 24),
        fanControl: FanControl = .demand
    ) {
        self.id = id
        self.hall = hall
        self.capacity = capacity
        self.designAirFlow = designAirFlow
        self.fanPower = fanPower
        self.supplyAirSetpoint = supplyAirSetpoint
        self.fanControl = fanControl
    }
}
