// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Testing

@Suite("Units")
struct UnitTests {
    @Test("no spelling stands twice, also when case is ignored within one base unit")
    func uniqueSpellings() {
        #expect(Set(SourceUnit.all.map(\.spelling)).count == SourceUnit.all.count)
        let folded = SourceUnit.all.map { "\($0.base) \($0.spelling.lowercased())" }
        // mW is no source unit, so W, kW and MW stay apart; K and kelvin have different bases.
        #expect(Set(folded).count == SourceUnit.all.count)
    }

    @Test("each spelling finds its unit", arguments: SourceUnit.all)
    func named(unit: SourceUnit) {
        #expect(SourceUnit.named(unit.spelling) == unit)
        #expect(unit.factor.isFinite && unit.factor > 0)
    }

    @Test("an unknown spelling finds none", arguments: ["", "kw", "KWh", "degc", " W", "°C"])
    func unknown(spelling: String) {
        #expect(SourceUnit.named(spelling) == nil)
    }

    @Test("values come back from the base unit", arguments: SourceUnit.all)
    func roundTrip(unit: SourceUnit) {
        for value in [-40, 0, 0.1, 1, 21.5, 12_345.678] {
            let back = unit.fromBase(unit.toBase(value))
            #expect(abs(back - value) <= 1e-12 * max(abs(value), 500), "\(value) \(unit.spelling)")
        }
    }

    @Test("every base unit has a source unit with factor 1", arguments: PointUnit.allCases)
    func identity(base: PointUnit) {
        // Euro per joule has no spelling of its own: prices come per megawatt hour.
        let identity = SourceUnit.all.filter { $0.base == base && $0.factor == 1 && $0.offset == 0 }
        #expect(identity.count == (base == .euroPerJoule ? 0 : 1))
    }

    /// Conversions from the definitions: SI Brochure, NIST SP 811 appendix B.
    @Test(
        "converts by definition",
        arguments: [
            ("degC", 21.5, 21.5), ("degF", 212, 100), ("degF", -40, -40), ("kelvin", 273.15, 0), ("K", 5, 5),
            ("kW", 1.5, 1_500), ("MW", 2, 2e6), ("Wh", 1, 3_600), ("kWh", 1, 3.6e6), ("MWh", 1, 3.6e9),
            ("GJ", 1, 1e9), ("m3/h", 3.6, 0.001), ("L/s", 1, 0.001), ("L/min", 60, 0.001), ("L/h", 3_600, 0.001),
            ("gpm", 1, 6.30901964e-5), ("L", 1, 0.001), ("mL", 1, 1e-6), ("hPa", 1_013.25, 101_325),
            ("kPa", 101.325, 101_325), ("bar", 1, 1e5), ("mbar", 1, 100), ("psi", 14.5037737730, 1e5),
            ("%", 50, 0.5), ("%RH", 50, 0.5), ("mV", 1, 0.001), ("kV", 1, 1_000), ("mA", 1, 0.001),
            ("ms", 1, 0.001), ("min", 1, 60), ("h", 1, 3_600), ("d", 1, 86_400), ("kVA", 1, 1_000),
            ("kvar", 1, 1_000), ("kJ/kg", 1, 1_000), ("EUR/MWh", 36, 1e-8),
            ("varh", 1, 3_600), ("kvarh", 1, 3.6e6), ("VAh", 1, 3_600), ("kVAh", 1, 3.6e6), ("Ah", 2, 7_200),
            ("MJ", 1, 1e6), ("MPa", 1, 1e6), ("ppm", 400, 4e-4), ("mm", 1, 0.001), ("mm/h", 3.6, 1e-6),
            ("g/m3", 1, 0.001), ("lux", 1, 1), ("dB", 1, 1), ("Nm", 1, 1),
        ]
    )
    func definitions(spelling: String, value: Double, base: Double) throws {
        let unit = try #require(SourceUnit.named(spelling))
        #expect(abs(unit.toBase(value) - base) <= 1e-9 * max(abs(base), 1e-6))
    }

    @Test("metric suffixes are base units in Prometheus spelling")
    func metricSuffixes() {
        let bare: Set<PointUnit> = [.count, .boolean, .enumeration, .bitField]
        for unit in PointUnit.allCases {
            #expect(unit.metricSuffix.isEmpty == bare.contains(unit))
            #expect(unit.metricSuffix.allSatisfy { $0.isLowercase || $0 == "_" })
        }
        let suffixes = PointUnit.allCases.filter { !bare.contains($0) }.map(\.metricSuffix)
        #expect(Set(suffixes).count == suffixes.count)
    }
}
