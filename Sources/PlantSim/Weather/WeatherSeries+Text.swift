// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

extension WeatherSeries {
    /// Reads the text of an EnergyPlus weather file (EPW).
    ///
    /// EnergyPlus "Auxiliary Programs", EPW data dictionary: eight header lines, the first with the time zone in
    /// field 9; then fields 2 to 4 month, day, hour 1...24 (the hour that ends), 7 dry bulb, 8 dew point, 10 pressure
    /// in pascals; 99.9 and 999999 mean missing. Several rows per hour are spread over it. 29 February is left out.
    package init(energyPlusWeather text: String) throws(InputTextError) {
        var zone = 0.0
        var rows: [WeatherRow] = []
        var stamps: [Int] = []
        for (number, line) in Self.lines(of: text).enumerated() {
            let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            if number == 0 {
                guard fields.count >= 10, Self.text(fields[0]).uppercased() == "LOCATION",
                    let hours = Self.number(fields[8]), (-14...14).contains(hours)
                else {
                    throw InputTextError(line: 1, message: "no LOCATION header with a time zone; give an EPW file")
                }
                zone = hours
            }
            guard number >= 8, !line.isEmpty else { continue }
            guard fields.count >= 10, let month = Self.number(fields[1]), let day = Self.number(fields[2]),
                let hour = Self.number(fields[3]), let start = Self.startOfDay(month: month, day: day),
                (1...24).contains(hour)
            else {
                throw InputTextError(line: number + 1, message: "no month, day and hour in fields 2 to 4")
            }
            if month == 2, day == 29 { continue }
            stamps.append(Int(start + hour))
            rows.append(
                WeatherRow(
                    hours: start + hour,
                    dryBulb: Self.number(fields[6]).flatMap { $0 < 99.85 ? $0 : nil },
                    dewPoint: Self.number(fields[7]).flatMap { $0 < 99.85 ? $0 : nil },
                    pressure: Self.number(fields[9]).flatMap { $0 < 999_998 ? $0 : nil }
                )
            )
        }
        Self.spread(&rows, stamps: stamps)
        try self.init(rows: rows, zoneHours: zone)
    }

    /// Reads comma-separated text with one header line that names the columns.
    ///
    /// Columns `month`, `day`, `hour` (1...24, the hour that ends, local standard time), `dry_bulb_celsius`,
    /// `dew_point_celsius` and, if known, `pressure_pascals`, or for these three `t_db_C`, `t_dp_C` and `p_Pa`; others
    /// are skipped, empty fields are missing values.
    package init(
        commaSeparated text: String,
        zoneHours: Double,
        defaultPressure: Pressure = .standardAtmosphere
    ) throws(InputTextError) {
        let lines = Self.lines(of: text)
        let comma = UInt8(ascii: ",")
        let names = (lines.first?.split(separator: comma, omittingEmptySubsequences: false) ?? []).map(Self.text)
        func column(_ name: String, or short: String? = nil) throws(InputTextError) -> Int {
            guard let position = names.firstIndex(of: name) ?? short.flatMap(names.firstIndex(of:)) else {
                throw InputTextError(line: 1, message: "no column \(name)")
            }
            return position
        }
        let (month, day, hour) = (try column("month"), try column("day"), try column("hour"))
        let dryBulb = try column("dry_bulb_celsius", or: "t_db_C")
        let dewPoint = try column("dew_point_celsius", or: "t_dp_C")
        let pressure = names.firstIndex(of: "pressure_pascals") ?? names.firstIndex(of: "p_Pa")
        var rows: [WeatherRow] = []
        for (number, line) in lines.enumerated().dropFirst() where !line.isEmpty {
            let fields = line.split(separator: comma, omittingEmptySubsequences: false)
            func value(_ position: Int?) -> Double? {
                guard let position, position < fields.count else { return nil }
                return Self.number(fields[position])
            }
            guard let monthValue = value(month), let dayValue = value(day), let hourValue = value(hour),
                let start = Self.startOfDay(month: monthValue, day: dayValue), (0...24).contains(hourValue)
            else { throw InputTextError(line: number + 1, message: "no month, day and hour (1 to 24)") }
            if monthValue == 2, dayValue == 29 { continue }
            rows.append(
                WeatherRow(
                    hours: start + hourValue,
                    dryBulb: value(dryBulb),
                    dewPoint: value(dewPoint),
                    pressure: value(pressure)
                )
            )
        }
        try self.init(rows: rows, zoneHours: zoneHours, defaultPressure: defaultPressure)
    }

    /// Rows with the same hour are parts of it: the last of them stands at its end.
    private static func spread(_ rows: inout [WeatherRow], stamps: [Int]) {
        var start = 0
        while start < rows.count {
            var end = start
            while end < rows.count, stamps[end] == stamps[start] { end += 1 }
            let parts = Double(end - start)
            for position in start..<end { rows[position].hours -= 1 - Double(position - start + 1) / parts }
            start = end
        }
    }

    /// Hours from 1 January to the start of a day in a year of 365 days; nil for a day that no year has.
    static func startOfDay(month: Double, day: Double) -> Double? {
        guard (1...12).contains(month), (1...31).contains(day), month == month.rounded(), day == day.rounded() else {
            return nil
        }
        let leap = month == 2 && day == 29
        let fields = CalendarTime(year: 2_001, month: Int(month), day: leap ? 28 : Int(day))
        guard CalendarTime(fields.timestamp) == fields else { return nil }
        return (fields.timestamp - CalendarTime(year: 2_001, month: 1, day: 1).timestamp).inSeconds / 3_600
    }

    /// The lines as bytes, without line ends; no characters are formed, so a year takes milliseconds.
    static func lines(of text: String) -> [Substring.UTF8View.SubSequence] {
        text[...].utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        }
    }

    static func text(_ field: Substring.UTF8View) -> String {
        let space = UInt8(ascii: " ")
        return String(Substring(field.drop { $0 == space || $0 == UInt8(ascii: "\t") }))
    }

    static func number(_ field: Substring.UTF8View) -> Double? {
        guard let value = Double(text(field)), value.isFinite else { return nil }
        return value
    }
}
