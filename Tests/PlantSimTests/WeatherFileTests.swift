// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

@Suite("Weather files")
struct WeatherFileTests {
    /// An EPW of whole days from 1 January; `field` gives dry bulb, dew point and pressure of each hour ending.
    static func energyPlusWeather(days: Int, field: (Int) -> (String, String, String)) -> String {
        var lines = ["LOCATION,Testville,-,DEU,TMYx,000000,50.05,8.60,1.0,111.0"]
        lines += ["DESIGN CONDITIONS,0", "TYPICAL/EXTREME PERIODS,0", "GROUND TEMPERATURES,0"]
        lines += ["HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0", "COMMENTS 1,x", "COMMENTS 2,y", "DATA PERIODS,1,1,Data,Sunday"]
        for hour in 0..<(24 * days) {
            let date = CalendarTime(
                CalendarTime(year: 2_001, month: 1, day: 1).timestamp + .seconds(hour * 3_600)
            )
            let (dryBulb, dewPoint, pressure) = field(hour + 1)
            let stamp = "2015,\(date.month),\(date.day),\(date.hour + 1),60"
            lines.append("\(stamp),?9?9?9,\(dryBulb),\(dewPoint),66,\(pressure),0,0,0,0,0,0,0,0,0,0,180,3.1")
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    /// Plant time at a local hour of the test year, one hour ahead of UTC.
    static func time(localHour: Double) -> Timestamp {
        CalendarTime(year: 2_026, month: 1, day: 1).timestamp + .seconds(localHour * 3_600) - .seconds(3_600)
    }

    @Test("a row holds at the end of its hour, with straight lines between")
    func hourEnding() throws {
        let text = Self.energyPlusWeather(days: 3) { ("\(Double($0) / 10)", "-1.5", "10\(1_000 + $0)") }
        let series = try WeatherSeries(energyPlusWeather: text)
        #expect(series.count == 72)
        #expect(series.zoneHours == 1)
        for hour in [1.0, 1.25, 7.5, 24, 24.5, 71.9] {
            let values = series.values(at: Self.time(localHour: hour))
            #expect(abs(values.dryBulb - hour / 10) < 1e-6)
            #expect(abs(values.pressure - (101_000 + hour)) < 1e-2)
            #expect(values.dewPoint == -1.5)
        }
    }

    @Test("missing values are bridged, long gaps refused")
    func missing() throws {
        func text(_ gap: Int) -> String {
            Self.energyPlusWeather(days: 3) { hour in
                (hour > 10 && hour <= 10 + gap) ? ("99.9", "99.9", "999999") : ("\(hour)", "-3", "100000")
            }
        }
        let series = try WeatherSeries(energyPlusWeather: text(6))
        #expect(abs(series.values(atHour: 13).dryBulb - 13) < 1e-9)
        #expect(series.values(atHour: 13).pressure == 100_000)
        let error = #expect(throws: InputTextError.self) { try WeatherSeries(energyPlusWeather: text(30)) }
        #expect(error?.description.contains("no dry bulb from hour 10.0 to hour 41.0") == true)
    }

    @Test("a year joins its end to its beginning and repeats")
    func repeats() throws {
        let text = Self.energyPlusWeather(days: 365) { (String(10 + $0 % 24), "2", "100000") }
        let series = try WeatherSeries(energyPlusWeather: text)
        #expect(series.count == 8_760)
        let here = series.values(at: Self.time(localHour: 30.5))
        let later = series.values(at: Self.time(localHour: 30.5) + .seconds(365 * 86_400))
        #expect(here == later)
        #expect(abs(series.values(atHour: 0.5).dryBulb - 10.5) < 1e-9)
        let leapDay = CalendarTime(year: 2_028, month: 2, day: 29, hour: 11).timestamp
        let dayBefore = CalendarTime(year: 2_028, month: 2, day: 28, hour: 11).timestamp
        #expect(series.values(at: leapDay) == series.values(at: dayBefore))
    }

    @Test(
        "text that is no EPW says where and why",
        arguments: [
            ("", "line 1: no LOCATION header with a time zone; give an EPW file"),
            ("hello,world\n", "line 1: no LOCATION header with a time zone; give an EPW file"),
            ("LOCATION,a,b,c,d,e,1,2,1,3\n", "fewer than two rows of data; give a year of hourly rows"),
            (
                "LOCATION,a,b,c,d,e,1,2,1,3\n\n\n\n\n\n\n\n2015,13,1,1,60,x,1,1,50,100000\n",
                "line 9: no month, day and hour in fields 2 to 4"
            ),
        ]
    )
    func notEnergyPlus(text: String, message: String) {
        let error = #expect(throws: InputTextError.self) { try WeatherSeries(energyPlusWeather: text) }
        #expect(error?.description == message)
    }

    @Test("comma-separated text names its columns in any order")
    func commaSeparated() throws {
        let text = """
            month,day,hour,dew_point_celsius,wind,dry_bulb_celsius
            1,1,1,3.5,2,10
            1,1,2,,2,12
            1,1,3,4.5,2,14
            """
        let series = try WeatherSeries(
            commaSeparated: text,
            zoneHours: 1,
            defaultPressure: Pressure(kilopascals: 98)
        )
        let values = series.values(at: Self.time(localHour: 1.5))
        #expect(abs(values.dryBulb - 11) < 1e-9)
        #expect(abs(values.dewPoint - 3.75) < 1e-9)
        #expect(values.pressure == 98_000)
    }

    @Test("columns may go by their short names, and long names go before")
    func shortColumns() throws {
        let short = try WeatherSeries(
            commaSeparated: "month,day,hour,t_db_C,t_dp_C,p_Pa\n1,1,1,10,2,97000\n1,1,2,12,4,97200\n",
            zoneHours: 1
        )
        let values = short.values(at: Self.time(localHour: 1.5))
        #expect(abs(values.dryBulb - 11) < 1e-9)
        #expect(abs(values.dewPoint - 3) < 1e-9)
        #expect(abs(values.pressure - 97_100) < 1e-6)
        let both = try WeatherSeries(
            commaSeparated: "month,day,hour,t_db_C,t_dp_C,dry_bulb_celsius\n1,1,1,10,2,20\n1,1,2,10,2,20\n",
            zoneHours: 1
        )
        #expect(both.values(atHour: 1).dryBulb == 20)
    }

    @Test("a missing column and rows out of order are refused")
    func badColumns() {
        let missing = #expect(throws: InputTextError.self) {
            try WeatherSeries(commaSeparated: "month,day,hour,dry_bulb_celsius\n1,1,1,3\n", zoneHours: 0)
        }
        #expect(missing?.description == "line 1: no column dew_point_celsius")
        let disordered = #expect(throws: InputTextError.self) {
            let header = "month,day,hour,dry_bulb_celsius,dew_point_celsius"
            return try WeatherSeries(commaSeparated: "\(header)\n1,1,2,3,1\n1,1,1,3,1\n", zoneHours: 0)
        }
        #expect(disordered?.description == "rows are not in the order of time at hour 1.0")
    }
}
