// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// Chooses the coolant supply setpoint of one CDU: as warm as wanted, never near the dew point, never too warm for
/// IT.
///
/// The setpoint moves slowly toward ``CoolantSupplyParameters/supplySetpoint``, from what the unit holds at present.
/// It is lifted at once where the hall's dew point plus a margin asks for more. The limit for IT equipment wins over
/// both: a hall so humid needs drying, not hot racks, and the alarm says so.
///
/// Lost inputs: the dew point's last value stands for ``CoolantSupplyParameters/inputHold``, then the warmer of it
/// and the assumed one. Without the unit's own setpoint the move starts from the wanted one.
///
/// - Source: condensation margin and deviation alarm as CDU makers state them; see ``CoolantSupplyParameters``.
package struct CoolantSupply: Hashable, Sendable {
    /// What the sequence reads.
    package struct Inputs: Hashable, Sendable {
        package var dewPoint: Reading
        package var supply: Reading
        /// The setpoint the unit holds.
        package var setpoint: Reading
        package var isActing: Bool

        package init(dewPoint: Reading, supply: Reading, setpoint: Reading, isActing: Bool) {
            self.dewPoint = dewPoint
            self.supply = supply
            self.setpoint = setpoint
            self.isActing = isActing
        }
    }

    /// What the sequence says.
    package struct Outputs: Hashable, Sendable {
        /// The setpoint wished for; nil until the unit's own was first heard of.
        package let setpoint: Temperature?
        /// The setpoints that neither condense nor overheat.
        package let allowed: ClosedRange<Temperature>
        /// The dew point the guard works with.
        package let dewPoint: Temperature
        package let isDewPointKnown: Bool
        /// Supply above its setpoint by the limit, with dead band; its hold is the alarm's.
        package let isTooWarm: Bool
        package let isTooCold: Bool
        /// The dew point leaves no setpoint that IT equipment may have.
        package let isTooHumid: Bool
        package let state: String
        package let reason: Reason
        /// State changes of this step.
        package let changes: [Reason]
    }

    /// What is kept across a restart.
    struct State: Hashable, Sendable, Codable {
        var setpoint = LimitSlewRate()
        var isKnown = false
        var dewPoint = HeldReading()
        /// Degrees Celsius; nil before the first reading.
        var lastDewPoint: Double?
        var warm = Hysteresis()
        var cold = Hysteresis()
        var name = "holding"
        /// The setpoint the unit held last, in degrees Celsius; nil in restart files from before it was kept.
        var heldSetpoint: Double?
        /// Seconds left in which the supply is not judged, after the unit's setpoint jumped.
        var settling: Double?
    }

    package let id: String
    package let parameters: CoolantSupplyParameters
    var state = State()
    private var sentence = Sentence()

    package init(id: String, parameters: CoolantSupplyParameters = CoolantSupplyParameters()) {
        self.id = id
        self.parameters = parameters
    }

    /// Takes over from the setpoint the unit holds.
    package mutating func adopt(setpoint: Reading) {
        guard let present = setpoint.usableValue else { return }
        state.isKnown = true
        state.setpoint.reset(to: present)
    }

    package mutating func step(_ inputs: Inputs, dt: Duration) -> Outputs {
        if !state.isKnown { adopt(setpoint: inputs.setpoint) }
        let held = state.dewPoint.step(inputs.dewPoint, limit: parameters.inputHold, dt: dt)
        if let held { state.lastDewPoint = held }
        let assumed = max(parameters.assumedDewPoint.celsius, state.lastDewPoint ?? -.infinity)
        let dewPoint = Temperature(celsius: held ?? assumed)
        let maximum = parameters.supplyMaximum
        let guardTemperature = dewPoint + parameters.dewPointMargin
        let allowed = min(guardTemperature, maximum)...maximum

        let wanted = parameters.supplySetpoint.clamped(to: allowed)
        let value = move(to: wanted, allowed: allowed, inputs, dt: dt)
        judgeDeviation(inputs, dt: dt)
        let isTooHumid = guardTemperature > maximum
        let isGuarding = guardTemperature > parameters.supplySetpoint
        let name = isTooHumid ? "too_humid" : isGuarding ? "dew_point_guard" : "holding"
        let reason = reason(name, value, dewPoint, isKnown: held != nil)
        let changes = name == state.name ? [] : [reason]
        state.name = name
        return Outputs(
            setpoint: state.isKnown ? value : nil,
            allowed: allowed,
            dewPoint: dewPoint,
            isDewPointKnown: held != nil,
            isTooWarm: state.warm.isOn,
            isTooCold: state.cold.isOn,
            isTooHumid: isTooHumid,
            state: name,
            reason: reason,
            changes: changes
        )
    }

    private mutating func move(
        to wanted: Temperature,
        allowed: ClosedRange<Temperature>,
        _ inputs: Inputs,
        dt: Duration
    ) -> Temperature {
        guard inputs.isActing else {
            state.setpoint.reset(to: inputs.setpoint.usableValue)
            return wanted
        }
        let rate = parameters.setpointSlew.kelvins / 300
        let moved = state.setpoint.step(wanted.celsius, rise: rate, fall: rate, dt: dt)
        let guarded = Temperature(celsius: moved).clamped(to: allowed)
        if guarded.celsius != moved { state.setpoint.reset(to: guarded.celsius) }
        // In tenths, rounded up near the dew point and down near the maximum, so that a rounding breaks neither.
        let tenths = Temperature(celsius: (guarded.celsius * 10).rounded() / 10)
        return tenths.clamped(to: allowed)
    }

    private mutating func judgeDeviation(_ inputs: Inputs, dt: Duration) {
        guard let supply = inputs.supply.usableValue, let setpoint = inputs.setpoint.usableValue else { return }
        let limit = parameters.deviationLimit.kelvins
        // A unit that restarted with another setpoint needs time to get there: that is no fault of its valve.
        if let held = state.heldSetpoint, abs(setpoint - held) > limit {
            state.settling = parameters.deviationSettling.inSeconds
        }
        state.heldSetpoint = setpoint
        if let left = state.settling, left > 0 {
            state.settling = left - dt.inSeconds
            return
        }
        let release = max(0, limit - parameters.deviationDeadBand.kelvins)
        state.warm.step(supply - setpoint, low: release, high: limit)
        state.cold.step(setpoint - supply, low: release, high: limit)
    }

    private mutating func reason(
        _ name: String,
        _ value: Temperature,
        _ dewPoint: Temperature,
        isKnown: Bool
    ) -> Reason {
        if sentence.isOutdated(name, Wording.shown(value), Wording.shown(dewPoint), isKnown ? 1 : 0) {
            sentence.reason = Reason(
                Self.code(name),
                words(name, value, dewPoint, isKnown: isKnown),
                .celsius(PointName.coolantSupplyTemperatureSetpoint, value.celsius),
                .celsius(PointName.hallDewPointTemperature, dewPoint.celsius)
            )
        }
        return sentence.reason
    }

    private static func code(_ name: String) -> String {
        switch name {
        case "too_humid": "coolant_too_humid"
        case "dew_point_guard": "coolant_dew_point_guard"
        default: "coolant_holding"
        }
    }

    private func words(_ name: String, _ value: Temperature, _ dewPoint: Temperature, isKnown: Bool) -> String {
        let margin = Wording.kelvins(parameters.dewPointMargin)
        let dew = isKnown ? Wording.celsius(dewPoint) : "unknown, taken as \(Wording.celsius(dewPoint))"
        let wanted = Wording.celsius(parameters.supplySetpoint)
        let text =
            switch name {
            case "too_humid":
                "\(id) supplies \(Wording.celsius(value)), the warmest for IT, though the dew point is \(dew)"
            case "dew_point_guard":
                "\(id) supplies \(Wording.celsius(value)): dew point \(dew), margin \(margin), wanted \(wanted)"
            default: "\(id) supplies \(Wording.celsius(value)), wanted \(wanted); dew point \(dew), margin \(margin)"
            }
        return text + "."
    }
}
