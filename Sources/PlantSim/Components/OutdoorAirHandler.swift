// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// The rated point of a handler that cools a hall with outdoor air.
package struct OutdoorAirHandlerRating: Hashable, Sendable {
    /// The equipment's identifier in the site.
    package var id: String
    /// Air at full speed with clean filters.
    package var designAirFlow: VolumeFlow
    /// Pressure of the fans at design flow with clean filters.
    package var designPressure: Pressure
    /// Electrical power of the fans there.
    package var fanPower: Power
    /// What full filters add to the pressure at design flow.
    package var filterPressureRise: Pressure
    /// Hours of outdoor air at design flow that fill the filters.
    package var filterHours: Double

    package init(
        id: String,
        designAirFlow: VolumeFlow,
        designPressure: Pressure = Pressure(pascals: 500),
        fanPower: Power,
        filterPressureRise: Pressure = Pressure(pascals: 100),
        filterHours: Double = 4_000
    ) {
        self.id = id
        self.designAirFlow = designAirFlow
        self.designPressure = designPressure
        self.fanPower = fanPower
        self.filterPressureRise = filterPressureRise
        self.filterHours = filterHours
    }
}

/// An air-side economizer: outdoor and return dampers, filters, fan; what comes in pushes as much hall air out.
///
/// Two linked opposed-blade dampers share the flow by their conductances, `ln k = a + b (1 - y)` with `b` = 0.105 per
/// degree over 90° (the exponential damper of the Modelica Buildings Library, `Fluid.Actuators.BaseClasses
/// .PartialDamperExponential`); flow goes with `k^-1/2`, so the share of outdoor air is `1/(1 + exp(-4.7 (2y - 1)))`:
/// 1 % leaks through when shut. Mixing conserves dry air, vapour and enthalpy. The fan runs on its affinity laws
/// (``Pump``) against a quadratic system that the filters add to; they fill in proportion to the outdoor air they
/// pass, up to 100 Pa above clean, a usual final pressure of fine filters. All of the fan's power warms the
/// supply air.
///
/// Valid for outdoor air of -30...50 °C; mixing below saturation is kept as fog, not condensed.
package struct OutdoorAirHandler: Sendable {
    /// What acts on a handler over a step.
    package struct Inputs: Sendable {
        /// Commanded position of the outdoor damper; the return damper is linked to it.
        package var damperCommand: Ratio
        /// Fan speed command as a share of full speed.
        package var fanSpeedCommand: Ratio
        /// Air out of the hall.
        package var returnAir: MoistAir
        package var outdoor: WeatherState

        package init(damperCommand: Ratio, fanSpeedCommand: Ratio, returnAir: MoistAir, outdoor: WeatherState) {
            self.damperCommand = damperCommand
            self.fanSpeedCommand = fanSpeedCommand
            self.returnAir = returnAir
            self.outdoor = outdoor
        }
    }

    /// What a handler did over a step.
    package struct Outputs: Hashable, Sendable {
        /// Behind the dampers.
        package let mixedAir: MoistAir
        /// Behind the fan.
        package let supplyAir: MoistAir
        /// Dry air supplied.
        package let dryAirFlow: MassFlow
        package let airFlow: VolumeFlow
        /// Dry outdoor air in the dry air supplied.
        package let outdoorShare: Ratio
        /// Enthalpy that hall air carries out less what outdoor air carries in: sensible and latent.
        package let heatRejected: Power
        package let fanPower: Power
        package let damperPosition: Ratio
        /// Pressure that the dust in the filters costs at the present flow.
        package let filterPressure: Pressure
    }

    package let rating: OutdoorAirHandlerRating
    /// How full the filters are, 0...1; 1 is due for change.
    package var filterLoading: Ratio
    private var damper: Actuator
    private var fan: Pump

    private static let damperStrokeSeconds = 90.0
    private static let fanRampSeconds = 30.0
    /// Exponent of the dampers' resistance over their whole stroke.
    private static let damperExponent = 0.105 * 90

    package init(
        _ rating: OutdoorAirHandlerRating,
        initialDamper: Ratio = .zero,
        initialSpeed: Ratio = .zero,
        filterLoading: Ratio = .zero
    ) {
        self.rating = rating
        self.filterLoading = filterLoading
        damper = Actuator(position: initialDamper, strokeSeconds: Self.damperStrokeSeconds)
        fan = Pump(
            designFlow: LoopFluid.air.massFlow(rating.designAirFlow),
            designHead: rating.designPressure,
            designPower: rating.fanPower,
            rampSeconds: Self.fanRampSeconds,
            initialSpeed: initialSpeed
        )
    }

    /// The share of outdoor air at a position of the outdoor damper.
    package static func outdoorShare(damper position: Ratio) -> Ratio {
        Ratio(fraction: 1 / (1 + Libm.exp(-damperExponent / 2 * (2 * position.fraction - 1))))
    }

    /// The position of the outdoor damper that lets a share of outdoor air in; the inverse of
    /// ``outdoorShare(damper:)``.
    package static func damper(outdoorShare: Ratio) -> Ratio {
        let share = min(max(outdoorShare.fraction, 1e-6), 1 - 1e-6)
        let position = 0.5 + Libm.log(share / (1 - share)) / damperExponent
        return Ratio(fraction: min(max(position, 0), 1))
    }

    /// Moves on by `dt` seconds.
    package mutating func step(_ inputs: Inputs, dt: Double) -> Outputs {
        damper.step(to: inputs.damperCommand, dt: dt)
        let rise = rating.filterPressureRise.pascals / rating.designPressure.pascals
        let resistance = 1 + rise * filterLoading.fraction
        let moved = fan.step(
            speedCommand: inputs.fanSpeedCommand,
            openness: Ratio(fraction: 1 / Libm.sqrt(resistance)),
            dt: dt
        )
        // The fan moves a volume: its design flow stands for room air of design density.
        let volume = LoopFluid.air.volumeFlow(moved.flow)
        let share = Self.outdoorShare(damper: damper.position).fraction
        let mixed = Self.mix(inputs.outdoor.air, inputs.returnAir, share: share)
        let dryAir = volume.cubicMetersPerSecond * mixed.dryAirDensity.kilogramsPerCubicMeter
        let warming = dryAir > 0 ? moved.power.watts / dryAir / mixed.specificHeat.joulesPerKilogramKelvin : 0
        let supply = MoistAir(
            dryBulb: Temperature(celsius: mixed.dryBulb.celsius + warming),
            humidityRatio: mixed.humidityRatio,
            pressure: mixed.pressure
        )
        let carried =
            inputs.returnAir.enthalpy.joulesPerKilogram - inputs.outdoor.air.enthalpy.joulesPerKilogram
        let flowShare = volume / rating.designAirFlow
        load(outdoorFlow: flowShare * share, dt: dt)
        return Outputs(
            mixedAir: mixed,
            supplyAir: supply,
            dryAirFlow: MassFlow(kilogramsPerSecond: dryAir),
            airFlow: volume,
            outdoorShare: Ratio(fraction: share),
            heatRejected: Power(watts: dryAir * share * carried),
            fanPower: moved.power,
            damperPosition: damper.position,
            filterPressure: Pressure(
                pascals: rating.filterPressureRise.pascals * filterLoading.fraction * flowShare * flowShare
            )
        )
    }

    private mutating func load(outdoorFlow: Double, dt: Double) {
        let hours = outdoorFlow * dt / 3_600
        filterLoading = Ratio(fraction: min(filterLoading.fraction + hours / rating.filterHours, 1))
    }

    /// Two airs brought together, `share` of the dry air from the first.
    private static func mix(_ first: MoistAir, _ second: MoistAir, share: Double) -> MoistAir {
        let vapor =
            share * first.humidityRatio.kilogramsPerKilogram
            + (1 - share) * second.humidityRatio.kilogramsPerKilogram
        let enthalpy =
            share * first.enthalpy.joulesPerKilogram + (1 - share) * second.enthalpy.joulesPerKilogram
        // Equation 30 of ASHRAE Fundamentals 2017 chapter 1, solved for the dry bulb.
        let dryBulb = (enthalpy - 2_501_000 * vapor) / (1_006 + 1_860 * vapor)
        return MoistAir(
            dryBulb: Temperature(celsius: dryBulb),
            humidityRatio: HumidityRatio(kilogramsPerKilogram: vapor),
            pressure: first.pressure
        )
    }
}
