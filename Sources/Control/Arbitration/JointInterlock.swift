// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// The conditions that commands must meet together; docs/SAFETY.md has the same table.
///
/// Hard interlocks stay in PLC and machines. These keep a supervisor from proposing what those would have to stop.
package enum JointInterlock: String, CaseIterable, Sendable, Codable {
    case facilityWaterFlowForChillers = "facility_water_flow_for_chillers"
    case condenserWaterFlowForChillers = "condenser_water_flow_for_chillers"
    case facilityWaterPumpKeepsRunning = "facility_water_pump_keeps_running"
    case condenserWaterPumpKeepsRunning = "condenser_water_pump_keeps_running"
    case rejectionPath = "rejection_path"
    case rejectionCapacity = "rejection_capacity"
    case condenserPumpAgainstShutValves = "condenser_pump_against_shut_valves"
    case towerFansForHeat = "tower_fans_for_heat"
    case recoveryFlowForHeatPumps = "recovery_flow_for_heat_pumps"

    /// What trips it.
    package var cause: String {
        switch self {
        case .facilityWaterFlowForChillers: "a chiller would start without proven facility water flow"
        case .condenserWaterFlowForChillers: "a chiller would start without proven condenser water flow"
        case .facilityWaterPumpKeepsRunning: "the facility water pump would stop while heat or a chiller needs it"
        case .condenserWaterPumpKeepsRunning: "the condenser water pump would stop while heat is rejected through it"
        case .rejectionPath: "all chillers would be off and the economizer shut while IT heat flows"
        case .rejectionCapacity: "cooling would be taken away without proof that the rest carries the heat"
        case .condenserPumpAgainstShutValves: "the condenser water pump would run against shut valves"
        case .towerFansForHeat: "all tower fans would be off while more heat arrives than natural draught takes"
        case .recoveryFlowForHeatPumps: "a heat pump would run without recovery flow"
        }
    }

    /// What is done instead where the last accepted values do not help.
    package var effect: String {
        switch self {
        case .facilityWaterFlowForChillers, .condenserWaterFlowForChillers: "the start waits for flow"
        case .facilityWaterPumpKeepsRunning, .condenserWaterPumpKeepsRunning: "the pump runs at full speed"
        case .rejectionPath: "the economizer opens and every chiller with flow is enabled"
        case .rejectionCapacity: "what runs stays on, and an open economizer stays open"
        case .condenserPumpAgainstShutValves: "the economizer valve opens"
        case .towerFansForHeat: "all fans run at full speed"
        case .recoveryFlowForHeatPumps: "the heat pumps stay off"
        }
    }

    /// The reason recorded with every point that the interlock moved.
    package var reason: Reason { Reason(code: rawValue, text: "\(cause); \(effect)") }
}
