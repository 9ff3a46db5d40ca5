// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

extension CoolantSupplyLoop {
    /// Adds what concerns a hall once, with the number of units it concerns, at the first of them.
    func addHallAlarms(_ result: CoolantSupply.Outputs, of index: Int, to alarms: inout [AlarmCondition]) {
        let hall = units[index].hall
        guard units.firstIndex(where: { $0.hall == hall }) == index else { return }
        let concerned = units.count { $0.hall == hall }
        let served = concerned == 1 ? units[index].sequence.id : "\(concerned) CDUs"
        let dewPoint = Wording.celsius(result.dewPoint)
        if !result.isDewPointKnown {
            alarms.append(
                AlarmCondition(
                    id: "\(hall)/dew_point_lost",
                    isPresent: true,
                    priority: .medium,
                    message: "The dew point of \(hall) is not known to \(served); \(dewPoint) is assumed",
                    response: "Restore the hall sensor: the coolant is kept warmer than it need be"
                )
            )
        }
        if result.isTooHumid {
            alarms.append(
                AlarmCondition(
                    id: "\(hall)/hall_too_humid",
                    isPresent: true,
                    priority: .high,
                    message: "The dew point of \(hall), \(dewPoint), leaves \(served) no temperature that IT may have",
                    response: "Dry the hall: coolant pipes will sweat"
                )
            )
        }
    }
}

extension CoolantSupplyLoop.Unit {
    /// Whether there is anything to raise of the unit; in almost every cycle there is not.
    func isAlarming(_ result: CoolantSupply.Outputs, _ image: ProcessImage) -> Bool {
        result.isTooWarm || result.isTooCold || (image[leak].usableValue.map { $0 >= 0.5 } ?? false)
    }

    /// Adds the alarm conditions that are present.
    func addAlarms(_ result: CoolantSupply.Outputs, _ image: ProcessImage, to alarms: inout [AlarmCondition]) {
        let id = sequence.id
        let parameters = sequence.parameters
        func add(
            _ name: String,
            _ priority: AlarmPriority,
            _ message: String,
            _ response: String,
            _ onDelay: Duration
        ) {
            alarms.append(
                AlarmCondition(
                    id: "\(id)/\(name)",
                    isPresent: true,
                    priority: priority,
                    message: message,
                    response: response,
                    onDelay: onDelay,
                    offDelay: .seconds(60)
                )
            )
        }
        if result.isTooWarm || result.isTooCold, pumpDwell.hasBeenOn(for: CoolantSupplyLoop.startSuppression) {
            let supplied = Wording.celsius(image[supply].usableValue)
            let held = Wording.celsius(image[setpoint].usableValue)
            let limit = Wording.kelvins(parameters.deviationLimit)
            if result.isTooWarm {
                add(
                    "supply_temperature_high",
                    .high,
                    "\(id) supplies \(supplied), setpoint \(held), limit +\(limit)",
                    "Check facility water supply, the unit's valve and its pumps; racks throttle when it stays",
                    parameters.deviationHold
                )
            }
            if result.isTooCold {
                add(
                    "supply_temperature_low",
                    .low,
                    "\(id) supplies \(supplied), setpoint \(held), limit -\(limit)",
                    "Check the unit's valve: it may be stuck open",
                    parameters.deviationHold
                )
            }
        }
        if let shown = image[leak].usableValue, shown >= 0.5 {
            let response = "Go there now; isolate the unit and move its racks' load"
            add("leak", .high, "\(id) reports a leak", response, .seconds(2))
        }
    }
}
