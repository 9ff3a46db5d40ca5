// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

extension ScenarioFile {
    /// A value with the unit it was given in.
    struct Measure {
        /// In the base unit.
        let value: Double
        let unit: PointUnit?
    }

    /// The keys that say what kind of expectation it is.
    private static let kindKeys = [
        "points", "alarms", "no_other_alarms", "starts", "loop", "automatic", "cooling", "safe_commands",
        "limited_racks",
    ]

    static func expectation(_ start: Timestamp?) -> Rule<Expectation> {
        Rule<Expectation>.mapping("an expectation") { fields in
            let from = fields.optional("from", span(from: .zero), default: .zero)
            let until = fields.optional("until", span(from: .zero))
            let given = kindKeys.filter(fields.has)
            guard given.count == 1 else {
                let keys = kindKeys.joined(separator: ", ")
                fields.problems.error(fields.place, "an expectation needs exactly one of \(keys); write one for each")
                return nil
            }
            guard let kind = kind(fields) else { return nil }
            if let until, until <= from {
                fields.problems.error(fields.place(of: "until"), "'until' is not after 'from'; nothing would count")
                return nil
            }
            return Expectation(kind: kind, from: from, until: until, origin: origin(fields))
        }
    }

    private static func kind(_ fields: Fields) -> Expectation.Kind? {
        if fields.has("points") { return points(fields) }
        if fields.has("alarms") { return alarms(fields) }
        if fields.has("loop") { return loop(fields) }
        if fields.has("starts") {
            let machines = fields.required("starts", glob)
            let most = fields.required("at_most", Rule<Int>.integer(0...1_000))
            let per = fields.optional("per", span(from: .seconds(60)))
            guard let machines, let most else { return nil }
            return .starts(machines, atMost: most, per: per)
        }
        if fields.has("automatic") {
            let loops = fields.required("automatic", glob)
            let within = fields.optional("within", span(from: .zero), default: .zero)
            return loops.map { .automatic($0, within: within) }
        }
        if fields.has("cooling") {
            let ways = Rule<[Way]>.list(of: .word, named: "a way of cooling", atMost: 100, asWhole: true)
            return fields.required("cooling", ways).map { .cooling($0.map(\.rawValue)) }
        }
        if fields.has("limited_racks") {
            return fields.required("limited_racks", Rule<Int>.integer(0...100_000)).map { .limitedRacks(atMost: $0) }
        }
        if fields.has("safe_commands") {
            return fields.required("safe_commands", onlyTrue).map { _ in .safeCommands }
        }
        return fields.required("no_other_alarms", Rule<AlarmPriority>.word).map { .noOtherAlarms($0) }
    }

    /// How the heat may leave facility water.
    private enum Way: String, CaseIterable {
        case free
        case partial
        case mechanical
        case none
    }

    private static func points(_ fields: Fields) -> Expectation.Kind? {
        let points = fields.required("points", glob)
        let least = fields.optional("at_least", measure)
        let most = fields.optional("at_most", measure)
        let within = fields.optional("reached_within", span(from: .zero))
        let except = fields.optional("except_for", span(from: .zero), default: .zero)
        let excess = fields.optional("excess", Rule<Double>.number(0...1e9))
        guard least != nil || most != nil else {
            fields.problems.error(fields.place, "points need 'at_least', 'at_most' or both; add one")
            return nil
        }
        if within != nil, fields.has("except_for") || fields.has("excess") {
            fields.problems.error(
                fields.place(of: "reached_within"),
                "what is reached once has nothing outside; leave out 'except_for' and 'excess'"
            )
            return nil
        }
        let (low, high) = (least?.value ?? -.infinity, most?.value ?? .infinity)
        guard let points, low <= high else {
            if points != nil { fields.problems.error(fields.place(of: "at_least"), "'at_least' is above 'at_most'") }
            return nil
        }
        // An excess without a time limits how far outside times how long, and nothing else.
        let longest: Duration = excess != nil && !fields.has("except_for") ? Self.longest : except
        let limit = LimitExpectation(
            points: points,
            range: low...high,
            unit: least?.unit ?? most?.unit,
            exceptFor: longest,
            excess: excess
        )
        return within.map { .reaches(limit, within: $0) } ?? .limit(limit)
    }

    private static func alarms(_ fields: Fields) -> Expectation.Kind? {
        let alarms = fields.required("alarms", glob)
        let counts = Rule<Int>.integer(0...100_000)
        let exactly = fields.optional("count", counts)
        let least = fields.optional("at_least", counts)
        let most = fields.optional("at_most", counts)
        guard (exactly == nil) != (least == nil && most == nil) else {
            fields.problems.error(
                fields.place,
                "alarms need either 'count', or 'at_least' and 'at_most' or one of them"
            )
            return nil
        }
        let low = exactly ?? least ?? 0
        return alarms.map { .alarms($0, times: low...max(low, exactly ?? most ?? .max)) }
    }

    private static func loop(_ fields: Fields) -> Expectation.Kind? {
        let loop = fields.required("loop", .identifier)
        let state = Rule<String>.text(upTo: 64)
        let passes = fields.optional("passes", .list(of: state, named: "a state", atMost: 100, asWhole: true))
        let enters = fields.optional("enters", state)
        let within = fields.optional("within", span(from: .zero), default: longest)
        guard let loop else { return nil }
        guard (passes == nil) != (enters == nil) else {
            fields.problems.error(fields.place, "a loop needs either 'passes' or 'enters'; give one")
            return nil
        }
        return passes.map { .passes(loop: loop, states: $0) }
            ?? enters.map { .enters(loop: loop, state: $0, within: within) }
    }

    /// A quantity of any dimension in its base unit, or a number.
    private static var measure: Rule<Measure> {
        Rule<Measure> { node, key, problems in
            let expected = "a quantity such as '26 degC', or a number"
            guard let (text, _) = Rule<Measure>.scalar(node, key, expected: expected, problems) else { return nil }
            switch QuantityText(text) {
            case .quantity(let number, let unit): return Measure(value: unit.toBase(number), unit: unit.base)
            case .bareNumber(let number): return Measure(value: number, unit: nil)
            case .unknownUnit(let spelling):
                let hint = NearestName.hint(for: spelling, in: SourceUnit.all.map(\.spelling), called: "units")
                problems.error(node.place, "'\(key)' has the unknown unit '\(spelling.shortened)'; \(hint)")
            case .notAQuantity:
                problems.error(node.place, "'\(key)' must be a quantity such as '26 degC', but is \(node.kind)")
            }
            return nil
        }
    }
}
