// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// One row of a weather file: the air at one moment of a year.
package struct WeatherRow: Hashable, Sendable {
    /// Hours since 1 January 00:00 local standard time, at the end of the file's hour.
    package var hours: Double
    /// Dry bulb in degrees Celsius; nil where the file has none.
    package var dryBulb: Double?
    /// Dew point in degrees Celsius; nil where the file has none.
    package var dewPoint: Double?
    /// Barometric pressure in pascals; nil where the file has none.
    package var pressure: Double?

    package init(hours: Double, dryBulb: Double?, dewPoint: Double?, pressure: Double?) {
        self.hours = hours
        self.dryBulb = dryBulb
        self.dewPoint = dewPoint
        self.pressure = pressure
    }
}

/// A year of weather from a file, repeated for ever; straight lines between its rows.
///
/// A row's values hold at the end of its hour: a typical year's temperatures are readings at the full hour that
/// closes the interval (Wilcox and Marion, "Users Manual for TMY3 Data Sets", NREL/TP-581-43156, 2008, section 2).
package struct WeatherSeries: Hashable, Sendable {
    /// Local standard time minus UTC, in hours.
    package let zoneHours: Double
    private let hours: [Double]
    private let values: [WeatherValues]

    /// The rows of a year of 365 days, in hours.
    private static let yearHours = 8_760.0
    /// The longest gap that is bridged, in hours.
    package static let longestGap = 24.0
    /// Rows a file may have: a leap year of minutes.
    package static let largestCount = 527_040

    /// Makes a series of rows in the order of time; gaps of up to 24 h are bridged with straight lines.
    ///
    /// A pressure missing throughout is taken from `defaultPressure`.
    package init(
        rows: [WeatherRow],
        zoneHours: Double,
        defaultPressure: Pressure = .standardAtmosphere
    ) throws(InputTextError) {
        guard rows.count >= 2 else {
            throw InputTextError(line: nil, message: "fewer than two rows of data; give a year of hourly rows")
        }
        guard rows.count <= Self.largestCount else {
            throw InputTextError(line: nil, message: "more than \(Self.largestCount) rows; give one year")
        }
        for (earlier, later) in zip(rows, rows.dropFirst()) where later.hours <= earlier.hours {
            throw InputTextError(line: nil, message: "rows are not in the order of time at hour \(later.hours)")
        }
        if let last = rows.last, last.hours > Self.yearHours + 24 {
            throw InputTextError(line: nil, message: "rows reach beyond one year; give one year")
        }
        let hours = rows.map(\.hours)
        let dryBulbs = try Self.bridged(rows.map(\.dryBulb), hours: hours, name: "dry bulb")
        let dewPoints = try Self.bridged(rows.map(\.dewPoint), hours: hours, name: "dew point")
        let hasPressure = rows.contains { $0.pressure != nil }
        let pressures =
            hasPressure
            ? try Self.bridged(rows.map(\.pressure), hours: hours, name: "pressure")
            : rows.map { _ in defaultPressure.pascals }
        self.hours = hours
        self.zoneHours = zoneHours
        values = rows.indices.map {
            WeatherValues(dryBulb: dryBulbs[$0], dewPoint: dewPoints[$0], pressure: pressures[$0])
        }
    }

    /// How many rows there are.
    package var count: Int { hours.count }

    /// The values at a time of any year; 29 February repeats 28 February.
    package func values(at time: Timestamp) -> WeatherValues {
        let local = CalendarTime(Timestamp(milliseconds: time.milliseconds + Int64(zoneHours * 3_600_000)))
        let leapDay = local.month == 2 && local.day == 29
        // Laid out in 2001, a year without 29 February, as every typical year is.
        let plain = CalendarTime(year: 2_001, month: local.month, day: leapDay ? 28 : local.day).timestamp
        let start = CalendarTime(year: 2_001, month: 1, day: 1).timestamp
        let ofDay =
            Double(local.hour) + Double(local.minute) / 60
            + (Double(local.second) + Double(local.millisecond) / 1_000) / 3_600
        return values(atHour: (plain - start).inSeconds / 3_600 + ofDay)
    }

    /// The values at an hour of the year, 0...8760; before the first row and after the last the year is joined to
    /// itself.
    package func values(atHour hour: Double) -> WeatherValues {
        var low = 0
        var high = hours.count
        while low < high {
            let middle = (low + high) / 2
            if hours[middle] <= hour { low = middle + 1 } else { high = middle }
        }
        let left = low == 0 ? hours.count - 1 : low - 1
        let right = low == hours.count ? 0 : low
        let leftHour = low == 0 ? hours[left] - Self.yearHours : hours[left]
        let rightHour = low == hours.count ? hours[right] + Self.yearHours : hours[right]
        let length = rightHour - leftHour
        let share = length > 0 ? min(max((hour - leftHour) / length, 0), 1) : 0
        return values[left].interpolated(to: values[right], share: share)
    }

    /// Fills gaps by straight lines; at the ends of the year with the nearest value.
    private static func bridged(
        _ column: [Double?],
        hours: [Double],
        name: String
    ) throws(InputTextError) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(column.count)
        var last: Int?
        for (position, value) in column.enumerated() {
            guard let value else { continue }
            if let last, let start = column[last] {
                let length = hours[position] - hours[last]
                guard position == last + 1 || length <= longestGap else {
                    throw gap(name, from: hours[last], to: hours[position])
                }
                for inner in (last + 1)..<position where last + 1 < position {
                    result.append(start + (value - start) * (hours[inner] - hours[last]) / length)
                }
            } else {
                guard hours[position] - hours[0] <= longestGap else {
                    throw gap(name, from: hours[0], to: hours[position])
                }
                result.append(contentsOf: repeatElement(value, count: position))
            }
            result.append(value)
            last = position
        }
        guard let last, let end = column[last] else {
            throw InputTextError(line: nil, message: "no \(name) anywhere; give one per row")
        }
        guard hours[hours.count - 1] - hours[last] <= longestGap else {
            throw gap(name, from: hours[last], to: hours[hours.count - 1])
        }
        result.append(contentsOf: repeatElement(end, count: column.count - 1 - last))
        return result
    }

    private static func gap(_ name: String, from start: Double, to end: Double) -> InputTextError {
        let message = "no \(name) from hour \(start) to hour \(end) of the year; gaps of up to 24 h are bridged"
        return InputTextError(line: nil, message: message)
    }
}
