// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// One line of a source file, taken apart so that a rule looks only at what concerns it.
struct ScannedLine: Hashable, Sendable {
    /// The line as it stands.
    let raw: String
    /// The line with comments and the contents of string literals replaced by blanks.
    let code: String
    /// The line with everything but comments replaced by blanks.
    let comment: String

    var trimmedRaw: Substring { Self.trimmed(raw[...]) }
    var trimmedCode: Substring { Self.trimmed(code[...]) }

    var isDocumentation: Bool { trimmedRaw.hasPrefix("///") }

    static func trimmed(_ text: Substring) -> Substring {
        var rest = text.drop { $0 == " " || $0 == "\t" }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }
}

/// A source file with its path from the root of the repository.
struct ScannedFile: Sendable {
    let path: String
    let lines: [ScannedLine]

    init(path: String, text: String) {
        self.path = path
        var scanner = SourceScanner(text)
        scanner.run()
        lines = scanner.lines
    }

    /// A finding at a line, counted from 0.
    func finding(_ index: Int, _ message: String) -> Finding {
        Finding(path: path, line: index + 1, message: message)
    }

    /// The block of documentation directly above a line, attributes between them skipped; empty where there is none.
    func documentation(above index: Int) -> String {
        var position = index - 1
        while position >= 0, lines[position].trimmedCode.hasPrefix("@") { position -= 1 }
        var block: [Substring] = []
        while position >= 0, lines[position].isDocumentation {
            block.append(lines[position].trimmedRaw.dropFirst(3))
            position -= 1
        }
        return block.reversed().joined(separator: "\n")
    }

    /// The target the file belongs to: the folder under `Sources`, or the one under `simulators`.
    var module: String? {
        let parts = path.split(separator: "/")
        guard parts.count > 2, parts[0] == "Sources" || parts[0] == "simulators" else { return nil }
        return String(parts[1])
    }
}

/// Something a rule objects to.
struct Finding: Hashable, Sendable, CustomStringConvertible {
    let path: String
    let line: Int
    let message: String

    var description: String { "\(path):\(line): \(message)" }
}
