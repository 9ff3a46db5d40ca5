// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// Decides when condenser water pre-cools or replaces chilled water, and moves the exchanger's valve.
///
/// Enabled after 20 min off when the facility water return is warmer than the predicted leaving temperature by the
/// offset; disabled after 20 min on when the exchanger has cooled by less than an offset for 2 min. The tower
/// approach in the prediction is learnt: see ``tuning``. The valve follows slowly, and shuts in part where the water
/// behind the exchanger falls below what the loads allow.
///
/// Where the loop does not act, or its valve is in hand, on and off are those of the valve as it reports itself, so
/// the state is always that of the plant; the wish is then what the sequence would do.
///
/// Lost inputs: each last value stands for ``WaterEconomizerParameters/inputHold``. Without weather it is not
/// enabled; without water temperatures it stays as it is, since chillers make up for either. Without flow the design
/// flow is assumed.
///
/// - Source: ASHRAE Guideline 36-2021, 5.20.3.1 to 5.20.3.3; dwell kept across restarts by decision of this product.
package struct WaterEconomizer: Hashable, Sendable {
    /// What the sequence reads.
    package struct Inputs: Hashable, Sendable {
        package var dryBulb: Reading
        package var relativeHumidity: Reading
        package var dewPoint: Reading
        package var airPressure: Reading
        /// Facility water before the exchanger, behind heat recovery.
        package var upstream: Reading
        /// Facility water behind the exchanger.
        package var downstream: Reading
        package var flow: Reading
        package var valveFeedback: Reading
        /// Whether the valve follows this sequence.
        package var isActing: Bool
        /// Machines proven running, or not known to stand.
        package var runningChillers: Int
        package var isTowerAtFullSpeed: Bool

        package init(
            dryBulb: Reading,
            relativeHumidity: Reading,
            dewPoint: Reading,
            airPressure: Reading,
            upstream: Reading,
            downstream: Reading,
            flow: Reading,
            valveFeedback: Reading,
            isActing: Bool,
            runningChillers: Int,
            isTowerAtFullSpeed: Bool
        ) {
            self.dryBulb = dryBulb
            self.relativeHumidity = relativeHumidity
            self.dewPoint = dewPoint
            self.airPressure = airPressure
            self.upstream = upstream
            self.downstream = downstream
            self.flow = flow
            self.valveFeedback = valveFeedback
            self.isActing = isActing
            self.runningChillers = runningChillers
            self.isTowerAtFullSpeed = isTowerAtFullSpeed
        }
    }

    /// What the sequence says.
    package struct Outputs: Hashable, Sendable {
        package let isOn: Bool
        package let mode: CoolingMode
        /// 0...1, shut to open; nil until the valve was first heard of, so that it is not moved blindly.
        package let valveCommand: Double?
        /// The valve reports nine tenths open or more, or is on and throttled because its water is too cold.
        package let isOpen: Bool
        package let wetBulb: Temperature?
        package let predicted: Temperature?
        package let reason: Reason
        /// State changes of this step.
        package let changes: [Reason]
    }

    /// What the rules found when they were last looked at.
    struct Finding: Hashable, Sendable, Codable {
        var verdict: Verdict
        var reason: Reason
        var wetBulb: Temperature?
        var predicted: Temperature?
    }

    /// What is kept across a restart.
    struct State: Hashable, Sendable, Codable {
        var clock = SupervisionClock()
        var finding: Finding?
        var dwell = RunningDwell()
        var noBenefit = TrueDelay()
        var valve = LimitSlewRate()
        var valveSeen = Hysteresis()
        var isKnown = false
        var mode: CoolingMode?
        /// The learnt m, kelvins of tower approach per kelvin of wet bulb, -0.2...0.5.
        var tuning = 0.0
        var towerReachedFull = false
        var towerLeftFull = false
        var air = OutdoorAir()
        var upstream = HeldReading()
        var downstream = HeldReading()
        var flow = HeldReading()
    }

    package let parameters: WaterEconomizerParameters
    /// Facility water flow through the exchanger at design.
    package let designFlow: VolumeFlow
    /// Coldest water the loads allow.
    package let supplyMinimum: Temperature
    /// Site pressure where the barometer is lost.
    package let pressure: Pressure
    var state = State()
    private var sentence = Sentence()

    package init(
        parameters: WaterEconomizerParameters = WaterEconomizerParameters(),
        designFlow: VolumeFlow,
        supplyMinimum: Temperature,
        pressure: Pressure = .standardAtmosphere
    ) {
        self.parameters = parameters
        self.designFlow = designFlow
        self.supplyMinimum = supplyMinimum
        self.pressure = pressure
    }

    /// The learnt m of the prediction, -0.2...0.5, zero at first.
    ///
    /// At each disable: less by 0.02 where the run was longer than 60 min; more by 0.02 where it was shorter than 30
    /// min and the tower fans, once at full speed, never left it (Guideline 36-2021, 5.20.3.3).
    package var tuning: Double { state.tuning }

    /// Takes over from the valve as it stands.
    package mutating func adopt(valveFeedback: Reading) {
        guard let position = valveFeedback.usableValue else { return }
        state.isKnown = true
        state.clock.demand()
        state.valve.reset(to: position)
        setOn(position > 0.5)
    }

    /// One cycle.
    ///
    /// - Parameters:
    ///   - inputs: What the sequence reads.
    ///   - dt: Plant time since the cycle before.
    ///   - supervision: Time between two looks at the rules; the valve moves in every cycle.
    /// - Returns: What the sequence says; its reason is that of the last look at the rules.
    package mutating func step(_ inputs: Inputs, dt: Duration, supervision: Duration = .zero) -> Outputs {
        let hold = parameters.inputHold
        let upstream = state.upstream.step(inputs.upstream, limit: hold, dt: dt)
        let downstream = state.downstream.step(inputs.downstream, limit: hold, dt: dt)
        let flow = state.flow.step(inputs.flow, limit: hold, dt: dt)
        var changes: [Reason] = []
        state.dwell.step(state.dwell.isOn, dt: dt)
        if !state.isKnown { adopt(valveFeedback: inputs.valveFeedback) }
        followValve(inputs, &changes)
        watchTower(inputs.isTowerAtFullSpeed)
        let elapsed = state.clock.step(dt: dt, period: supervision)
        let finding =
            if elapsed == nil, let last = state.finding {
                last
            } else {
                judge(inputs, upstream, downstream, flow, dt: elapsed ?? dt, &changes)
            }
        let want = finding.verdict.wantsOn
        let valve = valveCommand(want: want, downstream: downstream, isActing: inputs.isActing, inputs, dt: dt)
        let mode = currentMode(inputs)
        if let last = state.mode, last != mode {
            let water = Water(
                upstream: upstream,
                downstream: downstream,
                predicted: finding.predicted,
                wetBulb: finding.wetBulb
            )
            changes.append(Self.modeChange(to: mode, water))
        }
        state.mode = mode
        return Outputs(
            isOn: state.dwell.isOn,
            mode: mode,
            valveCommand: state.isKnown ? valve : nil,
            isOpen: isOpen(inputs.valveFeedback.usableValue, downstream: downstream),
            wetBulb: finding.wetBulb,
            predicted: finding.predicted,
            reason: finding.reason,
            changes: changes
        )
    }

    /// Looks at the rules, and switches where the sequence acts.
    private mutating func judge(
        _ inputs: Inputs,
        _ upstream: Double?,
        _ downstream: Double?,
        _ flow: Double?,
        dt: Duration,
        _ changes: inout [Reason]
    ) -> Finding {
        let wetBulb = state.air.step(inputs, parameters: parameters, pressure: pressure, dt: dt)
        let flow = flow.map { VolumeFlow(cubicMetersPerSecond: $0) }
        let predicted = wetBulb.map { prediction.temperature(wetBulb: $0, flow: flow, tuning: state.tuning) }
        let water = Water(upstream: upstream, downstream: downstream, predicted: predicted, wetBulb: wetBulb)
        let verdict = state.dwell.isOn ? judgeOn(water, dt: dt) : judgeOff(water)
        let reason = reason(verdict, water)
        let finding = Finding(verdict: verdict, reason: reason, wetBulb: wetBulb, predicted: predicted)
        state.finding = finding
        if inputs.isActing, state.isKnown, verdict.wantsOn != state.dwell.isOn {
            if !verdict.wantsOn { learn() }
            setOn(verdict.wantsOn)
            changes.append(reason)
        }
        return finding
    }

    /// Where the sequence does not act, it is on where the valve is seen open.
    private mutating func followValve(_ inputs: Inputs, _ changes: inout [Reason]) {
        guard !inputs.isActing, let position = inputs.valveFeedback.usableValue else { return }
        state.valveSeen.step(position, low: 0.05, high: 0.5)
        guard state.valveSeen.isOn != state.dwell.isOn else { return }
        setOn(state.valveSeen.isOn)
        let word = state.dwell.isOn ? "open" : "shut"
        changes.append(
            Reason(
                "economizer_valve_moved",
                "The economizer valve reports \(Wording.percent(position)): it counts as \(word).",
                .ratio(PointName.valvePositionFeedback, position)
            )
        )
    }

    private var prediction: PredictedLeavingTemperature {
        PredictedLeavingTemperature(
            exchangerApproach: parameters.exchangerApproach,
            towerApproach: parameters.towerApproach,
            designWetBulb: parameters.designWetBulb,
            designFlow: designFlow
        )
    }

    private mutating func reason(_ verdict: Verdict, _ water: Water) -> Reason {
        let temperatures = (Wording.shown(water.upstream), Wording.shown(water.downstream))
        let outdoors = (Wording.shown(water.predicted), Wording.shown(water.wetBulb))
        // Seconds tell minutes apart too.
        let elapsed = Wording.shown(verdict.showsDwell ? state.dwell.elapsed.inSeconds : 0, decimals: 0)
        if sentence.isOutdated(
            verdict.rawValue,
            temperatures.0,
            temperatures.1,
            outdoors.0,
            outdoors.1,
            elapsed
        ) {
            sentence.reason = Reason(code: verdict.code, text: words(verdict, water), evidence: water.evidence)
        }
        return sentence.reason
    }

    private mutating func setOn(_ isOn: Bool) {
        guard isOn != state.dwell.isOn else { return }
        // The rule that now applies is another one.
        state.clock.demand()
        state.dwell.step(isOn, dt: .zero)
        state.noBenefit.reset()
        state.towerReachedFull = false
        state.towerLeftFull = false
    }

    private mutating func watchTower(_ isFull: Bool) {
        guard state.dwell.isOn else { return }
        if isFull { state.towerReachedFull = true }
        if !isFull, state.towerReachedFull { state.towerLeftFull = true }
    }

    private mutating func learn() {
        let ran = state.dwell.elapsed
        var change = 0.0
        if ran > .seconds(3_600) { change = -0.02 }
        if ran < .seconds(1_800), state.towerReachedFull, !state.towerLeftFull { change = 0.02 }
        state.tuning = min(max(state.tuning + change, -0.2), 0.5)
    }

    private func isOpen(_ position: Double?, downstream: Double?) -> Bool {
        guard let position else { return false }
        let isThrottled = downstream.map { $0 < supplyMinimum.celsius } ?? false
        return position >= 0.9 || (state.dwell.isOn && isThrottled && position > 0.05)
    }

    private func currentMode(_ inputs: Inputs) -> CoolingMode {
        guard state.dwell.isOn else { return .fullMechanical }
        return inputs.runningChillers > 0 ? .partialMechanical : .freeCooling
    }

    private mutating func valveCommand(
        want: Bool,
        downstream: Double?,
        isActing: Bool,
        _ inputs: Inputs,
        dt: Duration
    ) -> Double {
        var target = want ? 1.0 : 0
        if want, let downstream {
            let below = supplyMinimum.celsius - downstream
            target = min(1, max(0, 1 - below / parameters.lowLimitBand.kelvins))
        }
        guard isActing else {
            state.valve.reset(to: inputs.valveFeedback.usableValue)
            return target
        }
        if state.valve.output == nil { state.valve.reset(to: inputs.valveFeedback.usableValue ?? 0) }
        let rate = 1 / max(1, parameters.valveTravel.inSeconds)
        return min(1, max(0, state.valve.step(target, rise: rate, fall: rate, dt: dt)))
    }
}

/// What the rules look at in one step.
struct Water {
    /// Degrees Celsius before the exchanger.
    let upstream: Double?
    /// Degrees Celsius behind the exchanger.
    let downstream: Double?
    let predicted: Temperature?
    let wetBulb: Temperature?

    var evidence: [Evidence] {
        [
            Evidence.celsius(PointName.facilityWaterReturnTemperature, upstream),
            Evidence.celsius(PointName.economizerLeavingTemperature, downstream),
            Evidence.celsius("predicted_leaving_temperature", predicted?.celsius),
            Evidence.celsius("outdoor_wet_bulb_temperature", wetBulb?.celsius),
        ].compactMap { $0 }
    }
}
