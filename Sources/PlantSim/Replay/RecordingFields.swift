// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The fields of one line of comma-separated values (RFC 4180, section 2), found without copying them.
struct RecordingFields: Sendable {
    /// Fields a line may have.
    static let most = 20_000

    let separator: UInt8
    /// Where each field stands, quotes left out.
    private(set) var ranges: [Range<Int>] = []
    /// Whether a field has a quote inside, doubled.
    private var hasQuotes: [Bool] = []

    init(separator: UInt8) { self.separator = separator }

    /// The separator a first line has most of: comma, semicolon or tab.
    static func separator(in line: ArraySlice<UInt8>) -> UInt8 {
        var best = (byte: UInt8(ascii: ","), count: 0)
        for byte in [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")] {
            let count = line.count { $0 == byte }
            if count > best.count { best = (byte, count) }
        }
        return best.byte
    }

    /// Finds the fields of a line.
    mutating func split(_ line: RecordingLines.Line) throws(InputTextError) {
        func fault(_ message: String) -> InputTextError { InputTextError(line: line.number, message: message) }
        ranges.removeAll(keepingCapacity: true)
        hasQuotes.removeAll(keepingCapacity: true)
        let bytes = line.bytes
        var position = bytes.startIndex
        while true {
            guard ranges.count < Self.most else { throw fault("more than \(Self.most) columns; leave some out") }
            let isQuoted = position < bytes.endIndex && bytes[position] == Self.quote
            if isQuoted { position += 1 }
            let from = position
            var doubled = false
            while position < bytes.endIndex {
                let byte = bytes[position]
                if byte == 0 { throw fault("a NUL byte; this is not a text file, or it is UTF-16: save it as UTF-8") }
                if isQuoted, byte == Self.quote {
                    guard position + 1 < bytes.endIndex, bytes[position + 1] == Self.quote else { break }
                    doubled = true
                    position += 1
                } else if !isQuoted, byte == separator {
                    break
                }
                position += 1
            }
            ranges.append(from..<position)
            hasQuotes.append(doubled)
            if isQuoted {
                guard position < bytes.endIndex else {
                    throw fault("field \(ranges.count) has no closing quote; a text may not span lines here")
                }
                position += 1
                guard position == bytes.endIndex || bytes[position] == separator else {
                    throw fault("field \(ranges.count) goes on behind its closing quote; double quotes inside a text")
                }
            }
            guard position < bytes.endIndex else { return }
            position += 1
        }
    }

    /// The text of a field of the line that was split last, without blanks around it.
    func text(_ field: Int, of line: RecordingLines.Line) throws(InputTextError) -> String {
        guard let text = String(validating: line.bytes[ranges[field]], as: UTF8.self) else {
            throw InputTextError(line: line.number, message: "field \(field + 1) is not UTF-8; save the file as UTF-8")
        }
        let plain = hasQuotes[field] ? text.replacing("\"\"", with: "\"") : text
        guard plain.utf8.first == Self.blank || plain.utf8.last == Self.blank else { return plain }
        let start = plain.utf8.firstIndex { $0 != Self.blank } ?? plain.endIndex
        let end = plain.utf8.lastIndex { $0 != Self.blank }.map { plain.utf8.index(after: $0) } ?? start
        return String(plain[start..<end])
    }

    private static let quote = UInt8(ascii: "\"")
    private static let blank = UInt8(ascii: " ")
}
