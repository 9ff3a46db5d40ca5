// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// When chillers start and stop.
package struct ChillerStagingParameters: SequenceParameters {
    /// Operative over stage capacity above which one more machine is wanted.
    package var stageUpRatio = Ratio(fraction: 0.8)
    /// Operative over the capacity of the next lower stage below which one less is wanted.
    package var stageDownRatio = Ratio(fraction: 0.8)
    /// How long either must last.
    package var stageHold = Duration.seconds(900)
    /// Shortest time between two stage changes.
    package var minimumStageTime = Duration.seconds(900)
    /// Change of the ratio per minute above which a stage change against it waits.
    package var trendLimit = Ratio(fraction: 0.025)
    /// Time over which that change is seen.
    package var trendWindow = Duration.seconds(300)
    /// Time over which the load is averaged.
    package var loadWindow = Duration.seconds(300)
    /// Supply above its setpoint that asks for a machine after ``failSafeHold``.
    package var failSafeOffset = TemperatureDifference(kelvins: 1)
    /// How long that must last.
    package var failSafeHold = Duration.seconds(900)
    /// Supply above its setpoint that asks for a machine after ``urgentHold``.
    package var urgentOffset = TemperatureDifference(kelvins: 3)
    /// How long that must last.
    package var urgentHold = Duration.seconds(120)
    /// In free cooling, supply above its setpoint that ends it after ``freeCoolingHold``.
    package var freeCoolingOffset = TemperatureDifference(kelvins: 1)
    /// How long that must last.
    package var freeCoolingHold = Duration.seconds(1_200)
    /// In free cooling, supply above its setpoint that ends it after ``freeCoolingHighHold``.
    package var freeCoolingHighOffset = TemperatureDifference(kelvins: 2)
    /// How long that must last.
    package var freeCoolingHighHold = Duration.seconds(600)
    /// What the predicted leaving temperature must be below the setpoint to stop the last machine.
    package var freeCoolingMargin = TemperatureDifference(kelvins: 1)
    /// What the measured leaving temperature may be above the setpoint to stop the last machine.
    package var freeCoolingLeavingOffset = TemperatureDifference(kelvins: 0.5)
    /// How long both must last.
    package var freeCoolingDwell = Duration.seconds(1_200)
    /// Shortest run of a machine.
    package var minimumOn = Duration.seconds(300)
    /// Shortest stop of a machine.
    package var minimumOff = Duration.seconds(600)
    /// How long a machine may take to prove that it runs.
    package var startProof = Duration.seconds(300)
    /// How long a machine that ran may stand under load before it counts as tripped.
    package var tripProof = Duration.seconds(60)
    /// How long a run status must last to count.
    package var statusDebounce = Duration.seconds(6)
    /// Time between two starts, or two stops.
    package var sequenceInterval = Duration.seconds(30)
    /// Largest move of a chilled water setpoint in 5 min.
    package var setpointSlew = TemperatureDifference(kelvins: 0.5)
    /// How long a lost reading is replaced by its last value.
    package var inputHold = Duration.seconds(60)

    package init() {}

    package static let fields: [ParameterField<Self>] = [
        .fraction("stage_up_ratio", \.stageUpRatio, 0.3...1, "G36-2021 5.20.4: 0.80, positive displacement"),
        .fraction("stage_down_ratio", \.stageDownRatio, 0.3...1, "G36-2021 5.20.4: 0.80, positive displacement"),
        .seconds("stage_hold_seconds", \.stageHold, 0...7_200, "G36-2021 5.20.4: 15 min"),
        .seconds("minimum_stage_seconds", \.minimumStageTime, 0...7_200, "G36-2021 5.20.4: 15 min"),
        .fraction("trend_limit_ratio", \.trendLimit, 0.001...1, "per minute; G36-2021 5.20.4: 2.5 %"),
        .seconds("trend_window_seconds", \.trendWindow, 10...3_600, "G36-2021 5.20.4: 5 min"),
        .seconds("load_window_seconds", \.loadWindow, 0...3_600, "G36-2021 5.20.4: 5 min mean"),
        .kelvins("fail_safe_offset_kelvins", \.failSafeOffset, 0.1...10, "Buildings Library FailsafeCondition: 1 K"),
        .seconds("fail_safe_hold_seconds", \.failSafeHold, 0...7_200, "Buildings Library FailsafeCondition: 15 min"),
        .kelvins("urgent_offset_kelvins", \.urgentOffset, 0.1...20, "product: IT supply temperature comes first"),
        .seconds("urgent_hold_seconds", \.urgentHold, 0...3_600, "product: 2 min"),
        .kelvins("free_cooling_offset_kelvins", \.freeCoolingOffset, 0.1...10, "Buildings Library Up: 1 K"),
        .seconds("free_cooling_hold_seconds", \.freeCoolingHold, 0...7_200, "Buildings Library Up: 20 min"),
        .kelvins("free_cooling_high_offset_kelvins", \.freeCoolingHighOffset, 0.1...10, "Buildings Library Up: 2 K"),
        .seconds("free_cooling_high_hold_seconds", \.freeCoolingHighHold, 0...7_200, "Buildings Library Up: 10 min"),
        .kelvins("free_cooling_margin_kelvins", \.freeCoolingMargin, 0...10, "Buildings Library Down: 1 K"),
        .kelvins("free_cooling_leaving_kelvins", \.freeCoolingLeavingOffset, 0...5, "b4 of CoolingMode: 0.5 K"),
        .seconds("free_cooling_dwell_seconds", \.freeCoolingDwell, 0...7_200, "product: 20 min"),
        .seconds("minimum_on_seconds", \.minimumOn, 0...1_800, "Saia Optimizer library: 5 min"),
        .seconds("minimum_off_seconds", \.minimumOff, 0...1_800, "Saia Optimizer library: 10 min"),
        .seconds("start_proof_seconds", \.startProof, 10...1_800, "G36-2021 5.20.4.16: 5 min proof"),
        .seconds("trip_proof_seconds", \.tripProof, 5...1_800, "product: 1 min"),
        .seconds("status_debounce_seconds", \.statusDebounce, 0...120, "Trane RTAE flow proof filter: 6 s"),
        .seconds("sequence_interval_seconds", \.sequenceInterval, 0...600, "G36-2021 5.20.4.16: 30 s"),
        .kelvins("setpoint_slew_kelvins", \.setpointSlew, 0.05...5, "in 5 min; product: 0.5 K"),
        .seconds("input_hold_seconds", \.inputHold, 0...600, "lost readings stand for so long"),
    ]
}
