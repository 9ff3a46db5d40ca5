// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Testing

/// ISO 8601 text with the milliseconds since 1970 that GNU `date -d TEXT +%s` gives.
private let moments: [(text: String, milliseconds: Int64)] = [
    ("1970-01-01T00:00:00Z", 0),
    ("1970-01-01T00:00:00.001Z", 1),
    ("1969-12-31T23:59:59.999Z", -1),
    ("1969-12-31T00:00:00Z", -86_400_000),
    ("1900-02-28T23:59:59Z", -2_203_891_201_000),
    ("1900-03-01T00:00:00Z", -2_203_891_200_000),
    ("2000-02-29T12:00:00Z", 951_825_600_000),
    ("2000-03-01T00:00:00Z", 951_868_800_000),
    ("2024-02-29T23:59:59.999Z", 1_709_251_199_999),
    ("2024-12-31T23:59:59Z", 1_735_689_599_000),
    ("2026-03-01T06:00:00Z", 1_772_344_800_000),
    ("2038-01-19T03:14:08Z", 2_147_483_648_000),
    ("2100-02-28T00:00:00Z", 4_107_456_000_000),
    ("2100-03-01T00:00:00Z", 4_107_542_400_000),
    ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ("0001-01-01T00:00:00Z", -62_135_596_800_000),
]

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "a duration in seconds is what its components say, short, long and negative",
        arguments: [0, 1, 1_100, 9_999, 10_000, 18_446, 18_447, 86_400_007, -1, -12_345]
    )
    func seconds(milliseconds: Int64) {
        let duration = Duration.milliseconds(milliseconds) + .nanoseconds(milliseconds % 7)
        let parts = duration.components
        #expect(duration.inSeconds == Double(parts.seconds) + Double(parts.attoseconds) / 1e18)
        #expect(abs(duration.inSeconds - Double(milliseconds) / 1_000) < 1e-8)
    }

    @Test("writes and reads ISO 8601", arguments: moments)
    func isoText(text: String, milliseconds: Int64) {
        #expect(Timestamp(milliseconds: milliseconds).iso8601 == text)
        #expect(Timestamp(iso8601: text)?.milliseconds == milliseconds)
    }

    @Test(
        "reads the shorter forms and offsets",
        arguments: [
            ("2026-03-01", "2026-03-01T00:00:00Z"), ("2026-03-01T06:00Z", "2026-03-01T06:00:00Z"),
            ("2026-03-01 06:00:00Z", "2026-03-01T06:00:00Z"),
            ("2026-03-01T06:00:00+01:00", "2026-03-01T05:00:00Z"),
            ("2026-03-01T00:30:00+05:45", "2026-02-28T18:45:00Z"),
            ("2025-12-31T23:30:00-02:30", "2026-01-01T02:00:00Z"),
            ("2024-02-29T00:00:00-00:00", "2024-02-29T00:00:00Z"),
            ("2026-03-01T06:00:00.5Z", "2026-03-01T06:00:00.500Z"),
            ("2026-03-01T06:00:00.0625Z", "2026-03-01T06:00:00.062Z"),
        ]
    )
    func otherForms(text: String, expected: String) {
        #expect(Timestamp(iso8601: text)?.iso8601 == expected)
    }

    @Test(
        "refuses what names no moment",
        arguments: [
            "", "2026", "2026-03", "2026-02-29", "2100-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00",
            "2026-01-32", "2026-03-01T24:00:00Z", "2026-03-01T06:60:00Z", "2026-03-01T06:00:60Z",
            "2026-03-01T06:00:00", "2026-03-01T06:00:00z", "2026-03-01T06:00:00.Z", "2026-03-01T06:00:00+24:00",
            "2026-03-01T06:00:00+01:60", "2026-03-01T06:00:00Z ", " 2026-03-01", "2026-3-1", "26-03-01",
            "2026-03-01T6:00Z", "2026/03/01", "2026-03-01T06:00:00+1", "+2026-03-01", "２026-03-01", "2026-03-01T",
        ]
    )
    func invalid(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test("calendar fields come back for days of four centuries")
    func calendarRoundTrip() {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var expected = Int64(-11_676_096_000_000)
        for year in 1600..<2000 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for month in 1...12 {
                for day in 1...(lengths[month - 1] + (month == 2 && isLeap ? 1 : 0)) {
                    let time = CalendarTime(year: year, month: month, day: day)
                    let moment = Timestamp(milliseconds: expected)
                    if time.timestamp != moment || CalendarTime(moment) != time {
                        Issue.record("\(year)-\(month)-\(day) became \(CalendarTime(moment))")
                    }
                    expected += 86_400_000
                }
            }
        }
        #expect(expected == 946_684_800_000)
    }

    @Test("random moments come back through text")
    func randomRoundTrip() {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<2_000 {
            let moment = Timestamp(
                milliseconds: .random(in: -62_135_596_800_000...253_402_300_799_999, using: &generator)
            )
            #expect(Timestamp(iso8601: moment.iso8601) == moment)
        }
    }

    @Test("adds, subtracts and compares in whole milliseconds")
    func arithmetic() {
        let start = Timestamp(milliseconds: 1_000)
        #expect(start + .milliseconds(1_500) == Timestamp(milliseconds: 2_500))
        #expect(start - .seconds(2) == Timestamp(milliseconds: -1_000))
        #expect(start + .microseconds(1_999) == Timestamp(milliseconds: 1_001))
        #expect(start - Timestamp(milliseconds: 2_500) == .milliseconds(-1_500))
        #expect(start < Timestamp(milliseconds: 1_001))
    }

    @Test(
        "floors to the multiple of an interval before, also before 1970",
        arguments: [(0, 0), (1, 0), (899_999, 0), (900_000, 900_000), (-1, -900_000), (-900_000, -900_000)]
            as [(Int64, Int64)]
    )
    func floored(milliseconds: Int64, expected: Int64) {
        let floored = Timestamp(milliseconds: milliseconds).floored(to: .seconds(900))
        #expect(floored.milliseconds == expected)
    }

    @Test("seconds since the epoch round to the nearest millisecond")
    func secondsSinceEpoch() {
        #expect(Timestamp(secondsSinceEpoch: 1.0006).milliseconds == 1_001)
        #expect(Timestamp(secondsSinceEpoch: -1.0006).milliseconds == -1_001)
        #expect(Timestamp(milliseconds: 1_500).secondsSinceEpoch == 1.5)
    }

    @Test("durations in seconds and whole milliseconds, rounded toward zero")
    func durations() {
        #expect(Duration.milliseconds(1_500).inSeconds == 1.5)
        #expect(Duration.milliseconds(-1_500).inSeconds == -1.5)
        #expect(Duration.microseconds(1_999).wholeMilliseconds == 1)
        #expect(Duration.microseconds(-1_999).wholeMilliseconds == -1)
    }
}
