// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Testing

/// One state of moist air as PsychroLib 2.5.0 computes it (SI units, tolerance 1e-10).
struct PsychrometricRow: Sendable, CustomTestStringConvertible {
    let pascals: Double
    let dryBulbCelsius: Double
    let relativeHumidityPercent: Double
    let saturationPascals: Double
    let humidityRatioGramsPerKilogram: Double
    let dewPointCelsius: Double
    let wetBulbCelsius: Double
    let enthalpyKilojoulesPerKilogram: Double
    let densityKilogramsPerCubicMeter: Double

    init(
        _ pascals: Double,
        _ dryBulb: Double,
        _ humidity: Double,
        _ saturation: Double,
        _ ratio: Double,
        _ dewPoint: Double,
        _ wetBulb: Double,
        _ enthalpy: Double,
        _ density: Double
    ) {
        self.pascals = pascals
        dryBulbCelsius = dryBulb
        relativeHumidityPercent = humidity
        saturationPascals = saturation
        humidityRatioGramsPerKilogram = ratio
        dewPointCelsius = dewPoint
        wetBulbCelsius = wetBulb
        enthalpyKilojoulesPerKilogram = enthalpy
        densityKilogramsPerCubicMeter = density
    }

    var testDescription: String { "\(dryBulbCelsius) °C, \(relativeHumidityPercent) %, \(pascals) Pa" }

    // Pressure, dry bulb, relative humidity; saturation pressure, humidity ratio, dew or frost point, wet bulb,
    // enthalpy, density. None lies in the band above freezing where the wet bulb has two values.
    static let all: [PsychrometricRow] = [
        PsychrometricRow(101_325, -30, 80, 38.016, 0.18673, -32.1260, -30.1233, -29.7234, 1.45160),
        PsychrometricRow(101_325, -20, 60, 103.260, 0.38053, -25.2129, -20.6127, -19.1825, 1.39410),
        PsychrometricRow(101_325, -10, 90, 259.903, 1.43911, -11.1814, -10.3228, -6.4876, 1.34026),
        PsychrometricRow(101_325, -5, 50, 401.764, 1.23549, -12.8697, -7.2524, -1.9515, 1.31543),
        PsychrometricRow(101_325, 0, 50, 611.154, 1.88134, -8.1636, -2.9747, 4.7052, 1.29085),
        PsychrometricRow(101_325, 0, 100, 611.154, 3.77410, 0.0000, 0.0000, 9.4390, 1.28937),
        PsychrometricRow(101_325, 5, 80, 872.487, 4.31406, 1.8413, 3.5879, 15.8596, 1.26578),
        PsychrometricRow(101_325, 10, 40, 1227.995, 3.02972, -2.6277, 4.5632, 17.6937, 1.24439),
        PsychrometricRow(101_325, 15, 100, 1705.448, 10.64746, 15.0000, 15.0000, 42.0163, 1.21725),
        PsychrometricRow(101_325, 18, 8, 2064.292, 1.01532, -15.0103, 6.1045, 20.6813, 1.21168),
        PsychrometricRow(101_325, 20, 50, 2338.804, 7.26174, 9.2724, 13.7836, 38.5517, 1.19890),
        PsychrometricRow(101_325, 22, 45, 2644.753, 7.39204, 9.5335, 14.6724, 40.9220, 1.19068),
        PsychrometricRow(101_325, 25, 60, 3169.216, 11.89505, 16.7011, 19.4713, 55.4526, 1.17556),
        PsychrometricRow(101_325, 27, 15, 3567.312, 3.30193, -1.6043, 12.7107, 35.5859, 1.17372),
        PsychrometricRow(101_325, 27, 70, 3567.312, 15.71490, 21.0617, 22.7787, 67.2542, 1.16511),
        PsychrometricRow(101_325, 30, 1, 4246.030, 0.26074, -28.9326, 10.8123, 30.8466, 1.16425),
        PsychrometricRow(101_325, 32, 80, 4758.534, 24.27893, 28.1114, 28.9787, 94.3587, 1.14037),
        PsychrometricRow(101_325, 35, 40, 5627.819, 14.13165, 19.3846, 23.9345, 71.4732, 1.13592),
        PsychrometricRow(101_325, 40, 20, 7383.460, 9.19816, 12.7831, 22.0320, 63.9290, 1.12104),
        PsychrometricRow(101_325, 40, 60, 7383.460, 28.43558, 30.7412, 32.5609, 113.4730, 1.10861),
        PsychrometricRow(101_325, 45, 10, 9593.220, 5.94472, 6.3679, 21.1754, 60.6353, 1.10556),
        PsychrometricRow(101_325, 50, 5, 12349.856, 3.81349, 0.1408, 21.1012, 60.1922, 1.08985),
        PsychrometricRow(101_325, 50, 100, 12349.856, 86.32671, 50.0000, 50.0000, 274.2315, 1.04203),
        PsychrometricRow(85_000, -30, 100, 38.016, 0.27829, -30.0000, -30.0000, -29.4995, 1.21766),
        PsychrometricRow(85_000, -15, 70, 165.300, 0.84781, -18.8082, -15.7847, -12.9933, 1.14651),
        PsychrometricRow(85_000, -10, 90, 259.903, 1.71626, -11.1814, -10.3653, -5.7996, 1.12413),
        PsychrometricRow(85_000, 0, 50, 611.154, 2.24397, -8.1636, -3.2898, 5.6122, 1.08263),
        PsychrometricRow(85_000, 10, 40, 1227.995, 3.61499, -2.6277, 4.0528, 19.1683, 1.04354),
        PsychrometricRow(85_000, 20, 50, 2338.804, 8.67587, 9.2724, 13.3577, 42.1411, 1.00489),
        PsychrometricRow(85_000, 27, 15, 3567.312, 3.94011, -1.6043, 11.6821, 37.2141, 0.98424),
        PsychrometricRow(85_000, 30, 1, 4246.030, 0.31084, -28.9326, 9.3226, 30.9747, 0.97664),
        PsychrometricRow(85_000, 35, 40, 5627.819, 16.91960, 19.3846, 23.4184, 78.6274, 0.95135),
        PsychrometricRow(85_000, 40, 20, 7383.460, 10.99599, 12.7831, 21.1237, 68.5591, 0.93942),
        PsychrometricRow(85_000, 50, 5, 12349.856, 4.55126, 0.1408, 19.5714, 62.1060, 0.91385),
        PsychrometricRow(85_000, 50, 100, 12349.856, 105.72493, 50.0000, 50.0000, 324.5505, 0.86603),
    ]
}
