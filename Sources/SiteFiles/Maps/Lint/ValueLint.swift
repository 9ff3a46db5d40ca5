// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// What the values of a map can be.
struct ValueLint {
    let decoded: DecodedMap

    var findings: [LintFinding] {
        decoded.points.flatMap { entry in
            [validRange(entry), nature(entry), scale(entry), counter(entry), labels(entry)].compactMap(\.self)
        } + identity + unproven + unprovenCodes
    }

    private func finding(_ rule: LintRule, _ entry: PlacedPoint, _ key: String, _ message: String) -> LintFinding {
        LintFinding(rule: rule, point: entry.point.name, place: entry.place(of: key), message: message)
    }

    private func text(_ value: Double, _ point: MapPoint) -> String {
        NumberText.short((point.unit.fromBase(value) * 1e6).rounded() / 1e6)
    }

    // MARK: Ranges

    /// A valid range that reaches beyond what the registers hold: most often a signed value taken for an unsigned one.
    private func validRange(_ entry: PlacedPoint) -> LintFinding? {
        let point = entry.point
        guard let valid = point.validRange, point.scaleFactorAddress == nil, point.type.rawRange != nil,
            let holds = RegisterCodec(point).representableRange
        else { return nil }
        let slack = (holds.upperBound - holds.lowerBound) * 1e-9
        if valid.lowerBound >= holds.lowerBound - slack, valid.upperBound <= holds.upperBound + slack { return nil }
        let bounds = "\(text(holds.lowerBound, point))...\(text(holds.upperBound, point)) \(point.unit.spelling)"
        let advice =
            valid.lowerBound < holds.lowerBound - slack
            ? "if values below it occur the type is signed" : "check type and scale"
        return finding(
            .validRange,
            entry,
            "valid_range",
            "'valid_range' goes beyond the \(bounds) that type \(point.type.spelling) holds here; narrow it, and "
                + advice
        )
    }

    /// Colder than nothing, or more than all.
    private func nature(_ entry: PlacedPoint) -> LintFinding? {
        guard let valid = entry.point.validRange else { return nil }
        let limits: ClosedRange<Double>? =
            switch entry.point.unit.spelling {
            case "degC", "degF", "kelvin": -273.15...6_000
            case "%RH": 0...1.2
            default: nil
            }
        guard let limits, valid.lowerBound < limits.lowerBound || valid.upperBound > limits.upperBound else {
            return nil
        }
        return finding(
            .validRange,
            entry,
            "valid_range",
            "'valid_range' allows values that cannot be: \(text(limits.lowerBound, entry.point)) to "
                + "\(text(limits.upperBound, entry.point)) \(entry.point.unit.spelling) is all there is; narrow it"
        )
    }

    // MARK: Scale

    /// The largest sensible step and the least sensible reach of a quantity, in the base unit.
    private static func sense(of unit: PointUnit) -> (step: Double, reach: Double)? {
        switch unit {
        case .celsius: (step: 2, reach: 20)
        case .kelvins: (step: 2, reach: 2)
        case .ratio: (step: 0.1, reach: 0.1)
        case .hertz: (step: 2, reach: 40)
        case .pascals: (step: 1e5, reach: 10)
        case .volts: (step: 1e3, reach: 0.1)
        default: nil
        }
    }

    private func scale(_ entry: PlacedPoint) -> LintFinding? {
        let point = entry.point
        guard let raw = point.type.rawRange, point.type.partMask == nil, point.scaleFactorAddress == nil,
            let sense = Self.sense(of: point.baseUnit), point.unit.spelling != "ppm"
        else { return nil }
        let step = abs(point.scale * point.unit.factor)
        let reach = step * max(abs(raw.lowerBound), abs(raw.upperBound))
        if let valid = point.validRange, step > (valid.upperBound - valid.lowerBound) / 4 {
            return finding(
                .scale,
                entry,
                "scale",
                "one step of the register is \(amount(step, point)), so 'valid_range' holds hardly more than one "
                    + "value; correct 'scale' or the range"
            )
        }
        if step > sense.step {
            return finding(
                .scale,
                entry,
                "scale",
                "one step of the register is \(amount(step, point)), which loses what the type resolves; check 'scale'"
            )
        }
        guard reach < sense.reach else { return nil }
        return finding(
            .scale,
            entry,
            "scale",
            "the largest value of the register is \(amount(reach, point)), too little for a real one; check 'scale'"
        )
    }

    /// A difference, in the point's own unit.
    private func amount(_ difference: Double, _ point: MapPoint) -> String {
        "\(NumberText.short((difference / point.unit.factor * 1e9).rounded() / 1e9)) \(point.unit.spelling)"
    }

    // MARK: Counters

