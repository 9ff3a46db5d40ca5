// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

// The holds of the stage rules: counted in every cycle, so that no hold depends on when the rules are looked at.
extension ChillerStaging {
    /// Counts every hold; one that is over makes the rules look at once.
    mutating func count(_ view: View, _ context: PlantContext, dt: Duration) {
        if state.target < machines.count { countUp(view, context, dt: dt) }
        if state.target > 0 {
            countDown(view, context, dt: dt)
        } else {
            state.isEconomizerEnough.reset()
        }
        if isAnyOver { state.clock.demand() }
    }

    private mutating func countUp(_ view: View, _ context: PlantContext, dt: Duration) {
        let above = view.supply.map { $0 - supplySetpoint.celsius }
        func isAbove(_ offset: TemperatureDifference) -> Bool { above.map { $0 > offset.kelvins } ?? false }
        let isFree = state.target == 0
        let isFalling = (view.trend ?? 0) < -parameters.trendLimit.fraction
        let load = ratio(view, machines: state.target) ?? 0
        let isLoaded = !isFree && load > parameters.stageUpRatio.fraction && !isFalling
        state.isUpWanted.step(isLoaded, delay: parameters.stageHold, dt: dt)
        let isWarm = isAbove(parameters.failSafeOffset)
        state.isFailSafe.step(!isFree && isWarm, delay: parameters.failSafeHold, dt: dt)
        state.isUrgent.step(isAbove(parameters.urgentOffset), delay: parameters.urgentHold, dt: dt)
        let isCarried = isFree && context.isEconomizerOn
        state.isFreeCoolingWarm.step(
            isCarried && isAbove(parameters.freeCoolingOffset),
            delay: parameters.freeCoolingHold,
            dt: dt
        )
        state.isFreeCoolingHot.step(
            isCarried && isAbove(parameters.freeCoolingHighOffset),
            delay: parameters.freeCoolingHighHold,
            dt: dt
        )
        let isAlone = isFree && !context.isEconomizerOn
        state.isUncovered.step(isAlone && isWarm, delay: parameters.urgentHold, dt: dt)
    }

    private mutating func countDown(_ view: View, _ context: PlantContext, dt: Duration) {
        let isCool = isCoolEnough(view) && !context.isTransferring
        state.isEconomizerEnough.step(
            isCool && isEconomizerEnough(view, context),
            delay: parameters.freeCoolingDwell,
            dt: dt
        )
        let isRising = (view.trend ?? 0) > parameters.trendLimit.fraction
        state.isDownWanted.step(
            fitsLowerStage(view) && isCool && !isRising,
            delay: parameters.stageHold,
            dt: dt
        )
    }

    var isFreeCoolingShort: Bool {
        state.isFreeCoolingHot.isOver(parameters.freeCoolingHighHold)
            || state.isFreeCoolingWarm.isOver(parameters.freeCoolingHold)
    }

    private var isAnyOver: Bool {
        state.isUrgent.isOver(parameters.urgentHold) || state.isUncovered.isOver(parameters.urgentHold)
            || state.isFailSafe.isOver(parameters.failSafeHold) || state.isUpWanted.isOver(parameters.stageHold)
            || isFreeCoolingShort || state.isEconomizerEnough.isOver(parameters.freeCoolingDwell)
            || state.isDownWanted.isOver(parameters.stageHold)
    }
}
