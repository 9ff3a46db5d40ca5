// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// What happens to the simulated world, `simulation: {events: [{after: 10 min, district_permit: true}]}`, and the
/// weather in which its district network takes heat.
extension SiteDecoder {
    static var simulationEvent: Rule<SimulationEvent> {
        simulationEvent { fields in
            fields.required("after", .duration(.zero...(.seconds(366 * 86_400)), example: "25 min"))
        }
    }

    /// An event whose time `when` takes from the keys of the entry.
    static func simulationEvent(_ when: @escaping (Fields) -> Duration?) -> Rule<SimulationEvent> {
        Rule<SimulationEvent>.mapping("an event") { fields in
            let after = when(fields)
            var kinds: [SimulationEvent.Kind] = []
            if let front = fields.optional("weather_front", weatherFront) { kinds.append(front) }
            if let permit = fields.optional("district_permit", .boolean) { kinds.append(.districtPermit(permit)) }
            if let step = fields.optional("load_step", loadStep) { kinds.append(step) }
            if let wave = fields.optional("heat_wave", heatWave) { kinds.append(wave) }
            let names = ["weather_front", "district_permit", "load_step", "heat_wave"]
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

    static var outdoorPermit: Rule<OutdoorPermit> {
        Rule<OutdoorPermit>.mapping("'district_permit'") { fields in
            let below = fields.required("below", .temperature(-30...40, example: "7 degC"))
            let hysteresis = fields.optional("hysteresis", .quantity(.kelvins, 0...10, example: "1 K"))
            guard let below else { return nil }
            return hysteresis.map { OutdoorPermit(below: below, hysteresis: TemperatureDifference(kelvins: $0)) }
                ?? OutdoorPermit(below: below)
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

    private static var heatWave: Rule<SimulationEvent.Kind> {
        let difference = Rule<Double>.quantity(.kelvins, 0...20, example: "5 K")
        let span = Rule<Duration>.duration(.zero...(.seconds(60 * 86_400)), example: "5 d")
        return Rule<SimulationEvent.Kind>.mapping("a heat wave") { fields in
            let dryBulb = fields.required("dry_bulb", difference)
            let wetBulb = fields.required("wet_bulb", difference)
            let lasting = fields.required("for", span)
            let ramp = fields.required("ramp", span)
            guard let dryBulb, let wetBulb, let lasting, let ramp else { return nil }
            return .heatWave(
                dryBulb: TemperatureDifference(kelvins: dryBulb),
                wetBulb: TemperatureDifference(kelvins: wetBulb),
                lasting: lasting,
                ramp: ramp
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
