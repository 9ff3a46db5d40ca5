// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// One liquid-to-liquid coolant distribution unit with the racks' coolant behind it.
///
/// Secondary side: supply volume and return volume (with the racks' coolant and cold plates) as two mixed cells,
/// solved together by implicit Euler, so any step is stable and the energy balance closes exactly:
/// `M_s dT_s/dt = C (T_plates - T_s)`, `M_r dT_r/dt = C (T_s - T_r) + Q`, `T_plates = T_r - ε C_min/C (T_r - T_fw)`.
/// The unit's own controller moves the primary valve (stroke 90 s) by proportional-integral action to hold secondary
/// supply at the higher of setpoint and hall dew point + 2 K. Steps above 5 s are divided, so that the controller
/// acts alike at every step up to a minute.
package struct CoolantDistributionUnit: Sendable {
    /// What acts on a unit over a step.
    package struct Inputs: Sendable {
        package var supplySetpoint: Temperature
        /// Speed command of the secondary pumps as a share of design speed.
        package var pumpSpeedCommand: Ratio
        /// Heat from the racks into the coolant.
        package var rackHeat: Power
        package var facilityWaterEntering: Temperature
        /// Differential pressure of facility water at the unit over that at design.
        package var availablePressure: Ratio
        package var hallDewPoint: Temperature

        package init(
            supplySetpoint: Temperature,
            pumpSpeedCommand: Ratio = .full,
            rackHeat: Power,
            facilityWaterEntering: Temperature,
            availablePressure: Ratio = .full,
            hallDewPoint: Temperature
        ) {
            self.supplySetpoint = supplySetpoint
            self.pumpSpeedCommand = pumpSpeedCommand
            self.rackHeat = rackHeat
            self.facilityWaterEntering = facilityWaterEntering
            self.availablePressure = availablePressure
            self.hallDewPoint = hallDewPoint
        }
    }

    /// What a unit did over a step.
    package struct Outputs: Hashable, Sendable {
        package let coolantSupply: Temperature
        package let coolantReturn: Temperature
        package let coolantFlow: VolumeFlow
        /// Setpoint that the unit follows: not below hall dew point + 2 K.
        package let effectiveSetpoint: Temperature
        /// Mean facility water flow over the step.
        package let facilityWaterFlow: MassFlow
        /// Mean temperature of the facility water that left, such that flow and heat agree.
        package let facilityWaterLeaving: Temperature
        /// Heat into facility water.
        package let heat: Power
        package let valvePosition: Ratio
        package let pumpSpeed: Ratio
        package let pumpPower: Power
        /// The part of the pump power that the coolant takes up.
        package let pumpHeat: Power
    }

    package let description: CoolantDistributionUnitDescription
    /// The plates with their fouling.
    package var exchanger: PlateExchanger
    /// Coolant with the properties used throughout.
    package let fluid: LoopFluid
    private var pump: Pump
    private var valve: Actuator
    private var controller: ProportionalIntegral
    private var supply: Double
    private var back: Double
    private let supplyCapacity: Double
    private let returnCapacity: Double

    private static let valveStrokeSeconds = 90.0
    private static let dewPointMargin = 2.0
    private static let longestStep = 5.0
    /// Coolant on each side, in litres per kilowatt of capacity.
    private static let litersPerKilowatt = 0.22
    /// Heat capacity of cold plates and manifolds over that of the coolant on the return side.
    private static let metalShare = 0.5

    /// Starts at its setpoint with the coolant 8 K warmer on the return side.
    package init(_ description: CoolantDistributionUnitDescription) {
        self.description = description
        let setpoint = description.coolantSupplySetpoint
        fluid = LoopFluid(description.coolant, at: Temperature(celsius: 37))
        let flow = fluid.massFlow(description.designCoolantFlow)
        exchanger = PlateExchanger(
            designHeat: description.capacity,
            approach: description.approach,
            hotDesignFlow: flow,
            coldDesignFlow: LoopFluid.water.massFlow(description.designFacilityWaterFlow),
            hotFluid: fluid
        )
        pump = Pump(
            designFlow: flow,
            designHead: Pressure(kilopascals: 250),
            designPower: description.pumpPower,
            initialSpeed: .full
        )
        valve = Actuator(position: Ratio(fraction: 0.3), strokeSeconds: Self.valveStrokeSeconds)
        controller = ProportionalIntegral(gain: 0.02, integralSeconds: 40, initial: Ratio(fraction: 0.3))
        let liters = description.capacity.kilowatts * Self.litersPerKilowatt
        let side = (fluid.density * fluid.specificHeat).joulesPerCubicMeterKelvin * liters / 1_000
        supplyCapacity = max(side, 1)
        returnCapacity = max(side * (1 + Self.metalShare), 1)
        supply = setpoint.celsius
        back = setpoint.celsius + 8
    }

    /// Secondary supply temperature at the end of the last step.
    package var coolantSupply: Temperature { Temperature(celsius: supply) }

    /// Secondary return temperature at the end of the last step.
    package var coolantReturn: Temperature { Temperature(celsius: back) }

    /// Position of the primary valve at the end of the last step: what it will draw of facility water.
    package var valvePosition: Ratio { valve.position }

    /// The share of its pumps that can run.
    package var availablePumps: Ratio {
        get { pump.available }
        set { pump.available = newValue }
    }

    /// Where the primary valve is jammed; nil for a sound one.
    package var jammedValve: Ratio? {
        get { valve.jammedAt }
        set { valve.jammedAt = newValue }
    }

    /// Heat it takes to warm the secondary side, in joules per kelvin: supply and return.
    package var heatCapacities: (supply: Double, back: Double) { (supplyCapacity, returnCapacity) }

    /// Heat above 0 °C in coolant, cold plates and manifolds, in joules.
    package var storedHeat: Double { supplyCapacity * supply + returnCapacity * back }

    /// Moves on by `dt` seconds.
    package mutating func step(_ inputs: Inputs, dt: Double) -> Outputs {
        let pumped = pump.step(speedCommand: inputs.pumpSpeedCommand, dt: dt)
        let floor = inputs.hallDewPoint.celsius + Self.dewPointMargin
        // A dew point that is not a number leaves the setpoint alone.
        let setpoint = floor > inputs.supplySetpoint.celsius ? floor : inputs.supplySetpoint.celsius
        let full =
            LoopFluid.water.massFlow(description.designFacilityWaterFlow).kilogramsPerSecond
            * Libm.sqrt(max(inputs.availablePressure.fraction, 0))
        let rate = fluid.capacityRate(pumped.flow).wattsPerKelvin
        let input = inputs.rackHeat.watts + pumped.fluidHeat.watts
        let parts = max((dt / Self.longestStep).rounded(.up), 1)
        var heat = 0.0
        var flow = 0.0
        for _ in 0..<Int(parts) {
            valve.step(to: controller.step(error: supply - setpoint, dt: dt / parts), dt: dt / parts)
            let primary = full * valve.position.fraction
            heat += exchange(
                rate: rate,
                primary: primary,
                entering: inputs.facilityWaterEntering.celsius,
                input: input,
                dt: dt / parts
            )
            flow += primary
        }
        heat /= parts
        flow /= parts
        let capacity = LoopFluid.water.specificHeat.joulesPerKilogramKelvin * flow
        return Outputs(
            coolantSupply: coolantSupply,
            coolantReturn: coolantReturn,
            coolantFlow: fluid.volumeFlow(pumped.flow),
            effectiveSetpoint: Temperature(celsius: setpoint),
            facilityWaterFlow: MassFlow(kilogramsPerSecond: flow),
            facilityWaterLeaving: Temperature(
                celsius: inputs.facilityWaterEntering.celsius + (capacity > 0 ? heat / capacity : 0)
            ),
            heat: Power(watts: heat),
            valvePosition: valve.position,
            pumpSpeed: pumped.speed,
            pumpPower: pumped.power,
            pumpHeat: pumped.fluidHeat
        )
    }

    /// One implicit step of the two volumes.
    ///
    /// - Returns: Heat through the plates, in watts.
    private mutating func exchange(
        rate: Double,
        primary: Double,
        entering: Double,
        input: Double,
        dt: Double
    ) -> Double {
        guard dt > 0 else { return 0 }
        let primaryRate = primary * LoopFluid.water.specificHeat.joulesPerKilogramKelvin
        var removal = 0.0
        if rate > 0, primaryRate > 0 {
            removal = exchanger.effectiveness(hotRate: rate, coldRate: primaryRate) * min(rate, primaryRate)
        }
        // (M_s/dt + C) T_s - (C - R) T_r = M_s/dt T_s0 + R T_fw ;  -C T_s + (M_r/dt + C) T_r = M_r/dt T_r0 + Q
        let stored = supplyCapacity / dt
        let held = returnCapacity / dt
        let left = stored * supply + removal * entering
        let right = held * back + input
        let determinant = (stored + rate) * (held + rate) - rate * (rate - removal)
        supply = (left * (held + rate) + (rate - removal) * right) / determinant
        back = ((stored + rate) * right + rate * left) / determinant
        return removal * (back - entering)
    }
}
