// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// One computer-room air handler: fan, dry cooling coil on facility water, valve.
///
/// Sensible counterflow effectiveness-NTU with conductance by air and water flow^0.8; sized so that the capacity is
/// reached at design air flow with supply air at its setpoint, water 4 K below that and warming by 8 K. Fan power goes
/// with speed³ and warms the supply air. The unit's controller moves the valve (stroke 90 s) by
/// proportional-integral action to hold supply air. The coil has no mass; the hall has (``HallAir``).
package struct AirHandler: Sendable {
    /// What acts on an air handler over a step.
    package struct Inputs: Sendable {
        package var supplyAirSetpoint: Temperature
        /// Fan speed command as a share of full speed.
        package var fanSpeedCommand: Ratio
        package var returnAir: Temperature
        package var facilityWaterEntering: Temperature
        /// Differential pressure of facility water at the unit over that at design.
        package var availablePressure: Ratio

        package init(
            supplyAirSetpoint: Temperature,
            fanSpeedCommand: Ratio,
            returnAir: Temperature,
            facilityWaterEntering: Temperature,
            availablePressure: Ratio = .full
        ) {
            self.supplyAirSetpoint = supplyAirSetpoint
            self.fanSpeedCommand = fanSpeedCommand
            self.returnAir = returnAir
            self.facilityWaterEntering = facilityWaterEntering
            self.availablePressure = availablePressure
        }
    }

    /// What an air handler did over a step.
    package struct Outputs: Hashable, Sendable {
        package let supplyAir: Temperature
        package let airFlow: VolumeFlow
        package let facilityWaterFlow: MassFlow
        package let facilityWaterLeaving: Temperature
        /// Heat into facility water.
        package let heat: Power
        package let fanSpeed: Ratio
        /// Electrical power of the fans; all of it warms the supply air.
        package let fanPower: Power
        package let valvePosition: Ratio
    }

    package let description: AirHandlerDescription
    /// Facility water flow with the valve open at design differential pressure.
    package let designWaterFlow: MassFlow
    /// The coil with its fouling.
    package var coil: PlateExchanger
    private var fan: Actuator
    private var valve: Actuator
    private var controller: ProportionalIntegral

    private static let designWaterRise = 8.0
    private static let designApproach = 4.0
    private static let fanRampSeconds = 30.0
    private static let valveStrokeSeconds = 90.0
    private static let longestStep = 5.0

    package init(_ description: AirHandlerDescription) {
        self.description = description
        let water = LoopFluid.water.specificHeat.joulesPerKilogramKelvin * Self.designWaterRise
        designWaterFlow = MassFlow(kilogramsPerSecond: description.capacity.watts / water)
        coil = PlateExchanger(
            designHeat: description.capacity,
            approach: TemperatureDifference(kelvins: Self.designApproach),
            hotDesignFlow: LoopFluid.air.massFlow(description.designAirFlow),
            coldDesignFlow: designWaterFlow,
            hotFluid: .air
        )
        fan = Actuator(position: Ratio(fraction: 0.8), strokeSeconds: Self.fanRampSeconds)
        valve = Actuator(position: Ratio(fraction: 0.5), strokeSeconds: Self.valveStrokeSeconds)
        controller = ProportionalIntegral(gain: 0.02, integralSeconds: 40, initial: Ratio(fraction: 0.5))
    }

    /// Position of the valve at the end of the last step: what it will draw of facility water.
    package var valvePosition: Ratio { valve.position }

    /// Where the valve is jammed; nil for a sound one.
    package var jammedValve: Ratio? {
        get { valve.jammedAt }
        set { valve.jammedAt = newValue }
    }

    /// Whether the fan stands, whatever it is told.
    package var isFanStopped: Bool {
        get { fan.jammedAt != nil }
        set { fan.jammedAt = newValue ? .zero : nil }
    }

    /// Moves on by `dt` seconds.
    package mutating func step(_ inputs: Inputs, dt: Double) -> Outputs {
        fan.step(to: inputs.fanSpeedCommand, dt: dt)
        let speed = fan.position.fraction
        let air = LoopFluid.air.massFlow(description.designAirFlow).kilogramsPerSecond * speed
        let airRate = air * LoopFluid.air.specificHeat.joulesPerKilogramKelvin
        let fanPower = description.fanPower.watts * speed * speed * speed
        let fanRise = airRate > 0 ? fanPower / airRate : 0
        let full = designWaterFlow.kilogramsPerSecond * Libm.sqrt(max(inputs.availablePressure.fraction, 0))
        let parts = max((dt / Self.longestStep).rounded(.up), 1)
        var heat = 0.0
        var flow = 0.0
        var supply = inputs.returnAir.celsius
        for _ in 0..<Int(parts) {
            let water = FluidStream(
                temperature: inputs.facilityWaterEntering,
                flow: MassFlow(kilogramsPerSecond: full * valve.position.fraction)
            )
            let result = coil.exchange(
                hot: FluidStream(temperature: inputs.returnAir, flow: MassFlow(kilogramsPerSecond: air)),
                cold: water
            )
            supply = result.hotLeaving.celsius + fanRise
            heat += result.heat.watts
            flow += water.flow.kilogramsPerSecond
            let command = controller.step(error: supply - inputs.supplyAirSetpoint.celsius, dt: dt / parts)
            valve.step(to: command, dt: dt / parts)
        }
        heat /= parts
        flow /= parts
        let waterRate = flow * LoopFluid.water.specificHeat.joulesPerKilogramKelvin
        return Outputs(
            supplyAir: Temperature(
                celsius: inputs.returnAir.celsius + fanRise - (airRate > 0 ? heat / airRate : 0)
            ),
            airFlow: VolumeFlow(cubicMetersPerSecond: description.designAirFlow.cubicMetersPerSecond * speed),
            facilityWaterFlow: MassFlow(kilogramsPerSecond: flow),
            facilityWaterLeaving: Temperature(
                celsius: inputs.facilityWaterEntering.celsius + (waterRate > 0 ? heat / waterRate : 0)
            ),
            heat: Power(watts: heat),
            fanSpeed: fan.position,
            fanPower: Power(watts: fanPower),
            valvePosition: valve.position
        )
    }
}
