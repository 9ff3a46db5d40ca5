// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// How a point is written: `write: {range: [5, 25], feedback: active_setpoint}`.
enum Writes {
    struct Decoded {
        let behavior: WriteBehavior
        /// Where the feedback point is named, to check it once all points are known.
        let feedbackPlace: Place?
        let precondition: Precondition?
    }

    /// A condition as written: its range is in the unit of a point that may stand further down.
    struct Precondition {
        let point: Placed<String>
        let range: YAMLNode
    }

    static func rule(_ coding: Coding) -> Rule<Decoded> {
        .mapping("'write'") { decode($0, coding) }
    }

    private static func decode(_ fields: Fields, _ coding: Coding) -> Decoded? {
        let amount = Rule<Double>.amount(in: coding.unit)
        let settle = Rule<Duration>.duration(.milliseconds(10)...(.seconds(3_600)), example: "2 s")
        let lease = Rule<Duration>.duration(.seconds(1)...(.seconds(86_400)), example: "60 s")
        let isTruth = coding.type?.isTruthValue == true
        let written: ClosedRange<Double>? =
            isTruth && !fields.has("range") ? 0...1 : fields.required("range", .range(of: amount))
        let function = fields.optional("function", Rule<WriteFunction>.word)
        let address = fields.optional("address", .integer(0...65_535, "addresses on the wire"))
        let feedback = fields.optional("feedback", Rule<String>.pointName.placed)
        let precondition = fields.optional("precondition", condition("precondition"))
        let settled = fields.optional("settle", settle, default: .seconds(2))
        let followed = fields.optional("feedback_settle", settle)
        let leased = fields.optional("lease", lease)
        let home = fields.optional("home", amount)
        let restart = fields.optional("restart_value", amount)
        let isStored = fields.optional("stored", .boolean, default: false)
        guard let table = coding.table, let type = coding.type, let range = written else { return nil }
        guard let function = checkedFunction(function, coding, table: table, type: type, fields: fields) else {
            return nil
        }
        check(range, others: [home, restart].compactMap(\.self), coding: coding, fields: fields)
        let behavior = WriteBehavior(
            range: range,
            function: function,
            address: address.map { UInt16($0) },
            feedback: feedback?.value,
            settle: settled,
            feedbackSettle: followed,
            lease: leased,
            home: home,
            restartValue: restart,
            isStored: isStored
        )
        return Decoded(behavior: behavior, feedbackPlace: feedback?.place, precondition: precondition)
    }

    /// `{point: remote_status, range: [1, 1]}` at a key.
    static func condition(_ key: String) -> Rule<Precondition> {
        Rule<Precondition>.mapping("'\(key)'") { fields in
            let point = fields.required("point", Rule<String>.pointName.placed)
            let range = fields.required("range", Rule<YAMLNode> { node, _, _ in node })
            guard let point, let range else { return nil }
            return Precondition(point: point, range: range)
        }
    }

    private static func checkedFunction(
        _ written: WriteFunction?,
        _ coding: Coding,
        table: RegisterTable,
        type: RegisterType,
        fields: Fields
    ) -> WriteFunction? {
        let fitting: [WriteFunction] =
            switch table {
            case .coil: [.singleCoil, .multipleCoils]
            case .holdingRegister where type.isTruthValue: [.maskRegister, .singleRegister, .multipleRegisters]
            case .holdingRegister where type.registerCount > 1: [.multipleRegisters]
            case .holdingRegister: [.singleRegister, .multipleRegisters, .maskRegister]
            case .discreteInput, .inputRegister: []
            }
        let allowed = fitting.filter { coding.functions.isEmpty || coding.functions.contains($0.code) }
        guard let standard = allowed.first else {
            let codes = fitting.map { String($0.code) }.joined(separator: ", ")
            fields.problems.error(
                fields.place,
                fitting.isEmpty
                    ? "table \(table.rawValue) cannot be written; remove 'write' or correct the table"
                    : "'functions' lists none of the codes that write this point, \(codes); add one or remove 'write'"
            )
            return nil
        }
        guard let written else { return standard }
        guard allowed.contains(written) else {
            let words = allowed.map(\.rawValue).joined(separator: ", ")
            fields.problems.error(
                fields.place(of: "function"),
                "\(written.rawValue) cannot write type \(type.spelling) of table \(table.rawValue); use \(words)"
            )
            return nil
        }
        return written
    }

    private static func check(_ range: ClosedRange<Double>, others: [Double], coding: Coding, fields: Fields) {
        guard let unit = coding.unit, let type = coding.type else { return }
        guard let representable = coding.representable else { return }
        // A rounding step of slack: 5...25 degC of raw / 10 - 45 is exact only in decimal.
        let slack = abs(coding.scale * unit.factor) * 1e-6
        func fits(_ value: Double) -> Bool {
            value >= representable.lowerBound - slack && value <= representable.upperBound + slack
        }
        guard !([range.lowerBound, range.upperBound] + others).allSatisfy(fits) else { return }
        let low = NumberText.short(unit.fromBase(representable.lowerBound))
        let high = NumberText.short(unit.fromBase(representable.upperBound))
        fields.problems.error(
            fields.place(of: "range"),
            "the write range or home value does not fit type \(type.spelling), which holds \(low)...\(high) "
                + "\(unit.spelling) here; narrow it"
        )
    }
}
