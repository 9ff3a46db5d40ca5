// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

// What the fans do in each mode.
extension CoolingTower {
    /// Temperatures in degrees Celsius, nil where lost; the range in kelvins.
    struct Water {
        let condenserSupply: Double?
        let facilitySupply: Double?
        let range: Double
    }

    mutating func observe(_ inputs: Inputs, dt: Duration) -> Water {
        let hold = parameters.inputHold
        let condenser = state.condenserSupply.step(inputs.condenserSupply, limit: hold, dt: dt)
        let condenserReturn = state.condenserReturn.step(inputs.condenserReturn, limit: hold, dt: dt)
        let facility = state.facilitySupply.step(inputs.facilitySupply, limit: hold, dt: dt)
        var range = parameters.designRange.kelvins
        if let condenser, let condenserReturn {
            let measured = min(max(condenserReturn - condenser, 0), 3 * range)
            range = state.range.step(measured, window: parameters.rangeWindow, dt: dt) ?? range
        }
        for index in state.frost.indices {
            let basin = index < inputs.basins.count ? inputs.basins[index].usableValue : nil
            guard let celsius = basin ?? condenser else { continue }
            let release = (basinMinimum + parameters.basinRelease).celsius
            // On while cold: the block switches on above, so it judges the negative temperature.
            state.frost[index].step(-celsius, low: -release, high: -basinMinimum.celsius)
        }
        return Water(condenserSupply: condenser, facilitySupply: facility, range: range)
    }

    /// The condenser water supply setpoint of the present chiller load.
    ///
    /// Chilled water setpoint + clamp(A PLR + B, LIFTmin, LIFTmax) - range, with A = 1.1 (LIFTmax - LIFTmin) and
    /// B = LIFTmax - A (Guideline 36-2021, 5.20.12.2).
    func condenserSetpoint(_ inputs: Inputs, range: Double) -> Temperature {
        let lowest = parameters.liftMinimum.kelvins
        let highest = max(lowest, parameters.liftMaximum.kelvins)
        let slope = 1.1 * (highest - lowest)
        let load = min(1, max(0, inputs.context.chillerLoadRatio?.fraction ?? 1))
        let lift = min(max(slope * load + highest - slope, lowest), highest)
        return supplySetpoint + TemperatureDifference(kelvins: lift - range)
    }

    func mode(_ inputs: Inputs, _ water: Water) -> Mode {
        let context = inputs.context
        if context.isTransferring { return .transfer }
        let isMechanical = context.runningChillers > 0 || context.isChillerWanted
        guard context.isEconomizerOn || isMechanical else { return .standby }
        let isTooWarm = water.facilitySupply.map { $0 > supplyMaximum.celsius } ?? false
        if context.isEconomizerOn {
            if isMechanical { return .partialMechanical }
            if isTooWarm { return .transfer }
            return water.facilitySupply == nil ? .inputsLost : .freeCooling
        }
        return water.condenserSupply == nil ? .inputsLost : .fullMechanical
    }

    /// The speed wanted before the slew, 0 or from the slowest speed to 1.
    mutating func speed(
        _ mode: Mode,
        _ inputs: Inputs,
        _ water: Water,
        _ setpoint: Temperature,
        dt: Duration
    ) -> Double {
        switch mode {
        case .standby: inputs.context.isExporting ? parameters.minimumSpeed.fraction : 0
        case .transfer, .inputsLost: 1
        case .partialMechanical:
            // A supply that is not known cannot be too cold: the loop then stays where it is.
            state.loop.step(
                setpoint: (supplySetpoint - parameters.partialOffset).celsius,
                measurement: water.facilitySupply ?? .nan,
                parameters: facilityLoopParameters,
                dt: dt
            )
        case .fullMechanical:
            state.loop.step(
                setpoint: setpoint.celsius,
                measurement: water.condenserSupply ?? .nan,
                parameters: loopParameters,
                dt: dt
            )
        case .freeCooling: freeCoolingSpeed(water.facilitySupply ?? .nan, dt: dt)
        }
    }

