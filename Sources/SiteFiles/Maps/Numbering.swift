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

extension Numbering {
    /// Holds a number printed in the vendor's document against the address; texts that are no number are for people.
    static func check(
        _ printed: String,
        address: Int,
        table: RegisterTable,
        numbering: Numbering?,
        fields: Fields
    ) {
        guard let number = NumberText.integer(printed) else { return }
        guard let numbering else {
            fields.problems.error(
                fields.place(of: "vendor_notation"),
                "'vendor_notation' is a number, but the map does not say how its document counts; "
                    + "add 'numbering' (\(Numbering.allCases.map(\.rawValue).joined(separator: ", ")))"
            )
            return
        }
        let expected = numbering.printed(UInt16(address), table)
        if number != expected {
            fields.problems.error(
                fields.place(of: "vendor_notation"),
                "'vendor_notation' is \(printed), but address \(address) of table \(table.rawValue) is printed as "
                    + "\(expected) in \(numbering.rawValue) numbering; one of the two is wrong"
            )
        }
    }
}
