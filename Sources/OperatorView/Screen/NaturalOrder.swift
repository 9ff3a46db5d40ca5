// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Compares names as people count: `rack-2` before `rack-10`.
enum NaturalOrder {
    static func precedes(_ left: String, _ right: String) -> Bool {
        var left = Substring(left).utf8
        var right = Substring(right).utf8
        while let first = left.first, let second = right.first {
            if isDigit(first), isDigit(second) {
                let ordered = compare(number(&left), number(&right))
                if ordered != 0 { return ordered < 0 }
            } else {
                if first != second { return first < second }
                left = left.dropFirst()
                right = right.dropFirst()
            }
        }
        return left.isEmpty && !right.isEmpty
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    /// Takes the leading digits off, without leading zeros.
    private static func number(_ text: inout Substring.UTF8View) -> Substring.UTF8View {
        let digits = text.prefix(while: isDigit)
        text = text.dropFirst(digits.count)
        return digits.drop { $0 == 48 }
    }

    private static func compare(_ left: Substring.UTF8View, _ right: Substring.UTF8View) -> Int {
        if left.count != right.count { return left.count - right.count }
        for (first, second) in zip(left, right) where first != second { return first < second ? -1 : 1 }
        return 0
    }
}
