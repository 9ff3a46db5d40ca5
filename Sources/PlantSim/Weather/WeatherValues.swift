// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Thermo

/// Dry bulb and dew point in degrees Celsius, pressure in pascals: what is interpolated.
package struct WeatherValues: Hashable, Sendable {
    /// Dry bulb in degrees Celsius.
    package var dryBulb: Double
    /// Dew point in degrees Celsius.
    package var dewPoint: Double
    /// Barometric pressure in pascals.
    package var pressure: Double

    package init(dryBulb: Double, dewPoint: Double, pressure: Double) {
        self.dryBulb = dryBulb
        self.dewPoint = dewPoint
        self.pressure = pressure
    }

    /// The straight line from these values (`share` 0) to others (`share` 1).
    package func interpolated(to other: WeatherValues, share: Double) -> WeatherValues {
        WeatherValues(
            dryBulb: dryBulb + (other.dryBulb - dryBulb) * share,
            dewPoint: dewPoint + (other.dewPoint - dewPoint) * share,
            pressure: pressure + (other.pressure - pressure) * share
        )
    }

    /// The full state of the air.
    package var state: WeatherState {
        WeatherState(
            dryBulb: Temperature(celsius: dryBulb),
            dewPoint: Temperature(celsius: dewPoint),
            pressure: Pressure(pascals: pressure)
        )
    }
}
