// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

/// Years of weather drawn from a ``Climate``: season, daily course, weather of the day, noise of the hour.
///
/// Dry bulb at day `d` and local hour `h`: `mean - A cos(2π (d - d0)/365) + D(d) cos(2π (h - 15)/24) + r_day +
/// r_hour`, where `D` swings with the season between its winter and summer values, `r_day` is an AR(1) sequence of
/// days joined by straight lines from noon to noon, and `r_hour` an AR(1) sequence of hours (correlation 0.97) joined
/// by straight lines; both are larger in winter than in summer. Dew point is the day's mean dry bulb less a
/// depression, never above dry bulb: the depression swings with the season, grows on hot days by the climate's share
/// of `r_day`, and has an AR(1) sequence of its own, scaled with the square root of the season's depression. Pressure
/// is the standard atmosphere at the altitude with an AR(1) sequence of hours (correlation 0.98). Design conditions
/// and heat waves are left out: add fronts.
///
/// The same climate, seed and start give the same weather bit for bit; values are drawn forward in time.
package struct SyntheticWeather: Sendable {
    package let climate: Climate
    /// Hours since the epoch, UTC, of the left end of the present hour.
    private var hour: Int64
    /// Days since the epoch, local, of the noon on the left.
    private var noon: Int64
    private var hourly: (left: Double, right: Double) = (0, 0)
    private var pressure: (left: Double, right: Double) = (0, 0)
    private var daily: (left: Double, right: Double) = (0, 0)
    private var moisture: (left: Double, right: Double) = (0, 0)
    private var hourRandom: SplitMix64
    private var dayRandom: SplitMix64

    private static let hourlyCorrelation = 0.97
    private static let pressureCorrelation = 0.98
    private static let hourMilliseconds: Int64 = 3_600_000
    private static let dayMilliseconds: Int64 = 86_400_000

    /// Starts the weather of a climate by its name: stockholm, frankfurt, ashburn, phoenix or singapore.
    ///
    /// - Returns: nil where there is no climate of that name.
    package init?(climate: String, seed: UInt64, start: Timestamp) {
        guard let climate = Climate.named(climate) else { return nil }
        self.init(climate: climate, seed: seed, start: start)
    }

    package init(climate: Climate, seed: UInt64, start: Timestamp) {
        self.climate = climate
        hourRandom = SplitMix64(seed: seed, stream: "weather/\(climate.name)/hour")
        dayRandom = SplitMix64(seed: seed, stream: "weather/\(climate.name)/day")
        hour = Self.index(start.milliseconds, Self.hourMilliseconds)
        noon = Self.index(Self.sinceNoon(start, climate), Self.dayMilliseconds)
        // Both ends drawn from the stationary distribution, so the first day is a day like any other.
        hourly.right = hourlyDeviation * hourRandom.normal()
        pressure.right = climate.pressureDeviation.pascals * hourRandom.normal()
        daily.right = climate.dailyDeviation.kelvins * dayRandom.normal()
        moisture.right = climate.depressionDeviation.kelvins * dayRandom.normal()
        nextHour()
        nextDay()
    }

    /// Dry bulb, dew point and pressure at a time not before the last one asked for.
    package mutating func values(at time: Timestamp) -> WeatherValues {
        let sinceNoon = Self.sinceNoon(time, climate)
        let newHour = Self.index(time.milliseconds, Self.hourMilliseconds)
        let newNoon = Self.index(sinceNoon, Self.dayMilliseconds)
        while hour < newHour {
            nextHour()
            hour += 1
        }
        while noon < newNoon {
            nextDay()
            noon += 1
        }
        let hourShare = Self.share(time.milliseconds - hour * Self.hourMilliseconds, Self.hourMilliseconds)
        let dayShare = Self.share(sinceNoon - noon * Self.dayMilliseconds, Self.dayMilliseconds)
        func line(_ ends: (left: Double, right: Double), _ share: Double) -> Double {
            ends.left + (ends.right - ends.left) * share
        }
        let days = localDayOfYear(time)
        let phase = 2 * Double.pi * (days - climate.coldestDay) / 365
        let swing = Libm.cos(phase)
        func season(_ winter: TemperatureDifference, _ summer: TemperatureDifference) -> Double {
            (winter.kelvins * (1 + swing) + summer.kelvins * (1 - swing)) / 2
        }
        let amplitude = season(climate.winterDailyAmplitude, climate.summerDailyAmplitude)
        let ofDay = days - days.rounded(.down)
        let unrest = Libm.sqrt(max(1 + climate.winterUnrest * swing, 0))
        let warmth = unrest * line(daily, dayShare)
        let dayMean = climate.mean.celsius - climate.seasonalAmplitude.kelvins * swing + warmth
        let dryBulb =
            dayMean + amplitude * Libm.cos(2 * .pi * (ofDay - 15.0 / 24)) + unrest * line(hourly, hourShare)
        let usual = season(climate.winterDepression, climate.summerDepression)
        let scale = Libm.sqrt(2 * usual / (climate.winterDepression + climate.summerDepression).kelvins)
        let depression = usual + climate.depressionOfHeat * warmth + scale * line(moisture, dayShare)
        let dewPoint = min(dryBulb, dayMean - depression)
        let standard = Pressure.standardAtmosphere(altitudeMeters: climate.altitude).pascals
        return WeatherValues(
            dryBulb: dryBulb,
            dewPoint: dewPoint,
            pressure: standard + line(pressure, hourShare)
        )
    }

    private var hourlyDeviation: Double {
        let all = climate.deviation.kelvins
        let daily = climate.dailyDeviation.kelvins
        return Libm.sqrt(max(all * all - daily * daily, 0))
    }

    private mutating func nextHour() {
        hourly = successor(
            of: hourly.right,
            correlation: Self.hourlyCorrelation,
            deviation: hourlyDeviation,
            &hourRandom
        )
        pressure = successor(
            of: pressure.right,
            correlation: Self.pressureCorrelation,
            deviation: climate.pressureDeviation.pascals,
            &hourRandom
        )
    }

    private mutating func nextDay() {
        daily = successor(
            of: daily.right,
            correlation: climate.dailyCorrelation,
            deviation: climate.dailyDeviation.kelvins,
            &dayRandom
        )
        moisture = successor(
            of: moisture.right,
            correlation: climate.depressionCorrelation,
            deviation: climate.depressionDeviation.kelvins,
            &dayRandom
        )
    }

    /// The next pair of ends of an AR(1) sequence with a stationary standard deviation.
    private func successor(
        of last: Double,
        correlation: Double,
        deviation: Double,
        _ random: inout SplitMix64
    ) -> (left: Double, right: Double) {
        let kick = deviation * Libm.sqrt(1 - correlation * correlation)
        return (last, correlation * last + kick * random.normal())
    }

    /// Days since 1 January, local standard time, with the part of the day.
    private func localDayOfYear(_ time: Timestamp) -> Double {
        let local = Timestamp(milliseconds: time.milliseconds + Self.zone(climate))
        let year = CalendarTime(year: CalendarTime(local).year, month: 1, day: 1).timestamp
        return Double(local.milliseconds - year.milliseconds) / Double(Self.dayMilliseconds)
    }

    private static func zone(_ climate: Climate) -> Int64 { Int64(climate.zoneHours * 3_600_000) }

    private static func sinceNoon(_ time: Timestamp, _ climate: Climate) -> Int64 {
        time.milliseconds + zone(climate) - dayMilliseconds / 2
    }

    private static func index(_ milliseconds: Int64, _ length: Int64) -> Int64 {
        let quotient = milliseconds / length
        return milliseconds % length < 0 ? quotient - 1 : quotient
    }

    private static func share(_ milliseconds: Int64, _ length: Int64) -> Double {
        min(max(Double(milliseconds) / Double(length), 0), 1)
    }
}
