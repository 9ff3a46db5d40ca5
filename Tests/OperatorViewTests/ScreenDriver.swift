// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import OperatorView
import Plant
import Synchronization

/// A model with a keyboard: press keys, let reports come, read the screen.
struct ScreenDriver {
    var model: ScreenModel
    var now = Duration.seconds(100)

    init(
        _ report: StatusReport? = Reports.troubled,
        width: Int = 80,
        height: Int = 24,
        glyphs: Glyphs = .unicode
    ) {
        let size = ScreenSize(width: width, height: height)
        model = ScreenModel(source: "http://127.0.0.1:9750", glyphs: glyphs, size: size)
        if let report { receive(report) }
    }

    mutating func receive(_ report: StatusReport) { model.handle(.report(report), at: now) }
    mutating func fail(_ text: String) { model.handle(.fault(text), at: now) }

    mutating func wait(_ duration: Duration) {
        now += duration
        model.handle(.tick, at: now)
    }

    /// Presses keys one after the other.
    mutating func press(_ keys: ScreenKey...) {
        for key in keys { model.handle(.key(key), at: now) }
    }

    /// Presses one key for each character.
    mutating func type(_ text: String) {
        for character in text { press(.character(character)) }
    }

    mutating func resize(width: Int, height: Int) {
        model.handle(.resized(ScreenSize(width: width, height: height)), at: now)
    }

    var screen: ScreenBuffer { ScreenLayout.render(model, width: model.size.width, height: model.size.height) }

    var rows: [String] { (0..<screen.height).map { screen.text(row: $0) } }
    var text: String { screen.text }
    /// The line of keys at the bottom.
    var bar: String { rows.last ?? "" }
    /// The line that says how current the screen is.
    var currency: String { rows[1] }

    /// The selected line of a list; empty where there is none.
    var selected: String {
        let screen = screen
        let row = (0..<screen.height).first { screen[$0, 0].isSelected }
        return row.map { screen.text(row: $0) } ?? ""
    }

    /// The first words of the lines of a list, below its heading.
    var names: [String] {
        rows[4..<(rows.count - 1)].prefix { !$0.isEmpty && !$0.hasPrefix("─") }.compactMap { row in
            row.dropFirst(model.view == .loops ? 1 : 2).split(separator: " ").first.map(String.init)
        }
    }
}

extension ScreenBuffer {
    /// The text, and below it one letter for the role of each cell, capital where the line is selected.
    var golden: String {
        var text = self.text + "roles\n"
        for row in 0..<height {
            var line = ""
            for column in 0..<width {
                let cell = self[row, column]
                let letter = Self.letters[Int(cell.role.rawValue)]
                line += cell.isSelected ? letter.uppercased() : String(letter)
            }
            while line.last == "." { line.removeLast() }
            text += line + "\n"
        }
        return text
    }

    /// In the order of ``ScreenRole``; a point for normal text.
    private static let letters = Array(".sfhgnwaxbrtk")
}

/// A terminal in memory: gives the inputs it was made with, and keeps the screens it was given.
final class MemoryTerminal: TerminalDriver {
    var size: ScreenSize
    private(set) var screens: [ScreenBuffer] = []
    private var inputs: [TerminalInput]
    private let beforeInput: (Int) -> Void
    private var asked = 0

    /// The inputs are given one by one, and the terminal is gone when they are used up; before each, its number is
    /// told.
    init(width: Int = 80, height: Int = 24, _ inputs: [TerminalInput], beforeInput: @escaping (Int) -> Void = { _ in })
    {
        size = ScreenSize(width: width, height: height)
        self.inputs = inputs
        self.beforeInput = beforeInput
    }

    func draw(_ screen: ScreenBuffer) { screens.append(screen) }

    func nextInput(within milliseconds: Int32) throws(TerminalProblem) -> TerminalInput {
        beforeInput(asked)
        asked += 1
        guard !inputs.isEmpty else { throw TerminalProblem("the inputs are used up", remedy: "give more") }
        let input = inputs.removeFirst()
        if input == .resized { size = ScreenSize(width: 100, height: 30) }
        return input
    }
}
