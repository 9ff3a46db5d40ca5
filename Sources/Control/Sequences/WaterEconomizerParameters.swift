// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// What decides when the water economizer is worth having; the defaults are those of ASHRAE Guideline 36-2021.
package struct WaterEconomizerParameters: SequenceParameters {
    /// Shortest time off before it may be enabled.
    package var minimumOff = Duration.seconds(1_200)
    /// Shortest time on before it may be disabled.
    package var minimumOn = Duration.seconds(1_200)
    /// What the return water must be warmer than the predicted leaving water.
    package var enableOffset = TemperatureDifference(kelvins: 1.11)
    /// What the exchanger must cool to be kept on.
    package var disableOffset = TemperatureDifference(kelvins: 0.56)
    /// How long the exchanger may cool too little before it is given up.
    package var disableTest = Duration.seconds(120)
    /// Exchanger approach at its design flow.
    package var exchangerApproach = TemperatureDifference(kelvins: 2)
    /// Tower approach at the design wet bulb.
    package var towerApproach = TemperatureDifference(kelvins: 2)
    /// Wet bulb at which the tower has its design approach.
    package var designWetBulb = Temperature(celsius: 15)
    /// Least change of the wet bulb that is followed between -1 and 1 °C, where liquid and ice both have a solution.
    package var freezingDeadBand = TemperatureDifference(kelvins: 0.5)
    /// Time the valve takes from shut to open.
    package var valveTravel = Duration.seconds(300)
    /// How long a lost reading is replaced by its last value.
    package var inputHold = Duration.seconds(60)
    /// Below the facility water minimum, the range over which the valve shuts again.
    package var lowLimitBand = TemperatureDifference(kelvins: 2)

    package init() {}

    package static let fields: [ParameterField<Self>] = [
        .seconds("minimum_off_seconds", \.minimumOff, 0...7_200, "off at least; G36-2021 5.20.3: 20 min"),
        .seconds("minimum_on_seconds", \.minimumOn, 0...7_200, "on at least; G36-2021 5.20.3: 20 min"),
        .kelvins("enable_offset_kelvins", \.enableOffset, 0...10, "benefit to enable; G36-2021 5.20.3: 2 °F"),
        .kelvins("disable_offset_kelvins", \.disableOffset, 0...5, "benefit to keep; G36-2021 5.20.3: 1 °F"),
        .seconds("disable_test_seconds", \.disableTest, 0...3_600, "no benefit for so long; G36-2021 5.20.3: 2 min"),
        .kelvins("exchanger_approach_kelvins", \.exchangerApproach, 0...10, "design approach; G36-2021 DA_HX"),
        .kelvins("tower_approach_kelvins", \.towerApproach, 0...15, "design approach; G36-2021 DA_CT"),
        .celsius("design_wet_bulb_celsius", \.designWetBulb, -10...35, "of the tower approach; G36-2021 DT_WB"),
        .kelvins("freezing_dead_band_kelvins", \.freezingDeadBand, 0...2, "wet bulb changes followed near 0 °C"),
        .seconds("valve_travel_seconds", \.valveTravel, 10...1_800, "shut to open; G36-2021 5.20.3: slowly"),
        .seconds("input_hold_seconds", \.inputHold, 0...600, "lost readings stand for so long"),
        .kelvins("low_limit_band_kelvins", \.lowLimitBand, 0.5...10, "valve shuts over this range below the minimum"),
    ]
}
