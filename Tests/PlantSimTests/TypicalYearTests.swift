// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

@Suite("TMY3 files")
struct TypicalYearTests {
    static let station = #"722780,"PHOENIX, SKY HARBOR",AZ,-7.0,33.450,-111.983,337"#
    static let names =
        "Date (MM/DD/YYYY),Time (HH:MM),ETR (W/m^2),Dry-bulb (C),Dry-bulb source,Dew-point (C),Pressure (mbar),Wdir"

    static func file(_ rows: [String], station: String = station, names: String = names) -> String {
        ([station, names] + rows).joined(separator: "\r\n") + "\r\n"
    }

    @Test("a row holds at the end of its hour in the station's zone")
    func values() throws {
        let text = Self.file([
            "01/01/1988,01:00,0,10.0,A,5.6,977,90", "01/01/1988,02:00,0,9.0,A,5.0,975,90",
            "01/01/1988,24:00,0,12.0,A,4.0,973,90",
        ])
        let series = try WeatherSeries(typicalYear: text)
        #expect(series.count == 3)
        #expect(series.zoneHours == -7)
        let early = series.values(at: CalendarTime(year: 2_026, month: 1, day: 1, hour: 8, minute: 30).timestamp)
        #expect(abs(early.dryBulb - 9.5) < 1e-9)
        #expect(abs(early.dewPoint - 5.3) < 1e-9)
        #expect(abs(early.pressure - 97_600) < 1e-6)
        #expect(series.values(atHour: 24).dryBulb == 12)
    }

    @Test("missing values are bridged, missing pressure follows the elevation, 29 February is left out")
    func missing() throws {
        let text = Self.file([
            "02/28/1988,23:00,0,10,A,5,-9900,0", "02/28/1988,24:00,0,-9900,A,5,-9900,0",
            "02/29/1988,01:00,0,40,A,5,-9900,0", "03/01/1988,01:00,0,12,A,5,-9900,0",
        ])
        let series = try WeatherSeries(typicalYear: text)
        #expect(series.count == 3)
        let midnight = Double(31 + 28) * 24
        #expect(abs(series.values(atHour: midnight).dryBulb - 11) < 1e-9)
        let expected = Pressure.standardAtmosphere(altitudeMeters: 337).pascals
        #expect(abs(series.values(atHour: midnight).pressure - expected) < 1e-6)
    }

    @Test(
        "text that is no TMY3 says where and why",
        arguments: [
            ("", "line 1: no station with time zone and elevation; give a TMY3 file"),
            ("LOCATION,a,b,c,d,e,f,g\n", "line 1: no station with time zone and elevation; give a TMY3 file"),
            (station + "\nhello\n", "line 2: no column Date (MM/DD/YYYY); give a TMY3 file"),
            (
                file(["13/01/1988,01:00,0,1,A,1,977,0"]),
                "line 3: no date MM/DD/YYYY and time HH:MM (01:00 to 24:00)"
            ),
            (file([]), "fewer than two rows of data; give a year of hourly rows"),
        ]
    )
    func wrong(text: String, message: String) {
        let error = #expect(throws: InputTextError.self) { try WeatherSeries(typicalYear: text) }
        #expect(error?.description == message)
    }
}

@Suite("Heat waves")
struct HeatWaveTests {
    static let start = CalendarTime(year: 2_026, month: 7, day: 10).timestamp
    static let wave = HeatWave(start: start)

    @Test(
        "comes within half a day, stays, and goes",
        arguments: [
            (-1.0, 0.0), (0, 0), (6, 0.5), (12, 1), (60, 1), (108, 1), (114, 0.5), (120, 0), (130, 0),
        ]
    )
    func strength(hour: Double, expected: Double) {
        #expect(abs(Self.wave.strength(at: Self.start + .seconds(hour * 3_600)) - expected) < 1e-9)
    }

    @Test("raises dry bulb by five kelvins and wet bulb by two, for every climate", arguments: Climate.all.map(\.name))
    func raises(climate: String) throws {
        let time = Self.start + .seconds(2.3 * 86_400)
        let synthetic = try #require(SyntheticWeather(climate: climate, seed: 1, start: Self.start))
        var plain = Weather(synthetic)
        var hot = Weather(synthetic, heatWaves: [Self.wave])
        let (before, after) = (plain.state(at: time), hot.state(at: time))
        #expect(abs((after.dryBulb - before.dryBulb).kelvins - 5) < 1e-9)
        #expect(abs((after.wetBulb - before.wetBulb).kelvins - 2) < 1e-3)
        #expect(plain.state(at: Self.start + .seconds(6 * 86_400)) == hot.state(at: Self.start + .seconds(6 * 86_400)))
    }
}
