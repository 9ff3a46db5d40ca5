// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

extension CanonicalNames {
    /// States, alarms, codes, counts and texts.
    static let states: [(unit: PointUnit?, names: String)] = [
        (
            .boolean,
            """
            abnormal_status accelerating actuator_blocked alarm_status anti_freeze_active anti_freezing_set
            auxiliary_converter_failure away_mode_active battery_alarm battery_capacity_alarm battery_charged
            battery_charging battery_circuit_open battery_communication_alarm battery_discharged battery_discharging
            battery_end_of_life battery_failure battery_low_alarm battery_missing battery_overcurrent_alarm
            battery_overvoltage_alarm battery_pack_temperature_alarm battery_replacement_alarm
            battery_service_required battery_temperature_alarm battery_test_running battery_undervoltage_alarm
            boost_converter_failure buck_converter_failure bulk_voltage_alarm bus_clip_temperature_alarm
            bus_watchdog_timeout bypass_failure bypass_frequency_alarm bypass_out_of_tolerance
            bypass_overload_shutdown bypass_present bypass_temperature_alarm bypass_voltage_alarm calibration_error
            can_communication_alarm cell_balancing_failure cell_overvoltage_alarm cell_temperature_failure
            cell_undervoltage_alarm charge_fuse_failure charge_not_allowed charge_timeout_failure charger_failure
            charger_output_failure charger_temperature_alarm circulation_pump_status communication_alarm
            communication_fault compressor_status compressor_warning compressor_{n}_alarm compressor_{n}_status
            condensation_detected condensation_risk condenser_status condenser_temperature_alarm control_failure
            control_ready_status converter_failure coolant_loop_blocked coolant_over_temperature
            coolant_sensor_fault coolant_under_temperature cooling_possible customer_input damper_open dcdc_alarm
            decelerating defrost_active defrost_timeout discharge_fuse_failure discharge_limit_status
            discharge_not_allowed
            discharge_pressure_high discharge_pressure_low discharge_pressure_switch discharge_transistor_failure
            display_fahrenheit display_psi display_units door_alarm door_open door_open_too_long eco_mode
            electric_heater_overheated emergency_button_pressed emergency_off enable_command
            evaporator_heater_status evaporator_pump_status exhaust_fan_overheated exhaust_filter_due
            facility_water_over_temperature facility_water_sensor_fault fan_alarm fan_failure fan_overload
            fan_status fan_warning fan_{n}_alarm fan_{n}_status fault_status fire_alarm flow_low
            flow_with_closed_valve forced_backup freeze_protection freeze_warning fuse_failure haccp_alarm
            heat_export_permit heater_{n}_status heating_enabled heating_possible high_pressure_prevention
            high_temperature_alarm inlet_air_temperature_alarm input_frequency_high_alarm input_frequency_low_alarm
            input_out_of_tolerance input_overvoltage_alarm input_power_lost input_present input_relay_off
            input_undervoltage_alarm input_voltage_alarm inverter_bus_unbalance_failure inverter_failure inverter_on
            inverter_output_failure inverter_output_low_failure leak_detected leak_external leak_internal
            leak_rack_floor leak_rack_pan liquid_level_alarm liquid_line_solenoid_status low_temperature_alarm
            pad_wetting_status
            maintenance_bypass_closed maintenance_due make_up_valve_status maximum_power measuring_circuit_failure
            memory_failure microcontroller_failure module_alert_status module_missing_alarm module_{n}_alert
            module_{n}_communication_alarm module_{n}_planned module_{n}_present monitor_communication_alarm
            movement_error near_maximum_speed near_minimum_speed night_mode_active no_control_signal
            oil_return_active on_battery on_bypass on_inverter on_mains on_status oring_failure
            outdoor_temperature_high outlet_air_temperature_alarm output_current_alarm output_off
            output_overcurrent_alarm output_overvoltage_alarm output_short_circuit output_undervoltage_alarm
            output_voltage_alarm overload_alarm overload_shutdown pfc_alarm phase_fault power_lost
            power_supply_voltage_high power_supply_voltage_low pump_alarm pump_overload pump_short_cycle pump_status
            pump_{n}_fault pump_{n}_flow_lost quiet_mode_active ready_status ready_to_switch_on
            rectifier_bus_high_failure rectifier_bus_low_failure rectifier_failure rectifier_on redundancy_lost
            refrigerant_pressure_high refrigerant_pressure_low refrigerant_pressure_very_low remote_status
            reservoir_level_low return_temperature_high_warning return_temperature_low_warning room_temperature_high
            rotor_rotating run_status sensor_alarm sensor_failure sensor_{n}_fault serial_link_failure
            service_required setpoint_not_reached setpoint_reached severe_overload_alarm share_cable_missing
            shutdown_imminent smoke_detected stage_active standby_active startup_active stop_reason_{n}
            suction_pressure_{n}_high suction_pressure_{n}_low supply_fan_overheated supply_filter_due
            supply_temperature_high supply_temperature_low system_{n}_alarm tank_level_low temperature_alarm
            temperature_in_tenths
            temperature_out_of_range temperature_sensor_failure temperature_warning valve_position_fault
            warning_status winter_mode_active
            """
        ),
        (
            .enumeration,
            """
            active_direction battery_state control_mode control_sequence device_status measurement_application
            operating_mode operating_state output_source phase_sequence plant_type regulation_mode season_mode
            """
        ),
        (
            .bitField,
            """
            alarm_word alarm_word_{n} command_word control_word failure_word_{n} status_word warning_word
            """
        ),
        (
            .count,
            """
            alarm_code battery_count battery_cycles battery_discharges battery_faulty_count compressor_starts
            compressor_{n}_starts fault_code fault_code_{n} fault_count input_power_cycles input_power_outages
            interface_fault_code module_{n}_crc_errors module_{n}_timeout_errors outdoor_unit_fault_code
            pump_{n}_alarm_code scan_list_{n}_register stop_code warning_code
            """
        ),
        (
            nil,
            """
            device_name firmware_version hardware_version identification model_name part_number serial_number
            vendor_name
            """
        ),
    ]
}
