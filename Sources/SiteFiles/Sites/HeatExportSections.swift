// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// The recovery exchanger, the heat pumps behind it, and the district substation.
extension SiteDecoder {
    var heatRecovery: Rule<HeatRecoveryDescription> {
        .mapping("'heat_recovery'") { [self] fields in
            let id = identifier(fields, standard: "heat-recovery")
            let heat = fields.required("design_heat", .power(example: "4 MW"))
            let flow = fields.required("design_flow", .flow(example: "100 L/s"))
            let approach = fields.optional("design_approach", .difference)
            let pumpPower = fields.optional("pump_power", .power(example: "15 kW"))
            guard let id, let heat, let flow else { return nil }
            var recovery = HeatRecoveryDescription(id: id, designHeat: heat, designFlow: flow)
            if let approach { recovery.designApproach = approach }
            if let pumpPower { recovery.pumpPower = pumpPower }
            return recovery
        }
    }

    var heatPump: Rule<HeatPumpDescription> {
        .mapping("a heat pump") { [self] fields in
            let id = fields.required("id", equipmentNames.definition)
            let capacity = fields.required("evaporator_capacity", .power(example: "2 MW"))
            let load = fields.optional("minimum_load", .share(0...0.9))
            let warmest = fields.optional("sink_maximum", .temperature(30...100, example: "88 degC"))
            guard let id, let capacity else { return nil }
            var pump = HeatPumpDescription(id: id, evaporatorCapacity: capacity)
            if let load { pump.minimumLoad = load }
            if let warmest { pump.sinkMaximum = warmest }
            return pump
        }
    }

    var districtHeating: Rule<DistrictHeatingDescription> {
        .mapping("'district_heating'") { [self] fields in
            let id = identifier(fields, standard: "district")
            let heat = fields.required("design_heat", .power(example: "6 MW"))
            let supply = fields.optional("supply_required", .temperature(30...120, example: "68 degC"))
            let coming = fields.optional("return_design", .temperature(10...80, example: "45 degC"))
            guard let id, let heat else { return nil }
            var district = DistrictHeatingDescription(id: id, designHeat: heat)
            if let supply { district.supplyRequired = supply }
            if let coming { district.returnDesign = coming }
            if district.returnDesign >= district.supplyRequired {
                problems.error(
                    fields.place(of: "supply_required"),
                    "the network's supply of \(NumberText.short(district.supplyRequired.celsius)) degC is not above "
                        + "its return of \(NumberText.short(district.returnDesign.celsius)) degC; correct one of them"
                )
            }
            return district
        }
    }
}
