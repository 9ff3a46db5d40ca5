// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// One key figure as a fraction of sums of meters.
///
/// Its value is `factor * numerator / denominator`, where both are differences of totals over the same covered time.
package struct Indicator: Sendable {
    /// One meter's part in a sum.
    package struct Term: Hashable, Sendable {
        /// Position in ``Indicator/meters``.
        package let position: Int
        /// What a count of the meter weighs in the sum; negative where it is subtracted.
        package let weight: Double
        /// The meter's rated rate in counts per second.
        package let ratedCountsPerSecond: Double
    }

    package let name: KPIName
    /// Where the IT energy below the line is read, 1...3; nil for figures without IT energy.
    package let category: Int?
    package let boundary: String
    /// Positions of the meters in ``SiteDescription/meters``, those above the line first.
    package let meters: [Int]
    /// The devices of `meters`.
    package let devices: [String]
    package let numerator: [Term]
    package let denominator: [Term]
    /// What the fraction is multiplied with: 1, or grams per joule for CUE.
    package let factor: Double
    /// Values outside cannot be true.
    package let validRange: ClosedRange<Double>
    /// What the site lacks to give this figure, and what to do; nil where it lacks nothing.
    package let lack: String?
    /// What a reader must know of the figure; empty where nothing.
    package let remark: String
}

/// What is below the fraction line, for messages.
extension KPIName {
    fileprivate var denominatorWords: String {
        switch self {
        case .pue, .wue, .ere, .cue: "IT energy"
        case .erf, .ref: "energy at the boundary"
        case .cer: "cooling electricity"
        }
    }
}

/// What one meter of an indicator did over a time.
package struct MeterDifference: Hashable, Sendable {
    /// Joules, or millilitres for water.
    package let counts: Int64
    /// The step of the meter's register in the same unit; 0 where there is none.
    package let resolution: Double

    package init(counts: Int64, resolution: Double) {
        self.counts = counts
        self.resolution = resolution
    }
}

/// An indicator's figure over a time: the fraction, or why there is none.
package struct IndicatorValue: Hashable, Sendable {
    /// The figure in the unit of its name; nil where it cannot be given.
    package let value: Double?
    /// Why there is no value, or why it is only indicative; empty where it is good.
    package let reason: String
    /// The sum above the line in ``KPIName/numeratorUnit``.
    package let numerator: Double
    /// The sum below the line in joules.
    package let denominator: Double
    /// Bound of the relative error from the registers' resolution, as a fraction of the value.
    package let uncertainty: Double
}

extension Indicator {
    /// The smallest share of a window that must be covered for a value.
    package static let leastCompleteness = 0.90
    /// The share of a window below which a value is marked as indicative.
    package static let fullCompleteness = 0.95
    /// The smallest share of the rating that the denominator must have used on average.
    package static let leastLoad = 0.01
    /// How many steps of the registers each sum must span.
    package static let leastCounts = 200.0

    /// Computes the figure from what the meters did over the time that all of them cover.
    ///
    /// - Parameters:
    ///   - differences: one per meter, in the order of ``meters``.
    ///   - coveredSeconds: how long that time is.
    ///   - completeness: its share of the whole window, 0...1.
    ///   - notes: what else makes the value only indicative.
    /// - Returns: the figure, or why there is none, with both sums.
    package func evaluate(
        _ differences: [MeterDifference],
        coveredSeconds: Double,
        completeness: Double,
        notes: [String] = []
    ) -> IndicatorValue {
        let above = Sum(numerator, differences)
        let below = Sum(denominator, differences)
        let value = below.net == 0 ? 0 : factor * above.net / below.net * numeratorScale
        let obstacle =
            lack
            ?? tooIncomplete(completeness)
            ?? tooLow(below, coveredSeconds)
            ?? tooCoarse(above, below, coveredSeconds)
            ?? invalid(value)
        var reason = obstacle ?? remark
        func add(_ words: String) { reason += reason.isEmpty ? words : "; " + words }
        if obstacle == nil, completeness < Self.fullCompleteness {
            add("indicative: \(decimal(completeness * 100, places: 1)) % of the window is covered")
        }
        for note in notes { add(note) }
        return IndicatorValue(
            value: obstacle == nil ? value : nil,
            reason: reason,
            numerator: above.net * numeratorScale,
            denominator: below.net,
            uncertainty: obstacle == nil ? relativeUncertainty(above, below) : 0
        )
    }

    /// Cubic metres per millilitre for water, joules per joule for the rest.
    private var numeratorScale: Double { name.numeratorUnit == .cubicMeters ? 1e-6 : 1 }

    private func tooIncomplete(_ completeness: Double) -> String? {
        // A whole number of slots: half a slot's leeway keeps rounding out of the comparison.
        guard completeness < Self.leastCompleteness - 1e-9 else { return nil }
        return "only \(decimal(completeness * 100, places: 1)) % of the window is covered by all meters, "
            + "\(decimal(Self.leastCompleteness * 100, places: 0)) % is needed"
    }

    private func tooLow(_ below: Sum, _ seconds: Double) -> String? {
        let rated = denominator.reduce(0) { $1.weight > 0 ? $0 + $1.weight * $1.ratedCountsPerSecond : $0 }
        guard below.net <= 0 || below.net < Self.leastLoad * rated * seconds else { return nil }
        return
            "the \(name.denominatorWords) is below \(decimal(Self.leastLoad * 100, places: 0)) % of the meters' rating"
    }

    private func tooCoarse(_ above: Sum, _ below: Sum, _ seconds: Double) -> String? {
        var counts = below.gross / below.step
        if above.gross > 0 {
            counts = min(counts, above.gross / above.step)
        } else if above.step > 0 {
            // No water, no exported heat: a true zero where the meters would show a small part of their rating.
            let rated = numerator.reduce(0) { $0 + abs($1.weight) * $1.ratedCountsPerSecond } * seconds
            counts = min(counts, rated / above.step)
        }
        guard counts < Self.leastCounts else { return nil }
        return "window too short for the registers' resolution: \(decimal(counts, places: 0)) counts, "
            + "\(decimal(Self.leastCounts, places: 0)) are needed"
    }

    private func invalid(_ value: Double) -> String? {
        guard !validRange.contains(value) else { return nil }
        let limit = value < validRange.lowerBound ? validRange.lowerBound : validRange.upperBound
        return "invalid: \(name.rawValue.uppercased()) of \(decimal(value, places: 6)) is "
            + (value < limit ? "below" : "above") + " \(decimal(limit, places: 0)), which cannot be; "
            + "check the meters, their places and their signs"
    }

    private func relativeUncertainty(_ above: Sum, _ below: Sum) -> Double {
        let upper = above.net == 0 ? 0 : above.step / above.net
        let lower = below.step / below.net
        return (upper * upper + lower * lower).squareRoot()
    }
}

/// A weighted sum of meters.
private struct Sum {
    /// The sum as it counts.
    let net: Double
    /// The sum of the magnitudes.
    let gross: Double
    /// The root of the summed squares of the registers' steps, as of independent errors (JCGM 100:2008, 5.1.2).
    let step: Double

    init(_ terms: [Indicator.Term], _ differences: [MeterDifference]) {
        var net = 0.0
        var gross = 0.0
        var squares = 0.0
        for term in terms {
            let part = term.weight * Double(differences[term.position].counts)
            let error = term.weight * differences[term.position].resolution
            net += part
            gross += part.magnitude
            squares += error * error
        }
        self.net = net
        self.gross = gross
        step = squares.squareRoot()
    }
}
