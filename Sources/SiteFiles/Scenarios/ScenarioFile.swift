// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

extension SiteFiles {
    /// Reads a scenario of device faults: `faults: [{after: 5 min, devices: "cdu-*", black_hole: true}]`.
    ///
    /// Whether its devices and points exist is for the one who runs it to say.
    package static func loadFaultScenario(path: String) -> Loaded<FaultScenario> {
        let problems = ProblemCollector()
        guard let root = YAMLFile.read(path, problems: problems) else {
            return Loaded(value: nil, problems: problems.sorted())
        }
        let scenario = ScenarioFile.scenario.read(root, "scenario", problems)
        return Loaded(value: scenario, problems: problems.sorted())
    }
}

/// The rules of a fault scenario.
enum ScenarioFile {
    /// Faults one scenario may have.
    private static let mostFaults = 1_000

    static var scenario: Rule<FaultScenario> {
        Rule<FaultScenario>.mapping("a scenario") { fields in
            let list = Rule<[FaultEvent]>.list(of: event, named: "a fault", atMost: mostFaults, asWhole: true)
            return fields.required("faults", list).map(FaultScenario.init(events:))
        }
    }

    static var event: Rule<FaultEvent> {
        Rule<FaultEvent>.mapping("a fault") { fields in
            let span = Rule<Duration>.duration(.zero...(.seconds(366 * 86_400)), example: "5 min")
            let after = fields.optional("after", span, default: .zero)
            let lasts = fields.optional("for", span)
            let selector = selector(fields)
            let share = fields.optional("share", Rule<Ratio>.share(0...1))
            let found = kinds(fields, share: share ?? Ratio(fraction: 1))
            guard found.given.count == 1 else {
                fields.problems.error(
                    fields.place,
                    "a fault needs exactly one of \(found.names.joined(separator: ", ")); write one entry for each"
                )
                return nil
            }
            guard let fault = found.faults.first else { return nil }
            if share != nil {
                guard case .reply = fault else {
                    fields.problems.error(fields.place(of: "share"), "'share' goes with faults of single replies only")
                    return nil
                }
            }
            let place = fields.place
            let origin = "\(place.file):\(place.line):\(place.column)"
            return FaultEvent(after: after, lasts: lasts, selector: selector, fault: fault, origin: origin)
        }
    }

    private static func selector(_ fields: Fields) -> FaultSelector {
        let glob = Rule<String>.text(upTo: PointGlob.maximumLength).map(PointGlob.init)
        let units = Rule<[Int]>.list(of: .integer(0...255), named: "a unit id", atMost: 256, asWhole: true)
        return FaultSelector(
            devices: fields.optional("devices", glob, default: .all),
            endpoints: fields.optional("endpoints", glob, default: .all),
            units: fields.optional("units", units).map { Set($0.map { UInt8(truncatingIfNeeded: $0) }) },
            points: fields.optional("points", glob, default: .all)
        )
    }

    /// Every fault that is given, all keys that name one, and those of them that are there.
    private static func kinds(
        _ fields: Fields,
        share: Ratio
    ) -> (faults: [DeviceFault], names: [String], given: [String]) {
        var faults: [DeviceFault] = []
        var names: [String] = []
        func take<Value>(_ key: String, _ rule: Rule<Value>, _ fault: (Value) -> DeviceFault) {
            names.append(key)
            if let value = fields.optional(key, rule) { faults.append(fault(value)) }
        }
        func flag(_ key: String, _ fault: DeviceFault) { take(key, onlyTrue) { _ in fault } }
        let wallTime = Rule<Duration>.duration(.milliseconds(1)...(.seconds(600)), example: "200 ms")
        take("latency", Rule<LatencyProfile>.word) { .latency($0) }
        flag("black_hole", .reply(.blackHole, share: share))
        flag("reset", .reply(.reset, share: share))
        flag("close", .reply(.close, share: share))
        take("drip", wallTime) { .reply(.drip($0), share: share) }
        take("late", wallTime) { .reply(.late($0), share: share) }
        flag("wrong_transaction", .reply(.wrongTransaction, share: share))
        flag("wrong_unit", .reply(.wrongUnit, share: share))
        flag("short_frame", .reply(.shortFrame, share: share))
        flag("long_frame", .reply(.longFrame, share: share))
        flag("cut_frame", .reply(.cutFrame, share: share))
        flag("duplicate", .reply(.duplicate, share: share))
        take("exception", Rule<Int>.integer(1...255)) {
            .reply(.exception(UInt8(truncatingIfNeeded: $0)), share: share)
        }
        flag("word_swap", .reply(.wordSwap, share: share))
        take("connection_limit", Rule<Int>.integer(0...65_535)) { .connectionLimit($0) }
        flag("stuck", .stuck)
        take("drift", Rule<Double>.number()) { .drift(perHour: $0) }
        flag("write_ignored", .write(.ignored))
        take("write_clamped", Rule<ClosedRange<Double>>.range(of: .number())) { .write(.clamped($0)) }
        take("write_slow", .duration(.zero...(.seconds(86_400)), example: "5 s")) { .write(.slow($0)) }
        take("local_panel", localPanel) { .write(.localPanel($0)) }
        take("worn_out_after", Rule<Int>.integer(0...1_000_000_000)) { .write(.wornOut(after: $0)) }
        take("watchdog", watchdog) { .watchdog($0) }
        return (faults, names, names.filter(fields.has))
    }

    /// `true` and nothing else: a fault that is not there is left out.
    private static var onlyTrue: Rule<Bool> {
        Rule<Bool>.boolean.check { $0 ? nil : "is false; leave the key out where there is no such fault" }
    }

    private static var localPanel: Rule<Double?> {
        Rule<Double?>.mapping("a local panel") { fields in .some(fields.optional("value", .number())) }
    }

    private static var watchdog: Rule<WatchdogFault> {
        Rule<WatchdogFault>.mapping("a watchdog") { fields in
            let action = fields.required("action", Rule<WatchdogFault.Action>.word)
            let period = fields.optional("period", .duration(.milliseconds(1)...(.seconds(86_400)), example: "2 min"))
            let alarm = fields.optional("alarm_point", .text(upTo: 64))
            guard let action else { return nil }
            return WatchdogFault(action: action, period: period, alarmPoint: alarm)
        }
    }
}
