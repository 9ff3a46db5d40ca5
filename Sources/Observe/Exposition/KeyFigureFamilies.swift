// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension AgentFamily {
    /// The key figures with their completeness, and the totals they are made from.
    static func keyFigures() -> [AgentFamily] {
        KPIName.allCases.map(keyFigure) + keyFigureParts() + meterTotals()
    }

    private static func keyFigure(_ name: KPIName) -> AgentFamily {
        let unit = name.metricUnit
        let family = MetricFamily(
            "thermocline_\(name.rawValue)_\(unit)",
            .gauge,
            unit: unit,
            help: name.metricHelp + " Absent where it cannot be given."
        )
        return .measured(family) { record, buffer in
            for result in record.kpis.distinct where result.name == name {
                if let value = result.value { buffer.sample(result.labels(withName: false), value) }
            }
        }
    }

    private static func keyFigureParts() -> [AgentFamily] {
        func family(
            _ name: String,
            unit: String,
            _ help: String,
            value: @escaping @Sendable (KPIResult) -> Double?
        ) -> AgentFamily {
            .measured(MetricFamily("thermocline_kpi_" + name, .gauge, unit: unit, help: help)) { record, buffer in
                for result in record.kpis.distinct {
                    if let value = value(result) { buffer.sample(result.labels(withName: true), value) }
                }
            }
        }
        return [
            family("completeness_ratio", unit: "ratio", "Share of the window that every needed meter covers.") {
                $0.completeness
            },
            family("uncertainty_ratio", unit: "ratio", "Relative uncertainty from the registers' resolution.") {
                $0.value == nil ? nil : $0.uncertainty
            },
            family("numerator_joules", unit: "joules", "Energy above the fraction line over the covered time.") {
                $0.name.numeratorUnit == .joules ? $0.numerator : nil
            },
            family("numerator_cubic_meters", unit: "cubic_meters", "Water above the fraction line.") {
                $0.name.numeratorUnit == .cubicMeters ? $0.numerator : nil
            },
            family("denominator_joules", unit: "joules", "Energy below the fraction line over the covered time.") {
                $0.denominator
            },
        ]
    }

    private static func meterTotals() -> [AgentFamily] {
        [
            .measured(
                MetricFamily(
                    "thermocline_meter_energy_joules",
                    .counter,
                    unit: "joules",
                    help: "Unwrapped total of an energy meter since the store was begun."
                )
            ) { record, buffer in
                for total in record.totals.distinct where total.place != .waterInput {
                    buffer.sample(total.labels, whole: total.total)
                }
            },
            .measured(
                MetricFamily(
                    "thermocline_meter_water_cubic_meters",
                    .counter,
                    unit: "cubic_meters",
                    help: "Unwrapped total of a water meter since the store was begun."
                )
            ) { record, buffer in
                for total in record.totals.distinct where total.place == .waterInput {
                    buffer.sample(total.labels, Double(total.total) / millilitresPerCubicMeter)
                }
            },
            .measured(
                MetricFamily("thermocline_meter_covered", .gauge, help: "Whether the total is covered by measurement.")
            ) { record, buffer in
                for total in record.totals.distinct { buffer.sample(total.labels, total.isCovered ? 1 : 0) }
            },
        ]
    }

    private static let millilitresPerCubicMeter = 1e6
}

extension KPIName {
    /// The base unit as the metric's name ends.
    fileprivate var metricUnit: String {
        switch self {
        case .wue: "cubic_meters_per_joule"
        case .cue: "grams_per_joule"
        case .pue, .erf, .ere, .ref, .cer: "ratio"
        }
    }

    fileprivate var metricHelp: String {
        switch self {
        case .pue: "Power usage effectiveness: energy of the data centre per energy of its IT."
        case .wue: "Water usage effectiveness: water per IT energy."
        case .erf: "Energy reuse factor: share of the energy that is used again."
        case .ere: "Energy reuse effectiveness: energy of the data centre less energy reused, per IT energy."
        case .cue: "Carbon usage effectiveness: CO2 equivalent per IT energy."
        case .ref: "Renewable energy factor: renewable share of the energy."
        case .cer: "Cooling efficiency ratio: heat removed per electricity of the cooling system."
        }
    }
}

extension KPIResult {
    /// The labels of the result; a category only where the figure has one.
    fileprivate func labels(withName: Bool) -> [UInt8] {
        var pairs = withName ? [(name: "kpi", value: name.rawValue)] : []
        pairs.append((name: "window", value: window.rawValue))
        if let category { pairs.append((name: "category", value: String(category))) }
        pairs.append((name: "boundary", value: boundary))
        return ExpositionBuffer.labels(pairs)
    }
}

extension [KPIResult] {
    /// The results without repetitions of name, window, category and boundary; the first counts.
    fileprivate var distinct: [KPIResult] {
        var seen: Set<[UInt8]> = []
        return filter { seen.insert($0.labels(withName: true)).inserted }
    }
}

extension MeterTotal {
    fileprivate var labels: [UInt8] {
        ExpositionBuffer.labels([("device", device), ("place", place.rawValue)])
    }
}

extension [MeterTotal] {
    /// The totals without repetitions of device and place; the first counts.
    fileprivate var distinct: [MeterTotal] {
        var seen: Set<[UInt8]> = []
        return filter { seen.insert($0.labels).inserted }
    }
}
