// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// What a permit allows of water that is given back to a lake, a river or the sea.
///
/// Permits differ by site. The defaults are the warmest water and twice the warming that directive 2006/44/EC sets
/// at the edge of the mixing zone for waters of cyprinid fish (28 °C, 3 K), taken at the outfall.
package struct DischargePermit: Hashable, Sendable {
    /// The warmest water that may be given back.
    package var warmest: Temperature
    /// The largest warming between intake and outfall.
    package var largestRise: TemperatureDifference
    /// The coldest intake that is drawn; below it ice blocks the screens.
    package var coldestIntake: Temperature

    package init(
        warmest: Temperature = Temperature(celsius: 28),
        largestRise: TemperatureDifference = TemperatureDifference(kelvins: 6),
        coldestIntake: Temperature = Temperature(celsius: 0.5)
    ) {
        self.warmest = warmest
        self.largestRise = largestRise
        self.coldestIntake = coldestIntake
    }

    /// The warming allowed for water of an intake temperature, not below zero.
    package func rise(intake: Temperature) -> TemperatureDifference {
        TemperatureDifference(kelvins: max(min(largestRise.kelvins, (warmest - intake).kelvins), 0))
    }
}

/// A plate exchanger that gives plant heat to a lake, a river or the sea, with its intake pump and its permit.
///
/// Heat by ``PlateExchanger``, intake by ``Pump``. The outfall controller bypasses the plates on the plant's side so
/// that neither limit of the permit is passed: `Q = min(ε C_min ΔT, C_w rise)`; its valve is fast beside everything
/// else and has no lag here. It takes up no heat from ambient water that is warmer than the plant's: the plates are
/// then bypassed. Intake water below the permit's coldest stops the pump (frazil ice). No water is consumed. Growth on
/// the plates: ``cleanliness``.
package struct AmbientWaterExchanger: Sendable {
    /// What acts on an exchanger over a step.
    package struct Inputs: Sendable {
        /// Plant water that comes to the exchanger.
        package var plantWater: FluidStream
        /// Water at the intake.
        package var intake: Temperature
        /// Speed command of the intake pumps as a share of design speed.
        package var pumpSpeedCommand: Ratio

        package init(plantWater: FluidStream, intake: Temperature, pumpSpeedCommand: Ratio) {
            self.plantWater = plantWater
            self.intake = intake
            self.pumpSpeedCommand = pumpSpeedCommand
        }
    }

    /// What an exchanger did over a step.
    package struct Outputs: Hashable, Sendable {
        /// Plant water behind the exchanger.
        package let leaving: Temperature
        /// Water at the outfall, with the heat of the pumps.
        package let discharge: Temperature
        /// Heat of the plant into ambient water.
        package let heat: Power
        package let intakeFlow: MassFlow
        package let pumpPower: Power
        /// The part of the pump power that ambient water takes up.
        package let pumpHeat: Power
        /// Whether the permit held heat back.
        package let isLimited: Bool
    }

    package let permit: DischargePermit
    /// The plates; their cleanliness falls with growth.
    package var exchanger: PlateExchanger
    private var pump: Pump

    /// - Parameters:
    ///   - designHeat: Heat at the design point.
    ///   - approach: Plant water leaving minus intake there.
    ///   - plantDesignFlow: Plant water there.
    ///   - intakeDesignFlow: Ambient water there.
    ///   - pumpPower: Electrical power of the intake pumps there.
    ///   - staticShare: Share of the pumps' head that lifts water.
    ///   - permit: What may be given back.
    package init(
        designHeat: Power,
        approach: TemperatureDifference = TemperatureDifference(kelvins: 2),
        plantDesignFlow: MassFlow,
        intakeDesignFlow: MassFlow,
        pumpPower: Power,
        staticShare: Ratio = Ratio(fraction: 0.2),
        permit: DischargePermit = DischargePermit()
    ) {
        self.permit = permit
        exchanger = PlateExchanger(
            designHeat: designHeat,
            approach: approach,
            hotDesignFlow: plantDesignFlow,
            coldDesignFlow: intakeDesignFlow
        )
        pump = Pump(
            designFlow: intakeDesignFlow,
            designHead: Pressure(kilopascals: 200),
            designPower: pumpPower,
            staticShare: staticShare,
            rampSeconds: 60
        )
    }

    /// Moves on by `dt` seconds.
    package mutating func step(_ inputs: Inputs, dt: Double) -> Outputs {
        let command = inputs.intake < permit.coldestIntake ? Ratio.zero : inputs.pumpSpeedCommand
        let pumped = pump.step(speedCommand: command, dt: dt)
        let intakeRate = LoopFluid.water.capacityRate(pumped.flow).wattsPerKelvin
        // A pump too slow for its static head turns in still water: its heat stays in the pump house.
        let pumpHeat = intakeRate > 0 ? pumped.fluidHeat : Power(watts: 0)
        let plantRate = LoopFluid.water.capacityRate(inputs.plantWater.flow).wattsPerKelvin
        let reachable = exchanger.exchange(
            hot: inputs.plantWater,
            cold: FluidStream(temperature: inputs.intake, flow: pumped.flow)
        ).heat.watts
        let allowed = max(permit.rise(intake: inputs.intake).kelvins * intakeRate - pumpHeat.watts, 0)
        let heat = min(max(reachable, 0), allowed)
        let warming = intakeRate > 0 ? (heat + pumpHeat.watts) / intakeRate : 0
        return Outputs(
            leaving: Temperature(
                celsius: inputs.plantWater.temperature.celsius - (plantRate > 0 ? heat / plantRate : 0)
            ),
            discharge: Temperature(celsius: inputs.intake.celsius + warming),
            heat: Power(watts: heat),
            intakeFlow: pumped.flow,
            pumpPower: pumped.power,
            pumpHeat: pumpHeat,
            isLimited: reachable > allowed
        )
    }
}
