// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

// The two rules of the economizer with the sentences they are explained by.
extension WaterEconomizer {
    /// What a rule found.
    enum Verdict: String, Hashable, Sendable, Codable {
        case weatherUnknown = "economizer_weather_unknown"
        case returnUnknown = "economizer_return_unknown"
        case waterUnknown = "economizer_water_unknown"
        case noPredictedBenefit = "economizer_no_predicted_benefit"
        case minimumOff = "economizer_minimum_off"
        case predictedBenefit = "economizer_predicted_benefit"
        case benefit = "economizer_benefit"
        case minimumOn = "economizer_minimum_on"
        case noBenefit = "economizer_no_benefit"

        /// The code of the reason.
        var code: String { (self == .returnUnknown ? .waterUnknown : self).rawValue }

        var wantsOn: Bool {
            switch self {
            case .weatherUnknown, .returnUnknown, .noPredictedBenefit, .minimumOff, .noBenefit: false
            case .waterUnknown, .predictedBenefit, .benefit, .minimumOn: true
            }
        }

        /// Whether the sentence says for how long it has been on or off.
        var showsDwell: Bool { self == .minimumOff || self == .minimumOn }
    }

    /// Whether it shall be on after it was off.
    func judgeOff(_ water: Water) -> Verdict {
        guard let predicted = water.predicted else { return .weatherUnknown }
        guard let upstream = water.upstream else { return .returnUnknown }
        guard upstream - predicted.celsius > parameters.enableOffset.kelvins else { return .noPredictedBenefit }
        return state.dwell.hasBeenOff(for: parameters.minimumOff) ? .predictedBenefit : .minimumOff
    }

    /// Whether it shall stay on.
    mutating func judgeOn(_ water: Water, dt: Duration) -> Verdict {
        guard let upstream = water.upstream, let downstream = water.downstream else {
            state.noBenefit.reset()
            return .waterUnknown
        }
        let lacksBenefit = upstream - downstream < parameters.disableOffset.kelvins
        guard state.noBenefit.step(lacksBenefit, delay: parameters.disableTest, dt: dt) else { return .benefit }
        return state.dwell.hasBeenOn(for: parameters.minimumOn) ? .noBenefit : .minimumOn
    }

    func words(_ verdict: Verdict, _ water: Water) -> String {
        let upstream = Wording.celsius(water.upstream)
        let predicted =
            "return \(upstream), predicted leaving \(Wording.celsius(water.predicted)) "
            + "at wet bulb \(Wording.celsius(water.wetBulb)), needed \(Wording.kelvins(parameters.enableOffset))"
        let measured =
            "it cools \(upstream) to \(Wording.celsius(water.downstream)), "
            + "needed \(Wording.kelvins(parameters.disableOffset))"
        let elapsed = Wording.time(state.dwell.elapsed)
        return switch verdict {
        case .weatherUnknown:
            "The economizer stays off: the wet bulb is not known, so neither is the water it would make."
        case .returnUnknown: "The economizer stays off: the facility water return temperature is not known."
        case .waterUnknown: "The economizer stays on as last proved: its water temperatures are not known."
        case .noPredictedBenefit: "The economizer stays off: \(predicted)."
        case .minimumOff:
            "The economizer waits: off for \(elapsed) of \(Wording.time(parameters.minimumOff)); \(predicted)."
        case .predictedBenefit: "The economizer is worth having: \(predicted)."
        case .benefit: "The economizer stays on: \(measured)."
        case .minimumOn:
            "The economizer stays on for \(elapsed) of \(Wording.time(parameters.minimumOn)) although \(measured)."
        case .noBenefit:
            "The economizer is given up: for \(Wording.time(parameters.disableTest)) \(measured)."
        }
    }

    static func modeChange(to mode: CoolingMode, _ water: Water) -> Reason {
        let text =
            switch mode {
            case .fullMechanical: "Chillers carry the load alone: the economizer is off"
            case .partialMechanical: "The economizer pre-cools the return water, chillers do the rest"
            case .freeCooling: "The economizer carries the load alone: no chiller runs"
            }
        let leaving = Wording.celsius(water.downstream)
        return Reason(
            code: mode.rawValue,
            text: "\(text); return \(Wording.celsius(water.upstream)), leaving \(leaving).",
            evidence: water.evidence
        )
    }
}