    private mutating func freeCoolingSpeed(_ supply: Double, dt: Duration) -> Double {
        let least = parameters.minimumSpeed.fraction
        let held = state.loop.step(
            setpoint: supplySetpoint.celsius,
            measurement: supply,
            parameters: facilityLoopParameters,
            dt: dt
        )
        state.cycle.step(state.cycle.isOn, dt: dt)
        let isCold = held <= least && (state.speed.output ?? 1) <= least && supply < supplySetpoint.celsius
        if state.cycle.isOn {
            if state.isTooCold.step(isCold, delay: parameters.cycleOffHold, dt: dt) {
                state.cycle = RunningDwell(isOn: false)
                state.isTooCold.reset()
            }
        } else if state.cycle.hasBeenOff(for: parameters.cycleOffMinimum),
            supply > (supplySetpoint + parameters.cycleOnOffset).celsius
        {
            state.cycle = RunningDwell(isOn: true)
        }
        return state.cycle.isOn ? held : 0
    }

    private var loopParameters: PIDParameters {
        fanLoop(gain: parameters.gain, integralTime: parameters.integralTime)
    }

    private var facilityLoopParameters: PIDParameters {
        fanLoop(gain: parameters.facilityGain, integralTime: parameters.facilityIntegralTime)
    }

    private func fanLoop(gain: Ratio, integralTime: Duration) -> PIDParameters {
        PIDParameters(
            gain: gain.fraction,
            integralSeconds: integralTime.inSeconds,
            limits: min(parameters.minimumSpeed.fraction, 1)...1
        )
    }

    func pumpSpeed(_ mode: Mode) -> Double {
        mode == .standby ? parameters.standbyPumpSpeed.fraction : 1
    }

    /// Why the fans do what they do, worded when the slow rules are looked at and when that changes.
    mutating func reason(_ mode: Mode, _ water: Water, _ setpoint: Temperature, isFull: Bool, isDue: Bool) -> Reason {
        if !isDue, isFull == state.isFull, let last = state.reason { return last }
        let reason = Reason(
            mode.code,
            words(mode, water, setpoint, isFull: isFull),
            .celsius(PointName.condenserWaterSupplyTemperature, water.condenserSupply),
            .celsius("condenser_water_setpoint", setpoint.celsius),
            .celsius(PointName.facilityWaterSupplyTemperature, water.facilitySupply)
        )
        state.isFull = isFull
        state.reason = reason
        return reason
    }

    private func words(_ mode: Mode, _ water: Water, _ setpoint: Temperature, isFull: Bool) -> String {
        let condenser = Wording.celsius(water.condenserSupply)
        let facility = Wording.celsius(water.facilitySupply)
        let text =
            switch mode {
            case .standby: "Towers stand by: neither chiller nor economizer rejects heat"
            case .fullMechanical:
                "Fans hold condenser water at \(Wording.celsius(setpoint)) for the chillers, it is \(condenser)"
            case .partialMechanical where isFull:
                "Fans at full speed: economizer and chillers share the load, condenser water is \(condenser)"
            case .partialMechanical:
                "Fans slow down for idle chillers: facility water is \(facility), "
                    + "setpoint \(Wording.celsius(supplySetpoint))"
            case .freeCooling:
                "Fans hold facility water at \(Wording.celsius(supplySetpoint)) without chillers, it is \(facility)"
            case .transfer: "Fans at full speed: heat must be rejected at once, facility water is \(facility)"
            case .inputsLost: "Fans at full speed: the temperature they should hold is not known"
            }
        return text + "."
    }
}

extension CoolingTower.Mode {
    /// The code of the reasons of this mode.
    var code: String {
        switch self {
        case .standby: "tower_standby"
        case .fullMechanical: "tower_full_mechanical"
        case .partialMechanical: "tower_partial_mechanical"
        case .freeCooling: "tower_free_cooling"
        case .transfer: "tower_transfer"
        case .inputsLost: "tower_inputs_lost"
        }
    }
}
