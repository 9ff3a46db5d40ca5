// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// The hand-over to the district network: permit, what it asks for, what it takes.
///
/// The network is large: its return keeps the design value but for a daily course of ±1.5 K, warmest at 04 UTC when
/// little is drawn. It takes up to the design heat while it permits and the delivery is no more than 2 K too cold;
/// colder water is sent round.
package struct DistrictSubstation: Hashable, Sendable {
    /// What the substation did over a step.
    package struct Outputs: Hashable, Sendable {
        package let isPermitted: Bool
        package let supplyRequired: Temperature
        package let returnTemperature: Temperature
        /// Heat the network would take now.
        package let acceptableHeat: Power
        /// Heat the network took.
        package let acceptedHeat: Power
        package let flow: VolumeFlow
    }

    package let description: DistrictHeatingDescription

    private static let tolerance = 2.0
    private static let returnSwing = 1.5

    package init(_ description: DistrictHeatingDescription) { self.description = description }

    /// The return temperature of the network at a plant time.
    package func returnTemperature(at time: Timestamp) -> Temperature {
        let hour = time.secondsSinceEpoch / 3_600
        let swing = Self.returnSwing * Libm.cos(2 * .pi * (hour - 4) / 24)
        return Temperature(celsius: description.returnDesign.celsius + swing)
    }

    /// The most the network takes: nothing without permit.
    package func acceptableHeat(isPermitted: Bool) -> Power {
        isPermitted ? description.designHeat : Power(watts: 0)
    }

    /// What becomes of heat delivered at a temperature.
    package func deliver(
        heat: Power,
        supply: Temperature,
        isPermitted: Bool,
        at time: Timestamp
    ) -> Outputs {
        let back = returnTemperature(at: time)
        let acceptable = acceptableHeat(isPermitted: isPermitted)
        let isWarm = supply.celsius >= description.supplyRequired.celsius - Self.tolerance
        let accepted = isWarm ? min(max(heat.watts, 0), acceptable.watts) : 0
        let water = LoopFluid.water.specificHeat.joulesPerKilogramKelvin
        let rise = max(supply.celsius - back.celsius, 0.5)
        return Outputs(
            isPermitted: isPermitted,
            supplyRequired: description.supplyRequired,
            returnTemperature: back,
            acceptableHeat: acceptable,
            acceptedHeat: Power(watts: accepted),
            flow: LoopFluid.water.volumeFlow(MassFlow(kilogramsPerSecond: accepted / (water * rise)))
        )
    }
}
