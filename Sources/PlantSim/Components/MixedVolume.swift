// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// A well mixed volume of one fluid: a basin, a header, a heat exchanger's water.
///
/// `m c dT/dt = C (T_in - T) + Q`, solved exactly for inputs that hold over the step, so the result does not depend on
/// the step. The leaving temperature is the mean over the step; with it the energy balance closes for every step.
package struct MixedVolume: Hashable, Sendable {
    /// The temperature at the end of the last step.
    package private(set) var temperature: Temperature
    /// The heat it takes to warm the content, in joules per kelvin.
    package let heatCapacity: Double

    /// - Parameters:
    ///   - heatCapacity: Content and metal, in joules per kelvin, above 0.
    ///   - temperature: The temperature at the start.
    package init(heatCapacity: Double, temperature: Temperature) {
        self.heatCapacity = max(heatCapacity, 1)
        self.temperature = temperature
    }

    package init(volume: Volume, of fluid: LoopFluid = .water, temperature: Temperature) {
        let capacity = (fluid.density * fluid.specificHeat).joulesPerCubicMeterKelvin * volume.cubicMeters
        self.init(heatCapacity: capacity, temperature: temperature)
    }

    /// Heat above 0 °C in the content, in joules.
    package var storedHeat: Double { heatCapacity * temperature.celsius }

    /// Moves on by `dt` seconds.
    ///
    /// - Parameters:
    ///   - entering: The temperature of what flows in; what flows in also flows out.
    ///   - rate: The heat capacity rate of the flow, not negative.
    ///   - heat: Heat put in from elsewhere, negative where it is taken out.
    ///   - dt: The step in seconds; 0 leaves everything as it is.
    /// - Returns: The mean temperature of what left over the step.
    package mutating func step(
        entering: Temperature,
        rate: HeatCapacityRate,
        heat: Power = Power(watts: 0),
        dt: Double
    ) -> Temperature {
        let start = temperature.celsius
        let flow = rate.wattsPerKelvin
        guard dt > 0 else { return temperature }
        guard flow > 0 else {
            temperature = Temperature(celsius: start + heat.watts * dt / heatCapacity)
            return temperature
        }
        let rest = entering.celsius + heat.watts / flow
        let change = (rest - start) * -Libm.expm1(-dt * flow / heatCapacity)
        temperature = Temperature(celsius: start + change)
        return Temperature(celsius: rest - heatCapacity * change / (dt * flow))
    }
}
