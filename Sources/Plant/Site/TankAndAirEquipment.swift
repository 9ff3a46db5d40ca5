// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// One immersion tank with its own exchanger, pump and valve on facility water.
package struct ImmersionTankDescription: Hashable, Sendable {
    /// The equipment's identifier in the site.
    package var id: String
    /// Heat of the servers that it carries.
    package var capacity: Power
    /// Fluid to the servers minus facility water entering, at capacity.
    package var approach: TemperatureDifference
    /// Fluid to the servers that the tank's controller holds until it is told otherwise.
    package var coolantSupplySetpoint: Temperature
    /// Electrical power of the fluid pumps; nil takes 1 % of the capacity.
    package var pumpPower: Power?

    package init(
        id: String,
        capacity: Power,
        approach: TemperatureDifference = TemperatureDifference(kelvins: 5),
        coolantSupplySetpoint: Temperature = Temperature(celsius: 40),
        pumpPower: Power? = nil
    ) {
        self.id = id
        self.capacity = capacity
        self.approach = approach
        self.coolantSupplySetpoint = coolantSupplySetpoint
        self.pumpPower = pumpPower
    }
}

/// One handler that cools a hall with outdoor air: dampers, filters, fan.
///
/// Its own controller mixes outdoor and hall air to hold supply air.
package struct OutdoorAirHandlerDescription: Hashable, Sendable {
    /// The equipment's identifier in the site.
    package var id: String
    /// The hall it serves.
    package var hall: String
    /// Air flow at full fan speed with clean filters.
    package var designAirFlow: VolumeFlow
    /// Electrical power of the fans there.
    package var fanPower: Power
    /// Supply air that the machine's own controller holds until it is told otherwise.
    package var supplyAirSetpoint: Temperature

    package init(
        id: String,
        hall: String = "hall-1",
        designAirFlow: VolumeFlow,
        fanPower: Power,
        supplyAirSetpoint: Temperature = Temperature(celsius: 24)
    ) {
        self.id = id
        self.hall = hall
        self.designAirFlow = designAirFlow
        self.fanPower = fanPower
        self.supplyAirSetpoint = supplyAirSetpoint
    }
}

/// How the fans of an air handler are run.
package enum FanControl: String, CaseIterable, Hashable, Sendable {
    /// Air flow follows what the racks draw.
    case demand
    /// Always at full speed, as in halls without variable-speed drives.
    case constant
}

/// The make of a power chain's machines, which sets its loss curves.
package enum PowerChainVintage: String, CaseIterable, Hashable, Sendable {
    /// Dry transformer, double-conversion UPS (96.7 % at half load), busways.
    case modern
    /// The same with the UPS on its bypass: 99 % from half load up.
    case ecoMode = "eco_mode"
    /// Transformer and double-conversion UPS of the 1990s (89 % at half load, 84 % at a fifth), PDUs with isolating
    /// transformers: the 80 to 94 % and 2 to 5 % found in older and colocation sites (Lei and Masanet, Resources,
    /// Conservation and Recycling 182, 2022).
    case legacy
}
