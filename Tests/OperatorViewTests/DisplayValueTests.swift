// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import OperatorView
import Plant
import Testing

@Suite struct DisplayValueTests {
    @Test(arguments: [
        (21.449, PointUnit.celsius, "21.4 °C"), (-0.04, .celsius, "0.0 °C"), (2.25, .kelvins, "2.3 K"),
        (0, .watts, "0 W"), (999.4, .watts, "999 W"), (999.5, .watts, "1.0 kW"), (131_240, .watts, "131.2 kW"),
        (999_949, .watts, "999.9 kW"), (999_960, .watts, "1.00 MW"), (-1_234, .watts, "-1.2 kW"),
        (12_345_678, .watts, "12.35 MW"), (1.5e9, .watts, "1.50 GW"), (2_000, .voltAmperes, "2.0 kVA"),
        (5e5, .voltAmperesReactive, "500.0 kvar"), (3.6e6, .joules, "1.0 kWh"), (3.6e9, .joules, "1.00 MWh"),
        (7.2e12, .joules, "2.00 GWh"), (0.10525, .cubicMetersPerSecond, "105.3 L/s"),
        (18.25, .cubicMeters, "18.3 m³"), (101.06, .kilogramsPerSecond, "101.1 kg/s"), (12, .pascals, "12 Pa"),
        (151_300, .pascals, "151.3 kPa"), (0.314, .ratio, "31.4 %"), (1, .ratio, "100.0 %"),
        (49.987, .hertz, "49.99 Hz"), (398.6, .volts, "399 V"), (12.34, .amperes, "12.3 A"),
        (1_480.2, .revolutionsPerMinute, "1480 rpm"), (250, .seconds, "4m10s"), (270, .degrees, "270 °"),
        (3.21, .metersPerSecond, "3.2 m/s"), (640.4, .wattsPerSquareMeter, "640 W/m²"),
        (38_551.7, .joulesPerKilogram, "38.6 kJ/kg"), (2.5e-8, .euroPerJoule, "90.0 €/MWh"), (7, .count, "7"),
        (0.25, .count, "0.25"), (1, .boolean, "on"), (0, .boolean, "off"), (3, .enumeration, "3"),
        (255, .bitField, "0xff"), (0.5, .bitField, "0.5"), (3.6e6, .voltAmpereSeconds, "1.0 kVAh"),
        (-1.8e7, .voltAmpereReactiveSeconds, "-5.0 kvarh"), (183_600, .coulombs, "51.0 Ah"),
        (0.0123, .meters, "12.3 mm"),
        (512.34, .lux, "512.3 lx"), (41.96, .decibels, "42.0 dB"), (-7.25, .newtonMeters, "-7.3 Nm"),
        (0.00942, .kilogramsPerCubicMeter, "9.4 g/m³"),
    ])
    func baseUnitsBecomeFieldUnits(value: Double, unit: PointUnit, text: String) {
        #expect(DisplayValue(value, unit: unit).text == text)
    }

    @Test(arguments: PointUnit.allCases)
    func missingValueHasNoUnit(unit: PointUnit) {
        for value in [nil, Double.nan, .infinity] {
            #expect(DisplayValue(value, unit: unit) == DisplayValue(number: "--", unit: ""))
        }
    }

    // 2.083333 L/kWh and 0.273684 kg/kWh are 18,250 m³ per 8,760 MWh and a carbon factor of the same size.
    @Test(arguments: [
        (KPIName.pue, 1.2, "1.200"), (.wue, 18_250 / (8_760e3 * 3.6e6), "2.083 L/kWh"), (.erf, 0.3, "0.300"),
        (.ere, 0.84, "0.840"), (.cue, 0.273684 * 1_000 / 3.6e6, "0.274 kg/kWh"), (.ref, 0.751522, "0.752"),
        (.cer, 7.5, "7.50"),
    ])
    func keyFiguresAreShownInTheUnitTheyAreQuotedIn(figure: KPIName, value: Double, text: String) {
        #expect(DisplayValue(value, figure: figure).text == text)
        #expect(DisplayValue(nil, figure: figure).text == "--")
    }

