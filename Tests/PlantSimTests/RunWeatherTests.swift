// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

/// Weather named on a command line: which format a text is in, and what else of the surroundings changes with it.
@Suite("Weather of a run")
struct RunWeatherTests {
    private static let energyPlus = WeatherFileTests.energyPlusWeather(days: 3) { ("\($0)", "2", "100000") }
    private static let typicalYear = TypicalYearTests.file([
        "01/01/1988,01:00,0,21,A,5,977,90", "01/01/1988,02:00,0,22,A,5,975,90",
    ])
    private static let columns = """
        month,day,hour,dry_bulb_celsius,dew_point_celsius
        1,1,1,31,10
        1,1,2,32,10
        """

    private static func series(_ path: String, _ text: String) throws -> WeatherSeries {
        let surroundings = try RunSurroundings(weather: path, of: SmallSite.make()) { _ in text }
        guard case .series(let series) = surroundings.air else { throw InputTextError(line: nil, message: "no series") }
        return series
    }

    @Test(
        "the format of a file is told by its name and its second line",
        arguments: [
            ("a.epw", energyPlus, 1.0, 72), ("A.EPW", energyPlus, 1, 72), ("tmy3.csv", typicalYear, 21, 2),
            ("722780TYA.CSV", typicalYear, 21, 2), ("year.csv", columns, 31, 2),
        ]
    )
    func formats(path: String, text: String, dryBulb: Double, count: Int) throws {
        let series = try Self.series(path, text)
        #expect(series.count == count)
        #expect(abs(series.values(atHour: 1).dryBulb - dryBulb) < 1e-9)
    }

    @Test("an EPW under another name is refused as the columns it has not")
    func wrongName() {
        let error = #expect(throws: InputTextError.self) { try Self.series("a.csv", Self.energyPlus) }
        #expect(error?.line == 1)
    }

    @Test("a climate is taken by its name, and an unknown one lists those there are")
    func climates() throws {
        func air(_ name: String) throws -> RunSurroundings {
            try RunSurroundings(weather: name, of: SmallSite.make()) { path throws(InputTextError) in
                throw InputTextError(line: nil, message: "read \(path)")
            }
        }
        #expect(throws: Never.self) { try air("synthetic:stockholm") }
        let unknown = #expect(throws: InputTextError.self) { try air("synthetic:atlantis") }
        #expect(unknown?.message.hasPrefix("there is no climate 'atlantis'; take one of ") == true)
        #expect(unknown?.message.contains("stockholm") == true)
        let file = #expect(throws: InputTextError.self) { try air("atlantis") }
        #expect(file?.message == "read atlantis")
    }

    @Test("fronts of the site give way to the weather named, other events stay")
    func events() throws {
        let front = SimulationEvent.Kind.weatherFront(
            dryBulb: TemperatureDifference(kelvins: -5),
            dewPoint: TemperatureDifference(kelvins: -5),
            over: .seconds(600)
        )
        let site = SmallSite.make(events: [
            SimulationEvent(after: .seconds(60), kind: front),
            SimulationEvent(after: .seconds(90), kind: .districtPermit(false)),
        ])
        let surroundings = try RunSurroundings(weather: "synthetic:stockholm", of: site) { _ in "" }
        #expect(surroundings.events?.map(\.kind) == [.districtPermit(false)])
    }
}
