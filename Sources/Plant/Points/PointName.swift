// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The canonical point names that loops, key figures and the simulator ask for.
///
/// A device map may carry further names; these are the ones the product gives a meaning to. Names never change;
/// docs/GLOSSARY.md says which side of a machine is entering, leaving, supply and return.
package enum PointName {
    // Electricity.

    /// Electrical power drawn, positive toward the load.
    package static let activePower = "active_power"
    /// Running total of energy drawn.
    package static let activeEnergyImport = "active_energy_import"
    /// Running total of energy given back.
    package static let activeEnergyExport = "active_energy_export"
    /// Active over apparent power, -1...1.
    package static let powerFactor = "power_factor"
    /// Mains or output frequency.
    package static let frequency = "frequency"
    /// Mean voltage of the phases to neutral.
    package static let voltage = "voltage"
    /// Mean current of the phases.
    package static let current = "current"
    /// Electrical power delivered by a supply.
    package static let outputPower = "output_power"

    // Outdoor air.

    /// Outdoor air.
    package static let outdoorDryBulbTemperature = "outdoor_dry_bulb_temperature"
    /// Outdoor air, 0...1.
    package static let outdoorRelativeHumidity = "outdoor_relative_humidity"
    /// Station pressure.
    package static let outdoorAirPressure = "outdoor_air_pressure"
    /// Outdoor air.
    package static let outdoorDewPointTemperature = "outdoor_dew_point_temperature"

    // Racks and halls.

    /// Air entering the IT equipment.
    package static let inletAirTemperature = "inlet_air_temperature"
    /// Air of the hall.
    package static let hallDewPointTemperature = "hall_dew_point_temperature"
    /// Air leaving an air handler.
    package static let supplyAirTemperature = "supply_air_temperature"
    /// Air entering an air handler.
    package static let returnAirTemperature = "return_air_temperature"
    /// What an air handler holds.
    package static let supplyAirTemperatureSetpoint = "supply_air_temperature_setpoint"
    /// Fan speed as the device reports it, 0...1.
    package static let fanSpeedFeedback = "fan_speed_feedback"

    // Coolant distribution units.

    /// Secondary loop to the racks.
    package static let coolantSupplyTemperature = "coolant_supply_temperature"
    /// Secondary loop from the racks.
    package static let coolantReturnTemperature = "coolant_return_temperature"
    /// Secondary loop.
    package static let coolantVolumeFlow = "coolant_volume_flow"
    /// What the unit's own controller holds.
    package static let coolantSupplyTemperatureSetpoint = "coolant_supply_temperature_setpoint"
    /// Primary side of a unit.
    package static let facilityWaterEnteringTemperature = "facility_water_entering_temperature"
    /// Primary side of a unit.
    package static let facilityWaterLeavingTemperature = "facility_water_leaving_temperature"
    /// Primary side of a unit, or the whole loop.
    package static let facilityWaterVolumeFlow = "facility_water_volume_flow"
    /// 0 shut, 1 open.
    package static let valvePositionFeedback = "valve_position_feedback"
    /// 0 shut, 1 open.
    package static let valvePositionCommand = "valve_position_command"
    /// 1 where the unit's rope or pan is wet.
    package static let leakDetected = "leak_detected"

    // Facility water.

    /// To CDUs and air handlers, behind the cooling plant.
    package static let facilityWaterSupplyTemperature = "facility_water_supply_temperature"
    /// Mixed return, before the economizer exchanger and behind heat recovery.
    package static let facilityWaterReturnTemperature = "facility_water_return_temperature"
    /// Return of all CDUs, before heat recovery.
    package static let coolantBranchReturnTemperature = "coolant_branch_return_temperature"
    /// Facility water behind the economizer exchanger.
    package static let economizerLeavingTemperature = "economizer_leaving_temperature"
    /// Across the loads of a loop.
    package static let differentialPressure = "differential_pressure"
    /// 0...1 of full speed.
    package static let pumpSpeedCommand = "pump_speed_command"
    /// 0...1 of full speed.
    package static let pumpSpeedFeedback = "pump_speed_feedback"

    // Chillers.

    /// 1 asks the machine to run.
    package static let enableCommand = "enable_command"
    /// 1 where the machine proves that it runs.
    package static let runStatus = "run_status"
    /// 1 where the machine has locked out.
    package static let faultStatus = "fault_status"
    /// Leaving water the machine holds.
    package static let chilledWaterSetpoint = "chilled_water_setpoint"
    /// Leaving the evaporator.
    package static let chilledWaterSupplyTemperature = "chilled_water_supply_temperature"
    /// Entering the evaporator.
    package static let chilledWaterReturnTemperature = "chilled_water_return_temperature"
    /// Entering the condenser.
    package static let condenserWaterEnteringTemperature = "condenser_water_entering_temperature"
    /// Leaving the condenser.
    package static let condenserWaterLeavingTemperature = "condenser_water_leaving_temperature"
    /// Part load as the machine reports it.
    package static let loadRatio = "load_ratio"
    /// Running total of starts.
    package static let compressorStarts = "compressor_starts"
    /// Running total of run time.
    package static let runHours = "run_hours"

    // Condenser water and towers.

    /// From the basins to chillers and economizer.
    package static let condenserWaterSupplyTemperature = "condenser_water_supply_temperature"
    /// Back to the towers.
    package static let condenserWaterReturnTemperature = "condenser_water_return_temperature"
    /// Condenser water loop.
    package static let condenserWaterVolumeFlow = "condenser_water_volume_flow"
    /// 0 off, else 0...1 of full speed.
    package static let fanSpeedCommand = "fan_speed_command"
    /// Water in a tower's basin.
    package static let basinTemperature = "basin_temperature"
    /// Running total of a water meter.
    package static let waterVolume = "water_volume"
    /// Flow through a meter.
    package static let volumeFlow = "volume_flow"

    // Dry coolers, ambient water, outdoor air.

    /// Water entering a dry cooler or the exchanger on ambient water.
    package static let enteringWaterTemperature = "entering_water_temperature"
    /// Water leaving a dry cooler or the exchanger on ambient water, behind its bypass.
    package static let leavingWaterTemperature = "leaving_water_temperature"
    /// What the machine's own controller holds.
    package static let leavingWaterTemperatureSetpoint = "leaving_water_temperature_setpoint"
    /// 1 where water is asked for on the pads.
    package static let padWettingStatus = "pad_wetting_status"
    /// Lake, river or sea water at the intake.
    package static let intakeWaterTemperature = "intake_water_temperature"
    /// Water at the outfall.
    package static let dischargeWaterTemperature = "discharge_water_temperature"
    /// Ambient water drawn.
    package static let intakeWaterVolumeFlow = "intake_water_volume_flow"
    /// 1 where the permit of the outfall holds heat back.
    package static let dischargeLimitStatus = "discharge_limit_status"
    /// Air behind the dampers of an outdoor-air handler.
    package static let mixedAirTemperature = "mixed_air_temperature"
    /// Outdoor damper: 0 shut, 1 open.
    package static let damperPositionFeedback = "damper_position_feedback"
    /// What dust costs in the filters of an air handler.
    package static let filterDifferentialPressure = "filter_differential_pressure"

    // Heat export.

    /// Recovery loop water leaving the recovery exchanger toward the heat pumps.
    package static let recoveryEnteringTemperature = "recovery_entering_temperature"
    /// Recovery loop water coming back from the heat pumps.
    package static let recoveryLeavingTemperature = "recovery_leaving_temperature"
    /// Recovery loop.
    package static let recoveryVolumeFlow = "recovery_volume_flow"
    /// Water a heat pump delivers.
    package static let sinkSupplyTemperature = "sink_supply_temperature"
    /// Water a heat pump receives.
    package static let sinkReturnTemperature = "sink_return_temperature"
    /// Delivery temperature a heat pump holds.
    package static let sinkSupplySetpoint = "sink_supply_setpoint"
    /// 0...1 of a heat pump's capacity.
    package static let capacityCommand = "capacity_command"
    /// 0...1 of a heat pump's capacity.
    package static let capacityFeedback = "capacity_feedback"
    /// Heat through a meter or a machine.
    package static let thermalPower = "thermal_power"
    /// Running total of a heat meter.
    package static let heatEnergy = "heat_energy"
    /// 1 where the network takes heat.
    package static let heatExportPermit = "heat_export_permit"
    /// Delivery temperature the network asks for.
    package static let districtSupplyRequired = "district_supply_required"
    /// Water from the network.
    package static let districtReturnTemperature = "district_return_temperature"
    /// Water through the hand-off.
    package static let districtVolumeFlow = "district_volume_flow"

    /// The base unit each canonical point must have, in the order of this file.
    package static let units: [(name: String, unit: PointUnit)] = [
        (activePower, .watts),
        (activeEnergyImport, .joules),
        (activeEnergyExport, .joules),
        (powerFactor, .ratio),
        (frequency, .hertz),
        (voltage, .volts),
        (current, .amperes),
        (outputPower, .watts),
        (outdoorDryBulbTemperature, .celsius),
        (outdoorRelativeHumidity, .ratio),
        (outdoorAirPressure, .pascals),
        (outdoorDewPointTemperature, .celsius),
        (inletAirTemperature, .celsius),
        (hallDewPointTemperature, .celsius),
        (supplyAirTemperature, .celsius),
        (returnAirTemperature, .celsius),
        (supplyAirTemperatureSetpoint, .celsius),
        (fanSpeedFeedback, .ratio),
        (coolantSupplyTemperature, .celsius),
        (coolantReturnTemperature, .celsius),
        (coolantVolumeFlow, .cubicMetersPerSecond),
        (coolantSupplyTemperatureSetpoint, .celsius),
        (facilityWaterEnteringTemperature, .celsius),
        (facilityWaterLeavingTemperature, .celsius),
        (facilityWaterVolumeFlow, .cubicMetersPerSecond),
        (valvePositionFeedback, .ratio),
        (valvePositionCommand, .ratio),
        (leakDetected, .boolean),
        (facilityWaterSupplyTemperature, .celsius),
        (facilityWaterReturnTemperature, .celsius),
        (coolantBranchReturnTemperature, .celsius),
        (economizerLeavingTemperature, .celsius),
        (differentialPressure, .pascals),
        (pumpSpeedCommand, .ratio),
        (pumpSpeedFeedback, .ratio),
        (enableCommand, .boolean),
        (runStatus, .boolean),
        (faultStatus, .boolean),
        (chilledWaterSetpoint, .celsius),
        (chilledWaterSupplyTemperature, .celsius),
        (chilledWaterReturnTemperature, .celsius),
        (condenserWaterEnteringTemperature, .celsius),
        (condenserWaterLeavingTemperature, .celsius),
        (loadRatio, .ratio),
        (compressorStarts, .count),
        (runHours, .seconds),
        (condenserWaterSupplyTemperature, .celsius),
        (condenserWaterReturnTemperature, .celsius),
        (condenserWaterVolumeFlow, .cubicMetersPerSecond),
        (fanSpeedCommand, .ratio),
        (basinTemperature, .celsius),
        (waterVolume, .cubicMeters),
        (volumeFlow, .cubicMetersPerSecond),
        (enteringWaterTemperature, .celsius),
        (leavingWaterTemperature, .celsius),
        (leavingWaterTemperatureSetpoint, .celsius),
        (padWettingStatus, .boolean),
        (intakeWaterTemperature, .celsius),
        (dischargeWaterTemperature, .celsius),
        (intakeWaterVolumeFlow, .cubicMetersPerSecond),
        (dischargeLimitStatus, .boolean),
        (mixedAirTemperature, .celsius),
        (damperPositionFeedback, .ratio),
        (filterDifferentialPressure, .pascals),
        (recoveryEnteringTemperature, .celsius),
        (recoveryLeavingTemperature, .celsius),
        (recoveryVolumeFlow, .cubicMetersPerSecond),
        (sinkSupplyTemperature, .celsius),
        (sinkReturnTemperature, .celsius),
        (sinkSupplySetpoint, .celsius),
        (capacityCommand, .ratio),
        (capacityFeedback, .ratio),
        (thermalPower, .watts),
        (heatEnergy, .joules),
        (heatExportPermit, .boolean),
        (districtSupplyRequired, .celsius),
        (districtReturnTemperature, .celsius),
        (districtVolumeFlow, .cubicMetersPerSecond),
    ]
}
