// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// One value of a recording.
package struct RecordedSample: Hashable, Sendable {
    package let point: PointIndex
    /// In the point's base unit; NaN where the recording says that there is none from here on.
    package let value: Double

    package init(point: PointIndex, value: Double) {
        self.point = point
        self.value = value
    }
}

/// Reads the lines of a recording behind the first one, in the order of time.
package struct RecordingRows: Sendable {
    package let layout: RecordingLayout
    private var fields: RecordingFields
    /// The last time as it was written, and what it means: many lines of a recording have the same.
    private var timeText: [UInt8] = []
    private var time: Timestamp?
    /// Targets by the names of a recording of one sample a line; nil for names that go nowhere.
    private var targets: [String: RecordingLayout.Target?] = [:]
    private var unused: [String] = []

    /// Takes the first line.
    package init(header line: RecordingLines.Line, points: RecordingPoints) throws(InputTextError) {
        layout = try RecordingLayout(line, points)
        fields = RecordingFields(separator: layout.separator)
    }

    /// Names met so far that go nowhere, in the order of the file.
    package var unusedNames: [String] { layout.unusedColumns + unused }

    /// Lets time begin anew, for another pass.
    package mutating func begin() { (timeText, time) = ([], nil) }

    /// Reads a line.
    ///
    /// - Parameters:
    ///   - line: The line.
    ///   - samples: What it says, added in its order.
    /// - Returns: The line's time.
    /// - Throws: ``InputTextError`` with the line's number where it is broken.
    package mutating func read(
        _ line: RecordingLines.Line,
        into samples: inout [RecordedSample]
    ) throws(InputTextError) -> Timestamp {
        try fields.split(line)
        guard fields.ranges.count == layout.names.count else {
            throw InputTextError(
                line: line.number,
                message: "\(fields.ranges.count) fields, but the first line names \(layout.names.count) columns"
            )
        }
        let time = try time(of: line)
        switch layout.form {
        case .wide(let columns):
            for (field, target) in columns {
                guard let value = try value(field, of: line) else { continue }
                samples.append(RecordedSample(point: target.point, value: target.unit?.toBase(value) ?? value))
            }
        case .long(let point, let value, let unit, let quality):
            if let sample = try sample(line, point: point, value: value, unit: unit, quality: quality) {
                samples.append(sample)
            }
        }
        return time
    }

    // MARK: - One sample a line

    private mutating func sample(
        _ line: RecordingLines.Line,
        point: Int,
        value: Int,
        unit: Int?,
        quality: Int?
    ) throws(InputTextError) -> RecordedSample? {
        guard let target = try target(of: try fields.text(point, of: line), line: line.number) else { return nil }
        let number = try self.value(value, of: line)
        if let quality {
            switch try fields.text(quality, of: line) {
            case "bad": return RecordedSample(point: target.point, value: .nan)
            // The value of an earlier line again.
            case "stale": return nil
            case "", "good", "uncertain": break
            case let word:
                throw InputTextError(
                    line: line.number,
                    message: "there is no quality '\(word.cut)'; write good, uncertain, stale or bad"
                )
            }
        }
        guard let number else { return nil }
        var source = target.unit
        if source == nil, let unit { source = try self.unit(of: try fields.text(unit, of: line), target, line.number) }
        return RecordedSample(point: target.point, value: source?.toBase(number) ?? number)
    }

    private mutating func target(of name: String, line: Int) throws(InputTextError) -> RecordingLayout.Target? {
        if let known = targets[name] { return known }
        let target = try layout.points.target(of: name, line: line)
        // Names that go nowhere need not be points, so there may be any number of them.
        if target != nil || unused.count < RecordingFields.most {
            targets.updateValue(target, forKey: name)
            if target == nil { unused.append(name) }
        }
        return target
    }

    /// The unit of a line; nil where it is the base unit.
    private func unit(
        of text: String,
        _ target: RecordingLayout.Target,
        _ line: Int
    ) throws(InputTextError) -> SourceUnit? {
        let base = layout.points.unit(of: target.point)
        if text.isEmpty || text == base.rawValue { return nil }
        guard let unit = SourceUnit.named(text), unit.base == base else {
            throw InputTextError(
                line: line,
                message: "'\(text.cut)' is no unit of \(layout.points.name(of: target.point)), which is in "
                    + "\(base.rawValue)"
            )
        }
        return unit
    }

    // MARK: - Fields

    /// The number in a field; nil where there is none.
    private func value(_ field: Int, of line: RecordingLines.Line) throws(InputTextError) -> Double? {
        let text = try fields.text(field, of: line)
        if text.isEmpty { return nil }
        if text.utf8.allSatisfy(Self.isPartOfNumber), let value = Double(text), value.isFinite { return value }
        switch text.lowercased() {
        case "nan", "null", "n/a", "na", "-": return nil
        case "true": return 1
        case "false": return 0
        default:
            let advice = text.contains(",") ? "; write a decimal point" : ""
            throw InputTextError(
                line: line.number,
                message: "'\(text.cut)' in column \(field + 1), '\(layout.names[field].cut)', is not a number\(advice)"
            )
        }
    }

    private static func isPartOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private mutating func time(of line: RecordingLines.Line) throws(InputTextError) -> Timestamp {
        let bytes = line.bytes[fields.ranges[layout.timeField]]
        if let time, bytes.elementsEqual(timeText) { return time }
        let text = try fields.text(layout.timeField, of: line)
        guard let moment = Self.moment(text) else {
            throw InputTextError(
                line: line.number,
                message: "'\(text.cut)' is not a time; write 2026-03-01T06:00:00Z, with its zone, or Unix seconds or "
                    + "milliseconds, of 1970 to 2199"
            )
        }
        if let time, moment < time {
            throw InputTextError(
                line: line.number,
                message: "\(moment.iso8601) is before the line above, \(time.iso8601); sort the file by time"
            )
        }
        timeText = Array(bytes)
        time = moment
        return moment
    }

    /// ISO 8601, or a number: Unix milliseconds from 1e11 on (1973), else seconds.
    private static func moment(_ text: String) -> Timestamp? {
        var moment: Timestamp?
        if !text.isEmpty, text.utf8.allSatisfy({ isPartOfNumber($0) && $0 != UInt8(ascii: "-") }) {
            guard let number = Double(text), number < 1e13 else { return nil }
            moment = Timestamp(milliseconds: Int64((number >= 1e11 ? number : number * 1_000).rounded()))
        } else {
            moment = Timestamp(iso8601: text)
        }
        // 2200-01-01.
        return moment.flatMap { (0..<7_258_118_400_000).contains($0.milliseconds) ? $0 : nil }
    }
}
