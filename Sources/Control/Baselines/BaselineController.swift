// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

/// The plant as it ran before economizers: the lower yardstick, B0.
///
/// Chillers alone make 18 °C water; fans hold condenser water at 29.4 °C and stop where it is below 24 °C at their
/// slowest speed; pumps run at full speed, CDUs at 25 °C; economizer and heat export stand. Machines are staged by
/// load with 15 min holds. CDU pumps and air handlers' fans have no command and follow their own units.
package struct BaselineController: PlantController {
    package let name = "baseline"
    private var chillers: ChillerStagingLoop
    private var told: ToldValues
    private let fixed: [FixedValue]
    private let fans: [PointIndex]
    private let condenserSupply: PointIndex?
    private var fanLoop = PIDWithReset()
    private var hasTakenOver = false
    private var fanCycle = Hysteresis()
    private var context = PlantContext()

    private static let supply = Temperature(celsius: 18)
    private static let coolantSupply = Temperature(celsius: 25)
    private static let condenserWater = Temperature(celsius: 29.4)
    /// Condenser water at which fans stop, and start again, in degrees Celsius.
    private static let fanStop = 24.0
    private static let fanStart = 26.0
    private static let fanParameters = PIDParameters(gain: 0.1, integralSeconds: 600, limits: 0.2...1)
    private static let staging = LoopDescription(
        id: "baseline-chillers",
        kind: .chillerStaging,
        parameters: [
            LoopParameter(name: "stage_up_ratio", value: 0.9),
            LoopParameter(name: "stage_down_ratio", value: 0.8),
            LoopParameter(name: "stage_hold_seconds", value: 900),
            LoopParameter(name: "minimum_stage_seconds", value: 900),
        ]
    )

    /// - Returns: nil and every reason where the site lacks what the yardstick commands.
    package static func make(site: SiteDescription) -> (BaselineController?, problems: [ControlProblem]) {
        var binder = PointBinder(site: site, loop: staging)
        guard let chillers = ChillerStagingLoop(&binder), let condenser = site.plant.condenserWater else {
            return (nil, binder.problems.isEmpty ? [.noPlant("baseline")] : binder.problems)
        }
        return (BaselineController(site, chillers: chillers, condenser: condenser.id), [])
    }

    private init(_ site: SiteDescription, chillers: ChillerStagingLoop, condenser: String) {
        let plant = site.plant
        self.chillers = chillers
        self.chillers.sequence.aim(at: Self.supply)
        told = ToldValues(site)
        let units = plant.coolantDistributionUnits.map {
            FixedValue(site, $0.id, PointName.coolantSupplyTemperatureSetpoint, Self.coolantSupply.celsius)
        }
        let pumps = [
            FixedValue(site, plant.facilityWater?.id, PointName.pumpSpeedCommand, 1),
            FixedValue(site, condenser, PointName.pumpSpeedCommand, 1),
            FixedValue(site, plant.waterEconomizer?.id, PointName.valvePositionCommand, 0),
        ]
        fixed = (units + pumps).compactMap { $0 } + FixedValue.noHeatExport(site)
        fans = plant.coolingTowers.compactMap { site.index(equipment: $0.id, PointName.fanSpeedCommand) }
        condenserSupply = site.index(equipment: condenser, PointName.condenserWaterSupplyTemperature)
    }

    package mutating func step(_ image: ProcessImage, dt: Duration) -> [PointValue] {
        var values: [PointValue] = []
        func tell(_ point: PointIndex?, _ value: Double?) {
            if let entry = told.due(point, value, at: image.time) { values.append(entry) }
        }
        for entry in fixed { tell(entry.point, entry.value) }
        let output = chillers.step(
            LoopStep(image: image, dt: dt, isActing: true, isHeld: { _ in false }),
            context: &context
        )
        for wish in output.wishes { tell(wish.point, wish.value) }
        let speed = fanSpeed(image, dt: dt)
        for fan in fans { tell(fan, speed) }
        return values
    }

    /// Full speed where the water is not known.
    private mutating func fanSpeed(_ image: ProcessImage, dt: Duration) -> Double {
        guard let supply = image[condenserSupply].usableValue else { return 1 }
        if !hasTakenOver, let fan = fans.first {
            hasTakenOver = true
            fanLoop.reset(to: image[fan].usableValue ?? 1)
        }
        let held = fanLoop.step(
            setpoint: Self.condenserWater.celsius,
            measurement: supply,
            parameters: Self.fanParameters,
            dt: dt
        )
        fanCycle.step(supply, low: Self.fanStop, high: Self.fanStart)
        return held > Self.fanParameters.limits.lowerBound || fanCycle.isOn ? held : 0
    }
}

extension ControlProblem {
    static func noPlant(_ name: String) -> ControlProblem {
        ControlProblem(
            subject: "plant",
            message: "\(name) needs chillers, facility water and condenser water; describe them under plant"
        )
    }
}

extension ChillerStaging {
    /// Goes on toward another supply temperature, with all that it knows of its machines.
    mutating func aim(at setpoint: Temperature) {
        guard setpoint != supplySetpoint else { return }
        var next = ChillerStaging(parameters: parameters, machines: machines, supplySetpoint: setpoint)
        next.state = state
        self = next
    }
}
