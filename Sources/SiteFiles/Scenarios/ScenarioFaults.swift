// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// One entry of a scenario's faults: of devices, or of the plant behind them.
enum FaultEntry {
    case device(FaultEvent)
    case plant(PlantFaultEvent)
}

extension ScenarioFile {
    /// What a fault is, before its time and its place are known.
    private enum Kind {
        case device(DeviceFault)
        case plant(PlantFault)
    }

    /// What the keys of a fault name.
    private struct Kinds {
        var found: [Kind] = []
        /// Every key that names a fault, and those of them that are there.
        var names: [String] = []
        var given: [String] = []
    }

    static func fault(_ start: Timestamp?) -> Rule<FaultEntry> {
        Rule<FaultEntry>.mapping("a fault") { fields in
            let after = when(fields, start)
            let lasts = fields.optional("for", Rule<Duration>.duration(.zero...longest, example: "5 min"))
            let selector = selector(fields)
            let equipment = fields.optional("equipment", glob)
            let share = fields.optional("share", Rule<Ratio>.share(0...1))
            let kinds = kinds(fields, share: share ?? Ratio(fraction: 1))
            guard kinds.given.count == 1 else {
                fields.problems.error(
                    fields.place,
                    "a fault needs exactly one of \(kinds.names.joined(separator: ", ")); write one entry for each"
                )
                return nil
            }
            guard let kind = kinds.found.first, let after else { return nil }
            let origin = origin(fields)
            switch kind {
            case .device(let fault):
                guard mayHave(share: share, equipment: equipment, fault, fields) else { return nil }
                var lasts = lasts
                if case .restart(let away, _) = fault { lasts = away }
                return .device(
                    FaultEvent(after: after, lasts: lasts, selector: selector, fault: fault, origin: origin)
                )
            case .plant(let fault):
                guard isOnEquipment(equipment, fault, share: share, fields) else { return nil }
                return .plant(
                    PlantFaultEvent(
                        after: after,
                        lasts: lasts,
                        equipment: equipment ?? .all,
                        fault: fault,
                        origin: origin
                    )
                )
            }
        }
    }

    static func origin(_ fields: Fields) -> String {
        "\(fields.place.file):\(fields.place.line):\(fields.place.column)"
    }

    private static func mayHave(
        share: Ratio?,
        equipment: PointGlob?,
        _ fault: DeviceFault,
        _ fields: Fields
    ) -> Bool {
        if share != nil {
            guard case .reply = fault else {
                fields.problems.error(fields.place(of: "share"), "'share' goes with faults of single replies only")
                return false
            }
        }
        if case .restart = fault, fields.has("for") {
            fields.problems.error(fields.place(of: "for"), "'for' does not go with 'restart'; it has 'away'")
            return false
        }
        guard equipment == nil else {
            fields.problems.error(
                fields.place(of: "equipment"),
                "'equipment' goes with faults of the plant; this one is on devices, give devices or endpoints"
            )
            return false
        }
        return true
    }

    private static func isOnEquipment(
        _ equipment: PointGlob?,
        _ fault: PlantFault,
        share: Ratio?,
        _ fields: Fields
    ) -> Bool {
        for key in ["devices", "endpoints", "units", "points", "share"] where fields.has(key) {
            fields.problems.error(
                fields.place(of: key),
                "'\(key)' goes with faults of devices; this one is on the plant, give equipment"
            )
            return false
        }
        if case .utilityLost = fault {
            guard equipment == nil else {
                fields.problems.error(fields.place(of: "equipment"), "'equipment' does not go with 'utility_lost'")
                return false
            }
            return true
        }
        guard equipment != nil else {
            fields.problems.error(fields.place, "a fault of the plant needs 'equipment'; add it")
            return false
        }
        return true
    }

    static var glob: Rule<PointGlob> { Rule<String>.text(upTo: PointGlob.maximumLength).map(PointGlob.init) }

    private static func selector(_ fields: Fields) -> FaultSelector {
        let units = Rule<[Int]>.list(of: .integer(0...255), named: "a unit id", atMost: 256, asWhole: true)
        return FaultSelector(
            devices: fields.optional("devices", glob, default: .all),
            endpoints: fields.optional("endpoints", glob, default: .all),
            units: fields.optional("units", units).map { Set($0.map { UInt8(truncatingIfNeeded: $0) }) },
            points: fields.optional("points", glob, default: .all)
        )
    }

