// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import CNCurses

/// The terminal of standard input and output through ncurses.
///
/// Taken when made, given back by ``close()``, which the owner calls on every way out. ncurses keeps its state in
/// globals: one at a time, on one thread.
final class CursesTerminal: TerminalDriver {
    private let isColored: Bool

    /// The codeset of the user's locale, such as `UTF-8`.
    static var codeset: String {
        guard let name = unsafe cncurses_codeset() else { return "" }
        return unsafe String(cString: name)
    }

    /// Takes the terminal.
    ///
    /// - Throws: ``TerminalProblem`` where its type is unknown.
    init(isColored: Bool) throws(TerminalProblem) {
        self.isColored = isColored
        guard cncurses_open(isColored ? 1 : 0) == 0 else {
            throw TerminalProblem(
                "the terminal's type is not known here",
                remedy: "set TERM to one that is, such as xterm, or use --once"
            )
        }
    }

    /// Gives the terminal back as it was.
    func close() { cncurses_close() }

    var size: ScreenSize { ScreenSize(width: Int(cncurses_columns()), height: Int(cncurses_rows())) }

    func draw(_ screen: ScreenBuffer) {
        cncurses_erase()
        for row in 0..<screen.height { draw(row: row, of: screen) }
        cncurses_show()
    }

    /// Puts runs of one look; a cell beyond ASCII is put by itself, because the terminal's idea of its width may
    /// differ from ours and must not move what follows.
    private func draw(row: Int, of screen: ScreenBuffer) {
        var run = ""
        var start = 0
        var look: Int32 = 0
        func flush() {
            let bytes = Array(run.utf8)
            guard !bytes.isEmpty else { return }
            unsafe bytes.withUnsafeBufferPointer { buffer in
                unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                    unsafe cncurses_put(Int32(row), Int32(start), text.baseAddress, Int32(text.count), look)
                }
            }
            run = ""
        }
        for column in 0..<screen.width {
            let cell = screen[row, column]
            let isSimple = cell.text.utf8.count == 1
            let own = appearance(cell)
            if !isSimple || own != look || run.isEmpty {
                flush()
                (start, look) = (column, own)
            }
            run += cell.text
            if !isSimple { flush() }
        }
        flush()
    }

    private func appearance(_ cell: ScreenCell) -> Int32 {
        let style = ScreenStyle(cell.role, isSelected: cell.isSelected, isColored: isColored)
        var appearance = Int32(style.color?.rawValue ?? 0)
        if style.isBold { appearance |= CNCURSES_BOLD }
        if style.isFaint { appearance |= CNCURSES_FAINT }
        if style.isUnderlined { appearance |= CNCURSES_UNDERLINED }
        if style.isReverse { appearance |= CNCURSES_REVERSE }
        return appearance
    }

    func nextInput(within milliseconds: Int32) throws(TerminalProblem) -> TerminalInput {
        var value: UInt32 = 0
        switch unsafe cncurses_read(milliseconds, &value) {
        case CNCURSES_CHARACTER: return Self.character(value).map { .key($0) } ?? .nothing
        case CNCURSES_KEY:
            if value == UInt32(KEY_RESIZE) { return .resized }
            return Self.functionKeys[Int32(value)].map { .key($0) } ?? .nothing
        case CNCURSES_SIGNAL: return .signal(Int32(value))
        case CNCURSES_GONE: throw TerminalProblem("the terminal is gone", remedy: "start it again in another one")
        default: return .nothing
        }
    }

    private static func character(_ value: UInt32) -> ScreenKey? {
        switch value {
        case 9: .tab
        case 10, 13: .enter
        case 27: .escape
        case 8, 127: .backspace
        case ..<32: nil
        default: Unicode.Scalar(value).map { .character(Character($0)) }
        }
    }

    private static let functionKeys: [Int32: ScreenKey] = [
        KEY_UP: .up, KEY_DOWN: .down, KEY_LEFT: .left, KEY_RIGHT: .right, KEY_PPAGE: .pageUp, KEY_NPAGE: .pageDown,
        KEY_HOME: .home, KEY_END: .end, KEY_ENTER: .enter, KEY_BTAB: .backTab, KEY_BACKSPACE: .backspace,
    ]
}
