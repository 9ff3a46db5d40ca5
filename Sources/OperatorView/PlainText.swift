// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Text from devices and files made fit for a terminal, and measured in its columns.
///
/// Names and messages come from site files, device maps and the network. A control character among them could move
/// the cursor, recolour the screen or hide a line, and a bidirectional override could make a name read backwards.
package enum PlainText {
    /// Marks on one letter that are kept; more would pile up into the lines above.
    private static let maximumMarks = 2

    /// The text without anything that does not simply occupy columns.
    ///
    /// White space of any kind becomes a blank; control, format, private and unassigned characters become `?`.
    package static func clean(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var marks = maximumMarks
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                scalars.append(" ")
                marks = 0
            } else if isRefused(scalar) {
                scalars.append("?")
                marks = 0
            } else if isMark(scalar) {
                marks += 1
                if marks <= maximumMarks { scalars.append(scalar) }
            } else {
                scalars.append(scalar)
                marks = 0
            }
        }
        return String(scalars)
    }

    /// The columns that cleaned text takes: none for a mark, two for East Asian wide characters and emoji.
    package static func width(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + columns($1) } }

    /// The text, cleaned and cut with `...` where it is wider than `columns`.
    package static func cut(_ text: String, to columns: Int) -> String {
        let cleaned = clean(text)
        guard width(cleaned) > columns else { return cleaned }
        let ellipsis = String(repeating: ".", count: max(0, min(3, columns)))
        return prefix(cleaned, columns: columns - ellipsis.count) + ellipsis
    }

    /// The text with blanks behind it up to `columns`; wider text is left whole.
    package static func atLeast(_ text: String, _ columns: Int) -> String {
        let shown = clean(text)
        return shown + blanks(columns - width(shown))
    }

    /// The text cut to `columns` with blanks behind it.
    package static func left(_ text: String, _ columns: Int) -> String {
        let shown = cut(text, to: columns)
        return shown + blanks(columns - width(shown))
    }

    /// The text cut to `columns` with blanks before it.
    package static func right(_ text: String, _ columns: Int) -> String {
        let shown = cut(text, to: columns)
        return blanks(columns - width(shown)) + shown
    }

    /// The text broken between words into lines of at most `columns`; words wider than that are split.
    ///
    /// At most `limit` lines are given, and the last ends in `...` where text is left over.
    package static func wrap(_ text: String, columns: Int, limit: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in clean(text).split(separator: " ") {
            if !line.isEmpty, width(line) + 1 + width(String(word)) > columns {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
            while width(line) > columns {
                let head = prefix(line, columns: columns)
                // A character wider than the column would never fit.
                guard !head.isEmpty else { return lines }
                lines.append(head)
                line = String(line.unicodeScalars.dropFirst(head.unicodeScalars.count))
            }
        }
        if !line.isEmpty { lines.append(line) }
        guard lines.count > limit, limit > 0 else { return Array(lines.prefix(max(0, limit))) }
        return Array(lines.prefix(limit - 1)) + [cut(lines[limit - 1] + " ...", to: columns)]
    }

    static func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

    private static func prefix(_ text: String, columns limit: Int) -> String {
        var taken = 0
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            taken += columns(scalar)
            if taken > limit { break }
            scalars.append(scalar)
        }
        return String(scalars)
    }

    private static func isRefused(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .privateUse, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: true
        default: false
        }
    }

    /// The columns that one scalar of cleaned text takes: 0, 1 or 2.
    static func columns(_ scalar: Unicode.Scalar) -> Int {
        if scalar.isASCII { return 1 }
        if isMark(scalar) { return 0 }
        return scalar.properties.isEmojiPresentation || wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    /// The blocks whose characters are wide in Unicode Standard Annex 11, taken whole.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x17000...0x18CFF, 0x1B000...0x1B2FF,
        0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]
}
