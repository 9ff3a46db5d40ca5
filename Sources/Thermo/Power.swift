// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A rate of energy: electrical, mechanical or thermal.
package struct Power: LinearQuantity {
    /// The power in watts.
    package let watts: Double

    package init(watts: Double) { self.watts = watts }

    package var baseMagnitude: Double { watts }

    package init(baseMagnitude: Double) { watts = baseMagnitude }

    package init(kilowatts: Double) { watts = kilowatts * 1e3 }

    package init(megawatts: Double) { watts = megawatts * 1e6 }

    /// The power in kilowatts.
    package var kilowatts: Double { watts / 1e3 }

    /// The power in megawatts.
    package var megawatts: Double { watts / 1e6 }
}

/// An amount of energy: electrical, mechanical or thermal.
package struct Energy: LinearQuantity {
    /// The energy in joules.
    package let joules: Double

    package init(joules: Double) { self.joules = joules }

    package var baseMagnitude: Double { joules }

    package init(baseMagnitude: Double) { joules = baseMagnitude }

    package init(kilowattHours: Double) { joules = kilowattHours * 3.6e6 }

    /// The energy in kilowatt hours (1 kWh = 3.6 MJ).
    package var kilowattHours: Double { joules / 3.6e6 }
}

extension Power {
    /// The energy of this power held for `seconds` seconds.
    package func energy(overSeconds seconds: Double) -> Energy { Energy(joules: watts * seconds) }
}
