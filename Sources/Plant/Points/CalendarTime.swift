// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A moment taken apart into the fields of the proleptic Gregorian calendar in UTC.
///
/// Written here because the pure modules carry no Foundation; the day arithmetic is the one of Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms" (2013), days_from_civil and civil_from_days.
package struct CalendarTime: Hashable, Sendable {
    package var year: Int
    /// The month, 1...12.
    package var month: Int
    /// The day of the month, 1...31.
    package var day: Int
    /// The hour, 0...23.
    package var hour: Int
    /// The minute, 0...59.
    package var minute: Int
    /// The second, 0...59.
    package var second: Int
    /// The millisecond, 0...999.
    package var millisecond: Int

    package init(
        year: Int,
        month: Int,
        day: Int,
        hour: Int = 0,
        minute: Int = 0,
        second: Int = 0,
        millisecond: Int = 0
    ) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.millisecond = millisecond
    }

    package init(_ timestamp: Timestamp) {
        let dayLength: Int64 = 86_400_000
        var days = timestamp.milliseconds / dayLength
        var rest = timestamp.milliseconds % dayLength
        if rest < 0 {
            rest += dayLength
            days -= 1
        }
        let shifted = Int(days) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let time = Int(rest)
        hour = time / 3_600_000
        minute = time / 60_000 % 60
        second = time / 1_000 % 60
        millisecond = time % 1_000
    }

    /// The moment these fields name.
    package var timestamp: Timestamp {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let shiftedMonth = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second
        return Timestamp(milliseconds: Int64(seconds) * 1_000 + Int64(millisecond))
    }
}

extension Timestamp {
    /// The moment as ISO 8601 text in UTC: `2026-03-01T06:00:00Z`, with milliseconds only where there are any.
    package var iso8601: String {
        let time = CalendarTime(self)
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = "\(padded(time.year, 4))-\(padded(time.month, 2))-\(padded(time.day, 2))"
        let clock = "\(padded(time.hour, 2)):\(padded(time.minute, 2)):\(padded(time.second, 2))"
        let fraction = time.millisecond == 0 ? "" : ".\(padded(time.millisecond, 3))"
        return "\(date)T\(clock)\(fraction)Z"
    }

    /// Reads ISO 8601 text: a date alone, or date and time with `Z`, `+hh:mm` or `-hh:mm`; seconds may be missing.
    ///
    /// - Returns: nil where the text is anything else or names no real date or time.
    package init?(iso8601 text: String) {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(digits: 4), scanner.accept("-"),
            let month = scanner.number(digits: 2), scanner.accept("-"),
            let day = scanner.number(digits: 2)
        else { return nil }
        var fields = CalendarTime(year: year, month: month, day: day)
        var offsetMinutes = 0
        if !scanner.isAtEnd {
            guard scanner.accept("T") || scanner.accept(" "),
                let hour = scanner.number(digits: 2), scanner.accept(":"),
                let minute = scanner.number(digits: 2)
            else { return nil }
            fields.hour = hour
            fields.minute = minute
            if scanner.accept(":") {
                guard let second = scanner.number(digits: 2) else { return nil }
                fields.second = second
                if scanner.accept(".") {
                    guard let millisecond = scanner.fractionInThousandths() else { return nil }
                    fields.millisecond = millisecond
                }
            }
            guard let offset = scanner.zoneOffsetMinutes(), scanner.isAtEnd else { return nil }
            offsetMinutes = offset
        }
        let moment = fields.timestamp
        guard CalendarTime(moment) == fields else { return nil }
        self = Timestamp(milliseconds: moment.milliseconds - Int64(offsetMinutes) * 60_000)
    }
}

/// Reads the digits and separators of ISO 8601 text from left to right.
private struct DigitScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func accept(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == character.value else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(digits: Int) -> Int? {
        guard rest.count >= digits else { return nil }
        var value = 0
        for byte in rest.prefix(digits) {
            guard (48...57).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        rest = rest.dropFirst(digits)
        return value
    }

    mutating func fractionInThousandths() -> Int? {
        var value = 0
        var count = 0
        while let byte = rest.first, (48...57).contains(byte) {
            if count < 3 { value = value * 10 + Int(byte - 48) }
            count += 1
            rest = rest.dropFirst()
        }
        guard count > 0 else { return nil }
        for _ in min(count, 3)..<3 { value *= 10 }
        return value
    }

    mutating func zoneOffsetMinutes() -> Int? {
        if accept("Z") { return 0 }
        let sign: Int
        if accept("+") { sign = 1 } else if accept("-") { sign = -1 } else { return nil }
        guard let hours = number(digits: 2), hours <= 23 else { return nil }
        _ = accept(":")
        guard let minutes = number(digits: 2), minutes <= 59 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
