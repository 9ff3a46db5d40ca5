// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import OperatorView
import Plant
import Testing

/// What the terminal can show, and that nothing rests on colour alone.
@Suite struct ScreenTerminalTests {
    @Test(arguments: [
        ("UTF-8", "xterm-256color", true), ("utf8", "screen", true), ("ANSI_X3.4-1968", "xterm", false),
        ("ISO-8859-1", "xterm", false), ("UTF-8", "linux", false), ("UTF-8", "vt220", false), ("", "", false),
    ])
    func charactersFollowLocaleAndTerminal(codeset: String, terminal: String, isUnicode: Bool) {
        #expect(Glyphs.fitting(codeset: codeset, terminal: terminal).isUnicode == isUnicode)
    }

    @Test(arguments: ScreenView.allCases)
    func asciiScreensHoldNothingElse(view: ScreenView) {
        for report in [Reports.calm, Reports.troubled, Reports.hostile, Reports.explained] {
            for keys in ["", "w", "?", "/°"] {
                var driver = ScreenDriver(report, width: 120, height: 40, glyphs: .ascii)
                driver.type("\(view.rawValue + 1)\(keys)")
                #expect(driver.text.utf8.allSatisfy { $0 == 10 || (32..<127).contains($0) }, "\(keys)")
            }
        }
    }

    @Test(arguments: [(nil, true), ("", true), ("1", false), ("0", false), ("false", false)] as [(String?, Bool)])
    func noColorIsHonouredWhateverItsValue(value: String?, isColored: Bool) {
        #expect(OperatorScreen.isColored(noColor: value) == isColored)
    }

    @Test(arguments: ScreenRole.allCases, [false, true])
    func withoutColourTheAttributesStay(role: ScreenRole, isSelected: Bool) {
        var colored = ScreenStyle(role, isSelected: isSelected, isColored: true)
        let plain = ScreenStyle(role, isSelected: isSelected, isColored: false)
        #expect(plain.color == nil)
        colored.color = nil
        #expect(plain == colored)
    }

    @Test func everyStateIsAWordBesideItsColour() {
        var driver = ScreenDriver(width: 120, height: 40)
        driver.type("4")
        for word in ["up", "degraded", "down", "connecting"] { #expect(driver.text.contains(" \(word) "), "\(word)") }
        driver.type("5")
        for word in ["HIGH", "MEDIUM", "LOW", "active", "acknowledged", "returned", "shelved", "suppressed"] {
            #expect(driver.text.contains(" \(word) "), "\(word)")
        }
        driver.type("2")
        for word in ["uncertain, flat line", "stale, too old", "bad, connection refused"] {
            #expect(driver.text.contains(word), "\(word)")
        }
        for mode in LoopMode.allCases {
            var report = Reports.calm
            report.loops = [Reports.loop("a-loop", .coolingTower, mode, "running", "Because.", minutesAgo: 1)]
            #expect(ScreenDriver(report).text.contains("a-loop  \(mode.rawValue) "))
        }
    }

    @Test func rackBeyondNominalIsMarked() {
        var report = Reports.manyRacks(2)
        report.racks[0] = Reports.rack("rack-1", watts: 140_000)
        var driver = ScreenDriver(report)
        driver.type("2")
        #expect(driver.selected.hasPrefix("^ rack-1"))
        #expect(driver.selected.hasSuffix("over nominal"))
        #expect(driver.selected.contains(" 106% "))
    }
}
