// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// A dry cooler: finned coils with fans, and pads in front of them where it has any.
///
/// Crossflow effectiveness-NTU with both fluids unmixed (``CrossflowExchange``); `1/UA = 1/hA_w + 1/hA_a` with
/// `hA_a/hA_w` = 0.5 at rating, `hA_w` with flow^0.85 and `hA_a` with flow^0.8 (Modelica Buildings Library,
/// `HADryCoil` and `DryCoilEffectivenessNTU`). Rated air has the heat capacity rate of rated coolant, so the catalogue
/// machine has an effectiveness of 0.50 and 1.15 transfer units. Air flow goes with fan speed at inlet density, fan
/// power with its cube; fans off, natural draught gives 12.5 % of rated heat at the rated temperatures (EnergyPlus'
/// default of fluid coolers). Coil content is one mixed volume of 30 s of rated flow. Coolant never leaves colder than
/// the air behind the pads.
///
/// Ratings hold with the pads in place: what they add to the fans' pressure stands in the rated fan power. Valid for
/// air of -40...50 °C and coolant above its freezing point, which nothing here guards.
package struct DryCooler: Sendable {
    /// What acts on a dry cooler over a step.
    package struct Inputs: Sendable {
        /// Coolant that comes to this unit.
        package var coolant: FluidStream
        /// Commanded share of fan speed; below 0.05 the fans stand.
        package var fanSpeedCommand: Ratio
        /// Whether water is asked for on the pads.
        package var padCommand: Bool
        package var outdoor: WeatherState

        package init(
            coolant: FluidStream,
            fanSpeedCommand: Ratio,
            padCommand: Bool = false,
            outdoor: WeatherState
        ) {
            self.coolant = coolant
            self.fanSpeedCommand = fanSpeedCommand
            self.padCommand = padCommand
            self.outdoor = outdoor
        }
    }

    /// What a dry cooler did over a step.
    package struct Outputs: Hashable, Sendable {
        /// Mean temperature of the coolant that left.
        package let leaving: Temperature
        /// Heat given to the air.
        package let heat: Power
        /// Air onto the coils, behind the pads.
        package let coilAir: Temperature
        /// Air that leaves the coils, before the fans' heat.
        package let exhaustAir: Temperature
        /// Moist air through the coils, per second as a volume at the inlet.
        package let airFlow: VolumeFlow
        package let fanSpeed: Ratio
        package let fanPower: Power
        package let evaporation: MassFlow
        package let makeUp: MassFlow
    }

    package let description: DryCoolerDescription
    /// What flows in the coils, with the properties used throughout.
    package let fluid: LoopFluid
    package let ratedFlow: MassFlow
    package let ratedAirFlow: VolumeFlow
    /// Air share with the fans off.
    package private(set) var naturalDraught = Ratio.zero
    /// Share of the coil's conductance that is left by dirt: 1 when clean.
    package var cleanliness = Ratio.full
    /// The pads, nil for a plain dry cooler.
    package private(set) var pad: AdiabaticPad?
    private var fan: Actuator
    private var content: MixedVolume
    /// Conductance of each side at rating, in watts per kelvin.
    private let coolantSide: Double
    private let airSide: Double
    private let ratedAirMass: Double

    private static let fanRampSeconds = 30.0
    private static let contentSeconds = 30.0
    private static let minimumSpeed = 0.05
    private static let sideRatio = 0.5
    private static let naturalCapacity = 0.125

    package init(
        _ description: DryCoolerDescription,
        fluid: LoopFluid = .water,
        initialCoolant: Temperature = Temperature(celsius: 30),
        initialFanSpeed: Ratio = .zero
    ) {
        self.description = description
        self.fluid = fluid
        let range = max((description.ratedEntering - description.ratedLeaving).kelvins, 0.5)
        let span = max((description.ratedEntering - description.ratedDryBulb).kelvins, range + 0.1)
        let rate = description.ratedHeat.watts / range
        ratedFlow = MassFlow(kilogramsPerSecond: rate / fluid.specificHeat.joulesPerKilogramKelvin)
        // The rated point is one of dry air at sea level, as in catalogues.
        let air = MoistAir(
            dryBulb: description.ratedDryBulb,
            humidityRatio: HumidityRatio(kilogramsPerKilogram: 0)
        )
        ratedAirMass = rate / air.specificHeat.joulesPerKilogramKelvin
        ratedAirFlow = VolumeFlow(
            cubicMetersPerSecond: ratedAirMass / air.dryAirDensity.kilogramsPerCubicMeter
        )
        let conductance = rate * CrossflowExchange.units(effectiveness: range / span, capacityRatio: 1)
        coolantSide = conductance * (1 + 1 / Self.sideRatio)
        airSide = coolantSide * Self.sideRatio
        pad = description.padEffectiveness.map { AdiabaticPad(effectiveness: $0) }
        fan = Actuator(position: initialFanSpeed, strokeSeconds: Self.fanRampSeconds)
        content = MixedVolume(heatCapacity: rate * Self.contentSeconds, temperature: initialCoolant)
        naturalDraught = draught(span: span, rate: rate)
    }

    /// Transfer units at rated flows, dimensionless.
    package var ratedTransferUnits: Double {
        1 / (1 / coolantSide + 1 / airSide)
            / (ratedFlow.kilogramsPerSecond * fluid.specificHeat.joulesPerKilogramKelvin)
    }

    /// Heat above 0 °C in the coil, in joules.
    package var storedHeat: Double { content.storedHeat }

    /// Moves on by `dt` seconds.
    package mutating func step(_ inputs: Inputs, dt: Double) -> Outputs {
        fan.step(to: inputs.fanSpeedCommand, dt: dt)
        let speed = fan.position.fraction < Self.minimumSpeed ? 0 : fan.position.fraction
        let share = max(speed, naturalDraught.fraction)
        let volume = ratedAirFlow.cubicMetersPerSecond * share
        let dryAir = volume * inputs.outdoor.air.dryAirDensity.kilogramsPerCubicMeter
        let flow = MassFlow(kilogramsPerSecond: dryAir)
        let padded = pad?.step(
            isWetted: inputs.padCommand,
            air: inputs.outdoor.air,
            wetBulb: inputs.outdoor.wetBulb,
            dryAirFlow: flow,
            dt: dt
        )
        let air = padded?.air ?? inputs.outdoor.air
        let airRate = dryAir * air.specificHeat.joulesPerKilogramKelvin
        let rate = fluid.capacityRate(inputs.coolant.flow).wattsPerKelvin
        let heat =
            Self.heat(
                rate: rate,
                airRate: airRate,
                units: conductance(coolant: inputs.coolant.flow.kilogramsPerSecond, air: dryAir)
            ) * (inputs.coolant.temperature - air.dryBulb).kelvins
        let behind = Temperature(celsius: inputs.coolant.temperature.celsius - (rate > 0 ? heat / rate : 0))
        let leaving = content.step(
            entering: behind,
            rate: HeatCapacityRate(wattsPerKelvin: rate),
            dt: dt
        )
        let none = MassFlow(kilogramsPerSecond: 0)
        return Outputs(
            leaving: leaving,
            heat: Power(watts: heat),
            coilAir: air.dryBulb,
            exhaustAir: Temperature(celsius: air.dryBulb.celsius + (airRate > 0 ? heat / airRate : 0)),
            airFlow: VolumeFlow(cubicMetersPerSecond: volume),
            fanSpeed: fan.position,
            fanPower: Power(watts: description.fanPower.watts * speed * speed * speed),
            evaporation: padded?.evaporation ?? none,
            makeUp: padded?.makeUp ?? none
        )
    }

    /// Conductance for flows in kilograms per second, in watts per kelvin; 0 where a side stands still.
    private func conductance(coolant: Double, air: Double) -> Double {
        guard coolant > 0, air > 0 else { return 0 }
        let inside = coolantSide * Libm.pow(coolant / ratedFlow.kilogramsPerSecond, 0.85)
        let outside = airSide * Libm.pow(air / ratedAirMass, 0.8)
        return cleanliness.fraction / (1 / inside + 1 / outside)
    }

    /// Heat per kelvin between coolant and air entering, in watts per kelvin.
    private static func heat(rate: Double, airRate: Double, units conductance: Double) -> Double {
        let least = min(rate, airRate)
        guard least > 0 else { return 0 }
        let effectiveness = CrossflowExchange.effectiveness(
            units: conductance / least,
            capacityRatio: least / max(rate, airRate)
        )
        return effectiveness * least
    }

    /// The air share that gives the free-convection share of the rated heat at the rated temperatures.
    private func draught(span: Double, rate: Double) -> Ratio {
        let specificHeat = rate / ratedAirMass
        var low = 0.0
        var high = 1.0
        for _ in 0..<50 {
            let middle = (low + high) / 2
            let air = ratedAirMass * middle
            let heat =
                span
                * Self.heat(
                    rate: rate,
                    airRate: air * specificHeat,
                    units: conductance(coolant: ratedFlow.kilogramsPerSecond, air: air)
                )
            if heat < Self.naturalCapacity * description.ratedHeat.watts { low = middle } else { high = middle }
        }
        return Ratio(fraction: high)
    }
}
