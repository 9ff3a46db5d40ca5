// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The four object tables of the Modbus data model (MODBUS Application Protocol V1.1b3, section 4.3).
package enum RegisterTable: String, CaseIterable, Sendable, Codable {
    case coil
    case discreteInput = "discrete_input"
    case inputRegister = "input_register"
    case holdingRegister = "holding_register"

    /// The function code that reads this table: 1, 2, 4 or 3.
    package var readFunction: UInt8 {
        switch self {
        case .coil: 1
        case .discreteInput: 2
        case .inputRegister: 4
        case .holdingRegister: 3
        }
    }

    /// Whether the table holds single bits rather than 16-bit words.
    package var holdsBits: Bool { self == .coil || self == .discreteInput }
}

/// How a value lies in its registers.
package enum RegisterType: Hashable, Sendable {
    /// One coil or discrete input.
    case bool
    /// One bit of a register, 0 the least significant.
    case bit(Int)
    /// An unsigned number in the bits `low` to `high` of a register, 0 the least significant.
    case bits(low: Int, high: Int)
    /// The high or low eight bits of a register.
    case uint8(ByteHalf)
    case int8(ByteHalf)
    /// An unsigned integer of 16, 24, 32, 48 or 64 bits; 24 bits take two registers.
    case unsigned(bits: Int)
    /// A two's complement integer of 16, 24, 32, 48 or 64 bits.
    case signed(bits: Int)
    /// An IEEE 754 number of 16, 32 or 64 bits.
    case float(bits: Int)
    /// Binary coded decimal over so many registers, four digits each.
    case binaryCodedDecimal(registers: Int)
    /// A number in base 10000, one digit group a register.
    case moduloTenThousand(registers: Int)
    /// Text of two characters a register, trimmed of zeros and blanks.
    case string(registers: Int)
    /// Text of one character a register, in one half of it; the other half is not looked at.
    case characters(registers: Int, ByteHalf)
    /// Numbers in so many bits each, the first in the highest bits, read as text with dots between: 1.2.34.
    case version(widths: [Int])
    /// Whole numbers in several places, each times a factor, added up: Wh, kWh and MWh in a register each.
    case combined([RegisterPart])

    /// How many registers the value takes; 1 for a coil or discrete input.
    package var registerCount: Int {
        switch self {
        case .bool, .bit, .bits, .uint8, .int8: 1
        case .unsigned(let bits), .signed(let bits), .float(let bits): (bits + 15) / 16
        case .binaryCodedDecimal(let registers), .moduloTenThousand(let registers), .string(let registers),
            .characters(let registers, _):
            registers
        case .version(let widths): (widths.reduce(0, +) + 15) / 16
        case .combined(let parts): parts.map { $0.offset + $0.type.registerCount }.max() ?? 0
        }
    }

    /// Whether the value is text, which no reading can hold.
    package var isText: Bool {
        switch self {
        case .string, .characters, .version: true
        default: false
        }
    }

    /// Whether it matters which word of several comes first.
    package var hasWordOrder: Bool {
        switch self {
        case .string, .characters, .version: false
        case .combined(let parts): parts.contains { $0.type.hasWordOrder }
        default: registerCount > 1
        }
    }
}

/// Which half of a register.
package enum ByteHalf: String, Sendable, Codable {
    case high
    case low
}

/// Which word of a value that takes several registers comes first.
package enum WordOrder: String, CaseIterable, Sendable, Codable {
    /// High word first: ABCD.
    case highFirst = "high_first"
    /// Low word first: CDAB.
    case lowFirst = "low_first"
}

/// Which byte of each register comes first; the standard says high.
package enum ByteOrder: String, CaseIterable, Sendable, Codable {
    case highFirst = "high_first"
    case lowFirst = "low_first"
}
