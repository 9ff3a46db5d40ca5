// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import OperatorView
import Plant
import Testing

/// That drawing stays inside the grid, whatever is drawn and however small the terminal is.
@Suite struct ScreenBufferTests {
    @Test(.timeLimit(.minutes(1)), arguments: ScreenView.allCases)
    func anySizeGivesAScreenOfThatSize(view: ScreenView) {
        var generator = SplitMix(state: 7 + UInt64(view.rawValue))
        let keys: [[ScreenKey]] = [
            [], [.enter], [.character("w")], [.character("?")], [.end], [.character("/"), .character("a")],
        ]
        // The views share the sides from 1 to 300 among them, as widths and heights, each beside another at random.
        for side in 1...300 where side % ScreenView.allCases.count == view.rawValue {
            let other = Int.random(in: 1...300, using: &generator)
            let report = [Reports.calm, Reports.troubled, Reports.hostile][side / 5 % 3]
            let size = side % 2 == 0 ? (side, min(other, 60)) : (min(other, 130), side)
            var driver = ScreenDriver(report, width: size.0, height: size.1, glyphs: side % 4 == 0 ? .ascii : .unicode)
            driver.type("\(view.rawValue + 1)")
            for key in keys[side / 5 % keys.count] { driver.press(key) }
            if side % 7 == 0 { driver.fail("\u{1B}[2J 冷却") }
            expectSound(driver.screen, width: size.0, height: size.1)
        }
    }

    @Test func sizesOfNoTerminalAreCut() {
        #expect(ScreenBuffer(width: -1, height: 5).cells.isEmpty)
        #expect(ScreenBuffer(width: 100_000, height: 2).width == ScreenBuffer.maximumSide)
        for (width, height) in [(0, 0), (0, 10), (10, 0), (1, 1), (-5, -5)] {
            let driver = ScreenDriver(Reports.hostile)
            let screen = ScreenLayout.render(driver.model, width: width, height: height)
            #expect(screen.cells.count == max(0, width) * max(0, height))
        }
    }

    @Test func modelOfOneSizeDrawsAtAnyOther() {
        var driver = ScreenDriver(Reports.manyRacks(50), width: 200, height: 60)
        driver.type("2")
        driver.press(.end)
        let screen = ScreenLayout.render(driver.model, width: 40, height: 8)
        expectSound(screen, width: 40, height: 8)
        #expect(screen.text.contains("rack-1 "))
    }

    @Test func writingIsCutAtItsColumnsAndAtTheEdge() {
        var buffer = ScreenBuffer(width: 6, height: 2)
        #expect(buffer.write("abcdefgh", row: 0, column: 3) == 3)
        #expect(buffer.write("xyz", row: 1, column: 0, columns: 2) == 2)
        #expect(buffer.write("no", row: 2, column: 0) == 0)
        #expect(buffer.write("no", row: 0, column: -1) == 0)
        #expect(buffer.write("no", row: -1, column: 0) == 0)
        #expect(buffer.write("no", row: 0, column: 0, columns: -4) == 0)
        #expect(buffer.text == "   abc\nxy\n")
    }

    @Test func wideCharactersAreNeverHalf() {
        var buffer = ScreenBuffer(width: 5, height: 1)
        #expect(buffer.write("冷却水", row: 0, column: 0) == 4)
        #expect(buffer.text == "冷却\n")
        buffer.write("a", row: 0, column: 1)
        #expect(buffer.text == " a却\n")
        buffer.write("b", row: 0, column: 2)
        #expect(buffer.text == " ab\n")
        #expect(buffer[0, 3].text == " ")
    }

    @Test func marksStayWithTheirLetter() {
        var buffer = ScreenBuffer(width: 3, height: 1)
        buffer.write("\u{301}e\u{301}x", row: 0, column: 0)
        #expect(buffer[0, 0].text == "e\u{301}")
        #expect(buffer[0, 1].text == "x")
    }

    /// The size is right, wide characters are whole, and no cell holds anything that controls a terminal.
    private func expectSound(
        _ screen: ScreenBuffer,
        width: Int,
        height: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var problems: [String] = []
        if screen.width != width || screen.height != height { problems.append("size") }
        if screen.cells.count != width * height { problems.append("cells") }
        for row in 0..<screen.height {
            var taken = 0
            for column in 0..<screen.width {
                let text = screen[row, column].text
                taken += PlainText.width(text)
                if text.isEmpty && (column == 0 || PlainText.width(screen[row, column - 1].text) != 2) {
                    problems.append("half a character at \(row), \(column)")
                }
                if text != PlainText.clean(text) { problems.append("unclean text at \(row), \(column)") }
            }
            if taken != width { problems.append("row \(row) takes \(taken) columns") }
        }
        #expect(problems == [], "\(width)x\(height)", sourceLocation: sourceLocation)
    }
}

/// Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
