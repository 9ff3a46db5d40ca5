// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// The water economizer on the points of a site.
struct WaterEconomizerLoop: ControlLoop {
    let id: String
    let equipment: String
    let dryBulb: PointIndex?
    let relativeHumidity: PointIndex?
    let dewPoint: PointIndex?
    let airPressure: PointIndex?
    let upstream: PointIndex?
    let downstream: PointIndex?
    let flow: PointIndex?
    let valveCommand: PointIndex?
    let valveFeedback: PointIndex?
    var sequence: WaterEconomizer

    /// Binds the loop; nil where the site lacks what it needs, which the binder then has reported.
    init?(_ binder: inout PointBinder) {
        let plant = binder.site.plant
        guard let economizer = binder.water.waterEconomizer, let water = binder.water.facilityWater else {
            binder.report(binder.loop.id, "water_economizer needs a water economizer and facility water in the plant")
            return nil
        }
        id = binder.loop.id
        equipment = economizer.id
        let weather = plant.surroundings.weatherStation
        dryBulb = binder.required(weather, PointName.outdoorDryBulbTemperature)
        dewPoint = binder.optional(weather, PointName.outdoorDewPointTemperature)
        relativeHumidity =
            dewPoint == nil
            ? binder.required(weather, PointName.outdoorRelativeHumidity)
            : binder.optional(weather, PointName.outdoorRelativeHumidity)
        airPressure = binder.optional(weather, PointName.outdoorAirPressure)
        upstream = binder.required(water.id, PointName.facilityWaterReturnTemperature)
        downstream = binder.required(water.id, PointName.economizerLeavingTemperature)
        flow = binder.required(water.id, PointName.facilityWaterVolumeFlow)
        valveCommand = binder.command(economizer.id, PointName.valvePositionCommand)
        valveFeedback = binder.required(economizer.id, PointName.valvePositionFeedback)
        sequence = WaterEconomizer(
            parameters: binder.parameters(WaterEconomizerParameters.self),
            designFlow: economizer.designFlow,
            supplyMinimum: water.supplyMinimum,
            pressure: plant.surroundings.atmosphericPressure
        )
        guard binder.problems.isEmpty else { return nil }
    }

    var commandPoints: [PointIndex] { [valveCommand].compactMap { $0 } }
    var state: LoopState { .waterEconomizer(sequence.state) }

    mutating func adopt(_ image: ProcessImage) { sequence.adopt(valveFeedback: image[valveFeedback]) }

    mutating func restore(_ state: LoopState) {
        if case .waterEconomizer(let saved) = state { sequence.state = saved }
    }

    mutating func step(_ step: LoopStep, context: inout PlantContext) -> LoopOutput {
        let image = step.image
        let inputs = WaterEconomizer.Inputs(
            dryBulb: image[dryBulb],
            relativeHumidity: image[relativeHumidity],
            dewPoint: image[dewPoint],
            airPressure: image[airPressure],
            upstream: image[upstream],
            downstream: image[downstream],
            flow: image[flow],
            valveFeedback: image[valveFeedback],
            isActing: step.reaches(valveCommand),
            runningChillers: context.runningChillers,
            isTowerAtFullSpeed: context.isTowerAtFullSpeed
        )
        let result = sequence.step(inputs, dt: step.dt, supervision: step.supervision)
        context.isEconomizerOn = result.isOn
        context.isEconomizerOpen = result.isOpen
        context.predictedLeavingTemperature = result.predicted
        context.wetBulb = result.wetBulb
        context.coolingMode = result.mode
        var wishes: [Wish] = []
        wishes.add(valveCommand, result.valveCommand, result.reason)
        return .make(
            state: result.mode.rawValue,
            reason: result.reason,
            wishes: wishes,
            alarms: alarms(result, inputs),
            changes: result.changes,
            subject: id,
            at: image.time
        )
    }

    private func alarms(_ result: WaterEconomizer.Outputs, _ inputs: WaterEconomizer.Inputs) -> [AlarmCondition] {
        let feedback = inputs.valveFeedback.usableValue
        let command = result.valveCommand
        let gap = feedback.flatMap { position in command.map { abs($0 - position) } } ?? 0
        var alarms: [AlarmCondition] = []
        if inputs.isActing, gap > 0.1 {
            let position = feedback.map { Wording.percent($0) } ?? "unknown"
            let wanted = command.map { Wording.percent($0) } ?? "unknown"
            alarms.append(
                AlarmCondition(
                    id: "\(equipment)/valve_not_following",
                    isPresent: true,
                    priority: .medium,
                    message: "The economizer valve is at \(position), commanded \(wanted)",
                    response: "Check the actuator for blockage and local override; chillers carry the load meanwhile",
                    onDelay: .seconds(600),
                    offDelay: .seconds(60)
                )
            )
        }
        if result.wetBulb == nil {
            alarms.append(
                AlarmCondition(
                    id: "\(equipment)/weather_lost",
                    isPresent: true,
                    priority: .low,
                    message: "The outdoor wet bulb is not known, so the economizer is not enabled",
                    response: "Check the weather station and its connection",
                    onDelay: .seconds(300),
                    offDelay: .seconds(60)
                )
            )
        }
        return alarms
    }
}
