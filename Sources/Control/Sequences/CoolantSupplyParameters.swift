// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// What coolant the racks get.
package struct CoolantSupplyParameters: SequenceParameters {
    /// Coolant supply setpoint that is aimed at.
    package var supplySetpoint = Temperature(celsius: 32)
    /// Warmest coolant the IT equipment is given, whatever else is wanted.
    package var supplyMaximum = Temperature(celsius: 40)
    /// What the coolant must be warmer than the hall's dew point.
    package var dewPointMargin = TemperatureDifference(kelvins: 2)
    /// Dew point assumed where the hall's is not known.
    package var assumedDewPoint = Temperature(celsius: 18)
    /// Largest move of a setpoint in 5 min; away from the dew point it moves at once.
    package var setpointSlew = TemperatureDifference(kelvins: 0.5)
    /// Supply off its setpoint that is an alarm.
    package var deviationLimit = TemperatureDifference(kelvins: 2)
    /// How long it must be off.
    package var deviationHold = Duration.seconds(120)
    /// How long it is not judged after the unit's setpoint jumped by more than that.
    package var deviationSettling = Duration.seconds(600)
    /// Dead band of that alarm.
    package var deviationDeadBand = TemperatureDifference(kelvins: 1)
    /// How long a lost reading is replaced by its last value.
    package var inputHold = Duration.seconds(60)

    package init() {}

    package static let fields: [ParameterField<Self>] = [
        .celsius("supply_setpoint_celsius", \.supplySetpoint, 15...50, "ASHRAE W32: 32 °C"),
        .celsius("supply_maximum_celsius", \.supplyMaximum, 20...60, "product: 40 °C"),
        .kelvins("dew_point_margin_kelvins", \.dewPointMargin, 0.5...10, "CDU makers: 2 to 3 K"),
        .celsius("assumed_dew_point_celsius", \.assumedDewPoint, 0...30, "product: 18 °C"),
        .kelvins("setpoint_slew_kelvins", \.setpointSlew, 0.05...5, "in 5 min; product: 0.5 K"),
        .kelvins("deviation_limit_kelvins", \.deviationLimit, 0.5...20, "CDU makers: 2 K"),
        .seconds("deviation_hold_seconds", \.deviationHold, 0...3_600, "CDU makers: 2 min"),
        .seconds("deviation_settling_seconds", \.deviationSettling, 0...3_600, "product: 10 min"),
        .kelvins("deviation_dead_band_kelvins", \.deviationDeadBand, 0...10, "CDU makers: 1 K"),
        .seconds("input_hold_seconds", \.inputHold, 0...600, "lost readings stand for so long"),
    ]
}
