// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A pressure or a pressure difference.
package struct Pressure: LinearQuantity {
    /// The pressure in pascals.
    package let pascals: Double

    package init(pascals: Double) { self.pascals = pascals }

    package var baseMagnitude: Double { pascals }

    package init(baseMagnitude: Double) { pascals = baseMagnitude }

    package init(kilopascals: Double) { pascals = kilopascals * 1_000 }

    /// The pressure in kilopascals.
    package var kilopascals: Double { pascals / 1_000 }

    /// The standard atmosphere at sea level.
    package static var standardAtmosphere: Pressure { Pressure(pascals: 101_325) }

    /// The pressure of the standard atmosphere at an altitude, for sites without a barometer.
    ///
    /// Equation 3 of ASHRAE Handbook Fundamentals 2017 chapter 1, valid from -5,000 to 11,000 m; altitudes outside
    /// are moved to the nearest end.
    package static func standardAtmosphere(altitudeMeters: Double) -> Pressure {
        let meters = min(max(altitudeMeters, -5_000), 11_000)
        return standardAtmosphere * Libm.pow(1 - 2.25577e-5 * meters, 5.2559)
    }
}
