// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The base unit in which a point's value travels through the product.
///
/// Every reading, KPI, stored sample and metric uses these. Kilowatt hours, litres per minute, bar, percent and
/// degrees Fahrenheit exist only in a device map's ``SourceUnit`` and in labels on screen.
package enum PointUnit: String, CaseIterable, Sendable, Codable {
    case celsius
    case kelvins
    case watts
    case joules
    case voltAmperes
    case voltAmperesReactive
    case cubicMetersPerSecond
    case cubicMeters
    case kilogramsPerSecond
    case pascals
    case ratio
    case hertz
    case volts
    case amperes
    case revolutionsPerMinute
    case seconds
    case degrees
    case metersPerSecond
    case wattsPerSquareMeter
    case joulesPerKilogram
    case euroPerJoule
    /// Apparent energy.
    case voltAmpereSeconds
    /// Reactive energy.
    case voltAmpereReactiveSeconds
    /// Electric charge: of a battery.
    case coulombs
    /// Length: of rain fallen.
    case meters
    /// Illuminance.
    case lux
    /// Density: absolute humidity, the mass of a gas in air.
    case kilogramsPerCubicMeter
    /// Torque.
    case newtonMeters
    /// Level of sound.
    case decibels
    case count
    case boolean
    case enumeration
    case bitField

    /// The short sign shown behind a value on screen.
    package var symbol: String {
        switch self {
        case .celsius: "°C"
        case .kelvins: "K"
        case .watts: "W"
        case .joules: "J"
        case .voltAmperes: "VA"
        case .voltAmperesReactive: "var"
        case .cubicMetersPerSecond: "m³/s"
        case .cubicMeters: "m³"
        case .kilogramsPerSecond: "kg/s"
        case .pascals: "Pa"
        case .hertz: "Hz"
        case .volts: "V"
        case .amperes: "A"
        case .revolutionsPerMinute: "rpm"
        case .seconds: "s"
        case .degrees: "°"
        case .metersPerSecond: "m/s"
        case .wattsPerSquareMeter: "W/m²"
        case .joulesPerKilogram: "J/kg"
        case .euroPerJoule: "€/J"
        case .voltAmpereSeconds: "VAs"
        case .voltAmpereReactiveSeconds: "vars"
        case .coulombs: "C"
        case .meters: "m"
        case .lux: "lx"
        case .kilogramsPerCubicMeter: "kg/m³"
        case .newtonMeters: "Nm"
        case .decibels: "dB"
        case .ratio, .count, .boolean, .enumeration, .bitField: ""
        }
    }

    /// The unit as the suffix of a Prometheus metric name, empty where the value is a bare number.
    package var metricSuffix: String {
        switch self {
        case .celsius: "celsius"
        case .kelvins: "kelvins"
        case .watts: "watts"
        case .joules: "joules"
        case .voltAmperes: "voltamperes"
        case .voltAmperesReactive: "voltamperes_reactive"
        case .cubicMetersPerSecond: "cubic_meters_per_second"
        case .cubicMeters: "cubic_meters"
        case .kilogramsPerSecond: "kilograms_per_second"
        case .pascals: "pascals"
        case .ratio: "ratio"
        case .hertz: "hertz"
        case .volts: "volts"
        case .amperes: "amperes"
        case .revolutionsPerMinute: "revolutions_per_minute"
        case .seconds: "seconds"
        case .degrees: "degrees"
        case .metersPerSecond: "meters_per_second"
        case .wattsPerSquareMeter: "watts_per_square_meter"
        case .joulesPerKilogram: "joules_per_kilogram"
        case .euroPerJoule: "euros_per_joule"
        case .voltAmpereSeconds: "voltampere_seconds"
        case .voltAmpereReactiveSeconds: "voltampere_reactive_seconds"
        case .coulombs: "coulombs"
        case .meters: "meters"
        case .lux: "lux"
        case .kilogramsPerCubicMeter: "kilograms_per_cubic_meter"
        case .newtonMeters: "newton_meters"
        case .decibels: "decibels"
        case .count, .boolean, .enumeration, .bitField: ""
        }
    }
}
