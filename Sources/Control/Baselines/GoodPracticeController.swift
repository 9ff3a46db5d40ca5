// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

/// The plant as good engineers ran it before this product: the upper yardstick, B1.
///
/// - Integrated economizer with the conditions of Stein ("Waterside Economizing in Data Centers", ASHRAE Transactions
///   115-2, 2009): on where the return is warmer than the predicted leaving water by 1.1 K and 20 min have passed,
///   off where it cools by less than 0.5 K; the first chiller starts where the supply is 1.1 K too warm for 20 min.
///   The valve takes 2 min. The prediction has the rated approaches of the site's exchanger and towers.
/// - Tower fans hold condenser water for chillers, run at full speed beside the economizer, and hold facility water
///   in free cooling.
/// - One trim-and-respond variable resets first the differential pressure, then the supply temperature, by requests of
///   the consumers' valves (ASHRAE Guideline 36-2021, 5.20.5.2): 2 % less or 3 % a request more every 5 min, two
///   requests ignored.
/// - Condenser water pumps give what the machines in line are designed for, chillers alone in proportion to their load:
///   ``CondenserPumpReset``.
/// - Chillers are staged by load with 15 min holds; CDUs supply 32 °C; heat export stands.
package struct GoodPracticeController: PlantController {
    package let name = "good-practice"
    private var loops: [any ControlLoop]
    private var context = PlantContext()
    private var told: ToldValues
    private var reset: PlantReset
    private let fixed: [FixedValue]
    private let chillers: [(status: PointIndex?, enable: PointIndex?)]
    private var condenserPump: CondenserPump?

    private static let descriptions: [LoopDescription] = [
        description(
            .chillerStaging,
            [
                ("stage_hold_seconds", 900), ("minimum_stage_seconds", 900), ("free_cooling_offset_kelvins", 1.1),
                ("free_cooling_hold_seconds", 1_200), ("free_cooling_margin_kelvins", 0),
                ("free_cooling_leaving_kelvins", 0.5), ("free_cooling_dwell_seconds", 1_200),
            ]
        ),
        description(.coolingTower, [("partial_offset_kelvins", 5)]),
        description(.coolantSupply, [("supply_setpoint_celsius", 32)]),
    ]

    /// Its prediction has the approaches of the site's own exchanger and towers: with the wet bulb of a milder design
    /// the learnt slope would call a warm climate's tower better than it is.
    private static func economizer(_ plant: PlantComposition) -> LoopDescription? {
        guard let exchanger = plant.waterEconomizer else { return nil }
        let ratings = plant.coolingTowers.first.map {
            [
                ("tower_approach_kelvins", $0.ratedApproach.kelvins),
                ("design_wet_bulb_celsius", $0.ratedWetBulb.celsius),
            ]
        }
        return description(
            .waterEconomizer,
            [
                ("minimum_off_seconds", 1_200), ("minimum_on_seconds", 1_200), ("enable_offset_kelvins", 1.1),
                ("disable_offset_kelvins", 0.5), ("disable_test_seconds", 120), ("valve_travel_seconds", 120),
                ("exchanger_approach_kelvins", exchanger.designApproach.kelvins),
            ] + (ratings ?? [])
        )
    }

    private static func description(_ kind: LoopKind, _ parameters: [(String, Double)]) -> LoopDescription {
        LoopDescription(
            id: "good-practice-\(kind.rawValue)",
            kind: kind,
            parameters: parameters.map { LoopParameter(name: $0.0, value: $0.1) }
        )
    }

    /// - Returns: nil and every reason where the site lacks what the yardstick commands.
    package static func make(site: SiteDescription) -> (GoodPracticeController?, problems: [ControlProblem]) {
        guard let reset = PlantReset(site) else { return (nil, [.noPlant("good-practice")]) }
        var problems: [ControlProblem] = []
        var loops: [any ControlLoop] = []
        for description in [economizer(site.plant)].compactMap({ $0 }) + descriptions {
            var binder = PointBinder(site: site, loop: description)
            if let loop = bound(description.kind, &binder) { loops.append(loop) }
            problems += binder.problems
        }
        guard problems.isEmpty else { return (nil, problems) }
        return (GoodPracticeController(site, loops: loops, reset: reset), [])
    }

    private static func bound(_ kind: LoopKind, _ binder: inout PointBinder) -> (any ControlLoop)? {
        switch kind {
        case .waterEconomizer: WaterEconomizerLoop(&binder)
        case .chillerStaging: ChillerStagingLoop(&binder)
        case .coolingTower: CoolingTowerLoop(&binder)
        case .coolantSupply: CoolantSupplyLoop(&binder)
        case .heatExport: nil
        }
    }

    private init(_ site: SiteDescription, loops: [any ControlLoop], reset: PlantReset) {
        self.loops = loops
        self.reset = reset
        told = ToldValues(site)
        fixed = FixedValue.noHeatExport(site)
        chillers = site.plant.chillers.map {
            (site.index(equipment: $0.id, PointName.runStatus), site.index(equipment: $0.id, PointName.enableCommand))
        }
        condenserPump = CondenserPump(site)
    }

    package mutating func step(_ image: ProcessImage, dt: Duration) -> [PointValue] {
        var values: [PointValue] = []
        func tell(_ point: PointIndex?, _ value: Double?) {
            if let entry = told.due(point, value, at: image.time) { values.append(entry) }
        }
        for entry in fixed { tell(entry.point, entry.value) }
        reset.step(image, dt: dt)
        tell(reset.pumpCommand, reset.pumpSpeed)
        context.runningChillers = chillers.count { (image[$0.status].usableValue ?? 1) >= 0.5 }
        let step = LoopStep(image: image, dt: dt, isActing: true, isHeld: { _ in false })
        for index in loops.indices {
            aim(index, at: reset.supplySetpoint)
            let output = loops[index].step(step, context: &context)
            for wish in output.wishes where wish.point != condenserPump?.command { tell(wish.point, wish.value) }
        }
        let stage = stage(image)
        let speed = condenserPump?.step(image, stage, dt: dt)
        tell(condenserPump?.command, speed)
        return values
    }

    /// A chiller is in line from the moment it is told to run until it has stopped.
    private func stage(_ image: ProcessImage) -> CondenserPumpReset.Stage {
        CondenserPumpReset.Stage(
            chillers: chillers.count { [$0.status, $0.enable].contains { (image[$0].usableValue ?? 1) >= 0.5 } },
            loadRatio: context.chillerLoadRatio,
            isEconomizerOn: context.isEconomizerOn
        )
    }

    /// The loops that hold facility water follow the reset.
    private mutating func aim(_ index: Int, at setpoint: Temperature) {
        if var loop = loops[index] as? ChillerStagingLoop {
            guard loop.sequence.supplySetpoint != setpoint else { return }
            loop.sequence.aim(at: setpoint)
            loops[index] = loop
        } else if var loop = loops[index] as? CoolingTowerLoop {
            guard loop.sequence.supplySetpoint != setpoint else { return }
            loop.sequence.aim(at: setpoint)
            loops[index] = loop
        }
    }
}