    @Test(arguments: [
        (0.0, "0s"), (59.9, "59s"), (60, "1m00s"), (250, "4m10s"), (3_599, "59m59s"), (7_500, "2h05m"),
        (86_399, "23h59m"), (273_600, "3d04h"), (-5, "-5s"), (.nan, "--"), (1e15, "--"),
    ])
    func spansShowTheirTwoLargestUnits(seconds: Double, text: String) {
        #expect(DisplayValue.span(seconds: seconds) == text)
    }

    @Test func momentsAreInUTCToTheSecond() {
        let moment = CalendarTime(year: 2026, month: 3, day: 1, hour: 6, millisecond: 999).timestamp
        #expect(DisplayValue.moment(moment) == "2026-03-01 06:00:00 UTC")
        #expect(DisplayValue.moment(Timestamp(milliseconds: -1)) == "1969-12-31 23:59:59 UTC")
        #expect(DisplayValue.moment(Timestamp(milliseconds: .max)) == "--")
    }
}

@Suite struct DecimalTextTests {
    @Test(arguments: [
        (0.0, 2, "0.00"), (1.005, 1, "1.0"), (0.05, 1, "0.1"), (-0.04, 1, "0.0"), (-0.06, 1, "-0.1"), (9.96, 1, "10.0"),
        (12, 0, "12"), (-12.5, 0, "-13"), (0.001, 3, "0.001"), (1e16, 1, "1e+16"), (.infinity, 1, "--"),
        (.nan, 1, "--"),
        (1.5, -3, "2"), (0.5, 40, "0.500000000000000"),
    ])
    func decimalsAreFixed(value: Double, decimals: Int, text: String) {
        #expect(DecimalText.fixed(value, decimals: decimals) == text)
    }

    @Test(arguments: [(60.0, "60"), (0.5, "0.5"), (12.25, "12.25"), (100.0004, "100"), (-0.0001, "0"), (.nan, "--")])
    func shortFormDropsTrailingZeros(value: Double, text: String) {
        #expect(DecimalText.short(value, decimals: 3) == text)
    }
}

@Suite struct PlainTextTests {
    @Test(arguments: [
        ("cdu-3", "cdu-3"), ("21.4 °C", "21.4 °C"), ("a\u{1B}[31mb", "a?[31mb"), ("a\nb\tc\r", "a b c "),
        ("a\u{202E}b\u{200B}", "a?b?"), ("\u{9B}5n", "?5n"), ("e\u{301}\u{301}\u{301}\u{301}", "e\u{301}\u{301}"),
        ("\u{E000}", "?"), ("\u{85}x\u{2028}", " x "), ("\u{0}", "?"),
    ])
    func cleaningLeavesOnlyWhatTakesColumns(text: String, cleaned: String) {
        #expect(PlainText.clean(text).unicodeScalars.elementsEqual(cleaned.unicodeScalars))
        #expect(PlainText.clean(cleaned).unicodeScalars.elementsEqual(cleaned.unicodeScalars))
    }

    @Test(arguments: [("abc", 3), ("°C", 2), ("冷却", 4), ("e\u{301}", 1), ("ﾎﾟ", 2), ("🔥", 2), ("", 0)])
    func widthIsThatOfTheTerminal(text: String, columns: Int) {
        #expect(PlainText.width(text) == columns)
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdefg", 6, "abc..."), ("abcdefg", 2, ".."), ("冷却水水水", 8, "冷却..."),
        ("x", 0, ""),
    ])
    func wideTextIsCutWithinItsColumns(text: String, columns: Int, shown: String) {
        #expect(PlainText.cut(text, to: columns) == shown)
        #expect(PlainText.width(PlainText.left(text, columns)) == columns)
        #expect(PlainText.width(PlainText.right(text, columns)) == columns)
    }

    @Test func wrappingBreaksBetweenWordsAndMarksWhatIsLeftOut() {
        #expect(PlainText.wrap("one two three", columns: 7, limit: 3) == ["one two", "three"])
        #expect(PlainText.wrap("one two three four", columns: 9, limit: 2) == ["one two", "three ..."])
        #expect(PlainText.wrap("abcdefghij", columns: 4, limit: 9) == ["abcd", "efgh", "ij"])
        #expect(PlainText.wrap("", columns: 4, limit: 9) == [])
        #expect(PlainText.wrap("冷 却", columns: 1, limit: 9) == [])
        #expect(PlainText.wrap("one", columns: 7, limit: 0) == [])
    }
}
