// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Splits Swift text into code, comments and the contents of string literals.
///
/// Knows nested comments, raw and multi-line strings and interpolations, whose contents are code. Does not know
/// regular-expression literals with quotation marks or comment signs in them.
struct SourceScanner {
    private enum Frame {
        /// Code; inside an interpolation, how many parentheses are open.
        case code(parentheses: Int)
        case string(hashes: Int, isMultiline: Bool)
    }

    private let bytes: [UInt8]
    private var code: [UInt8]
    private var comments: [UInt8]
    private var position = 0
    private var stack: [Frame] = [.code(parentheses: 0)]

    private static let newline = UInt8(ascii: "\n")
    private static let quote = UInt8(ascii: "\"")
    private static let hash = UInt8(ascii: "#")
    private static let slash = UInt8(ascii: "/")
    private static let star = UInt8(ascii: "*")
    private static let backslash = UInt8(ascii: "\\")

    init(_ text: String) {
        bytes = Array(text.utf8)
        let blank = bytes.map { $0 == Self.newline ? Self.newline : UInt8(ascii: " ") }
        code = blank
        comments = blank
    }

    /// The lines, once ``run()`` has been called; an empty line after the last line feed does not count.
    var lines: [ScannedLine] {
        var raw = split(bytes)
        if raw.last?.isEmpty == true { raw.removeLast() }
        return zip(raw, zip(split(code), split(comments))).map {
            ScannedLine(raw: $0, code: $1.0, comment: $1.1)
        }
    }

    mutating func run() {
        while position < bytes.count {
            switch stack.last ?? .code(parentheses: 0) {
            case .code(let parentheses): stepInCode(parentheses)
            case .string(let hashes, let isMultiline): stepInString(hashes, isMultiline)
            }
        }
    }

    private func split(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: Self.newline, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private func byte(_ offset: Int) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    /// How many of a byte stand in a row from an offset on.
    private func run(of wanted: UInt8, from offset: Int) -> Int {
        var count = 0
        while byte(offset + count) == wanted { count += 1 }
        return count
    }

    private mutating func copy(_ count: Int) {
        for _ in 0..<count where position < bytes.count {
            code[position] = bytes[position]
            position += 1
        }
    }

    private mutating func stepInCode(_ parentheses: Int) {
        if byte(0) == Self.slash, byte(1) == Self.slash {
            while let next = byte(0), next != Self.newline { takeComment(1) }
            return
        }
        if byte(0) == Self.slash, byte(1) == Self.star {
            takeBlockComment()
            return
        }
        let hashes = run(of: Self.hash, from: 0)
        if byte(hashes) == Self.quote {
            let isMultiline = run(of: Self.quote, from: hashes) >= 3
            copy(hashes + (isMultiline ? 3 : 1))
            stack.append(.string(hashes: hashes, isMultiline: isMultiline))
            return
        }
        if stack.count > 1 {
            var open = parentheses
            if byte(0) == UInt8(ascii: "(") { open += 1 }
            if byte(0) == UInt8(ascii: ")") { open -= 1 }
            stack.removeLast()
            if open > 0 { stack.append(.code(parentheses: open)) }
        }
        copy(max(1, hashes))
    }

    private mutating func stepInString(_ hashes: Int, _ isMultiline: Bool) {
        if byte(0) == Self.backslash, run(of: Self.hash, from: 1) >= hashes {
            if byte(1 + hashes) == UInt8(ascii: "(") {
                position += 1 + hashes
                copy(1)
                stack.append(.code(parentheses: 1))
            } else {
                position += 2 + hashes
            }
            return
        }
        let quotes = isMultiline ? 3 : 1
        let closes = run(of: Self.quote, from: 0) >= quotes && run(of: Self.hash, from: quotes) >= hashes
        if closes || (byte(0) == Self.newline && !isMultiline) {
            copy(closes ? quotes + hashes : 1)
            stack.removeLast()
            return
        }
        position += 1
    }

    private mutating func takeComment(_ count: Int) {
        for _ in 0..<count where position < bytes.count {
            comments[position] = bytes[position]
            position += 1
        }
    }

    private mutating func takeBlockComment() {
        var depth = 0
        repeat {
            if byte(0) == Self.slash, byte(1) == Self.star {
                depth += 1
                takeComment(2)
            } else if byte(0) == Self.star, byte(1) == Self.slash {
                depth -= 1
                takeComment(2)
            } else {
                takeComment(1)
            }
        } while depth > 0 && position < bytes.count
    }
}
