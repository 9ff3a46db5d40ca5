// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// What happens to the simulated world, `simulation: {events: [{after: 10 min, district_permit: true}]}`.
extension SiteDecoder {
    static var simulationEvent: Rule<SimulationEvent> {
        Rule<SimulationEvent>.mapping("an event") { fields in
            let after = fields.required("after", .duration(.zero...(.seconds(366 * 86_400)), example: "25 min"))
            var kinds: [SimulationEvent.Kind] = []
            if let front = fields.optional("weather_front", weatherFront) { kinds.append(front) }
            if let permit = fields.optional("district_permit", .boolean) { kinds.append(.districtPermit(permit)) }
            if let step = fields.optional("load_step", loadStep) { kinds.append(step) }
            let names = ["weather_front", "district_permit", "load_step"]
            guard names.count(where: fields.has) == 1 else {
                fields.problems.error(
                    fields.place,
                    "an event needs exactly one of \(names.joined(separator: ", ")); write one event for each"
                )
                return nil
            }
            guard let after, let kind = kinds.first else { return nil }
            return SimulationEvent(after: after, kind: kind)
        }
    }

    private static var weatherFront: Rule<SimulationEvent.Kind> {
        let difference = Rule<Double>.quantity(.kelvins, -40...40, example: "-9 K")
        return Rule<SimulationEvent.Kind>.mapping("a weather front") { fields in
            let dryBulb = fields.required("dry_bulb", difference)
            let dewPoint = fields.required("dew_point", difference)
            let over = fields.required("over", .duration(.zero...(.seconds(86_400)), example: "20 min"))
            guard let dryBulb, let dewPoint, let over else { return nil }
            return .weatherFront(
                dryBulb: TemperatureDifference(kelvins: dryBulb),
                dewPoint: TemperatureDifference(kelvins: dewPoint),
                over: over
            )
        }
    }

    private static var loadStep: Rule<SimulationEvent.Kind> {
        Rule<SimulationEvent.Kind>.mapping("a load step") { fields in
            let load = fields.required("to", Rule<Ratio>.share(0...1))
            let over = fields.required("over", .duration(.zero...(.seconds(86_400)), example: "10 min"))
            guard let load, let over else { return nil }
            return .loadStep(load, over: over)
        }
    }
}
