// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// Numbers in the sentences that operators read: fixed decimals, the unit behind a space, the same bytes everywhere.
enum Wording {
    /// A number with so many decimals, 0...3; "unknown" where it is not finite or too large to mean anything.
    static func number(_ value: Double, decimals: Int = 1) -> String {
        let scaled = shown(value, decimals: decimals)
        guard scaled != unknown, scaled != excessive else { return "unknown" }
        let scale = scale(decimals)
        let sign = scaled < 0 ? "-" : ""
        let whole = scaled.magnitude / UInt64(scale)
        guard decimals > 0 else { return "\(sign)\(whole)" }
        let part = String(scaled.magnitude % UInt64(scale))
        let zeros = String(repeating: "0", count: min(decimals, 3) - part.utf8.count)
        return "\(sign)\(whole).\(zeros)\(part)"
    }

    /// A number with as many decimals as it needs, up to three.
    static func plain(_ value: Double) -> String {
        let thousandths = shown(value, decimals: 3)
        if thousandths % 1_000 == 0 { return number(value, decimals: 0) }
        if thousandths % 100 == 0 { return number(value, decimals: 1) }
        return number(value, decimals: thousandths % 10 == 0 ? 2 : 3)
    }

    /// What is shown of a number with so many decimals, 0...3, counted in units of the last one.
    ///
    /// Equal for two numbers exactly where they look the same.
    static func shown(_ value: Double?, decimals: Int = 1) -> Int64 {
        guard let value, value.isFinite else { return unknown }
        let scaled = (value * scale(decimals)).rounded()
        return abs(scaled) < 1e15 ? Int64(scaled) : excessive
    }

    static func shown(_ value: Temperature?) -> Int64 { shown(value?.celsius) }

    private static let unknown = Int64.min
    private static let excessive = Int64.max

    private static func scale(_ decimals: Int) -> Double {
        switch decimals {
        case ...0: 1
        case 1: 10
        case 2: 100
        default: 1_000
        }
    }

    static func celsius(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "unknown" }
        return number(value) + " °C"
    }

    static func celsius(_ value: Temperature?) -> String { celsius(value?.celsius) }

    static func kelvins(_ value: TemperatureDifference) -> String {
        plain((value.kelvins * 100).rounded() / 100) + " K"
    }

    static func percent(_ fraction: Double) -> String { number(fraction * 100, decimals: 0) + " %" }

    static func kilowatts(_ watts: Double) -> String { number(watts / 1_000, decimals: 0) + " kW" }

    /// Whole minutes from two minutes on, seconds below.
    static func time(_ duration: Duration) -> String {
        let seconds = duration.inSeconds
        return seconds >= 120 ? number(seconds / 60, decimals: 0) + " min" : number(seconds, decimals: 0) + " s"
    }
}

/// Numbers beside a sentence, rounded as the sentence shows them, so that both say the same.
extension Evidence {
    /// In tenths of a degree.
    static func celsius(_ name: String, _ value: Double?) -> Evidence? {
        rounded(value, 0.1).map { Evidence(name: name, value: $0, unit: .celsius) }
    }

    /// In hundredths.
    static func ratio(_ name: String, _ value: Double?) -> Evidence? {
        rounded(value, 0.01).map { Evidence(name: name, value: $0, unit: .ratio) }
    }

    /// In kilowatts.
    static func watts(_ name: String, _ value: Double?) -> Evidence? {
        rounded(value, 1_000).map { Evidence(name: name, value: $0, unit: .watts) }
    }

    /// Divides where the step is below one, so that 19.4 stays 19.4.
    private static func rounded(_ value: Double?, _ step: Double) -> Double? {
        guard let value, value.isFinite else { return nil }
        guard step < 1 else { return (value / step).rounded() * step }
        let parts = (1 / step).rounded()
        return (value * parts).rounded() / parts
    }

    static func seconds(_ name: String, _ value: Duration) -> Evidence {
        Evidence(name: name, value: value.inSeconds, unit: .seconds)
    }
}

extension Reason {
    /// A reason whose evidence leaves out what is not known.
    init(_ code: String, _ text: String, _ first: Evidence?) {
        self.init(code: code, text: text, evidence: first.map { [$0] } ?? [])
    }

    /// A reason with two pieces of evidence, of which it leaves out what is not known.
    init(_ code: String, _ text: String, _ first: Evidence?, _ second: Evidence?) {
        if let first, let second {
            self.init(code: code, text: text, evidence: [first, second])
        } else {
            self.init(code, text, first ?? second)
        }
    }

    /// A reason with any number of pieces of evidence, of which it leaves out what is not known.
    init(_ code: String, _ text: String, _ evidence: Evidence?...) {
        var known: [Evidence] = []
        known.reserveCapacity(evidence.count)
        for case .some(let entry) in evidence { known.append(entry) }
        self.init(code: code, text: text, evidence: known)
    }
}
