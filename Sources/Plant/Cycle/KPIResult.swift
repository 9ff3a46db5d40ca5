// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A key figure over one window, with all an auditor needs to compute it again.
package struct KPIResult: Hashable, Sendable, Codable {
    package let name: KPIName
    package let window: KPIWindow
    /// The measuring category where the figure has one, 1...3.
    package let category: Int?
    package let boundary: String
    /// The figure in the unit of its name; nil where it cannot be given.
    package let value: Double?
    /// Why there is no value, or why it is only indicative; empty where it is good.
    package let reason: String
    /// Share of the window in which every needed meter was covered, 0...1.
    package let completeness: Double
    /// Plant time at which the window starts.
    package let start: Timestamp
    /// Plant time at which the window ends.
    package let end: Timestamp
    /// The total above the fraction line over the covered time, in ``KPIName/numeratorUnit``.
    package let numerator: Double
    /// The total below the fraction line over the covered time, in joules.
    package let denominator: Double
    /// The devices whose totals went in, numerator first.
    package let meters: [String]
    /// Relative uncertainty from the registers' resolution, as a fraction of the value.
    package let uncertainty: Double

    package init(
        name: KPIName,
        window: KPIWindow,
        category: Int?,
        boundary: String,
        value: Double?,
        reason: String,
        completeness: Double,
        start: Timestamp,
        end: Timestamp,
        numerator: Double,
        denominator: Double,
        meters: [String],
        uncertainty: Double
    ) {
        self.name = name
        self.window = window
        self.category = category
        self.boundary = boundary
        self.value = value
        self.reason = reason
        self.completeness = completeness
        self.start = start
        self.end = end
        self.numerator = numerator
        self.denominator = denominator
        self.meters = meters
        self.uncertainty = uncertainty
    }
}

/// The key figures of a data centre; definitions and clauses stand with the code of each in KPI.
package enum KPIName: String, CaseIterable, Sendable, Codable {
    /// Power usage effectiveness, a ratio of at least 1.
    case pue
    /// Water usage effectiveness of the site, in cubic metres per joule here, litres per kilowatt hour on screen.
    case wue
    /// Energy reuse factor, 0...1.
    case erf
    /// Energy reuse effectiveness, at least 0.
    case ere
    /// Carbon usage effectiveness, in grams per joule here, kilograms per kilowatt hour on screen.
    case cue
    /// Renewable energy factor, 0...1.
    case ref
    /// Cooling efficiency ratio, heat removed per cooling electricity.
    case cer

    /// The unit of ``KPIResult/numerator``.
    package var numeratorUnit: PointUnit { self == .wue ? .cubicMeters : .joules }
}

/// The rolling windows that key figures are given over.
package enum KPIWindow: String, CaseIterable, Sendable, Codable {
    case fiveMinutes = "5m"
    case fifteenMinutes = "15m"
    case oneHour = "1h"
    case oneDay = "24h"

    package var duration: Duration {
        switch self {
        case .fiveMinutes: .seconds(300)
        case .fifteenMinutes: .seconds(900)
        case .oneHour: .seconds(3_600)
        case .oneDay: .seconds(86_400)
        }
    }
}

/// The unwrapped total of one meter: the primary datum of every key figure.
package struct MeterTotal: Hashable, Sendable, Codable {
    package let device: String
    package let place: MeterPlace
    /// Monotonic since the store was begun: joules, or millilitres for water.
    package let total: Int64
    /// Plant time of the register the total comes from.
    package let sourceTime: Timestamp
    /// Whether the total at this moment is covered by measurement.
    package let isCovered: Bool

    package init(device: String, place: MeterPlace, total: Int64, sourceTime: Timestamp, isCovered: Bool) {
        self.device = device
        self.place = place
        self.total = total
        self.sourceTime = sourceTime
        self.isCovered = isCovered
    }
}
