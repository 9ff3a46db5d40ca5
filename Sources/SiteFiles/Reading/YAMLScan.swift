// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Looks at YAML text before it is parsed, for what the parser would choke on.
///
/// The parser hashes the keys of every mapping. A key that is a list, a mapping or an alias to one can be made to
/// take exponential time, and no site needs it, so keys must be plain text. Aliases elsewhere are followed as
/// shared values and counted afterwards.
struct YAMLScan {
    /// What is refused, with the line and column from 1.
    struct Finding {
        let line: Int
        let column: Int
        let message: String
    }

    private var line = 1
    private var column = 0
    private var flowDepth = 0
    /// Whether a value may begin at the next character.
    private var isAtStart = true
    private var isAfterBlank = true
    /// Whether an anchor's or tag's name goes on; what it belongs to follows after a blank.
    private var isInProperty = false
    private var quote: Unicode.Scalar?
    private var isEscaped = false
    /// The place of an alias or a closing bracket, until it is known not to be a key.
    private var possibleKey: (line: Int, column: Int)?

    /// The first refused thing in the text, or nil.
    static func firstFinding(in text: String) -> Finding? {
        var scan = YAMLScan()
        var iterator = text.unicodeScalars.makeIterator()
        var current = iterator.next()
        while let scalar = current {
            let next = iterator.next()
            if let finding = scan.step(scalar, next: next) { return finding }
            current = next
        }
        return nil
    }

    private mutating func step(_ scalar: Unicode.Scalar, next: Unicode.Scalar?) -> Finding? {
        column += 1
        if !Self.isPermitted(scalar) {
            let code = String(scalar.value, radix: 16, uppercase: true)
            return finding("the control character U+\(code) is not allowed in YAML; remove it")
        }
        if scalar == "\n" {
            startLine()
            return nil
        }
        if quote != nil {
            continueQuote(scalar, next: next)
            return nil
        }
        if scalar == "#", isAfterBlank {
            quote = "#"
            return nil
        }
        let endsToken = next.map { $0 == " " || $0 == "\n" || $0 == "\r" || $0 == "\t" } ?? true
        if scalar == ":", endsToken || flowDepth > 0, let key = possibleKey {
            return Finding(
                line: key.line,
                column: key.column,
                message: "a key must be plain text, not an alias, a list or a mapping; write the key out"
            )
        }
        if scalar == "?", isAtStart, endsToken {
            return finding("a key must be plain text; '? ' keys are not supported, write 'key: value'")
        }
        advance(scalar, endsToken: endsToken)
        return nil
    }

    private mutating func startLine() {
        line += 1
        column = 0
        isAtStart = true
        isAfterBlank = true
        isInProperty = false
        possibleKey = nil
        isEscaped = false
        if quote == "#" { quote = nil }
    }

    /// Goes on inside quotes or a comment.
    private mutating func continueQuote(_ scalar: Unicode.Scalar, next: Unicode.Scalar?) {
        guard let open = quote, open != "#" else { return }
        if isEscaped {
            isEscaped = false
        } else if open == "\"", scalar == "\\" {
            isEscaped = true
        } else if open == "'", scalar == "'", next == "'" {
            isEscaped = true
        } else if scalar == open {
            quote = nil
            isAtStart = false
            isAfterBlank = false
        }
    }

    private mutating func advance(_ scalar: Unicode.Scalar, endsToken: Bool) {
        switch scalar {
        case " ", "\t", "\r":
            isAfterBlank = true
            isInProperty = false
            return
        case _ where isInProperty && scalar != "," && scalar != "]" && scalar != "}":
            return
        case "\"" where isAtStart, "'" where isAtStart:
            quote = scalar
        case "[" where isAtStart || flowDepth > 0, "{" where isAtStart || flowDepth > 0:
            flowDepth += 1
            isAtStart = true
            possibleKey = nil
        case "]" where flowDepth > 0, "}" where flowDepth > 0:
            flowDepth -= 1
            isAtStart = false
            possibleKey = (line, column)
        case "," where flowDepth > 0:
            isAtStart = true
            possibleKey = nil
        case ":" where endsToken || flowDepth > 0:
            isAtStart = true
            possibleKey = nil
        case "-" where isAtStart && endsToken:
            break
        case "*" where isAtStart:
            isAtStart = false
            possibleKey = (line, column)
        case "&" where isAtStart, "!" where isAtStart:
            isInProperty = true
        default:
            isAtStart = false
        }
        isAfterBlank = false
    }

    private func finding(_ message: String) -> Finding { Finding(line: line, column: column, message: message) }

    /// YAML 1.2.2, production 1: c-printable.
    private static func isPermitted(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFFFD, 0x1_0000...0x10_FFFF: true
        default: false
        }
    }
}
