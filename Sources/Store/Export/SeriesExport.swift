// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import Plant

/// Writes stored samples as text for other programs: one line per sample, in bounded memory.
///
/// Columns, in this order: `time` (plant time of the cycle), `point` (`device/point`), `value`, `unit`, `quality`,
/// `cause`, `source_time` (plant time of the device's reply). Times are ISO 8601 in UTC with milliseconds. Values are
/// in base units and read back as the same 64-bit number. Meters' totals are points too: `device/energy_total` in
/// joules, exact, and `device/water_total` in cubic metres, exact to the millilitre.
package struct SeriesExport: Sendable {
    /// The text formats there are.
    package enum Format: String, CaseIterable, Sendable {
        /// RFC 4180 with a header line; a value that is missing is an empty field.
        case csv
        /// One JSON object a line; a value or source time that is missing is null.
        case jsonLines = "jsonl"
    }

    package let format: Format
    package let points: PointGlob
    /// The first moment given, in plant time.
    package let from: Timestamp
    /// The first moment no longer given, in plant time.
    package let to: Timestamp

    package init(format: Format, points: PointGlob = .all, from: Timestamp, to: Timestamp) {
        self.format = format
        self.points = points
        self.from = from
        self.to = to
    }

    /// Bytes gathered before the sink is called.
    private static let chunk = 65_536

    /// Hands the text to `sink` in pieces.
    ///
    /// - Throws: a ``StoreProblem``, or what `sink` throws.
    /// - Returns: how many samples were written.
    @discardableResult
    package func write(_ reader: StoreReader, to sink: ([UInt8]) throws -> Void) throws -> Int {
        var buffer: [UInt8] = []
        var count = 0
        if format == .csv { buffer += Array("time,point,value,unit,quality,cause,source_time\r\n".utf8) }
        var time = (at: Timestamp(milliseconds: .min), text: "")
        try reader.forEachSample(points: points, from: from, to: to) { sample in
            if sample.time != time.at { time = (sample.time, sample.time.fixedWidthISO8601) }
            buffer += line(sample, time: time.text).utf8
            count += 1
            if buffer.count >= Self.chunk {
                try sink(buffer)
                buffer.removeAll(keepingCapacity: true)
            }
        }
        if !buffer.isEmpty { try sink(buffer) }
        return count
    }

    /// Writes the text to an open file.
    @discardableResult
    package func write(_ reader: StoreReader, to file: FileHandle) throws -> Int {
        try write(reader) { try file.write(contentsOf: Data($0)) }
    }

    private func line(_ sample: StoredSample, time: String) -> String {
        let hasSource = sample.sourceTime.milliseconds != 0
        let source = hasSource ? sample.sourceTime.fixedWidthISO8601 : ""
        let value = sample.valueText
        switch format {
        case .csv:
            return "\(time),\(CSVField.quoted(sample.point.name)),\(value),\(sample.point.unit.rawValue),"
                + "\(sample.quality.word),\(CSVField.quoted(sample.cause.words)),\(source)\r\n"
        case .jsonLines:
            return "{\"time\":\"\(time)\",\"point\":\(JSONText.quoted(sample.point.name)),"
                + "\"value\":\(value.isEmpty ? "null" : value),\"unit\":\"\(sample.point.unit.rawValue)\","
                + "\"quality\":\"\(sample.quality.word)\",\"cause\":\(JSONText.quoted(sample.cause.words)),"
                + "\"source_time\":\(hasSource ? "\"\(source)\"" : "null")}\n"
        }
    }
}

/// Fields of comma-separated values (RFC 4180, section 2).
enum CSVField {
    /// The text, in quotes where it holds a comma, a quote or a line break.
    static func quoted(_ text: String) -> String {
        let needsQuotes = text.utf8.contains { byte in
            byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 10 || byte == 13
        }
        guard needsQuotes else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}

/// Strings of JSON (RFC 8259, section 7).
enum JSONText {
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension Timestamp {
    /// ISO 8601 in UTC with three digits of milliseconds always, so that text sorts as time does.
    package var fixedWidthISO8601: String {
        let text = iso8601
        return milliseconds % 1_000 == 0 ? text.dropLast() + ".000Z" : text
    }
}
