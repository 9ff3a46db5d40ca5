// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

extension WeatherSeries {
    /// Reads the text of a typical meteorological year of the National Renewable Energy Laboratory (TMY3).
    ///
    /// Wilcox and Marion, "Users Manual for TMY3 Data Sets", NREL/TP-581-43156 (2008), section 3: a first line with
    /// station, name, state, time zone, latitude, longitude and elevation in metres; a second with the column names;
    /// then rows from 01:00 to 24:00 local standard time, each at the end of its hour. Of the columns date, time,
    /// `Dry-bulb (C)`, `Dew-point (C)` and `Pressure (mbar)` are read; -9900 means missing. Where pressure is missing
    /// throughout, the standard atmosphere at the elevation is taken. 29 February is left out.
    package init(typicalYear text: String) throws(InputTextError) {
        let lines = Self.lines(of: text)
        let station = lines.first.map(Self.fields) ?? []
        guard station.count >= 7, let zone = Double(station[3]), (-14...14).contains(zone),
            let elevation = Double(station[6]), (-500...9_000).contains(elevation)
        else {
            throw InputTextError(line: 1, message: "no station with time zone and elevation; give a TMY3 file")
        }
        let names = lines.count > 1 ? Self.fields(lines[1]) : []
        func column(_ name: String) throws(InputTextError) -> Int {
            guard let position = names.firstIndex(where: { $0.hasPrefix(name) }) else {
                throw InputTextError(line: 2, message: "no column \(name); give a TMY3 file")
            }
            return position
        }
        let (date, time) = (try column("Date (MM/DD/YYYY)"), try column("Time (HH:MM)"))
        let (dryBulb, dewPoint) = (try column("Dry-bulb (C)"), try column("Dew-point (C)"))
        let pressure = try column("Pressure (mbar)")
        var rows: [WeatherRow] = []
        for (number, line) in lines.enumerated().dropFirst(2) where !line.isEmpty {
            let fields = Self.fields(line)
            func value(_ position: Int) -> Double? {
                guard position < fields.count, let number = Double(fields[position]) else { return nil }
                return number > -9_000 && number.isFinite ? number : nil
            }
            guard fields.count > max(date, time), let stamp = Self.stamp(date: fields[date], time: fields[time]) else {
                throw InputTextError(line: number + 1, message: "no date MM/DD/YYYY and time HH:MM (01:00 to 24:00)")
            }
            guard !stamp.isLeapDay else { continue }
            rows.append(
                WeatherRow(
                    hours: stamp.hours,
                    dryBulb: value(dryBulb),
                    dewPoint: value(dewPoint),
                    pressure: value(pressure).map { $0 * 100 }
                )
            )
        }
        try self.init(
            rows: rows,
            zoneHours: zone,
            defaultPressure: .standardAtmosphere(altitudeMeters: elevation)
        )
    }

    /// Hours since 1 January of a row of its year.
    private static func stamp(date: String, time: String) -> (hours: Double, isLeapDay: Bool)? {
        let days = date.split(separator: "/").compactMap { Double($0) }
        let clock = time.split(separator: ":").compactMap { Double($0) }
        guard days.count == 3, clock.count == 2, (0...24).contains(clock[0]), (0..<60).contains(clock[1]),
            let start = startOfDay(month: days[0], day: days[1])
        else { return nil }
        return (start + clock[0] + clock[1] / 60, days[0] == 2 && days[1] == 29)
    }

    /// The fields of a line, without quotation marks; a comma between them does not part.
    private static func fields(_ line: Substring.UTF8View) -> [String] {
        var fields: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        for byte in line {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted:
                fields.append(String(decoding: field, as: UTF8.self))
                field.removeAll(keepingCapacity: true)
            default: field.append(byte)
            }
        }
        fields.append(String(decoding: field, as: UTF8.self))
        return fields
    }
}