/// The pumps' reset on the points of a site.
private struct CondenserPump: Sendable {
    let command: PointIndex?
    private let flow: PointIndex?
    /// In cubic metres per second.
    private let designFlow: Double
    private var reset: CondenserPumpReset

    /// - Returns: nil where the site has no condenser water.
    init?(_ site: SiteDescription) {
        guard let water = site.plant.condenserWater else { return nil }
        command = site.index(equipment: water.id, PointName.pumpSpeedCommand)
        flow = site.index(equipment: water.id, PointName.condenserWaterVolumeFlow)
        designFlow = water.designFlow.cubicMetersPerSecond
        reset = CondenserPumpReset(
            chillers: site.plant.chillers.count,
            economizerFlow: site.plant.waterEconomizer?.designFlow,
            designFlow: water.designFlow
        )
    }

    mutating func step(_ image: ProcessImage, _ stage: CondenserPumpReset.Stage, dt: Duration) -> Double {
        reset.step(
            stage,
            measured: image[flow].usableValue.map { $0 / designFlow },
            present: image[command].usableValue,
            dt: dt
        )
    }
}

extension CoolingTower {
    /// Goes on toward another supply temperature, with all that it knows of its cells.
    fileprivate mutating func aim(at setpoint: Temperature) {
        var next = CoolingTower(
            parameters: parameters,
            cells: state.frost.count,
            supplySetpoint: setpoint,
            supplyMaximum: supplyMaximum,
            basinMinimum: basinMinimum
        )
        next.state = state
        self = next
    }
}
