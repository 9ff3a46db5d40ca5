// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// One dry cooler on the condenser water loop: finned coils with fans, and pads in front of them where it has any.
///
/// The defaults are the shares of a catalogue machine (BAC TDFS1238N: 2,931 kW from 46.11 to 40.55 °C in air of
/// 35 °C with 117.7 kW of fans, as the Modelica Buildings Library records it).
///
/// Its own controller holds leaving water at a setpoint with a bypass and the fans, and wets the pads where the fans
/// alone do not reach it.
package struct DryCoolerDescription: Hashable, Sendable {
    /// The equipment's identifier in the site.
    package var id: String
    /// Heat rejected at the rated point.
    package var ratedHeat: Power
    /// Water entering at the rated point.
    package var ratedEntering: Temperature
    /// Water leaving at the rated point.
    package var ratedLeaving: Temperature
    /// Dry bulb of the rated point.
    package var ratedDryBulb: Temperature
    /// Electrical power of the fans at full speed.
    package var fanPower: Power
    /// Leaving water that the machine's own controller holds until it is told otherwise.
    package var leavingSetpoint: Temperature
    /// Share of the way to the wet bulb that the pads cool the air; nil for a cooler without pads.
    package var padEffectiveness: Ratio?

    /// - Parameters:
    ///   - id: The equipment's identifier in the site.
    ///   - ratedHeat: Heat rejected at the rated point.
    ///   - ratedEntering: Water entering there.
    ///   - ratedLeaving: Water leaving there.
    ///   - ratedDryBulb: Dry bulb there.
    ///   - fanPower: Fans at full speed; nil takes 4.02 % of the rated heat.
    ///   - leavingSetpoint: Leaving water that its controller holds.
    ///   - padEffectiveness: nil for a cooler without pads.
    package init(
        id: String,
        ratedHeat: Power,
        ratedEntering: Temperature = Temperature(celsius: 46.11),
        ratedLeaving: Temperature = Temperature(celsius: 40.55),
        ratedDryBulb: Temperature = Temperature(celsius: 35),
        fanPower: Power? = nil,
        leavingSetpoint: Temperature = Temperature(celsius: 25),
        padEffectiveness: Ratio? = nil
    ) {
        self.id = id
        self.ratedHeat = ratedHeat
        self.ratedEntering = ratedEntering
        self.ratedLeaving = ratedLeaving
        self.ratedDryBulb = ratedDryBulb
        self.fanPower = fanPower ?? ratedHeat * 0.0402
        self.leavingSetpoint = leavingSetpoint
        self.padEffectiveness = padEffectiveness
    }
}

/// The exchanger that gives the condenser water's heat to a lake, a river or the sea.
///
/// Its own controller holds leaving water at a setpoint with a bypass and the intake pumps, and keeps the permit.
package struct AmbientWaterDescription: Hashable, Sendable {
    /// What the intake draws on.
    package enum Source: String, CaseIterable, Hashable, Sendable {
        case river
        case lake
        /// Intake below the thermocline of a lake.
        case deepLake = "deep_lake"
        case sea
    }

    /// The equipment's identifier in the site.
    package var id: String
    package var source: Source
    /// Heat exchanged at the design point.
    package var designHeat: Power
    /// Condenser water leaving minus intake there.
    package var designApproach: TemperatureDifference
    /// Ambient water there.
    package var designFlow: VolumeFlow
    /// Electrical power of the intake pumps there.
    package var pumpPower: Power
    /// Condenser water leaving that the controller holds until it is told otherwise.
    package var leavingSetpoint: Temperature
    /// The warmest water that may be given back.
    package var dischargeMaximum: Temperature
    /// The most that the water may be warmed.
    package var dischargeRise: TemperatureDifference

    package init(
        id: String = "ambient-water",
        source: Source,
        designHeat: Power,
        designApproach: TemperatureDifference = TemperatureDifference(kelvins: 2),
        designFlow: VolumeFlow,
        pumpPower: Power,
        leavingSetpoint: Temperature = Temperature(celsius: 15),
        dischargeMaximum: Temperature = Temperature(celsius: 28),
        dischargeRise: TemperatureDifference = TemperatureDifference(kelvins: 6)
    ) {
        self.id = id
        self.source = source
        self.designHeat = designHeat
        self.designApproach = designApproach
        self.designFlow = designFlow
        self.pumpPower = pumpPower
        self.leavingSetpoint = leavingSetpoint
        self.dischargeMaximum = dischargeMaximum
        self.dischargeRise = dischargeRise
    }
}
