// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// What flows in a simulated loop, with density and specific heat held constant.
///
/// Constant properties make every component conserve energy exactly: what one end of a pipe gives, the other takes.
/// Over the 25 K of a loop the specific heat of water varies by 0.1 %, that of the glycol mixture by 1.5 %.
package struct LoopFluid: Hashable, Sendable {
    package let density: Density
    package let specificHeat: SpecificHeat

    package init(density: Density, specificHeat: SpecificHeat) {
        self.density = density
        self.specificHeat = specificHeat
    }

    /// The properties of a coolant at one temperature, kept at all others.
    package init(_ coolant: Coolant, at temperature: Temperature) {
        density = coolant.density(at: temperature)
        specificHeat = coolant.specificHeat(at: temperature)
    }

    /// Water at 25 °C and 300 kPa (IAPWS-95).
    package static var water: LoopFluid {
        LoopFluid(
            density: Density(kilogramsPerCubicMeter: 997.1),
            specificHeat: SpecificHeat(joulesPerKilogramKelvin: 4_181)
        )
    }

    /// Room air at 25 °C, 8 g/kg and sea level (ASHRAE Fundamentals 2017 chapter 1).
    package static var air: LoopFluid {
        LoopFluid(
            density: Density(kilogramsPerCubicMeter: 1.177),
            specificHeat: SpecificHeat(joulesPerKilogramKelvin: 1_013)
        )
    }

    package func massFlow(_ flow: VolumeFlow) -> MassFlow {
        MassFlow(kilogramsPerSecond: flow.cubicMetersPerSecond * density.kilogramsPerCubicMeter)
    }

    package func volumeFlow(_ flow: MassFlow) -> VolumeFlow {
        VolumeFlow(cubicMetersPerSecond: flow.kilogramsPerSecond / density.kilogramsPerCubicMeter)
    }

    package func capacityRate(_ flow: MassFlow) -> HeatCapacityRate {
        HeatCapacityRate(wattsPerKelvin: flow.kilogramsPerSecond * specificHeat.joulesPerKilogramKelvin)
    }
}

/// A fluid on its way: how warm, how much.
package struct FluidStream: Hashable, Sendable {
    package var temperature: Temperature
    package var flow: MassFlow

    package init(temperature: Temperature, flow: MassFlow) {
        self.temperature = temperature
        self.flow = flow
    }

    /// Two streams of one fluid brought together; without any flow the temperature of the first.
    package func mixed(with other: FluidStream) -> FluidStream {
        let here = flow.kilogramsPerSecond
        let there = other.flow.kilogramsPerSecond
        let total = here + there
        guard total > 0 else { return self }
        return FluidStream(
            temperature: Temperature(
                celsius: (here * temperature.celsius + there * other.temperature.celsius) / total
            ),
            flow: MassFlow(kilogramsPerSecond: total)
        )
    }
}
