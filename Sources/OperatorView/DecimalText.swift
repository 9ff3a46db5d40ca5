// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Numbers as text with a fixed count of decimals, the same on every platform and in every locale.
package enum DecimalText {
    /// The number with exactly `decimals` digits behind the point, rounded half away from zero.
    ///
    /// Infinity and NaN become `--`; a number too large for whole digits keeps its exponent. A value that rounds
    /// to zero has no sign.
    package static func fixed(_ value: Double, decimals: Int) -> String {
        guard value.isFinite else { return missing }
        var factor = 1
        let decimals = min(max(decimals, 0), 15)
        for _ in 0..<decimals { factor *= 10 }
        let scaled = (value.magnitude * Double(factor)).rounded(.toNearestOrAwayFromZero)
        guard scaled < 9e15 else { return value.description }
        let digits = Int(scaled)
        let sign = value < 0 && digits != 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(digits)" }
        let fraction = String(digits % factor)
        return "\(sign)\(digits / factor).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
    }

    /// The number with at most `decimals` digits behind the point and no trailing zeros: 60, 0.5, 12.25.
    package static func short(_ value: Double, decimals: Int) -> String {
        var text = fixed(value, decimals: decimals)
        guard value.isFinite, text.contains("."), !text.contains("e") else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// What stands where there is no value.
    package static let missing = "--"
}
