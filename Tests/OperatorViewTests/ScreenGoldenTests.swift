// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import OperatorView
import Plant
import Testing

/// Whole screens with the role of every cell, as recorded in golden files.
@Suite struct ScreenGoldenTests {
    static let views: [(ScreenView, Character)] = zip(ScreenView.allCases, "12345").map { ($0, $1) }

    @Test(arguments: views)
    func viewsOfATroubledSiteReadAsRecorded(view: ScreenView, key: Character) throws {
        var driver = ScreenDriver(Reports.troubled)
        driver.press(.character(key))
        try expectGolden(driver.screen.golden, "screen-\(view)-80x24")
        driver.resize(width: 120, height: 40)
        try expectGolden(driver.screen.golden, "screen-\(view)-120x40")
    }

    @Test func calmOverviewReadsAsRecorded() throws {
        var report = Reports.calm
        var driver = ScreenDriver(nil, width: 120, height: 40)
        for minute in 0..<60 {
            let time = Reports.now + .seconds(60 * minute)
            report = Reports.at(time, sequence: minute, Reports.calm, supply: 17.9 + Double(minute % 12) * 0.2)
            driver.receive(report)
            driver.wait(.seconds(1))
        }
        try expectGolden(driver.screen.golden, "screen-calm-120x40")
        driver.resize(width: 80, height: 24)
        try expectGolden(driver.screen.golden, "screen-calm-80x24")
    }

    @Test func asciiTerminalReadsAsRecorded() throws {
        var driver = ScreenDriver(Reports.troubled, glyphs: .ascii)
        try expectGolden(driver.screen.golden, "screen-ascii-overview")
        driver.press(.character("2"))
        try expectGolden(driver.screen.golden, "screen-ascii-racks")
    }

    @Test func reasonOfALoopReadsAsRecorded() throws {
        var driver = ScreenDriver(Reports.explained)
        driver.press(.character("3"), .character("w"))
        try expectGolden(driver.screen.golden, "screen-why-80x24")
        driver.resize(width: 120, height: 40)
        try expectGolden(driver.screen.golden, "screen-why-120x40")
    }

    @Test func helpReadsAsRecorded() throws {
        var driver = ScreenDriver(Reports.troubled)
        driver.press(.character("3"), .character("?"))
        try expectGolden(driver.screen.golden, "screen-help-80x24")
    }

    @Test func silentAgentReadsAsRecorded() throws {
        var driver = ScreenDriver(Reports.calm)
        driver.wait(.seconds(45))
        driver.fail("http://127.0.0.1:9750: no answer within 3.0 seconds; check that the agent runs")
        try expectGolden(driver.screen.golden, "screen-silent-80x24")
    }

    @Test func stylesReadAsRecorded() throws {
        var text = "role      colour    with colour       without colour, selected in brackets\n"
        for role in ScreenRole.allCases {
            let colored = ScreenStyle(role, isSelected: false, isColored: true)
            let plain = ScreenStyle(role, isSelected: false, isColored: false)
            let selected = ScreenStyle(role, isSelected: true, isColored: false)
            let color = colored.color.map { "\($0)" } ?? "-"
            let columns = [("\(role)", 10), (color, 10), (Self.attributes(colored), 18), (Self.attributes(plain), 1)]
            let row = columns.map { PlainText.atLeast($0.0, $0.1) }.joined()
            text += "\(row) [\(Self.attributes(selected))]\n"
        }
        try expectGolden(text, "screen-styles")
    }

    private static func attributes(_ style: ScreenStyle) -> String {
        let names = [
            style.isBold ? "bold" : nil, style.isFaint ? "faint" : nil, style.isUnderlined ? "underlined" : nil,
            style.isReverse ? "reverse" : nil,
        ].compactMap { $0 }
        return names.isEmpty ? "-" : names.joined(separator: " ")
    }
}
