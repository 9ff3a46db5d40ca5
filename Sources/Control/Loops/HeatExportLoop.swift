// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// Heat export on the points of a site.
struct HeatExportLoop: ControlLoop {
    /// The points of one heat pump.
    struct Binding: Sendable {
        let enable: PointIndex?
        let runStatus: PointIndex?
        let faultStatus: PointIndex?
        let capacityCommand: PointIndex?
        let capacityFeedback: PointIndex?
        let sinkSupply: PointIndex?
        let sinkSetpoint: PointIndex?
    }

    let id: String
    let permit: PointIndex?
    let requiredSupply: PointIndex?
    let source: PointIndex?
    let facilitySupply: PointIndex?
    let recoveryEntering: PointIndex?
    let recoveryLeaving: PointIndex?
    let recoveryFlow: PointIndex?
    let pumpCommand: PointIndex?
    let pumpFeedback: PointIndex?
    let valveCommand: PointIndex?
    let valveFeedback: PointIndex?
    let bindings: [Binding]
    /// One per heat pump; the words never change.
    let limitReasons: [(minimumOff: Reason, sinkMaximum: Reason)]
    var sequence: HeatExport

    /// Binds the loop; nil where the site lacks what it needs, which the binder then has reported.
    init?(_ binder: inout PointBinder) {
        let plant = binder.site.plant
        guard let recovery = binder.water.heatRecovery, let district = plant.districtHeating,
            let water = binder.water.facilityWater, !plant.heatPumps.isEmpty
        else {
            binder.report(
                binder.loop.id,
                "heat_export needs heat recovery, heat pumps, district heating and facility water in the plant"
            )
            return nil
        }
        id = binder.loop.id
        permit = binder.required(district.id, PointName.heatExportPermit)
        requiredSupply = binder.optional(district.id, PointName.districtSupplyRequired)
        source = binder.required(water.id, PointName.coolantBranchReturnTemperature)
        facilitySupply = binder.required(water.id, PointName.facilityWaterSupplyTemperature)
        recoveryEntering = binder.required(recovery.id, PointName.recoveryEnteringTemperature)
        recoveryLeaving = binder.required(recovery.id, PointName.recoveryLeavingTemperature)
        recoveryFlow = binder.required(recovery.id, PointName.recoveryVolumeFlow)
        pumpCommand = binder.command(recovery.id, PointName.pumpSpeedCommand)
        pumpFeedback = binder.required(recovery.id, PointName.pumpSpeedFeedback)
        valveCommand = binder.command(recovery.id, PointName.valvePositionCommand)
        valveFeedback = binder.required(recovery.id, PointName.valvePositionFeedback)
        var bindings: [Binding] = []
        for pump in plant.heatPumps {
            bindings.append(
                Binding(
                    enable: binder.command(pump.id, PointName.enableCommand),
                    runStatus: binder.required(pump.id, PointName.runStatus),
                    faultStatus: binder.optional(pump.id, PointName.faultStatus),
                    capacityCommand: binder.command(pump.id, PointName.capacityCommand),
                    capacityFeedback: binder.optional(pump.id, PointName.capacityFeedback),
                    sinkSupply: binder.required(pump.id, PointName.sinkSupplyTemperature),
                    sinkSetpoint: binder.command(pump.id, PointName.sinkSupplySetpoint)
                )
            )
        }
        self.bindings = bindings
        sequence = HeatExport(
            parameters: binder.parameters(HeatExportParameters.self),
            machines: plant.heatPumps.map {
                HeatExport.Machine(id: $0.id, minimumLoad: $0.minimumLoad, sinkMaximum: $0.sinkMaximum)
            },
            designSupply: district.supplyRequired,
            supplyMinimum: water.supplyMinimum
        )
        let off = Wording.time(sequence.parameters.minimumOff)
        limitReasons = sequence.machines.map { machine in
            let warmest = Wording.celsius(machine.sinkMaximum)
            return (
                Reason("heat_pump_minimum_off", "\(machine.id) stays off for at least \(off)."),
                Reason("heat_pump_sink_maximum", "\(machine.id) delivers at most \(warmest).")
            )
        }
        guard binder.problems.isEmpty else { return nil }
    }

    var commandPoints: [PointIndex] {
        let machines = bindings.flatMap { [$0.sinkSetpoint, $0.enable, $0.capacityCommand] }
        return ([valveCommand, pumpCommand] + machines).compactMap { $0 }
    }

    var state: LoopState { .heatExport(sequence.state) }

