// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

extension ChillerStaging {
    /// What a stage that is held waits for, so that nobody wonders why four chillers run without load.
    struct StageWait {
        enum Cause: Int64 {
            case nothing
            case load
            case warmSupply
            case weakFreeCooling
            case economizer
            case lowLoad
            case transfer
            case supplyForLess
            case risingLoad
        }

        let cause: Cause
        /// Seconds until the stage changes if nothing else does: whole minutes from two minutes on, as it is shown.
        let seconds: Int64

        init(_ cause: Cause, _ rest: Duration = .zero) {
            self.cause = cause
            let whole = Int64(max(0, rest.inSeconds).rounded(.up))
            seconds = whole < 120 ? whole : (whole + 30) / 60 * 60
        }

        /// The end of the sentence that says how many machines are wanted.
        func words(_ parameters: ChillerStagingParameters) -> String {
            let rest = Wording.time(.seconds(seconds))
            let hold = "for \(Wording.time(parameters.stageHold)) (Guideline 36)"
            return switch cause {
            case .nothing: ""
            case .load: ", one more in \(rest): the load must be above \(percent(parameters.stageUpRatio)) \(hold)"
            case .warmSupply: ", one more in \(rest): the supply is too warm"
            case .weakFreeCooling: ", the first starts in \(rest): free cooling is too weak"
            case .economizer: ", all stop in \(rest): the economizer is enough"
            case .lowLoad: ", one less in \(rest): the load must fit the lower stage \(hold)"
            case .transfer: ", none stops while heat export is given up"
            case .supplyForLess: ", none stops while the supply is too warm"
            case .risingLoad: ", none stops while the load rises"
            }
        }

        private func percent(_ ratio: Ratio) -> String { Wording.percent(ratio.fraction) }
    }

    /// What the present stage waits for, after the rules were looked at and left it.
    func stageWait(_ view: View, _ context: PlantContext) -> StageWait {
        let stage = parameters.minimumStageTime - state.sinceStage
        func rest(_ delay: TrueDelay, _ hold: Duration, of other: Duration = .zero) -> Duration? {
            delay.elapsed.map { max(hold - $0, other) }
        }
        if let rest = rest(state.isFailSafe, parameters.failSafeHold, of: stage) { return StageWait(.warmSupply, rest) }
        if let rest = rest(state.isUpWanted, parameters.stageHold, of: stage) { return StageWait(.load, rest) }
        if let rest = rest(state.isFreeCoolingHot, parameters.freeCoolingHighHold)
            ?? rest(state.isFreeCoolingWarm, parameters.freeCoolingHold)
        {
            return StageWait(.weakFreeCooling, rest)
        }
        if let rest = rest(state.isEconomizerEnough, parameters.freeCoolingDwell) {
            return StageWait(.economizer, rest)
        }
        if let rest = rest(state.isDownWanted, parameters.stageHold, of: stage) { return StageWait(.lowLoad, rest) }
        guard fitsLowerStage(view) else { return StageWait(.nothing) }
        if context.isTransferring { return StageWait(.transfer) }
        return StageWait(isCoolEnough(view) ? .risingLoad : .supplyForLess)
    }

    /// Whether the load is small enough for one machine less.
    func fitsLowerStage(_ view: View) -> Bool {
        state.target > 1
            && (ratio(view, machines: state.target - 1) ?? .infinity) < parameters.stageDownRatio.fraction
    }

    /// Whether the supply is cool enough to stop a machine.
    func isCoolEnough(_ view: View) -> Bool {
        view.supply.map { $0 <= (supplySetpoint + parameters.failSafeOffset).celsius } ?? false
    }
}
