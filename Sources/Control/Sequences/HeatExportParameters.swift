// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// When and how heat goes to the district network.
package struct HeatExportParameters: SequenceParameters {
    /// Coldest CDU return that is worth exporting from.
    package var sourceMinimum = Temperature(celsius: 28)
    /// Above it, the range over which capacity grows from the least to the whole.
    package var sourceBand = TemperatureDifference(kelvins: 3)
    /// How long the source must be warm enough to start, or too cold to stop.
    package var sourceHold = Duration.seconds(300)
    /// How long the recovery pump and valve must be proven before a heat pump starts.
    package var pumpProof = Duration.seconds(30)
    /// How long they may take to be proven.
    package var pumpAllowance = Duration.seconds(420)
    /// How long a heat pump may take to prove that it runs.
    package var startProof = Duration.seconds(300)
    /// Shortest run of a heat pump, unless the network or a fault ends it.
    package var minimumOn = Duration.seconds(900)
    /// Shortest stop of a heat pump.
    package var minimumOff = Duration.seconds(900)
    /// Fastest change of capacity while running, share in one minute.
    package var capacityRamp = Ratio(fraction: 0.05)
    /// Fastest fall of capacity while stopping, share in one minute.
    package var stopRamp = Ratio(fraction: 0.5)
    /// Capacity of the running machines above which one more starts.
    package var lagStartCapacity = Ratio(fraction: 0.9)
    /// Capacity of the running machines below which one stops.
    package var lagStopCapacity = Ratio(fraction: 0.3)
    /// How long either must last.
    package var lagHold = Duration.seconds(600)
    /// Delivery below the required temperature that counts as cold.
    package var deliveryOffset = TemperatureDifference(kelvins: 2)
    /// How long cold water may be delivered.
    package var deliveryHold = Duration.seconds(300)
    /// Run of a heat pump before its delivery is judged.
    package var warmUp = Duration.seconds(600)
    /// How long rejection gets to take the heat over before export is cut.
    package var transferTime = Duration.seconds(120)
    /// How long the recovery pump runs on after the last heat pump.
    package var pumpRunOn = Duration.seconds(60)
    /// How long a fault lasts before another start is tried.
    package var faultRetry = Duration.seconds(1_800)
    /// How long a lost reading is replaced by its last value.
    package var inputHold = Duration.seconds(60)

    package init() {}

    package static let fields: [ParameterField<Self>] = [
        .celsius("source_minimum_celsius", \.sourceMinimum, 10...60, "product: 28 °C CDU return"),
        .kelvins("source_band_kelvins", \.sourceBand, 0.5...20, "product: 3 K"),
        .seconds("source_hold_seconds", \.sourceHold, 0...3_600, "product: 5 min"),
        .seconds("pump_proof_seconds", \.pumpProof, 0...600, "Buildings Library HeatRecoveryHeatPump: 30 s"),
        .seconds("pump_allowance_seconds", \.pumpAllowance, 30...1_800, "valve travel and two minutes"),
        .seconds("start_proof_seconds", \.startProof, 10...1_800, "product: 5 min"),
        .seconds("minimum_on_seconds", \.minimumOn, 0...7_200, "product: 15 min"),
        .seconds("minimum_off_seconds", \.minimumOff, 0...7_200, "product: 15 min"),
        .fraction("capacity_ramp_ratio", \.capacityRamp, 0.005...1, "per minute; product: 5 %"),
        .fraction("stop_ramp_ratio", \.stopRamp, 0.05...10, "per minute; product: 50 %"),
        .fraction("lag_start_capacity_ratio", \.lagStartCapacity, 0.3...1, "product: 90 %"),
        .fraction("lag_stop_capacity_ratio", \.lagStopCapacity, 0...0.8, "product: 30 %"),
        .seconds("lag_hold_seconds", \.lagHold, 0...7_200, "product: 10 min"),
        .kelvins("delivery_offset_kelvins", \.deliveryOffset, 0.5...20, "product: 2 K"),
        .seconds("delivery_hold_seconds", \.deliveryHold, 0...3_600, "product: 5 min"),
        .seconds("warm_up_seconds", \.warmUp, 0...3_600, "product: 10 min"),
        .seconds("transfer_seconds", \.transferTime, 0...1_800, "product: 2 min"),
        .seconds("pump_run_on_seconds", \.pumpRunOn, 0...1_800, "product: 1 min"),
        .seconds("fault_retry_seconds", \.faultRetry, 0...86_400, "product: 30 min"),
        .seconds("input_hold_seconds", \.inputHold, 0...600, "lost readings stand for so long"),
    ]
}