    /// Every fault that is given, with all keys that name one.
    private static func kinds(_ fields: Fields, share: Ratio) -> Kinds {
        var kinds = Kinds()
        func take<Value>(_ key: String, _ rule: Rule<Value>, _ kind: (Value) -> Kind) {
            kinds.names.append(key)
            if let value = fields.optional(key, rule) { kinds.found.append(kind(value)) }
        }
        func device<Value>(_ key: String, _ rule: Rule<Value>, _ fault: (Value) -> DeviceFault) {
            take(key, rule) { .device(fault($0)) }
        }
        func plant<Value>(_ key: String, _ rule: Rule<Value>, _ fault: (Value) -> PlantFault) {
            take(key, rule) { .plant(fault($0)) }
        }
        let wallTime = Rule<Duration>.duration(.milliseconds(1)...(.seconds(600)), example: "200 ms")
        device("latency", Rule<LatencyProfile>.word) { .latency($0) }
        for (key, fault) in flags { device(key, onlyTrue) { _ in .reply(fault, share: share) } }
        device("drip", wallTime) { .reply(.drip($0), share: share) }
        device("late", wallTime) { .reply(.late($0), share: share) }
        device("exception", Rule<Int>.integer(1...255)) {
            .reply(.exception(UInt8(truncatingIfNeeded: $0)), share: share)
        }
        device("connection_limit", Rule<Int>.integer(0...65_535)) { .connectionLimit($0) }
        device("stuck", onlyTrue) { _ in .stuck }
        device("drift", Rule<Double>.number()) { .drift(perHour: $0) }
        device("bias", Rule<Double>.number()) { .bias($0) }
        device("noise", Rule<Double>.number(0...1e300)) { .noise(deviation: $0) }
        device("write_ignored", onlyTrue) { _ in .write(.ignored) }
        device("write_clamped", Rule<ClosedRange<Double>>.range(of: .number())) { .write(.clamped($0)) }
        device("write_slow", .duration(.zero...(.seconds(86_400)), example: "5 s")) { .write(.slow($0)) }
        device("local_panel", localPanel) { .write(.localPanel($0)) }
        device("worn_out_after", Rule<Int>.integer(0...1_000_000_000)) { .write(.wornOut(after: $0)) }
        device("watchdog", watchdog) { .watchdog($0) }
        device("restart", restart) { .restart(away: $0.away, value: $0.value) }
        plant("trip", onlyTrue) { _ in .trip }
        plant("unavailable", onlyTrue) { _ in .unavailable }
        plant("pumps_lost", Rule<Ratio>.share(0...1)) { .pumpLost($0) }
        plant("fan_stopped", onlyTrue) { _ in .fanStopped }
        plant("valve_stuck", stuckValve) { .valveStuck($0) }
        plant("fouling", Rule<Ratio>.share(0...1)) { .fouling($0) }
        plant("refuses_heat", onlyTrue) { _ in .refusesHeat }
        plant("utility_lost", utility) { .utilityLost(rideThrough: $0) }
        kinds.given = kinds.names.filter(fields.has)
        return kinds
    }

    /// Faults of single replies that are there or not.
    private static let flags: [(key: String, fault: ReplyFault)] = [
        ("black_hole", .blackHole), ("reset", .reset), ("close", .close), ("wrong_transaction", .wrongTransaction),
        ("wrong_unit", .wrongUnit), ("short_frame", .shortFrame), ("long_frame", .longFrame),
        ("cut_frame", .cutFrame), ("duplicate", .duplicate), ("word_swap", .wordSwap),
    ]

    /// `true` and nothing else: a fault that is not there is left out.
    static var onlyTrue: Rule<Bool> {
        Rule<Bool>.boolean.check { $0 ? nil : "is false; leave the key out where there is no such fault" }
    }

    private static var localPanel: Rule<Double?> {
        Rule<Double?>.mapping("a local panel") { fields in .some(fields.optional("value", .number())) }
    }

    private static var stuckValve: Rule<Ratio?> {
        Rule<Ratio?>.mapping("a stuck valve") { fields in .some(fields.optional("position", Rule<Ratio>.share(0...1))) }
    }

    private static var restart: Rule<(away: Duration, value: Double?)> {
        Rule<(away: Duration, value: Double?)>.mapping("a restart") { fields in
            let away = fields.required("away", .duration(.seconds(1)...(.seconds(86_400)), example: "20 s"))
            let value = fields.optional("value", .number())
            return away.map { ($0, value) }
        }
    }

    private static var utility: Rule<Set<PlantFault.PowerGroup>> {
        Rule<Set<PlantFault.PowerGroup>>.mapping("a loss of the utility") { fields in
            let groups = Rule<[PlantFault.PowerGroup]>.list(
                of: .word,
                named: "a group of motors",
                atMost: PlantFault.PowerGroup.allCases.count,
                asWhole: true
            )
            return fields.required("ride_through", groups).map { Set($0) }
        }
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
