// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

// The two rules of the economizer with the sentences they are explained by.
extension WaterEconomizer {
    /// Whether it shall be on after it was off, and why.
    func judgeOff(_ water: Water) -> (Bool, Reason) {
        func answer(_ want: Bool, _ code: String, _ text: String) -> (Bool, Reason) {
            (want, Reason(code: code, text: text, evidence: water.evidence))
        }
        guard let predicted = water.predicted else {
            return answer(
                false,
                "economizer_weather_unknown",
                "The economizer stays off: the wet bulb is not known, so neither is the water it would make."
            )
        }
        guard let upstream = water.upstream else {
            return answer(
                false,
                "economizer_water_unknown",
                "The economizer stays off: the facility water return temperature is not known."
            )
        }
        let benefit = upstream - predicted.celsius
        let figures =
            "return \(Wording.celsius(upstream)), predicted leaving \(Wording.celsius(predicted)) "
            + "at wet bulb \(Wording.celsius(water.wetBulb)), needed \(Wording.kelvins(parameters.enableOffset))"
        guard benefit > parameters.enableOffset.kelvins else {
            return answer(false, "economizer_no_predicted_benefit", "The economizer stays off: \(figures).")
        }
        guard state.dwell.hasBeenOff(for: parameters.minimumOff) else {
            let elapsed = Wording.time(state.dwell.elapsed)
            return answer(
                false,
                "economizer_minimum_off",
                "The economizer waits: off for \(elapsed) of \(Wording.time(parameters.minimumOff)); \(figures)."
            )
        }
        return answer(true, "economizer_predicted_benefit", "The economizer is worth having: \(figures).")
    }

    /// Whether it shall stay on, and why.
    mutating func judgeOn(_ water: Water, dt: Duration) -> (Bool, Reason) {
        func answer(_ want: Bool, _ code: String, _ text: String) -> (Bool, Reason) {
            (want, Reason(code: code, text: text, evidence: water.evidence))
        }
        guard let upstream = water.upstream, let downstream = water.downstream else {
            state.noBenefit.reset()
            return answer(
                true,
                "economizer_water_unknown",
                "The economizer stays on as last proved: its water temperatures are not known."
            )
        }
        let cooled = upstream - downstream
        let lacksBenefit = cooled < parameters.disableOffset.kelvins
        let isOver = state.noBenefit.step(lacksBenefit, delay: parameters.disableTest, dt: dt)
        let figures =
            "it cools \(Wording.celsius(upstream)) to \(Wording.celsius(downstream)), "
            + "needed \(Wording.kelvins(parameters.disableOffset))"
        guard isOver else {
            return answer(true, "economizer_benefit", "The economizer stays on: \(figures).")
        }
        guard state.dwell.hasBeenOn(for: parameters.minimumOn) else {
            let elapsed = Wording.time(state.dwell.elapsed)
            return answer(
                true,
                "economizer_minimum_on",
                "The economizer stays on for \(elapsed) of \(Wording.time(parameters.minimumOn)) although \(figures)."
            )
        }
        return answer(
            false,
            "economizer_no_benefit",
            "The economizer is given up: for \(Wording.time(parameters.disableTest)) \(figures)."
        )
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
