// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// A value that several registers add up to: `parts: [{address: 10601}, {address: 10602, factor: 1000}]`.
struct Parts {
    /// The address of the first register of all.
    let address: Int
    let type: RegisterType
    /// The printed numbers of the parts, for people; nil where none is given.
    let notation: String?

    /// One part as it is written.
    private struct Part {
        let address: Int
        let type: RegisterType
        let factor: Int
        let printed: String?
        let place: Place

        var end: Int { address + type.registerCount }
    }

    /// The rule for the key `parts`.
    ///
    /// - Parameters:
    ///   - type: What a part is that does not say it; nil where the point does not say it either.
    ///   - table: Where the parts stand; nil where that was wrong itself.
    ///   - numbering: How the vendor's document numbers registers, where the map says so.
    /// - Returns: A rule that reads the parts as the type they make, at the address of the first register.
    static func rule(type: RegisterType?, table: RegisterTable?, numbering: Numbering?) -> Rule<Parts> {
        let part = Rule<Part>.mapping("a part") { fields in
            let address = fields.required("address", .integer(0...65_535, "addresses on the wire, counted from 0"))
            let own = fields.optional("type", .registerType)
            let factor = fields.optional("factor", .integer(1...CombinedParts.maximumFactor, "factors"), default: 1)
            let printed = fields.optional("vendor_notation", .text(upTo: 60))
            let type = own ?? type ?? .unsigned(bits: 16)
            guard let address else { return nil }
            guard CombinedParts.types.contains(type) else {
                fields.problems.error(
                    fields.place(of: "type"),
                    "a part cannot be \(type.spelling); write type: uint16, int16, uint32 or int32"
                )
                return nil
            }
            if let table, let printed {
                Numbering.check(printed, address: address, table: table, numbering: numbering, fields: fields)
            }
            return Part(address: address, type: type, factor: factor, printed: printed, place: fields.place)
        }
        return Rule<Parts> { node, key, problems in
            let list = Rule<[Part]>.list(of: part, named: "parts", atMost: CombinedParts.maximumParts, asWhole: true)
            guard let parts = list.read(node, key, problems) else { return nil }
            return joined(parts, at: node.place, problems)
        }
    }

    private static func joined(_ parts: [Part], at place: Place, _ problems: ProblemCollector) -> Parts? {
        guard parts.count > 1, let first = parts.map(\.address).min(), let end = parts.map(\.end).max() else {
            problems.error(place, "'parts' has fewer than two; write 'address' and 'type' for a value of one")
            return nil
        }
        for (position, part) in parts.enumerated() {
            for other in parts[..<position] where part.address < other.end && other.address < part.end {
                problems.error(
                    part.place,
                    "the part at \(part.address) has a register that the part at \(other.address) has too; "
                        + "correct one of them"
                )
                return nil
            }
        }
        guard end - first <= CombinedParts.maximumRegisters else {
            problems.error(
                place,
                "the parts stand \(end - first) registers apart, so that one read cannot bring them at one time; "
                    + "\(CombinedParts.maximumRegisters) are the most"
            )
            return nil
        }
        let type = RegisterType.combined(
            parts.map { RegisterPart(offset: $0.address - first, type: $0.type, factor: $0.factor) }
        )
        let printed = parts.compactMap(\.printed)
        return Parts(
            address: first,
            type: type,
            notation: printed.isEmpty ? nil : "registers \(printed.joined(separator: ", "))"
        )
    }
}

/// What a codec can add up.
enum CombinedParts {
    static let types: [RegisterType] = [
        .unsigned(bits: 16), .signed(bits: 16), .unsigned(bits: 32), .signed(bits: 32),
    ]
    static let maximumParts = 4
    static let maximumRegisters = 64
    static let maximumFactor = 1_000_000_000_000_000
}
