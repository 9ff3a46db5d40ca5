// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A unit as a device map writes it, with the way to the base unit: `base = value * factor + offset`.
///
/// Factors are exact by definition (SI Brochure, 9th edition; 1 US gallon = 3.785411784 L; 1 psi = 6894.757293168 Pa).
package struct SourceUnit: Hashable, Sendable {
    /// The spelling in a device map: `kW`, `kWh`, `L/min`, `%`, `degF`.
    package let spelling: String
    /// The base unit that values are converted to.
    package let base: PointUnit
    /// What a value in this unit is multiplied with.
    package let factor: Double
    /// What is added after the multiplication; not zero for degrees Fahrenheit and kelvins only.
    package let offset: Double

    package init(_ spelling: String, _ base: PointUnit, _ factor: Double = 1, offset: Double = 0) {
        self.spelling = spelling
        self.base = base
        self.factor = factor
        self.offset = offset
    }

    /// Every spelling a device map may use, in the order the documentation lists them.
    package static let all: [SourceUnit] = [
        SourceUnit("degC", .celsius), SourceUnit("degF", .celsius, 5.0 / 9.0, offset: -160.0 / 9.0),
        SourceUnit("kelvin", .celsius, 1, offset: -273.15), SourceUnit("K", .kelvins),
        SourceUnit("W", .watts), SourceUnit("kW", .watts, 1e3), SourceUnit("MW", .watts, 1e6),
        SourceUnit("J", .joules), SourceUnit("Wh", .joules, 3_600), SourceUnit("kWh", .joules, 3.6e6),
        SourceUnit("MWh", .joules, 3.6e9), SourceUnit("MJ", .joules, 1e6), SourceUnit("GJ", .joules, 1e9),
        SourceUnit("VA", .voltAmperes), SourceUnit("kVA", .voltAmperes, 1e3),
        SourceUnit("var", .voltAmperesReactive), SourceUnit("kvar", .voltAmperesReactive, 1e3),
        SourceUnit("VAs", .voltAmpereSeconds), SourceUnit("VAh", .voltAmpereSeconds, 3_600),
        SourceUnit("kVAh", .voltAmpereSeconds, 3.6e6),
        SourceUnit("vars", .voltAmpereReactiveSeconds), SourceUnit("varh", .voltAmpereReactiveSeconds, 3_600),
        SourceUnit("kvarh", .voltAmpereReactiveSeconds, 3.6e6),
        SourceUnit("As", .coulombs), SourceUnit("Ah", .coulombs, 3_600),
        SourceUnit("m3/s", .cubicMetersPerSecond), SourceUnit("m3/h", .cubicMetersPerSecond, 1 / 3_600.0),
        SourceUnit("L/s", .cubicMetersPerSecond, 1e-3), SourceUnit("L/min", .cubicMetersPerSecond, 1 / 60_000.0),
        SourceUnit("L/h", .cubicMetersPerSecond, 1 / 3.6e6),
        SourceUnit("gpm", .cubicMetersPerSecond, 3.785411784e-3 / 60),
        SourceUnit("m3", .cubicMeters), SourceUnit("L", .cubicMeters, 1e-3), SourceUnit("mL", .cubicMeters, 1e-6),
        SourceUnit("kg/s", .kilogramsPerSecond),
        SourceUnit("Pa", .pascals), SourceUnit("hPa", .pascals, 100), SourceUnit("kPa", .pascals, 1e3),
        SourceUnit("MPa", .pascals, 1e6),
        SourceUnit("bar", .pascals, 1e5), SourceUnit("mbar", .pascals, 100),
        SourceUnit("psi", .pascals, 6_894.757293168),
        SourceUnit("ratio", .ratio), SourceUnit("%", .ratio, 0.01), SourceUnit("%RH", .ratio, 0.01),
        SourceUnit("ppm", .ratio, 1e-6),
        SourceUnit("Hz", .hertz),
        SourceUnit("V", .volts), SourceUnit("mV", .volts, 1e-3), SourceUnit("kV", .volts, 1e3),
        SourceUnit("A", .amperes), SourceUnit("mA", .amperes, 1e-3), SourceUnit("rpm", .revolutionsPerMinute),
        SourceUnit("s", .seconds), SourceUnit("ms", .seconds, 1e-3), SourceUnit("min", .seconds, 60),
        SourceUnit("h", .seconds, 3_600), SourceUnit("d", .seconds, 86_400),
        SourceUnit("deg", .degrees), SourceUnit("m/s", .metersPerSecond),
        SourceUnit("mm/h", .metersPerSecond, 1 / 3.6e6), SourceUnit("m", .meters), SourceUnit("mm", .meters, 1e-3),
        SourceUnit("lux", .lux), SourceUnit("dB", .decibels), SourceUnit("Nm", .newtonMeters),
        SourceUnit("kg/m3", .kilogramsPerCubicMeter), SourceUnit("g/m3", .kilogramsPerCubicMeter, 1e-3),
        SourceUnit("W/m2", .wattsPerSquareMeter),
        SourceUnit("J/kg", .joulesPerKilogram), SourceUnit("kJ/kg", .joulesPerKilogram, 1e3),
        SourceUnit("EUR/MWh", .euroPerJoule, 1 / 3.6e9),
        SourceUnit("count", .count), SourceUnit("boolean", .boolean), SourceUnit("enumeration", .enumeration),
        SourceUnit("bits", .bitField),
    ]

    /// The unit with this spelling, or nil.
    package static func named(_ spelling: String) -> SourceUnit? { all.first { $0.spelling == spelling } }

    /// A value in this unit expressed in the base unit.
    package func toBase(_ value: Double) -> Double { value * factor + offset }

    /// A value in the base unit expressed in this unit.
    package func fromBase(_ value: Double) -> Double { (value - offset) / factor }
}
