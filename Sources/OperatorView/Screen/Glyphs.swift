// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The characters that the terminal can show: all of Unicode, or ASCII alone.
package struct Glyphs: Hashable, Sendable {
    package let isUnicode: Bool

    package static let unicode = Glyphs(isUnicode: true)
    package static let ascii = Glyphs(isUnicode: false)

    /// The characters for a terminal by its codeset, as `nl_langinfo` gives it, and its type.
    ///
    /// The Linux console and the DEC terminals have fonts without the bars, whatever the locale says.
    package static func fitting(codeset: String, terminal: String) -> Glyphs {
        let folded = codeset.lowercased().filter { $0 != "-" }
        let isPoor = terminal == "linux" || terminal.hasPrefix("vt")
        return folded == "utf8" && !isPoor ? .unicode : .ascii
    }

    var rule: String { isUnicode ? "─" : "-" }
    var divider: String { isUnicode ? "│" : "|" }
    /// The keys that move up and down.
    var upDown: String { isUnicode ? "↑↓" : "jk" }
    /// The column a list is sorted by, in its heading.
    var sorted: String { isUnicode ? "▾" : "*" }
    /// More of a page above or below what is shown.
    var above: String { isUnicode ? "▲" : "^" }
    var below: String { isUnicode ? "▼" : "v" }

    /// The text in the characters there are, cleaned.
    func fit(_ text: String) -> String {
        let cleaned = PlainText.clean(text)
        guard !isUnicode else { return cleaned }
        guard !cleaned.utf8.allSatisfy({ $0 < 0x80 }) else { return cleaned }
        var fitted = ""
        for scalar in cleaned.unicodeScalars {
            if scalar.isASCII {
                fitted.unicodeScalars.append(scalar)
            } else {
                fitted += Self.spellings[scalar] ?? String(repeating: "?", count: PlainText.columns(scalar))
            }
        }
        return fitted
    }

    private static let spellings: [Unicode.Scalar: String] = [
        "°": "", "²": "2", "³": "3", "€": "EUR", "µ": "u", "μ": "u", "Δ": "d", "·": ".", "–": "-", "—": "-",
        "−": "-", "×": "x", "’": "'", "‘": "'", "“": "\"", "”": "\"", "…": "...", "≤": "<=", "≥": ">=", "→": "->",
        "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "å": "a", "Å": "A", "ø": "o",
        "Ø": "O", "æ": "ae", "Æ": "Ae", "é": "e", "è": "e", "à": "a", "ç": "c", "ñ": "n",
    ]

    /// A horizontal bar over `columns`, full at a share of 1; shares beyond the ends are drawn at the end.
    func bar(_ share: Double, columns: Int) -> String {
        guard columns > 0, share.isFinite else { return PlainText.blanks(columns) }
        let share = min(max(share, 0), 1)
        guard isUnicode else {
            let full = Int((share * Double(columns)).rounded())
            return String(repeating: "#", count: full) + String(repeating: ".", count: columns - full)
        }
        let eighths = Int((share * Double(columns * 8)).rounded())
        let part = eighths % 8
        let full = eighths / 8
        let tip = part == 0 ? "" : String(Self.tips[part - 1])
        let rest = columns - full - (part == 0 ? 0 : 1)
        return String(repeating: "█", count: full) + tip + String(repeating: "░", count: rest)
    }

    private static let tips = Array("▏▎▍▌▋▊▉")

    /// The newest values as one character each, the newest at the right; a blank where there was no value.
    ///
    /// - Parameters:
    ///   - values: Oldest first.
    ///   - columns: The width, filled with blanks at the left.
    ///   - least: The span from lowest to highest level, in the unit of the values, below which small
    ///     movements are not blown up.
    /// - Returns: Text of exactly `columns`.
    func sparkline(_ values: [Double?], columns: Int, least: Double) -> String {
        guard columns > 0 else { return "" }
        let shown = values.suffix(columns)
        let numbers = shown.compactMap { $0 }.filter(\.isFinite)
        guard let low = numbers.min(), let high = numbers.max() else { return PlainText.blanks(columns) }
        let levels = isUnicode ? Self.levels : Self.asciiLevels
        let span = max(high - low, least, .leastNormalMagnitude)
        let floor = (low + high - span) / 2
        var text = PlainText.blanks(columns - shown.count)
        for value in shown {
            guard let value, value.isFinite, span.isFinite else {
                text += " "
                continue
            }
            let position = Int(((value - floor) / span * Double(levels.count - 1)).rounded())
            text.append(levels[min(max(position, 0), levels.count - 1)])
        }
        return text
    }

    private static let levels = Array("▁▂▃▄▅▆▇█")
    private static let asciiLevels = Array("_.-=+#")
}
