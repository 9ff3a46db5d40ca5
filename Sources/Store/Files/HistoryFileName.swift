// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The name of a history file, and the span of plant time in UTC that it covers.
///
/// `raw-2026-03-01.sqlite` holds the cycles of a day, `minute-2026-03.sqlite` the 1 min roll-ups of a month,
/// `quarter-2026.sqlite` the 15 min roll-ups of a year. Retention deletes whole files.
struct HistoryFileName: Hashable, Comparable {
    enum Kind: String, CaseIterable {
        case raw
        case minute
        case quarter
    }

    let kind: Kind
    /// The first moment covered.
    let start: Timestamp
    /// The first moment no longer covered.
    let end: Timestamp

    /// The file of this kind that covers a moment.
    init(_ kind: Kind, covering time: Timestamp) {
        let fields = CalendarTime(time)
        self.kind = kind
        switch kind {
        case .raw:
            start = CalendarTime(year: fields.year, month: fields.month, day: fields.day).timestamp
            end = start + .seconds(86_400)
        case .minute:
            start = CalendarTime(year: fields.year, month: fields.month, day: 1).timestamp
            let isDecember = fields.month == 12
            end =
                CalendarTime(
                    year: fields.year + (isDecember ? 1 : 0),
                    month: isDecember ? 1 : fields.month + 1,
                    day: 1
                ).timestamp
        case .quarter:
            start = CalendarTime(year: fields.year, month: 1, day: 1).timestamp
            end = CalendarTime(year: fields.year + 1, month: 1, day: 1).timestamp
        }
    }

    /// Reads a file's name; nil for any other name.
    init?(_ name: String) {
        guard name.hasSuffix(".sqlite") else { return nil }
        let parts = name.dropLast(7).split(separator: "-", maxSplits: 1)
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])) else { return nil }
        let firstDay = parts[1] + (kind == .raw ? "" : kind == .minute ? "-01" : "-01-01")
        guard let time = Timestamp(iso8601: String(firstDay)) else { return nil }
        self.init(kind, covering: time)
        guard text == name else { return nil }
    }

    /// The file's name.
    var text: String {
        let date = start.iso8601.prefix(kind == .raw ? 10 : kind == .minute ? 7 : 4)
        return "\(kind.rawValue)-\(date).sqlite"
    }

    static func < (left: Self, right: Self) -> Bool {
        left.kind == right.kind ? left.start < right.start : left.kind.rawValue < right.kind.rawValue
    }
}
