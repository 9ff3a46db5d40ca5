// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// The coolant supply setpoints of all CDUs of a site.
struct CoolantSupplyLoop: ControlLoop {
    /// What is kept of one CDU across a restart.
    struct UnitState: Hashable, Sendable, Codable {
        let id: String
        var sequence: CoolantSupply.State
        var pump: RunningDwell
    }

    /// One CDU with its points.
    struct Unit: Sendable {
        /// The hall its racks stand in.
        let hall: String
        let dewPoint: PointIndex?
        let supply: PointIndex?
        let setpoint: PointIndex?
        let pump: PointIndex?
        let leak: PointIndex?
        var sequence: CoolantSupply
        var limitSentence = Sentence()
        /// A pump that was running when the agent came counts as started long ago.
        var pumpDwell = RunningDwell(isOn: true, elapsed: CoolantSupplyLoop.startSuppression)
    }

    /// Time after a start of the unit's pump in which its supply temperature is not judged.
    static let startSuppression = Duration.seconds(1_200)

    let id: String
    var units: [Unit]

    /// Binds the loop; nil where the site lacks what it needs, which the binder then has reported.
    init?(_ binder: inout PointBinder) {
        let plant = binder.site.plant
        guard !plant.coolantDistributionUnits.isEmpty else {
            binder.report(binder.loop.id, "coolant_supply needs coolant distribution units in the plant")
            return nil
        }
        id = binder.loop.id
        let parameters = binder.parameters(CoolantSupplyParameters.self)
        var units: [Unit] = []
        for unit in plant.coolantDistributionUnits {
            let hall = plant.racks.first { $0.coolantDistributionUnit == unit.id }?.hall ?? "hall-1"
            units.append(
                Unit(
                    hall: hall,
                    dewPoint: binder.required(hall, PointName.hallDewPointTemperature),
                    supply: binder.required(unit.id, PointName.coolantSupplyTemperature),
                    setpoint: binder.command(unit.id, PointName.coolantSupplyTemperatureSetpoint),
                    pump: binder.optional(unit.id, PointName.pumpSpeedFeedback),
                    leak: binder.optional(unit.id, PointName.leakDetected),
                    sequence: CoolantSupply(id: unit.id, parameters: parameters)
                )
            )
        }
        self.units = units
        guard binder.problems.isEmpty else { return nil }
    }

    var commandPoints: [PointIndex] { units.compactMap(\.setpoint) }

    var state: LoopState {
        .coolantSupply(units.map { UnitState(id: $0.sequence.id, sequence: $0.sequence.state, pump: $0.pumpDwell) })
    }

    mutating func adopt(_ image: ProcessImage) {
        for index in units.indices { units[index].sequence.adopt(setpoint: image[units[index].setpoint]) }
    }

    mutating func restore(_ state: LoopState) {
        guard case .coolantSupply(let saved) = state else { return }
        for index in units.indices {
            guard let unit = saved.first(where: { $0.id == units[index].sequence.id }) else { continue }
            units[index].sequence.state = unit.sequence
            units[index].pumpDwell = unit.pump
        }
    }

    mutating func step(_ step: LoopStep, context: inout PlantContext) -> LoopOutput {
        var wishes: [Wish] = []
        var limits: [PointLimit] = []
        wishes.reserveCapacity(units.count)
        limits.reserveCapacity(units.count)
        var alarms: [AlarmCondition] = []
        var events: [Event] = []
        var worst: CoolantSupply.Outputs?
        for index in units.indices {
            let result = units[index].step(step)
            let point = units[index].setpoint
            wishes.add(point, result.setpoint?.celsius, result.reason)
            units[index].addLimit(result, to: &limits)
            if units[index].isAlarming(result, step.image) { units[index].addAlarms(result, step.image, to: &alarms) }
            if !result.isDewPointKnown || result.isTooHumid { addHallAlarms(result, of: index, to: &alarms) }
            for change in result.changes {
                let id = units[index].sequence.id
                events.append(Event(time: step.image.time, kind: change.code, subject: id, message: change.text))
            }
            if Self.rank(result.state) > Self.rank(worst?.state) { worst = result }
        }
        return LoopOutput(
            state: worst?.state ?? "holding",
            reason: worst?.reason ?? Reason("coolant_holding", "No coolant distribution unit."),
            wishes: wishes,
            limits: limits,
            alarms: alarms,
            events: events
        )
    }

    private static func rank(_ state: String?) -> Int {
        switch state {
        case nil: 0
        case "too_humid": 3
        case "dew_point_guard": 2
        default: 1
        }
    }
}

extension CoolantSupplyLoop.Unit {
    mutating func step(_ step: LoopStep) -> CoolantSupply.Outputs {
        if let speed = step.image[pump].usableValue { pumpDwell.step(speed > 0.05, dt: step.dt) }
        return sequence.step(
            CoolantSupply.Inputs(
                dewPoint: step.image[dewPoint],
                supply: step.image[supply],
                setpoint: step.image[setpoint],
                isActing: step.reaches(setpoint)
            ),
            dt: step.dt
        )
    }

    mutating func addLimit(_ result: CoolantSupply.Outputs, to limits: inout [PointLimit]) {
        let range = result.allowed.lowerBound.celsius...result.allowed.upperBound.celsius
        let dewPoint = result.dewPoint
        let bounds = (Wording.shown(range.lowerBound), Wording.shown(range.upperBound))
        if limitSentence.isOutdated("", bounds.0, bounds.1, Wording.shown(dewPoint)) {
            limitSentence.reason = Reason(
                "coolant_dew_point",
                "\(sequence.id) may supply \(Wording.celsius(range.lowerBound)) to "
                    + "\(Wording.celsius(range.upperBound)): dew point \(Wording.celsius(dewPoint)) and "
                    + "\(Wording.kelvins(sequence.parameters.dewPointMargin)), warmest for IT.",
                .celsius(PointName.hallDewPointTemperature, dewPoint.celsius)
            )
        }
        limits.add(setpoint, .safety, range, limitSentence.reason)
    }
}
