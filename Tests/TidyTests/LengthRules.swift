// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A file is short enough to be read in one go.
enum FileLengthRule {
    static let maximumLines = 600

    static func check(_ file: ScannedFile) -> [Finding] {
        guard file.lines.count > maximumLines else { return [] }
        return [file.finding(maximumLines, "file has \(file.lines.count) lines, at most \(maximumLines); split it")]
    }
}

/// A line fits beside another one on a screen.
enum LineWidthRule {
    static let maximumColumns = 120

    static func check(_ file: ScannedFile) -> [Finding] {
        file.lines.indices.compactMap { index in
            let columns = file.lines[index].raw.count
            guard columns > maximumColumns else { return nil }
            return file.finding(index, "line has \(columns) columns, at most \(maximumColumns)")
        }
    }
}

/// A function fits on a screen.
enum FunctionLengthRule {
    static let maximumLines = 70

    static func check(_ file: ScannedFile) -> [Finding] {
        functions(in: file).filter { $0.lines > maximumLines }.map {
            file.finding($0.index, "\($0.name) has \($0.lines) lines, at most \(maximumLines); take it apart")
        }
    }

    /// Functions, initialisers, subscripts with a body: first line counted from 0, and number of lines.
    static func functions(in file: ScannedFile) -> [(index: Int, name: String, lines: Int)] {
        file.lines.indices.flatMap { index -> [(index: Int, name: String, lines: Int)] in
            let code = file.lines[index].code
            guard code.contains("func ") || code.contains("init") || code.contains("subscript") else { return [] }
            return code.matches(of: /(?:^|[^.`\w])(func\s+[^\s(<]+|init[?]?(?=\s*[(<])|deinit|subscript(?=\s*[(<]))/)
                .compactMap { match in
                    let column = code.distance(from: code.startIndex, to: match.range.upperBound)
                    guard let last = lastLine(file, from: index, column: column) else { return nil }
                    return (index, String(match.1), last - index + 1)
                }
        }
    }

    /// Words that begin the next declaration: a function without a body ends before them.
    private static let declarationStarts: Set<String> = [
        "associatedtype", "case", "class", "deinit", "enum", "extension", "fileprivate", "final", "func", "init",
        "internal", "let", "mutating", "nonisolated", "override", "package", "private", "protocol", "public", "static",
        "struct", "subscript", "typealias", "var",
    ]

    /// The line with the brace that closes the body; nil where there is no body.
    private static func lastLine(_ file: ScannedFile, from index: Int, column: Int) -> Int? {
        var nesting = 0
        var braces = 0
        for position in index..<file.lines.count {
            let code = position == index ? file.lines[position].code.dropFirst(column) : file.lines[position].code[...]
            if position > index, braces == 0, nesting == 0 {
                let first = ScannedLine.trimmed(code).prefix(while: Words.isPart)
                if declarationStarts.contains(String(first)) || ScannedLine.trimmed(code).hasPrefix("@") { return nil }
            }
            for character in code {
                switch character {
                case "(", "[": nesting += 1
                case ")", "]": nesting -= 1
                case "{" where nesting == 0 || braces > 0: braces += 1
                case "}" where braces > 0:
                    braces -= 1
                    if braces == 0 { return position }
                case "}" where nesting == 0: return nil
                default: break
                }
            }
        }
        return nil
    }
}
