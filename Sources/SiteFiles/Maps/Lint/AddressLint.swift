// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Where points stand: who shares registers, and what an address one off looks like.
struct AddressLint {
    let decoded: DecodedMap

    var findings: [LintFinding] { sharing + numbering + printedNumbers + oddOnesOut + wordOrders }

    // MARK: Shared registers

    private var sharing: [LintFinding] {
        let places = decoded.points.enumerated().filter { $0.element.point.isReadable }
            .sorted { ($0.element.point.address, $0.offset) < ($1.element.point.address, $1.offset) }
        var findings: [LintFinding] = []
        for (position, first) in places.enumerated() {
            let end = first.element.range.end
            for second in places[(position + 1)...] {
                guard Int(second.element.point.address) < end else { break }
                let pair =
                    first.offset < second.offset
                    ? (first.element, second.element)
                    : (second.element, first.element)
                if let finding = Self.clash(pair.0, pair.1) { findings.append(finding) }
            }
        }
        return findings
    }

    /// What is wrong with two points that share registers; reported at the one that stands later in the file.
    private static func clash(_ first: PlacedPoint, _ second: PlacedPoint) -> LintFinding? {
        let (one, other) = (first.point, second.point)
        guard first.ranges.contains(where: { range in second.ranges.contains { $0.overlaps(range) } }) else {
            return nil
        }
        let isPart = (one.type.partMask != nil, other.type.partMask != nil)
        if let mask = one.type.partMask, let otherMask = other.type.partMask, one.address == other.address {
            guard mask & otherMask != 0 else { return nil }
            return LintFinding(
                rule: .overlap,
                point: other.name,
                place: second.place,
                message: "point '\(other.name)' has bits of register \(other.address) that '\(one.name)' has too; "
                    + "correct one of them"
            )
        }
        // A whole word beside its own bits is two views of one thing.
        if isPart.0, other.baseUnit == .bitField || isPart.1 && one.baseUnit == .bitField { return nil }
        if isPart.1, one.baseUnit == .bitField { return nil }
        if first.range == second.range {
            return LintFinding(
                rule: .overlap,
                point: other.name,
                place: second.place,
                message: "point '\(other.name)' stands at address \(other.address) of \(other.table.rawValue), where "
                    + "'\(one.name)' stands already; correct one of them"
            )
        }
        return LintFinding(
            rule: .straddle,
            point: other.name,
            place: second.place,
            message: "point '\(other.name)' takes registers \(other.address)...\(second.range.end - 1), which cut into "
                + "'\(one.name)' at \(one.address)...\(first.range.end - 1); check addresses and types"
        )
    }

    // MARK: Bases

    private var numbering: [LintFinding] {
        guard decoded.node("numbering") == nil else { return [] }
        let message =
            "the map does not say how its document counts registers; "
            + "add 'numbering' (\(Numbering.allCases.map(\.rawValue).joined(separator: ", ")))"
        return [LintFinding(rule: .numbering, place: decoded.place, message: message)]
    }

    /// Printed numbers that look as if they named their table although the map takes them for addresses.
    private var printedNumbers: [LintFinding] {
        // Those of models count from wherever a device has them.
        guard decoded.map.sunSpec == nil else { return [] }
        let suspects = decoded.points.filter { entry in
            let address = Int(entry.point.address)
            switch entry.point.table {
            case .holdingRegister: return (40_001...49_999).contains(address)
            case .inputRegister: return (30_001...39_999).contains(address)
            case .coil, .discreteInput: return false
            }
        }
        guard let first = suspects.first else { return [] }
        let others = suspects.count > 1 ? ", as \(suspects.count - 1) others do" : ""
        return [
            LintFinding(
                rule: .addressBase,
                point: first.point.name,
                place: first.place(of: "address"),
                message: "address \(first.point.address) looks like a printed number that names its table\(others): "
                    + "\(first.point.address % 10_000 - 1) on the wire; correct it, or say why it is literal"
            )
        ]
    }

    /// A value of two or more registers at an odd address among even ones, or the other way round.
    private var oddOnesOut: [LintFinding] {
        RegisterTable.allCases.filter { !$0.holdsBits }.flatMap { table -> [LintFinding] in
            let values = decoded.points.filter { entry in
                let point = entry.point
                return point.table == table && point.isReadable && point.type.hasWordOrder
            }
            let odd = values.filter { $0.point.address % 2 == 1 }
            let minority = odd.count * 2 <= values.count ? odd : values.filter { $0.point.address % 2 == 0 }
            guard minority.count == 1, values.count >= 6, let entry = minority.first else { return [] }
            let message =
                "address \(entry.point.address) is \(entry.point.address % 2 == 1 ? "odd" : "even") where the "
                + "\(values.count - 1) other values of several registers stand at "
                + "\(entry.point.address % 2 == 1 ? "even" : "odd") ones; check that it is not one off"
            return [
                LintFinding(
                    rule: .addressBase,
                    point: entry.point.name,
                    place: entry.place(of: "address"),
                    message: message
                )
            ]
        }
    }

    // MARK: Word order

    private var wordOrders: [LintFinding] {
        decoded.points.filter { entry in
            entry.point.type.hasWordOrder && !entry.has("order")
        }.map { entry in
            LintFinding(
                rule: .order,
                point: entry.point.name,
                place: entry.place,
                message: "point '\(entry.point.name)' takes \(entry.point.type.registerCount) registers, but nothing "
                    + "says which comes first; add 'order' as the document has it"
            )
        }
    }
}

extension PlacedPoint {
    /// The registers, coils or discrete inputs of the point.
    var range: RegisterRange {
        RegisterRange(
            table: point.table,
            address: point.address,
            count: point.table.holdsBits ? 1 : point.type.registerCount
        )
    }

    /// The registers that are the point's own: those of its parts where others stand between them.
    var ranges: [RegisterRange] {
        guard case .combined(let parts) = point.type else { return [range] }
        return parts.map { part in
            RegisterRange(
                table: point.table,
                address: point.address + UInt16(part.offset),
                count: part.type.registerCount
            )
        }
    }
}

extension RegisterType {
    /// The bits of its register that a part of one has; nil for whole registers.
    var partMask: UInt16? {
        switch self {
        case .bit(let bit): 1 << UInt16(bit)
        case .bits(let low, let high): ((1 << UInt16(high - low + 1)) - 1) << UInt16(low)
        case .uint8(let half), .int8(let half): half == .high ? 0xFF00 : 0x00FF
        default: nil
        }
    }
}
