// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// A lake, a river or the sea with the exchanger that gives it the condenser water's heat.
///
/// The exchanger's controller holds the water that leaves, behind its bypass, at the setpoint (``SplitRange``).
struct AmbientIntake: Sendable {
    private(set) var body: AmbientWaterBody
    private(set) var exchanger: AmbientWaterExchanger
    private(set) var outputs: AmbientWaterExchanger.Outputs?
    /// Speed of the intake pumps that is asked for.
    private(set) var pumpSpeed = Ratio.zero
    /// Condenser water that left mixed with what went round the plates, in degrees Celsius.
    private(set) var leaving: Double
    private var controller = SplitRange(slowest: slowestPump)

    /// Below it the pumps do not overcome the lift.
    private static let slowestPump = 0.45

    /// - Parameters:
    ///   - equipment: The exchanger and what it draws on.
    ///   - plantFlow: Condenser water at design.
    ///   - surface: The mixed layer at the start.
    ///   - initial: Condenser water at the start.
    init(_ equipment: AmbientWaterDescription, plantFlow: MassFlow, surface: Temperature, initial: Temperature) {
        body = AmbientWaterBody(AmbientWaterBody.Kind(equipment.source), initial: surface)
        exchanger = AmbientWaterExchanger(
            designHeat: equipment.designHeat,
            approach: equipment.designApproach,
            plantDesignFlow: plantFlow,
            intakeDesignFlow: LoopFluid.water.massFlow(equipment.designFlow),
            pumpPower: equipment.pumpPower,
            permit: DischargePermit(warmest: equipment.dischargeMaximum, largestRise: equipment.dischargeRise)
        )
        leaving = initial.celsius
    }

    /// Moves on by `dt` seconds.
    ///
    /// - Returns: The condenser water that leaves.
    mutating func step(water: FluidStream, setpoint: Double, outdoor: WeatherState, dt: Double) -> Temperature {
        body.step(dryBulb: outdoor.dryBulb, dt: dt)
        controller.step(error: leaving - setpoint, dt: dt)
        pumpSpeed = controller.drive
        let through = controller.through.fraction
        let result = exchanger.step(
            AmbientWaterExchanger.Inputs(
                plantWater: FluidStream(temperature: water.temperature, flow: water.flow * through),
                intake: body.intake,
                pumpSpeedCommand: pumpSpeed
            ),
            dt: dt
        )
        leaving = result.leaving.celsius * through + water.temperature.celsius * (1 - through)
        outputs = result
        return Temperature(celsius: leaving)
    }
}

extension AmbientWaterBody {
    /// The mixed layer where it stands at a time of the year: the season of the climate, damped and late by its lag.
    ///
    /// The answer of a first-order lag to a yearly sine is smaller by `1/sqrt(1 + (ωτ)²)` and late by `atan(ωτ)/ω`.
    static func surface(
        _ equipment: AmbientWaterDescription,
        climate: String,
        at time: Timestamp
    ) -> Temperature? {
        guard let climate = Climate.named(climate) else { return nil }
        let year = 365.25 * 86_400
        let lag = AmbientWaterBody(Kind(equipment.source), initial: climate.mean).timeConstant
        let turn = 2 * Double.pi / year * lag
        let late = Libm.atan2(turn, 1)
        let sinceColdest = time.secondsSinceEpoch - climate.coldestDay * 86_400
        let angle = 2 * Double.pi * sinceColdest / year - late
        let swing = climate.seasonalAmplitude.kelvins / (1 + turn * turn).squareRoot()
        return Temperature(celsius: climate.mean.celsius - swing * Libm.cos(angle))
    }
}

extension AmbientWaterBody.Kind {
    init(_ source: AmbientWaterDescription.Source) {
        self =
            switch source {
            case .river: .river
            case .lake: .lake
            case .deepLake: .deepLake
            case .sea: .sea
            }
    }
}
