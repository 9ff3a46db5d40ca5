// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// The sections that say how the plant is put together and what is measured where.
extension SiteDecoder {
    var rack: Rule<RackDescription> {
        .mapping("a rack") { [rackNames, problems] fields in
            let id = fields.required("id", rackNames.definition)
            let hall = fields.optional("hall", .identifier, default: "hall-1")
            let power = fields.required("power", .quantity(.watts, 1...10e6, example: "132 kW"))
            let ratio = SourceUnit("ratio", .ratio)
            let liquid = fields.optional("liquid_share", .quantity(.ratio, 0...1, example: "87 %", bare: ratio))
            let unit = fields.optional("coolant_distribution_unit", .identifier)
            let tank = fields.optional("immersion_tank", .identifier)
            if unit != nil, tank != nil {
                problems.error(
                    fields.place(of: "immersion_tank"),
                    "a rack hangs in an immersion tank or stands behind a CDU; keep 'immersion_tank' or "
                        + "'coolant_distribution_unit'"
                )
            }
            guard let id, let power else { return nil }
            var rack = RackDescription(
                id: id,
                hall: hall,
                nominalPower: Power(watts: power),
                // In a tank everything gives its heat to the fluid.
                liquidShare: tank == nil ? RackDescription.usualLiquidShare : .full,
                coolantDistributionUnit: unit,
                immersionTank: tank
            )
            if let liquid { rack.liquidShare = Ratio(fraction: liquid) }
            return rack
        }
    }

    var meter: Rule<MeterDescription> {
        .mapping("a meter") { [self] fields in
            let device = fields.required("device", deviceNames.reference)
            let place = fields.required("place", Rule<MeterPlace>.word)
            let carrier = fields.required("carrier", Rule<EnergyCarrier>.word)
            let rated: Double? =
                if carrier == .water {
                    fields.required("rated", .quantity(.cubicMetersPerSecond, 1e-7...100, example: "40 m3/h"))
                } else {
                    fields.required("rated", .quantity(.watts, 1...10e9, example: "12 MW"))
                }
            let sign = fields.optional(
                "sign",
                Rule<Int>.integer(-1...1).check {
                    $0 == 0 ? "is 0; write 1 to add the meter or -1 to subtract it" : nil
                },
                default: 1
            )
            guard let device, let place, let carrier else { return nil }
            checkCounter(of: device, carrier: carrier, at: fields.place(of: "device"))
            guard let rated else { return nil }
            return MeterDescription(device: device, place: place, carrier: carrier, ratedRate: rated, sign: sign)
        }
    }

    /// The point whose total a meter of this carrier is read from.
    static func counterPoint(of carrier: EnergyCarrier) -> String {
        switch carrier {
        case .electricity: "active_energy_import"
        case .heat, .districtCooling: "heat_energy"
        case .water: "water_volume"
        case .naturalGas, .diesel: "fuel_energy"
        }
    }

    private func checkCounter(of device: String, carrier: EnergyCarrier, at place: Place) {
        guard let map = map(ofDevice: device) else { return }
        let name = Self.counterPoint(of: carrier)
        guard let point = map.point(named: name) else {
            problems.error(
                place,
                "device '\(device)' cannot meter \(carrier.rawValue): its map \(map.name) has no point '\(name)'"
            )
            return
        }
        let base: PointUnit = carrier == .water ? .cubicMeters : .joules
        if point.counter == nil || point.baseUnit != base {
            problems.error(
                place,
                "device '\(device)' cannot meter \(carrier.rawValue): point '\(name)' of map \(map.name) is no running "
                    + "total in \(base.rawValue); give it 'counter' in the map"
            )
        }
    }

    var loop: Rule<LoopDescription> {
        .mapping("a loop") { [self] fields in
            let id = fields.required("id", loopNames.definition)
            let kind = fields.required("kind", Rule<LoopKind>.word)
            let parameters = fields.optional(
                "parameters",
                .entries(atMost: 200) { [self] name, place -> Rule<LoopParameter> in
                    if let id { parameterPlaces["\(id) \(name)"] = place }
                    return Rule<Double>.number().map { LoopParameter(name: name, value: $0) }
                },
                default: []
            )
            guard let id, let kind else { return nil }
            return LoopDescription(id: id, kind: kind, parameters: parameters)
        }
    }
}
