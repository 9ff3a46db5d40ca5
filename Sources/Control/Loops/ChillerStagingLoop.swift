// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// Chiller staging on the points of a site.
struct ChillerStagingLoop: ControlLoop {
    /// The points of one machine.
    struct Binding: Sendable {
        let enable: PointIndex?
        let runStatus: PointIndex?
        let faultStatus: PointIndex?
        let setpoint: PointIndex?
        let runHours: PointIndex?
    }

    let id: String
    let water: FacilityWaterDescription
    let entering: PointIndex?
    let supply: PointIndex?
    let flow: PointIndex?
    let bindings: [Binding]
    /// One per machine.
    let limitReasons: [LimitReasons]
    var sequence: ChillerStaging

    /// Why one machine is limited; the words never change.
    struct LimitReasons: Sendable {
        let lastSource: Reason
        let minimumOn: Reason
        let minimumOff: Reason
        let setpointRange: Reason
        /// The leaving water that the machine may be asked for, in degrees Celsius.
        let setpoints: ClosedRange<Double>
    }

    /// Binds the loop; nil where the site lacks what it needs, which the binder then has reported.
    init?(_ binder: inout PointBinder) {
        let plant = binder.water
        guard !plant.chillers.isEmpty, let water = plant.facilityWater else {
            binder.report(binder.loop.id, "chiller_staging needs chillers and facility water in the plant")
            return nil
        }
        id = binder.loop.id
        self.water = water
        let point =
            plant.waterEconomizer == nil
            ? PointName.facilityWaterReturnTemperature : PointName.economizerLeavingTemperature
        entering = binder.required(water.id, point)
        supply = binder.required(water.id, PointName.facilityWaterSupplyTemperature)
        flow = binder.required(water.id, PointName.facilityWaterVolumeFlow)
        var bindings: [Binding] = []
        for chiller in plant.chillers {
            bindings.append(
                Binding(
                    enable: binder.command(chiller.id, PointName.enableCommand),
                    runStatus: binder.required(chiller.id, PointName.runStatus),
                    faultStatus: binder.optional(chiller.id, PointName.faultStatus),
                    setpoint: binder.command(chiller.id, PointName.chilledWaterSetpoint),
                    runHours: binder.optional(chiller.id, PointName.runHours)
                )
            )
        }
        self.bindings = bindings
        sequence = ChillerStaging(
            parameters: binder.parameters(ChillerStagingParameters.self),
            machines: plant.chillers.map {
                ChillerStaging.Machine(
                    id: $0.id,
                    capacity: $0.capacity,
                    leavingWaterMinimum: $0.leavingWaterMinimum
                )
            },
            supplySetpoint: water.supplySetpoint
        )
        let parameters = sequence.parameters
        limitReasons = sequence.machines.map { LimitReasons($0, parameters, water) }
        guard binder.problems.isEmpty else { return nil }
    }

    var commandPoints: [PointIndex] { bindings.flatMap { [$0.enable, $0.setpoint] }.compactMap { $0 } }
    var state: LoopState { .chillerStaging(sequence.state) }

    mutating func adopt(_ image: ProcessImage) {
        sequence.adopt(bindings.map { readings($0, image, isActing: true) })
    }

    mutating func restore(_ state: LoopState) {
        guard case .chillerStaging(let saved) = state, saved.machines.count == bindings.count else { return }
        sequence.state = saved
    }

    private func readings(_ binding: Binding, _ image: ProcessImage, isActing: Bool) -> ChillerStaging.MachineReadings {
        ChillerStaging.MachineReadings(
            enableCommand: image[binding.enable],
            runStatus: image[binding.runStatus],
            faultStatus: image[binding.faultStatus],
            setpoint: image[binding.setpoint],
            runTime: image[binding.runHours],
            isActing: isActing
        )
    }

    mutating func step(_ step: LoopStep, context: inout PlantContext) -> LoopOutput {
        let image = step.image
        let inputs = ChillerStaging.Inputs(
            entering: image[entering],
            supply: image[supply],
            flow: image[flow],
            machines: bindings.map { readings($0, image, isActing: step.reaches($0.enable)) },
            context: context
        )
        let result = sequence.step(inputs, dt: step.dt, supervision: step.supervision)
        context.isChillerWanted = result.isAnyTold
        context.chillerLoadRatio = result.loadRatio
        var wishes: [Wish] = []
        wishes.reserveCapacity(2 * bindings.count)
        for (index, binding) in bindings.enumerated() {
            // The setpoint first: a machine that starts then starts toward the right water.
            wishes.add(binding.setpoint, result.setpoints[index].celsius, result.reason)
            wishes.add(binding.enable, result.enable[index].map { $0 ? 1 : 0 }, result.reason)
        }
        return .make(
            state: result.state,
            reason: result.reason,
            wishes: wishes,
            limits: limits(result, inputs),
            alarms: alarms(result, inputs),
            changes: result.changes,
            subject: id,
            at: image.time
        )
    }

