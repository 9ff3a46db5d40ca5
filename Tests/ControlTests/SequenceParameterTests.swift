// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Testing

/// The product's defaults as documented; a change here is a change of behaviour for every site.
@Suite struct SequenceParameterTests {
    private func table<Parameters: SequenceParameters>(_ type: Parameters.Type) -> [String] {
        Parameters.fields.map { "\($0.name) \(($0.defaultValue * 1_000).rounded() / 1_000)" }
    }

    @Test func waterEconomizerDefaults() {
        #expect(
            table(WaterEconomizerParameters.self) == [
                "minimum_off_seconds 1200.0", "minimum_on_seconds 1200.0", "enable_offset_kelvins 1.11",
                "disable_offset_kelvins 0.56", "disable_test_seconds 120.0", "exchanger_approach_kelvins 2.0",
                "tower_approach_kelvins 2.0", "design_wet_bulb_celsius 15.0", "freezing_dead_band_kelvins 0.5",
                "valve_travel_seconds 300.0", "input_hold_seconds 60.0", "low_limit_band_kelvins 2.0",
            ]
        )
    }

    @Test func chillerStagingDefaults() {
        #expect(
            table(ChillerStagingParameters.self) == [
                "stage_up_ratio 0.8", "stage_down_ratio 0.8", "stage_hold_seconds 900.0",
                "minimum_stage_seconds 900.0", "trend_limit_ratio 0.025", "trend_window_seconds 300.0",
                "load_window_seconds 300.0", "fail_safe_offset_kelvins 1.0", "fail_safe_hold_seconds 900.0",
                "urgent_offset_kelvins 3.0", "urgent_hold_seconds 120.0", "free_cooling_offset_kelvins 1.0",
                "free_cooling_hold_seconds 1200.0", "free_cooling_high_offset_kelvins 2.0",
                "free_cooling_high_hold_seconds 600.0", "free_cooling_margin_kelvins 1.0",
                "free_cooling_leaving_kelvins 0.5", "free_cooling_dwell_seconds 1200.0", "minimum_on_seconds 300.0",
                "minimum_off_seconds 600.0", "start_proof_seconds 300.0", "trip_proof_seconds 60.0",
                "status_debounce_seconds 6.0", "sequence_interval_seconds 30.0", "setpoint_slew_kelvins 0.5",
                "input_hold_seconds 60.0",
            ]
        )
    }

    @Test func coolingTowerDefaults() {
        #expect(
            table(CoolingTowerParameters.self) == [
                "minimum_speed_ratio 0.2", "lift_minimum_kelvins 6.7", "lift_maximum_kelvins 15.0",
                "design_range_kelvins 5.6", "range_window_seconds 300.0", "gain_per_kelvin_ratio 0.1",
                "integral_seconds 600.0", "facility_gain_per_kelvin_ratio 0.2",
                "facility_integral_seconds 600.0", "partial_offset_kelvins 0.5", "slow_down_ratio 0.05",
                "cycle_off_hold_seconds 300.0",
                "cycle_off_minimum_seconds 180.0", "cycle_on_offset_kelvins 0.56", "basin_release_kelvins 1.0",
                "standby_pump_speed_ratio 0.3", "input_hold_seconds 60.0",
            ]
        )
    }

    @Test func coolantSupplyDefaults() {
        #expect(
            table(CoolantSupplyParameters.self) == [
                "supply_setpoint_celsius 32.0", "supply_maximum_celsius 40.0", "dew_point_margin_kelvins 2.0",
                "assumed_dew_point_celsius 18.0", "setpoint_slew_kelvins 0.5", "deviation_limit_kelvins 2.0",
                "deviation_hold_seconds 120.0", "deviation_settling_seconds 600.0", "deviation_dead_band_kelvins 1.0",
                "input_hold_seconds 60.0",
            ]
        )
    }

    @Test func heatExportDefaults() {
        #expect(
            table(HeatExportParameters.self) == [
                "source_minimum_celsius 28.0", "source_band_kelvins 3.0", "source_hold_seconds 300.0",
                "pump_proof_seconds 30.0", "pump_allowance_seconds 420.0", "start_proof_seconds 300.0",
                "minimum_on_seconds 900.0", "minimum_off_seconds 900.0", "capacity_ramp_ratio 0.05",
                "stop_ramp_ratio 0.5", "lag_start_capacity_ratio 0.9", "lag_stop_capacity_ratio 0.3",
                "lag_hold_seconds 600.0", "delivery_offset_kelvins 2.0", "delivery_hold_seconds 300.0",
                "warm_up_seconds 600.0", "transfer_seconds 120.0", "pump_run_on_seconds 60.0",
                "fault_retry_seconds 1800.0", "input_hold_seconds 60.0",
            ]
        )
    }

    @Test func everyDefaultIsInsideItsRangeAndEveryNameEndsWithItsUnit() {
        check(WaterEconomizerParameters.self)
        check(ChillerStagingParameters.self)
        check(CoolingTowerParameters.self)
        check(CoolantSupplyParameters.self)
        check(HeatExportParameters.self)
    }

    private func check<Parameters: SequenceParameters>(_ type: Parameters.Type) {
        for field in Parameters.fields {
            #expect(field.range.contains(field.defaultValue), "\(field.name)")
            let suffix = field.name.split(separator: "_").last.map(String.init) ?? ""
            #expect(["celsius", "kelvins", "seconds", "ratio"].contains(suffix), "\(field.name)")
            #expect(!field.summary.isEmpty)
        }
        #expect(Set(Parameters.fields.map(\.name)).count == Parameters.fields.count)
    }
}
