// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// How the vendor's document numbers registers; lets a map's addresses be checked against the printed numbers.
enum Numbering: String, CaseIterable {
    /// The printed number is the wire address.
    case zeroBased = "zero_based"
    /// The printed number is one above the wire address.
    case oneBased = "one_based"
    /// Five digits, the first naming the table: 40001 is holding register 0.
    case modiconFive = "modicon_5"
    /// Six digits, the first naming the table: 400001 is holding register 0.
    case modiconSix = "modicon_6"

    /// The number the document prints for an address.
    func printed(_ address: UInt16, _ table: RegisterTable) -> Int {
        let prefix =
            switch table {
            case .coil: 0
            case .discreteInput: 1
            case .inputRegister: 3
            case .holdingRegister: 4
            }
        switch self {
        case .zeroBased: return Int(address)
        case .oneBased: return Int(address) + 1
        case .modiconFive: return prefix * 10_000 + Int(address) + 1
        case .modiconSix: return prefix * 100_000 + Int(address) + 1
        }
    }
}
