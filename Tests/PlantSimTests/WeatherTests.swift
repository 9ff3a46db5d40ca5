// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

@Suite("Synthetic weather")
struct WeatherTests {
    static let start = CalendarTime(year: 2_026, month: 1, day: 1).timestamp

    /// Hourly states of whole years.
    static func years(_ climate: String, _ count: Int, seed: UInt64) throws -> [WeatherState] {
        var weather = Weather(try #require(SyntheticWeather(climate: climate, seed: seed, start: start)))
        return (0..<(8_760 * count)).map { weather.state(at: start + .seconds(3_600 * $0)) }
    }

    static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    static func percentile(_ values: [Double], _ share: Double) -> Double {
        values.sorted()[min(Int(share * Double(values.count)), values.count - 1)]
    }

    @Test(
        "means, spread and wet bulbs are those of the fitted years",
        arguments: [
            // mean, dry bulb - dew point, wet bulb 99.6 %, hours a year below 10, 14, 18 °C wet bulb
            ("stockholm", 7.4, 4.1, 18.9, 6_161.0, 7_716.0, 8_641.0),
            ("frankfurt", 11.4, 5.0, 21.0, 4_928, 6_802, 8_258),
            ("ashburn", 12.7, 6.3, 25.0, 4_419, 5_410, 6_580),
            ("phoenix", 23.8, 19.1, 23.9, 2_766, 4_789, 6_680),
            ("singapore", 28.0, 3.6, 29.4, 0, 0, 0),
        ]
    )
    func statistics(
        climate: String,
        mean: Double,
        depression: Double,
        wetBulb: Double,
        below10: Double,
        below14: Double,
        below18: Double
    ) throws {
        let states = try Self.years(climate, 4, seed: 17)
        let wetBulbs = states.map(\.wetBulb.celsius)
        func hours(below limit: Double) -> Double { Double(wetBulbs.count { $0 < limit }) / 4 }
        #expect(abs(Self.mean(states.map(\.dryBulb.celsius)) - mean) < 0.5)
        #expect(abs(Self.mean(states.map { ($0.dryBulb - $0.dewPoint).kelvins }) - depression) < 1.5)
        #expect(abs(Self.percentile(wetBulbs, 0.996) - wetBulb) < 2.5)
        #expect(abs(hours(below: 10) - below10) < 600)
        #expect(abs(hours(below: 14) - below14) < 600)
        #expect(abs(hours(below: 18) - below18) < 600)
    }

    @Test("every state is possible air", arguments: Climate.all.map(\.name))
    func possible(climate: String) throws {
        for state in try Self.years(climate, 1, seed: 5) {
            #expect(state.wetBulb.isFinite)
            #expect(state.dewPoint <= state.wetBulb + TemperatureDifference(kelvins: 1e-6))
            #expect(state.wetBulb <= state.dryBulb + TemperatureDifference(kelvins: 1e-6))
            #expect((0...1.000001).contains(state.relativeHumidity.fraction))
            #expect((85_000...107_000).contains(state.pressure.pascals))
        }
    }

    @Test("the afternoon is the warmest time of the local day", arguments: Climate.all)
    func dailyCourse(climate: Climate) throws {
        let states = try Self.years(climate.name, 2, seed: 8)
        var sums = Array(repeating: 0.0, count: 24)
        for (hour, state) in states.enumerated() {
            sums[((hour + Int(climate.zoneHours)) % 24 + 24) % 24] += state.dryBulb.celsius
        }
        let warmest = sums.indices.max { sums[$0] < sums[$1] }
        #expect((14...16).contains(warmest ?? -1))
    }

    @Test("the same seed gives the same weather at every rhythm of asking")
    func determinism() throws {
        func values(_ seed: UInt64, every seconds: Int) throws -> [WeatherValues] {
            var weather = try #require(SyntheticWeather(climate: "frankfurt", seed: seed, start: Self.start))
            var kept: [WeatherValues] = []
            for second in stride(from: 0, through: 5 * 86_400, by: seconds) {
                let value = weather.values(at: Self.start + .seconds(second))
                if second % 7_200 == 0 { kept.append(value) }
            }
            return kept
        }
        #expect(try values(3, every: 600) == values(3, every: 7_200))
        #expect(try values(3, every: 600) != values(4, every: 600))
    }

    @Test("the air does not jump", arguments: Climate.all.map(\.name))
    func continuity(climate: String) throws {
        var weather = try #require(SyntheticWeather(climate: climate, seed: 3, start: Self.start))
        var last = weather.values(at: Self.start)
        for minute in 1..<(14 * 1_440) {
            let next = weather.values(at: Self.start + .seconds(60 * minute))
            #expect(abs(next.dryBulb - last.dryBulb) < 0.15)
            #expect(abs(next.pressure - last.pressure) < 40)
            last = next
        }
    }

    @Test("there are no climates but the published ones")
    func unknownClimate() {
        #expect(SyntheticWeather(climate: "atlantis", seed: 1, start: Self.start) == nil)
        #expect(Climate.all.map(\.name) == ["stockholm", "frankfurt", "ashburn", "phoenix", "singapore"])
    }

    @Test("a front moves dry bulb and dew point over its time and stays")
    func front() throws {
        let event = SimulationEvent(
            after: .seconds(1_500),
            kind: .weatherFront(
                dryBulb: TemperatureDifference(kelvins: -9),
                dewPoint: TemperatureDifference(kelvins: -6),
                over: .seconds(1_200)
            )
        )
        let permit = SimulationEvent(after: .seconds(600), kind: .districtPermit(true))
        let fronts = WeatherFront.fronts(in: [permit, event], start: Self.start)
        #expect(fronts.count == 1)
        let calm = try #require(SyntheticWeather(climate: "stockholm", seed: 2, start: Self.start))
        var without = Weather(calm)
        var with = Weather(calm, fronts: fronts)
        for (second, share) in [(0, 0.0), (1_499, 0), (1_800, 0.25), (2_100, 0.5), (2_700, 1), (90_000, 1)] {
            let time = Self.start + .seconds(second)
            let plain = without.state(at: time)
            let moved = with.state(at: time)
            #expect(abs((moved.dryBulb - plain.dryBulb).kelvins + 9 * share) < 1e-9)
            let dewPoint = min(plain.dewPoint.celsius - 6 * share, moved.dryBulb.celsius)
            #expect(abs(moved.dewPoint.celsius - dewPoint) < 1e-9)
        }
    }

    @Test("a front without length moves at once")
    func suddenFront() {
        let front = WeatherFront(
            start: Self.start,
            dryBulb: TemperatureDifference(kelvins: 10),
            dewPoint: TemperatureDifference(kelvins: 10),
            over: .zero
        )
        #expect(front.progress(at: Self.start - .seconds(1)) == 0)
        #expect(front.progress(at: Self.start) == 1)
    }
}
