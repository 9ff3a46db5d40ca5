// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// A value in the unit and precision in which the field reads it: kW, L/s, °C, %.
///
/// The product carries base units everywhere; this is the one place of the terminal that leaves them. Power and
/// energy take the prefix their size asks for.
package struct DisplayValue: Hashable, Sendable {
    /// The digits, or `--` where there is no value.
    package let number: String
    /// The unit behind the digits; empty for a bare number, and where there is no value.
    package let unit: String

    package init(number: String, unit: String) {
        self.number = number
        self.unit = unit
    }

    /// Converts a value in a base unit; nil, infinity and NaN give `--`.
    package init(_ value: Double?, unit: PointUnit) {
        guard let value, value.isFinite else {
            self.init(number: DecimalText.missing, unit: "")
            return
        }
        self = Self.converted(value, unit)
    }

    /// Number and unit with a space between.
    package var text: String { unit.isEmpty ? number : "\(number) \(unit)" }

    private static func converted(_ value: Double, _ unit: PointUnit) -> DisplayValue {
        switch unit {
        case .celsius, .kelvins, .kilogramsPerSecond, .cubicMeters, .amperes, .metersPerSecond:
            fixed(value, 1, unit.symbol)
        case .volts, .revolutionsPerMinute, .degrees, .wattsPerSquareMeter: fixed(value, 0, unit.symbol)
        case .hertz: fixed(value, 2, unit.symbol)
        case .seconds: DisplayValue(number: span(seconds: value), unit: "")
        case .watts, .voltAmperes, .voltAmperesReactive: prefixed(value, unit.symbol)
        case .joules: energy(joules: value)
        case .cubicMetersPerSecond: fixed(value * 1_000, 1, "L/s")
        case .pascals: value.magnitude < 999.5 ? fixed(value, 0, "Pa") : fixed(value / 1_000, 1, "kPa")
        case .ratio: fixed(value * 100, 1, "%")
        case .joulesPerKilogram: fixed(value / 1_000, 1, "kJ/kg")
        case .euroPerJoule: fixed(value * 3.6e9, 1, "€/MWh")
        case .voltAmpereSeconds: fixed(value / 3.6e6, 1, "kVAh")
        case .voltAmpereReactiveSeconds: fixed(value / 3.6e6, 1, "kvarh")
        case .coulombs: fixed(value / 3_600, 1, "Ah")
        case .meters: fixed(value * 1_000, 1, "mm")
        case .lux, .decibels, .newtonMeters: fixed(value, 1, unit.symbol)
        case .kilogramsPerCubicMeter: fixed(value * 1_000, 1, "g/m³")
        case .count: DisplayValue(number: DecimalText.short(value, decimals: 3), unit: "")
        case .boolean: DisplayValue(number: value == 0 ? "off" : "on", unit: "")
        case .enumeration: DisplayValue(number: DecimalText.short(value, decimals: 3), unit: "")
        case .bitField: DisplayValue(number: hexadecimal(value), unit: "")
        }
    }

    /// Watts and their kin: no decimal below a kilo, one in kilo, two from mega on.
    ///
    /// The prefix follows the rounded number, so 999.96 kW reads 1.00 MW and not 1000.0 kW.
    private static func prefixed(_ value: Double, _ symbol: String) -> DisplayValue {
        switch value.magnitude {
        case ..<999.5: fixed(value, 0, symbol)
        case ..<999.95e3: fixed(value / 1e3, 1, "k\(symbol)")
        case ..<999.995e6: fixed(value / 1e6, 2, "M\(symbol)")
        default: fixed(value / 1e9, 2, "G\(symbol)")
        }
    }

    private static func energy(joules: Double) -> DisplayValue {
        let kilowattHours = joules / 3.6e6
        return switch kilowattHours.magnitude {
        case ..<999.95: fixed(kilowattHours, 1, "kWh")
        case ..<999.995e3: fixed(kilowattHours / 1e3, 2, "MWh")
        default: fixed(kilowattHours / 1e6, 2, "GWh")
        }
    }

    private static func fixed(_ value: Double, _ decimals: Int, _ unit: String) -> DisplayValue {
        DisplayValue(number: DecimalText.fixed(value, decimals: decimals), unit: unit)
    }

    private static func hexadecimal(_ value: Double) -> String {
        guard let bits = UInt64(exactly: value) else { return DecimalText.short(value, decimals: 3) }
        return "0x" + String(bits, radix: 16)
    }
}

extension DisplayValue {
    /// A span of time in its two largest units: `45s`, `4m10s`, `2h05m`, `3d04h`; a minus sign where negative.
    package static func span(seconds: Double) -> String {
        guard seconds.isFinite, seconds.magnitude < 1e12 else { return DecimalText.missing }
        let total = Int(seconds.magnitude.rounded(.down))
        let sign = seconds < 0 && total != 0 ? "-" : ""
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let text =
            switch total {
            case ..<60: "\(total)s"
            case ..<3_600: "\(total / 60)m\(padded(total % 60))s"
            case ..<86_400: "\(total / 3_600)h\(padded(total / 60 % 60))m"
            default: "\(total / 86_400)d\(padded(total / 3_600 % 24))h"
            }
        return sign + text
    }

    /// The span from one moment to another, `--` where it cannot be.
    package static func span(from start: Timestamp, to end: Timestamp) -> String {
        // A report may come from anywhere, and a difference of its extremes would trap.
        let (milliseconds, overflow) = end.milliseconds.subtractingReportingOverflow(start.milliseconds)
        return span(seconds: overflow ? .nan : Double(milliseconds) / 1_000)
    }

    /// The moment in UTC to the second, `2026-03-01 06:00:00 UTC`; `--` outside the years 0 to 9999.
    package static func moment(_ timestamp: Timestamp) -> String {
        let years: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999
        guard years.contains(timestamp.milliseconds) else { return DecimalText.missing }
        let second = timestamp.floored(to: .seconds(1)).iso8601
        return second.replacing("T", with: " ").replacing("Z", with: " UTC")
    }

    /// A key figure in the unit it is quoted in: PUE to three decimals, WUE in L/kWh, CUE in kg/kWh.
    package init(_ value: Double?, figure: KPIName) {
        guard let value, value.isFinite else {
            self.init(number: DecimalText.missing, unit: "")
            return
        }
        self =
            switch figure {
            case .pue, .erf, .ere, .ref: Self.fixed(value, 3, "")
            case .wue: Self.fixed(value * 3.6e9, 3, "L/kWh")
            case .cue: Self.fixed(value * 3.6e3, 3, "kg/kWh")
            case .cer: Self.fixed(value, 2, "")
            }
    }
}