    private func limits(_ result: ChillerStaging.Outputs, _ inputs: ChillerStaging.Inputs) -> [PointLimit] {
        var limits: [PointLimit] = []
        limits.reserveCapacity(3 * bindings.count)
        for (index, binding) in bindings.enumerated() {
            let reasons = limitReasons[index]
            let allowed = result.allowed[index]
            if result.isLastSource[index] {
                limits.add(binding.enable, .safety, 1...1, reasons.lastSource)
            }
            if allowed != 0...1 {
                let reason = allowed.lowerBound == 1 ? reasons.minimumOn : reasons.minimumOff
                limits.add(binding.enable, .equipmentProtection, allowed, reason)
            }
            limits.add(binding.setpoint, .safety, reasons.setpoints, reasons.setpointRange)
        }
        return limits
    }

    private func alarms(_ result: ChillerStaging.Outputs, _ inputs: ChillerStaging.Inputs) -> [AlarmCondition] {
        var alarms: [AlarmCondition] = []
        if let supply = inputs.supply.usableValue { alarms += temperatureAlarms(supply) }
        if result.state == "starting" {
            alarms.append(
                AlarmCondition(
                    id: "chillers/capacity_short",
                    isPresent: true,
                    priority: .medium,
                    message: "Fewer chillers run than are wanted, and none that may start is left",
                    response: "Return a failed chiller to service or release one that is in hand",
                    onDelay: .seconds(1_200),
                    offDelay: .seconds(60)
                )
            )
        }
        for (index, machine) in sequence.machines.enumerated() where result.failed[index] {
            alarms.append(
                AlarmCondition(
                    id: "\(machine.id)/failed_to_run",
                    isPresent: true,
                    priority: .medium,
                    message: "\(machine.id) was told to run and does not",
                    response: "Read the chiller's own panel; it is tried again only when the others do not suffice",
                    onDelay: .zero,
                    offDelay: .seconds(60)
                )
            )
        }
        return alarms
    }

    private func temperatureAlarms(_ supply: Double) -> [AlarmCondition] {
        let (setpoint, maximum) = (water.supplySetpoint, water.supplyMaximum)
        guard supply > maximum.celsius || supply > setpoint.celsius + 2 else { return [] }
        let text = Wording.celsius(supply)
        var alarms: [AlarmCondition] = []
        if supply > maximum.celsius {
            alarms.append(
                AlarmCondition(
                    id: "\(water.id)/supply_temperature_too_high",
                    isPresent: true,
                    priority: .high,
                    message: "Facility water supply is \(text), the loads allow \(Wording.celsius(maximum))",
                    response: "Start chillers by hand, or shed IT load: racks will throttle",
                    onDelay: .seconds(120),
                    offDelay: .seconds(60)
                )
            )
        }
        if supply > setpoint.celsius + 2 {
            alarms.append(
                AlarmCondition(
                    id: "\(water.id)/supply_temperature_high",
                    isPresent: true,
                    priority: .medium,
                    message: "Facility water supply is \(text), setpoint \(Wording.celsius(setpoint))",
                    response: "See which chillers are available and whether the towers follow",
                    onDelay: .seconds(900),
                    offDelay: .seconds(300)
                )
            )
        }
        return alarms
    }
}

extension ChillerStagingLoop.LimitReasons {
    init(
        _ machine: ChillerStaging.Machine,
        _ parameters: ChillerStagingParameters,
        _ water: FacilityWaterDescription
    ) {
        let id = machine.id
        let least = min(machine.leavingWaterMinimum.celsius, water.supplyMaximum.celsius)
        lastSource = Reason("chiller_last_source", "\(id) stays on: nothing else cools facility water.")
        minimumOn = Reason(
            "chiller_minimum_on",
            "\(id) stays on for at least \(Wording.time(parameters.minimumOn))."
        )
        minimumOff = Reason(
            "chiller_minimum_off",
            "\(id) stays off for at least \(Wording.time(parameters.minimumOff))."
        )
        setpointRange = Reason(
            "chiller_setpoint_range",
            "\(id) may make water of \(Wording.celsius(least)) to \(Wording.celsius(water.supplyMaximum))."
        )
        setpoints = least...water.supplyMaximum.celsius
    }
}