    private static let endings = [
        "energy_import", "energy_export", "heat_energy", "cooling_energy", "heating_energy", "output_energy",
        "water_volume", "run_hours", "starts", "cycles", "apparent_energy",
    ]

    private func counter(_ entry: PlacedPoint) -> LintFinding? {
        let point = entry.point
        var stem = point.name
        for phase in ["_l1", "_l2", "_l3"] where stem.hasSuffix(phase) { stem.removeLast(phase.count) }
        guard let counter = point.counter else {
            guard Self.endings.contains(where: stem.hasSuffix) else { return nil }
            return finding(
                .counter,
                entry,
                "counter",
                "point '\(point.name)' is a running total by its name; add 'counter: true', or with a modulus where "
                    + "the document states one"
            )
        }
        guard point.type.hidesItsEnd, counter.rollover == nil,
            case .scalar? = entry.entries.first(where: { $0.key == "counter" })?.value.content
        else { return nil }
        return finding(
            .counter,
            entry,
            "counter",
            "a \(point.type.isCombined ? "total of several parts" : "signed total") does not tell where it starts "
                + "again; write 'counter: {modulus: never}', or the modulus"
        )
    }

    // MARK: Codes, identity, proof

    private func labels(_ entry: PlacedPoint) -> LintFinding? {
        guard let raw = entry.point.type.rawRange,
            let label = entry.point.labels.first(where: { !raw.contains(Double($0.code)) })
        else { return nil }
        return finding(
            .labels,
            entry,
            "labels",
            "the code \(label.code) does not fit type \(entry.point.type.spelling); correct one of them"
        )
    }

    private var identity: [LintFinding] {
        guard let probe = decoded.map.identity, let raw = probe.type.rawRange,
            let wrong = probe.accepted.first(where: { Double($0).map { !raw.contains($0) } ?? false }),
            let node = decoded.node("identity")
        else { return [] }
        let message = "'accept' lists \(wrong), which type \(probe.type.spelling) cannot hold; correct one of them"
        return [LintFinding(rule: .identity, place: node.place, message: message)]
    }

    /// Points of a coding that no vector proves; two that differ in nothing but name and address need one between them.
    private var unproven: [LintFinding] {
        func coding(_ point: MapPoint) -> String {
            "\(point.table) \(point.type) \(point.wordOrder) \(point.byteOrder) \(point.unit.spelling) \(point.scale) "
                + "\(point.offset) \(point.sentinels) \(point.scaleFactorAddress == nil) "
                + "\(point.powerFactor?.rawValue ?? "") \(point.scaleCodes.map { "\($0)" } ?? "")"
        }
        let layouts = decoded.map.sunSpec?.layouts ?? []
        guard decoded.node("golden") != nil || !layouts.isEmpty else { return [] }
        var proven = Set(decoded.map.goldenVectors.compactMap { decoded.map.point(named: $0.point).map(coding) })
        for layout in layouts {
            proven.formUnion(layout.goldenVectors.compactMap { layout.point(named: $0.point).map(coding) })
        }
        var reported: Set<String> = []
        return decoded.points.filter {
            !proven.contains(coding($0.point)) && reported.insert(coding($0.point)).inserted
        }
        .map { entry in
            LintFinding(
                rule: .golden,
                point: entry.point.name,
                place: entry.place,
                message: "no golden vector proves the coding of '\(entry.point.name)' "
                    + "(\(entry.point.type.spelling), x \(NumberText.short(entry.point.scale)) "
                    + "\(entry.point.unit.spelling)); work one out by hand"
            )
        }
    }

    /// Codes of a unit register that no vector proves, once for all points that are coded alike.
    private var unprovenCodes: [LintFinding] {
        var proven: [ScaleCodes: Set<UInt16>] = [:]
        let layouts = decoded.map.sunSpec?.layouts ?? []
        for vector in decoded.map.goldenVectors + layouts.flatMap(\.goldenVectors) {
            guard let codes = decoded.map.point(named: vector.point)?.scaleCodes, let word = vector.scaleFactorWord
            else {
                continue
            }
            proven[codes, default: []].insert(codes.code(word))
        }
        guard decoded.node("golden") != nil || !layouts.isEmpty else { return [] }
        var reported: Set<ScaleCodes> = []
        return decoded.points.compactMap { entry in
            guard let codes = entry.point.scaleCodes, reported.insert(codes).inserted,
                let missing = codes.cases.first(where: { proven[codes]?.contains($0.code) != true })
            else { return nil }
            return finding(
                .golden,
                entry,
                "coded_by",
                "no golden vector proves what code \(missing.code) makes of '\(entry.point.name)' "
                    + "(x \(NumberText.short(missing.scale)) \(missing.unit.spelling)); work one out by hand"
            )
        }
    }
}
