// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

extension CanonicalNames {
    /// Measured and commanded quantities, by base unit.
    static let quantities: [(unit: PointUnit?, names: String)] = [
        (
            .celsius,
            """
            active_chilled_water_setpoint active_sink_supply_setpoint active_supply_air_temperature_setpoint
            active_temperature_setpoint ambient_temperature anti_freeze_temperature basin_temperature
            battery_temperature battery_{n}_temperature_{n} bus_clip_negative_temperature
            bus_clip_positive_temperature cabinet_air_temperature cabinet_air_{n}_temperature
            capacitor_{n}_temperature_{n} chilled_water_return_temperature chilled_water_setpoint
            chilled_water_supply_temperature coil_temperature compressor_{n}_discharge_temperature
            condenser_entering_temperature condenser_leaving_temperature condenser_refrigerant_temperature
            condenser_temperature condenser_water_entering_temperature condenser_water_leaving_temperature
            condenser_water_return_temperature condenser_water_supply_temperature control_temperature
            coolant_branch_return_temperature coolant_return_temperature coolant_supply_temperature
            coolant_supply_temperature_setpoint cooling_setpoint cooling_setpoint_maximum cooling_setpoint_minimum
            defrost_temperature device_temperature discharge_temperature discharge_water_temperature
            district_return_temperature entering_water_temperature
            district_supply_required drive_temperature economizer_leaving_temperature
            evaporator_entering_temperature evaporator_refrigerant_temperature exhaust_air_temperature
            exhaust_air_{n}_temperature external_return_temperature external_source_temperature
            facility_water_entering_temperature facility_water_leaving_temperature facility_water_return_temperature
            facility_water_supply_temperature flow_body_temperature fluid_inlet_{n}_temperature
            fluid_outlet_{n}_temperature haccp_temperature hall_dew_point_temperature hall_frost_point_temperature
            heating_return_temperature heating_supply_temperature high_temperature_alarm_threshold
            hot_water_setpoint hot_water_temperature housing_temperature inlet_air_temperature
            inlet_air_{n}_temperature intake_water_temperature internal_temperature leaving_water_temperature
            leaving_water_temperature_setpoint liquid_temperature low_temperature_alarm_threshold
            mixed_air_temperature mixed_supply_temperature module_{n}_temperature
            motor_temperature outdoor_dew_point_temperature outdoor_dry_bulb_temperature
            outdoor_wet_bulb_temperature outlet_air_temperature outlet_air_{n}_temperature pump_{n}_motor_temperature
            recovery_entering_temperature recovery_leaving_temperature remote_sensor_{n}_temperature
            remote_temperature return_air_temperature return_temperature room_temperature room_temperature_setpoint
            room_{n}_temperature sensor_a_dew_point_temperature sensor_a_temperature sensor_b_dew_point_temperature
            sensor_b_temperature sensor_{n}_temperature sink_return_temperature sink_supply_setpoint
            sink_supply_temperature source_entering_temperature source_leaving_temperature storage_temperature
            suction_temperature supply_air_temperature supply_air_temperature_setpoint supply_temperature
            valve_control_temperature water_return_temperature
            """
        ),
        (
            .kelvins,
            """
            cooling_differential temperature_correction temperature_difference
            """
        ),
        (
            .watts,
            """
            active_power active_power_{l} circuit_{n}_active_power circuit_{n}_active_power_{l} output_power
            output_power_{l} pump_{n}_active_power rated_power thermal_power
            """
        ),
        (
            .joules,
            """
            active_energy_export active_energy_export_{l} active_energy_import active_energy_import_partial
            active_energy_import_{l} capacitor_{n}_stored_energy circuit_{n}_active_energy_export
            circuit_{n}_active_energy_export_{l} circuit_{n}_active_energy_import
            circuit_{n}_active_energy_import_{l} cooling_energy heat_energy heat_energy_mode_{n} heating_energy
            hot_water_energy output_energy
            """
        ),
        (
            .voltAmperes,
            """
            apparent_power apparent_power_{l} circuit_{n}_apparent_power circuit_{n}_apparent_power_{l}
            output_apparent_power rated_apparent_power
            """
        ),
        (
            .voltAmperesReactive,
            """
            circuit_{n}_reactive_power circuit_{n}_reactive_power_{l} reactive_power reactive_power_{l}
            """
        ),
        (
            .voltAmpereSeconds,
            """
            apparent_energy apparent_energy_{l} circuit_{n}_apparent_energy circuit_{n}_apparent_energy_{l}
            """
        ),
        (
            .voltAmpereReactiveSeconds,
            """
            circuit_{n}_reactive_energy_export circuit_{n}_reactive_energy_export_{l}
            circuit_{n}_reactive_energy_import circuit_{n}_reactive_energy_import_{l} reactive_energy_capacitive
            reactive_energy_capacitive_{l} reactive_energy_export reactive_energy_export_{l} reactive_energy_import
            reactive_energy_import_{l} reactive_energy_inductive reactive_energy_inductive_{l}
            """
        ),
        (
            .coulombs,
            """
            battery_capacity battery_design_capacity battery_full_capacity battery_remaining_capacity
            """
        ),
        (
            .volts,
            """
            analog_output_voltage battery_voltage battery_{n}_voltage bulk_voltage bus_voltage bypass_voltage
            bypass_voltage_{l} capacitor_{n}_voltage circuit_{n}_voltage circuit_{n}_voltage_{ll}
            circuit_{n}_voltage_{l} cooling_valve_control_voltage dc_bus_voltage exhaust_fan_control_voltage
            heat_recovery_control_voltage heating_valve_control_voltage input_voltage input_voltage_{ll}
            input_voltage_{l} motor_voltage output_voltage output_voltage_{ll} output_voltage_{l}
            rated_input_voltage rated_output_voltage supply_fan_control_voltage supply_voltage voltage
            voltage_line_to_line voltage_{ll} voltage_{l}
            """
        ),
        (
            .amperes,
            """
            battery_charge_current battery_current battery_discharge_current battery_{n}_current
            capacitor_{n}_current circuit_{n}_current circuit_{n}_current_ground circuit_{n}_current_n
            circuit_{n}_current_{l} current current_ground current_n current_{l} dc_bus_current input_current
            input_current_{l} motor_current output_current output_current_{l} pump_{n}_current rated_output_current
            share_current
            """
        ),
        (
            .hertz,
            """
            active_frequency_setpoint bypass_frequency compressor_frequency compressor_frequency_setpoint frequency
            frequency_command motor_frequency output_frequency rated_input_frequency rated_output_frequency
            """
        ),
        (
            .ratio,
            """
            active_current_limit adiabatic_ratio apparent_load_ratio battery_absolute_state_of_charge
            battery_state_of_charge battery_state_of_health battery_{n}_state_of_charge
            capacitor_{n}_state_of_charge capacity_command capacity_feedback carbon_dioxide_concentration
            circuit_{n}_current_thd circuit_{n}_current_thd_{l} circuit_{n}_load_ratio circuit_{n}_load_ratio_{l}
            circuit_{n}_power_factor circuit_{n}_power_factor_{l} circuit_{n}_voltage_thd
            circuit_{n}_voltage_thd_{l} compressor_speed_feedback compressor_{n}_load_ratio
            condenser_fan_{n}_speed_feedback cooling_capacity_ratio current_thd_n current_thd_{l}
            damper_position_feedback dehumidification_ratio
            displacement_power_factor_{l} drive_thermal_ratio economizer_ratio efficiency efficiency_ratio
            electric_cooler_ratio electric_heater_ratio fan_speed_command fan_speed_feedback free_cooling_ratio
            hot_gas_valve_{n}_position humidification_ratio humidity_correction load_ratio load_ratio_{l}
            maximum_volume_flow_ratio motor_frequency_ratio motor_power_ratio motor_thermal_ratio motor_torque_ratio
            outdoor_relative_humidity output_displacement_power_factor output_power_factor_{l} power_factor
            power_factor_{l} pump_setpoint_command pump_setpoint_feedback pump_speed_command pump_speed_feedback
            pump_{n}_speed_feedback rated_load_current_ratio refrigerant_concentration reheat_ratio
            return_air_relative_humidity room_relative_humidity sensor_a_relative_humidity
            sensor_b_relative_humidity speed_reference_ratio valve_position_command valve_position_feedback
            voltage_thd voltage_thd_{l} volume_flow_ratio
            """
        ),
        (
            .cubicMetersPerSecond,
            """
            condenser_water_volume_flow coolant_volume_flow design_volume_flow district_volume_flow
            exhaust_air_volume_flow facility_water_volume_flow intake_water_volume_flow recovery_volume_flow
            sink_volume_flow
            supply_air_volume_flow volume_flow volume_flow_{n}
            """
        ),
        (
            .cubicMeters,
            """
            water_volume water_volume_mode_{n}
            """
        ),
        (
            .pascals,
            """
            compressor_{n}_high_pressure coolant_return_pressure coolant_supply_pressure differential_pressure
            exhaust_air_pressure facility_water_entering_pressure facility_water_leaving_pressure
            filter_differential_pressure high_pressure low_pressure outdoor_air_pressure static_pressure_{n}
            suction_pressure suction_setpoint_{n} supply_air_pressure
            """
        ),
        (
            .revolutionsPerMinute,
            """
            fan_speed fan_{n}_speed motor_speed pump_{n}_speed
            """
        ),
        (
            .seconds,
            """
            battery_time_remaining closed_time communication_timeout compressor_{n}_run_hours open_time
            pump_{n}_run_hours run_hours time_on_battery uptime
            """
        ),
        (
            .degrees,
            """
            ultrasonic_wind_direction wind_direction
            """
        ),
        (
            .metersPerSecond,
            """
            rain_intensity ultrasonic_wind_speed wind_speed
            """
        ),
        (
            .meters,
            """
            rain_depth
            """
        ),
        (
            .wattsPerSquareMeter,
            """
            solar_radiation
            """
        ),
        (
            .lux,
            """
            illuminance
            """
        ),
        (
            .decibels,
            """
            sound_level
            """
        ),
        (
            .newtonMeters,
            """
            motor_torque
            """
        ),
        (
            .kilogramsPerCubicMeter,
            """
            absolute_humidity outdoor_absolute_humidity
            """
        ),
    ]
}
