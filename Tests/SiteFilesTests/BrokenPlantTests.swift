// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Testing

/// Mistakes in the sections `plant` and `simulation: {events: ...}`.
struct BrokenPlantTests {
    static let cases: [BrokenFile] = [
        BrokenFile(
            name: "a rack names a CDU that is not there",
            text: BrokenSitesTests.head + """
                plant:
                  racks:
                    - {id: rack-1, power: 132 kW, coolant_distribution_unit: cdu-2}
                  coolant_distribution_units:
                    - {id: cdu-1, capacity: 1 MW, design_coolant_flow: 27 L/s, design_facility_water_flow: 20 L/s}
                  facility_water: {design_flow: 100 L/s, volume: 10 m3}
                """,
            problems: ["11:7: rack 'rack-1' names the CDU 'cdu-2', which is not there; did you mean 'cdu-1'?"]
        ),
        BrokenFile(
            name: "parts without what they feed",
            text: BrokenSitesTests.head + """
                plant:
                  chillers: [{id: chiller-1, capacity: 2300 kW}]
                  heat_pumps: [{id: heat-pump-1, evaporator_capacity: 2 MW}]
                """,
            problems: [
                "10:13: 'chillers' needs 'facility_water' in 'plant'; add it or remove 'chillers'",
                "10:13: 'chillers' needs 'condenser_water' in 'plant'",
                "11:15: 'heat_pumps' needs 'heat_recovery' in 'plant'",
                "11:15: 'heat_pumps' needs 'district_heating' in 'plant'",
            ]
        ),
        BrokenFile(
            name: "names, dimensions and words of equipment",
            text: BrokenSitesTests.head + """
                plant:
                  facility_water: {design_flow: 100 kW, volume: 10 m3, supply_setpoint: 30 degC}
                  coolant_distribution_units:
                    - {id: cdu-1, coolant: glycol, capacity: 1 MW, design_coolant_flow: 1 L/s,
                       design_facility_water_flow: 1 L/s}
                    - {id: cdu-1, approach: 4 degC, capacity: 1 MW, design_coolant_flow: 1 L/s,
                       design_facility_water_flow: 1 L/s}
                  cooling_tower: []
                racks: [{id: rack-1, power: 132 kW}]
                """,
            problems: [
                "10:33: 'design_flow' is in kW, which measures watts; use m3/s,",
                "12:28: 'coolant' cannot be 'glycol'; the words for 'coolant' are: water, propylene_glycol_25",
                "14:12: the piece of equipment 'cdu-1' was given before, at line 12",
                "14:29: 'approach' is in degC, which measures celsius; use K",
                "16:3: 'plant' has no key 'cooling_tower'; did you mean 'cooling_towers'?",
            ]
        ),
        BrokenFile(
            name: "limits the wrong way round, and a rack with the name of a chiller",
            text: BrokenSitesTests.head + """
                plant:
                  facility_water: {design_flow: 100 L/s, volume: 10 m3, supply_setpoint: 30 degC}
                  condenser_water: {id: rack-1, design_flow: 100 L/s, volume: 10 m3}
                  cooling_towers: [{id: tower-1, rated_heat: 1 MW, fan_power: 10 kW, cycles_of_concentration: 1}]
                  racks: [{id: rack-1, power: 132 kW}]
                """,
            problems: [
                "10:74: the supply setpoint of 30 degC is outside supply_minimum...supply_maximum, 15...26 degC",
                "12:95: 'cycles_of_concentration' is 1, outside 1.1...20",
                "13:11: the rack 'rack-1' has the name of a piece of equipment (line 11)",
            ]
        ),
        BrokenFile(
            name: "an air handler in a hall without racks",
            text: BrokenSitesTests.head + """
                plant:
                  facility_water: {design_flow: 100 L/s, volume: 10 m3}
                  air_handlers:
                    - {id: crah-1, hall: hall-9, capacity: 180 kW, design_air_flow: 10 m3/s, fan_power: 6 kW}
                racks: [{id: rack-1, power: 132 kW}]
                """,
            problems: ["12:12: no rack stands in hall 'hall-9' of air handler 'crah-1'; "]
        ),
        BrokenFile(
            name: "sensors",
            text: BrokenSitesTests.head + """
                simulation: {start: "2026-03-01T06:00:00Z", sensors: realistik}
                """,
            problems: ["9:54: 'sensors' cannot be 'realistik'; did you mean 'realistic'?"]
        ),
        BrokenFile(
            name: "a permit by weather",
            text: BrokenSitesTests.head + """
                simulation:
                  start: 2026-03-01T06:00:00Z
                  district_permit: {below: 70 degC, hysteresis: 12 K}
                """,
            problems: [
                "11:28: 'below' is 70 degC, outside -30...40", "11:49: 'hysteresis' is 12 K, outside 0...10",
            ]
        ),
        BrokenFile(
            name: "a permit without a temperature",
            text: BrokenSitesTests.head + """
                simulation: {start: "2026-03-01T06:00:00Z", district_permit: {hysteresis: 1 K}}
                """,
            problems: ["9:62: 'district_permit' needs 'below'; add it"]
        ),
        BrokenFile(
            name: "events",
            text: BrokenSitesTests.head + """
                simulation:
                  start: 2026-03-01T06:00:00Z
                  events:
                    - {after: 10, district_permit: true}
                    - {after: 10 min, district_permit: true, load_step: {to: 60 %, over: 1 min}}
                    - {after: 10 min}
                    - {after: 5 min, load_step: {to: 160 %}}
                    - {after: 5 min, weather_front: {dry_bulb: -9 degC, dew_point: -9 K, over: 20 min}}
                """,
            problems: [
                "12:15: 'after' is '10' without a unit; write it as '25 min'",
                "13:7: an event needs exactly one of weather_front, district_permit, load_step",
                "14:7: an event needs exactly one of weather_front, district_permit, load_step",
                "15:33: a load step needs 'over'; add it",
                "15:38: 'to' is 160 %, outside 0...1",
                "16:48: 'dry_bulb' is in degC, which measures celsius; use K",
            ]
        ),
    ]

    @Test(arguments: cases)
    func everyMistakeHasItsPlaceAndItsAdvice(broken: BrokenFile) throws {
        let lines = try Workbench.siteProblems(broken.text)
        #expect(lines.count == broken.problems.count, "\(lines.joined(separator: "\n"))")
        for (line, start) in zip(lines, broken.problems) { #expect(line.hasPrefix(start), "\(line)") }
    }
}
