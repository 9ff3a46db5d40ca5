// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A dimensionless share: valve position, speed, load, relative humidity, effectiveness.
package struct Ratio: LinearQuantity {
    /// The share as a fraction, 0...1 where it is a position, a speed or a humidity.
    package let fraction: Double

    package init(fraction: Double) { self.fraction = fraction }

    package var baseMagnitude: Double { fraction }

    package init(baseMagnitude: Double) { fraction = baseMagnitude }

    package init(percent: Double) { fraction = percent / 100 }

    /// The share in percent.
    package var percent: Double { fraction * 100 }

    package static var full: Ratio { Ratio(fraction: 1) }
}

/// Mass of water vapour per mass of dry air.
package struct HumidityRatio: LinearQuantity {
    /// The humidity ratio in kilograms of vapour per kilogram of dry air.
    package let kilogramsPerKilogram: Double

    package init(kilogramsPerKilogram: Double) { self.kilogramsPerKilogram = kilogramsPerKilogram }

    package var baseMagnitude: Double { kilogramsPerKilogram }

    package init(baseMagnitude: Double) { kilogramsPerKilogram = baseMagnitude }
}

/// Enthalpy of moist air per mass of dry air.
package struct SpecificEnthalpy: LinearQuantity {
    /// The enthalpy in joules per kilogram of dry air, zero for dry air at 0 degrees Celsius.
    package let joulesPerKilogram: Double

    package init(joulesPerKilogram: Double) { self.joulesPerKilogram = joulesPerKilogram }

    package var baseMagnitude: Double { joulesPerKilogram }

    package init(baseMagnitude: Double) { joulesPerKilogram = baseMagnitude }
}
