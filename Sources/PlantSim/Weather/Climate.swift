// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// A climate as a handful of numbers from which years of hourly weather can be drawn.
///
/// The numbers were fitted to typical meteorological years: NREL TMY3 (Ashburn, Phoenix) and TMYx of
/// climate.onebuilding.org (Stockholm Arlanda 2007-2021, Frankfurt 2009-2023, Singapore Changi 2009-2023).
package struct Climate: Hashable, Sendable {
    /// The name in site files.
    package let name: String
    /// Annual mean dry bulb.
    package let mean: Temperature
    /// Half the difference between the warmest and the coldest day's mean.
    package let seasonalAmplitude: TemperatureDifference
    /// Day of the year when it is coldest, counted in days from 1 January as 0.
    package let coldestDay: Double
    /// Half the daily range in the coldest season.
    package let winterDailyAmplitude: TemperatureDifference
    /// Half the daily range in the warmest season.
    package let summerDailyAmplitude: TemperatureDifference
    /// Standard deviation of dry bulb about season and daily course.
    package let deviation: TemperatureDifference
    /// Correlation of one day's mean with the next, 0..<1.
    package let dailyCorrelation: Double
    /// Standard deviation of daily means about the season.
    package let dailyDeviation: TemperatureDifference
    /// By which share the variance in the coldest season exceeds its mean, and in the warmest falls short of it, 0..<1.
    package let winterUnrest: Double
    /// Daily mean dry bulb minus dew point in the coldest season.
    package let winterDepression: TemperatureDifference
    /// Daily mean dry bulb minus dew point in the warmest season.
    package let summerDepression: TemperatureDifference
    /// Growth of that depression per kelvin that a day is warmer than its season, a ratio.
    package let depressionOfHeat: Double
    /// Standard deviation of the depression about all that.
    package let depressionDeviation: TemperatureDifference
    /// Correlation of one day's depression with the next, 0..<1.
    package let depressionCorrelation: Double
    /// Altitude above the sea in metres.
    package let altitude: Double
    /// Standard deviation of barometric pressure.
    package let pressureDeviation: Pressure
    /// Local standard time minus UTC, in hours.
    package let zoneHours: Double

    package static let all: [Climate] = [
        Climate(
            "stockholm",
            mean: 7.4,
            amplitudes: (9.8, 0.8, 4.4),
            coldestDay: 19,
            deviation: (3.7, 0.70, 3.0, 0.41),
            depression: (1.6, 6.6, 0, 2.9, 0.73),
            altitude: 42,
            pressure: 1_100,
            zoneHours: 1
        ),
        Climate(
            "frankfurt",
            mean: 11.4,
            amplitudes: (9.1, 1.1, 4.1),
            coldestDay: 18,
            deviation: (3.7, 0.75, 3.0, 0.25),
            depression: (2.3, 7.7, 0.27, 2.7, 0.70),
            altitude: 111,
            pressure: 900,
            zoneHours: 1
        ),
        Climate(
            "ashburn",
            mean: 12.7,
            amplitudes: (12.1, 3.4, 4.9),
            coldestDay: 16,
            deviation: (5.0, 0.62, 4.2, 0.66),
            depression: (6.9, 5.7, 0, 3.0, 0.53),
            altitude: 98,
            pressure: 700,
            zoneHours: -5
        ),
        Climate(
            "phoenix",
            mean: 23.8,
            amplitudes: (11.7, 5.3, 5.8),
            coldestDay: 16,
            deviation: (3.4, 0.78, 2.9, 0.52),
            depression: (12.9, 25.3, 0.82, 5.5, 0.79),
            altitude: 337,
            pressure: 450,
            zoneHours: -7
        ),
        Climate(
            "singapore",
            mean: 28.0,
            amplitudes: (0.8, 2.4, 1.5),
            coldestDay: 0,
            deviation: (1.5, 0.41, 0.9, 0.10),
            depression: (3.2, 4.0, 0.83, 0.6, 0.52),
            altitude: 7,
            pressure: 150,
            zoneHours: 8
        ),
    ]

    /// The climate of a name; nil where there is none of that name.
    package static func named(_ name: String) -> Climate? { all.first { $0.name == name } }

    private init(
        _ name: String,
        mean: Double,
        amplitudes: (season: Double, winterDay: Double, summerDay: Double),
        coldestDay: Double,
        deviation: (all: Double, dailyCorrelation: Double, daily: Double, winterUnrest: Double),
        depression: (winter: Double, summer: Double, ofHeat: Double, deviation: Double, correlation: Double),
        altitude: Double,
        pressure: Double,
        zoneHours: Double
    ) {
        self.name = name
        self.mean = Temperature(celsius: mean)
        seasonalAmplitude = TemperatureDifference(kelvins: amplitudes.season)
        self.coldestDay = coldestDay
        winterDailyAmplitude = TemperatureDifference(kelvins: amplitudes.winterDay)
        summerDailyAmplitude = TemperatureDifference(kelvins: amplitudes.summerDay)
        self.deviation = TemperatureDifference(kelvins: deviation.all)
        dailyCorrelation = deviation.dailyCorrelation
        winterUnrest = deviation.winterUnrest
        dailyDeviation = TemperatureDifference(kelvins: deviation.daily)
        winterDepression = TemperatureDifference(kelvins: depression.winter)
        summerDepression = TemperatureDifference(kelvins: depression.summer)
        depressionOfHeat = depression.ofHeat
        depressionDeviation = TemperatureDifference(kelvins: depression.deviation)
        depressionCorrelation = depression.correlation
        self.altitude = altitude
        pressureDeviation = Pressure(pascals: pressure)
        self.zoneHours = zoneHours
    }
}
