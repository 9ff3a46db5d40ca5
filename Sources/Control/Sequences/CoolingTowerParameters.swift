// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// How fans and condenser water pumps follow the cooling mode.
package struct CoolingTowerParameters: SequenceParameters {
    /// Slowest speed of a running fan.
    package var minimumSpeed = Ratio(fraction: 0.2)
    /// Condenser water return minus chilled water supply at no load.
    package var liftMinimum = TemperatureDifference(kelvins: 6.7)
    /// Condenser water return minus chilled water supply at full load.
    package var liftMaximum = TemperatureDifference(kelvins: 15)
    /// Range that stands for the measured one where that is not known.
    package var designRange = TemperatureDifference(kelvins: 5.6)
    /// Time over which the measured range is averaged.
    package var rangeWindow = Duration.seconds(300)
    /// Fan speed per kelvin of error.
    package var gain = Ratio(fraction: 0.1)
    /// Integral time of the loop that holds condenser water.
    package var integralTime = Duration.seconds(600)
    /// Fan speed per kelvin of error of the loop that holds facility water.
    package var facilityGain = Ratio(fraction: 0.2)
    /// Integral time of the loop that holds facility water.
    package var facilityIntegralTime = Duration.seconds(600)
    /// Supply below its setpoint down to which the fans run at full speed in partial mechanical cooling.
    package var partialOffset = TemperatureDifference(kelvins: 0.5)
    /// Fastest slowing down of the fans, share of full speed in one minute; they speed up at once.
    package var slowDown = Ratio(fraction: 0.05)
    /// Time at the slowest speed with cold water after which fans stop.
    package var cycleOffHold = Duration.seconds(300)
    /// Shortest stop of the fans in free cooling.
    package var cycleOffMinimum = Duration.seconds(180)
    /// Supply above its setpoint at which stopped fans start again.
    package var cycleOnOffset = TemperatureDifference(kelvins: 0.56)
    /// Basin above its minimum at which a fan stopped for frost starts again.
    package var basinRelease = TemperatureDifference(kelvins: 1)
    /// Condenser water pump speed where neither a chiller nor the economizer needs water.
    package var standbyPumpSpeed = Ratio(fraction: 0.3)
    /// How long a lost reading is replaced by its last value.
    package var inputHold = Duration.seconds(60)

    package init() {}

    package static let fields: [ParameterField<Self>] = [
        .fraction("minimum_speed_ratio", \.minimumSpeed, 0.05...1, "product: 20 %"),
        .kelvins("lift_minimum_kelvins", \.liftMinimum, 0...20, "G36-2021 5.20.12.2: LIFTmin, 12 °F"),
        .kelvins("lift_maximum_kelvins", \.liftMaximum, 1...40, "G36-2021 5.20.12.2: LIFTmax, of the plant"),
        .kelvins("design_range_kelvins", \.designRange, 0.5...15, "tower rating: 5.6 K"),
        .seconds("range_window_seconds", \.rangeWindow, 0...3_600, "Buildings Library LessCoupled: 5 min mean"),
        .fraction("gain_per_kelvin_ratio", \.gain, 0.001...1, "product: 10 % of speed per kelvin"),
        .seconds("integral_seconds", \.integralTime, 10...7_200, "product: 10 min"),
        .fraction("facility_gain_per_kelvin_ratio", \.facilityGain, 0.001...1, "product: 20 % of speed per kelvin"),
        .seconds("facility_integral_seconds", \.facilityIntegralTime, 10...7_200, "product: 10 min"),
        .kelvins("partial_offset_kelvins", \.partialOffset, 0...5, "product: 0.5 K"),
        .fraction("slow_down_ratio", \.slowDown, 0.005...1, "per minute; product: 5 %"),
        .seconds("cycle_off_hold_seconds", \.cycleOffHold, 0...3_600, "G36-2021 5.20.12.2: 5 min"),
        .seconds("cycle_off_minimum_seconds", \.cycleOffMinimum, 0...3_600, "G36-2021 5.20.12.2: 3 min"),
        .kelvins("cycle_on_offset_kelvins", \.cycleOnOffset, 0...5, "G36-2021 5.20.12.2: 1 °F"),
        .kelvins("basin_release_kelvins", \.basinRelease, 0.2...10, "product: 1 K"),
        .fraction("standby_pump_speed_ratio", \.standbyPumpSpeed, 0...1, "product: 30 %"),
        .seconds("input_hold_seconds", \.inputHold, 0...600, "lost readings stand for so long"),
    ]
}