    mutating func adopt(_ image: ProcessImage) {
        sequence.adopt(bindings.map { readings($0, image, isActing: true) })
    }

    mutating func restore(_ state: LoopState) {
        guard case .heatExport(let saved) = state, saved.machines.count == bindings.count else { return }
        sequence.state = saved
    }

    private func readings(_ binding: Binding, _ image: ProcessImage, isActing: Bool) -> HeatExport.MachineReadings {
        HeatExport.MachineReadings(
            enableCommand: image[binding.enable],
            runStatus: image[binding.runStatus],
            faultStatus: image[binding.faultStatus],
            capacityFeedback: image[binding.capacityFeedback],
            sinkSupply: image[binding.sinkSupply],
            isActing: isActing
        )
    }

    mutating func step(_ step: LoopStep, context: inout PlantContext) -> LoopOutput {
        let image = step.image
        let inputs = HeatExport.Inputs(
            permit: image[permit],
            requiredSupply: image[requiredSupply],
            source: image[source],
            facilitySupply: image[facilitySupply],
            recoveryEntering: image[recoveryEntering],
            recoveryLeaving: image[recoveryLeaving],
            recoveryFlow: image[recoveryFlow],
            pumpFeedback: image[pumpFeedback],
            valveFeedback: image[valveFeedback],
            machines: bindings.map { readings($0, image, isActing: step.reaches($0.enable)) }
        )
        let result = sequence.step(inputs, dt: step.dt, supervision: step.supervision)
        context.isExporting = result.isExporting
        context.isTransferring = result.isTransferring
        context.exportedHeat = result.heat
        var wishes: [Wish] = []
        wishes.reserveCapacity(2 + 3 * bindings.count)
        wishes.add(valveCommand, result.valveCommand, result.reason)
        wishes.add(pumpCommand, result.pumpSpeed, result.reason)
        for (index, binding) in bindings.enumerated() {
            wishes.add(binding.sinkSetpoint, result.sinkSetpoints[index].celsius, result.reason)
            wishes.add(binding.enable, result.enable[index].map { $0 ? 1 : 0 }, result.reason)
            let capacity = result.enable[index] == nil ? nil : result.capacity[index]
            wishes.add(binding.capacityCommand, capacity, result.reason)
        }
        return .make(
            state: result.phase.rawValue,
            reason: result.reason,
            wishes: wishes,
            limits: limits(result),
            alarms: alarms(result, inputs),
            changes: result.changes,
            subject: id,
            at: image.time
        )
    }

    private func limits(_ result: HeatExport.Outputs) -> [PointLimit] {
        var limits: [PointLimit] = []
        for (index, binding) in bindings.enumerated() {
            let reasons = limitReasons[index]
            if result.isStartBlocked[index] {
                limits.add(binding.enable, .equipmentProtection, 0...0, reasons.minimumOff)
            }
            let maximum = sequence.machines[index].sinkMaximum.celsius
            let allowed = min(0, maximum)...maximum
            limits.add(binding.sinkSetpoint, .equipmentProtection, allowed, reasons.sinkMaximum)
        }
        return limits
    }

    private func alarms(_ result: HeatExport.Outputs, _ inputs: HeatExport.Inputs) -> [AlarmCondition] {
        var alarms: [AlarmCondition] = []
        func add(_ id: String, _ message: String, _ response: String, on: Duration, off: Duration = .seconds(60)) {
            alarms.append(
                AlarmCondition(
                    id: id,
                    isPresent: true,
                    priority: .medium,
                    message: message,
                    response: response,
                    onDelay: on,
                    offDelay: off
                )
            )
        }
        if result.phase == .fault {
            let response = "Check recovery pump, valve and heat pumps; heat is rejected to the towers meanwhile"
            add("heat-export/fault", result.reason.text, response, on: .zero)
        }
        if result.isDeliveryCold {
            let response =
                "Compare the heat pumps' delivery with what the network asks for; export stops by itself"
            add("heat-export/delivery_cold", result.reason.text, response, on: .seconds(120), off: .seconds(120))
        }
        for (index, machine) in sequence.machines.enumerated() {
            let hasFault = inputs.machines[index].faultStatus.usableValue.map { $0 >= 0.5 } ?? false
            guard result.failed[index] || hasFault else { continue }
            add(
                "\(machine.id)/failed_to_run",
                "\(machine.id) \(hasFault ? "reports a fault" : "was told to run and does not")",
                "Read the heat pump's own panel; the other one exports meanwhile",
                on: .zero
            )
        }
        return alarms
    }
}
