// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// The outdoor air at one moment.
package struct WeatherState: Hashable, Sendable {
    package let dryBulb: Temperature
    /// The dew point, never above the dry bulb; below freezing the frost point.
    package let dewPoint: Temperature
    package let pressure: Pressure
    package let relativeHumidity: Ratio
    package let wetBulb: Temperature
    /// The same air, for what needs its humidity ratio or density.
    package let air: MoistAir

    /// Works out the rest by ASHRAE psychrometrics; a dew point above the dry bulb counts as saturation.
    package init(dryBulb: Temperature, dewPoint: Temperature, pressure: Pressure = .standardAtmosphere) {
        let air = MoistAir(dryBulb: dryBulb, dewPoint: dewPoint, pressure: pressure)
        self.air = air
        self.dryBulb = dryBulb
        self.dewPoint = min(dewPoint, dryBulb)
        self.pressure = pressure
        relativeHumidity = air.relativeHumidity
        wetBulb = air.wetBulb
    }
}
