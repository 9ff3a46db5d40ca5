// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// The air of one hall: a warm side with the building behind it, and its moisture.
///
/// Warm air and structure (racks, floor, walls) are two nodes, `M_a dT_a/dt = Q - H (T_a - T_b)`, `M_b dT_b/dt = H
/// (T_a - T_b)`, solved by implicit Euler; `Q` is IT heat and fan heat less what the coils took, so heat is conserved
/// exactly. Rack inlet is supply air with a share of warm air: 5 % recirculation, more where supply falls short of
/// the air that the racks draw (rack air warms by 12 K). Humidity follows outdoor air over three hours of
/// ventilation, humidified to a 5.5 °C dew point (lower end of the ASHRAE TC 9.9 recommended envelope) and dried by
/// the coldest coil surface.
///
/// Air handlers are stepped first, with ``returnTemperature`` of the step before; keep the step below the air's own
/// time constant, about 60 s.
package struct HallAir: Hashable, Sendable {
    /// What acts on the hall over a step.
    package struct Inputs: Sendable {
        /// Heat of the racks into the air, with all other heat sources in the room.
        package var heat: Power
        /// Electrical power of the air handlers' fans.
        package var fanHeat: Power
        /// Heat the coils took.
        package var cooling: Power
        /// Supply air of all air handlers, mixed.
        package var supplyAir: Temperature
        package var supplyAirFlow: VolumeFlow
        /// Coldest coil surface: facility water entering.
        package var coilSurface: Temperature
        package var outdoor: WeatherState

        package init(
            heat: Power,
            fanHeat: Power,
            cooling: Power,
            supplyAir: Temperature,
            supplyAirFlow: VolumeFlow,
            coilSurface: Temperature,
            outdoor: WeatherState
        ) {
            self.heat = heat
            self.fanHeat = fanHeat
            self.cooling = cooling
            self.supplyAir = supplyAir
            self.supplyAirFlow = supplyAirFlow
            self.coilSurface = coilSurface
            self.outdoor = outdoor
        }
    }

    /// What the hall shows after a step.
    package struct Outputs: Hashable, Sendable {
        /// Air at the rack inlets.
        package let inletAir: Temperature
        /// Air back to the air handlers.
        package let returnAir: Temperature
        package let dewPoint: Temperature
        package let relativeHumidity: Ratio
    }

    private var air: Double
    private var structure: Double
    private var humidityRatio: Double
    /// Joules per kelvin.
    private let airCapacity: Double
    private let structureCapacity: Double
    /// Watts per kelvin.
    private let coupling: Double

    private static let recirculation = 0.05
    private static let rackAirRise = 12.0
    private static let ventilationSeconds = 10_800.0
    private static let structureSeconds = 2_400.0
    private static let airSeconds = 60.0
    private static let driestDewPoint = 5.5

    /// - Parameters:
    ///   - designAirFlow: Air flow of all air handlers at full speed; the air node holds a minute of it.
    ///   - structureCapacity: Heat capacity of racks, floor and walls in joules per kelvin; nil takes twenty times
    ///     the air's.
    ///   - returnTemperature: Warm air at the start.
    ///   - dewPoint: Dew point at the start.
    package init(
        designAirFlow: VolumeFlow,
        structureCapacity: Double? = nil,
        returnTemperature: Temperature = Temperature(celsius: 34),
        dewPoint: Temperature = Temperature(celsius: 9)
    ) {
        let rate = LoopFluid.air.capacityRate(LoopFluid.air.massFlow(designAirFlow)).wattsPerKelvin
        airCapacity = max(rate * Self.airSeconds, 1)
        self.structureCapacity = max(structureCapacity ?? airCapacity * 20, 1)
        coupling = self.structureCapacity / Self.structureSeconds
        air = returnTemperature.celsius
        structure = returnTemperature.celsius
        humidityRatio =
            Saturation.humidityRatio(at: dewPoint, pressure: .standardAtmosphere).kilogramsPerKilogram
    }

    /// Warm air at the end of the last step.
    package var returnTemperature: Temperature { Temperature(celsius: air) }

    /// Vapour in the hall's air at the end of the last step.
    package var humidity: HumidityRatio { HumidityRatio(kilogramsPerKilogram: humidityRatio) }

    /// Heat above 0 °C in air and structure, in joules.
    package var storedHeat: Double { airCapacity * air + structureCapacity * structure }

    /// Moves on by `dt` seconds.
    package mutating func step(_ inputs: Inputs, dt: Double) -> Outputs {
        let heat = inputs.heat.watts + inputs.fanHeat.watts - inputs.cooling.watts
        let couple = coupling * dt
        let share = couple / (structureCapacity + couple)
        let next =
            (airCapacity * air + heat * dt + couple * (1 - share) * structure)
            / (airCapacity + couple * (1 - share))
        structure += share * (next - structure)
        air = next
        moisten(inputs, dt: dt)
        let supply = LoopFluid.air.massFlow(inputs.supplyAirFlow).kilogramsPerSecond
        let drawn = inputs.heat.watts / (LoopFluid.air.specificHeat.joulesPerKilogramKelvin * Self.rackAirRise)
        let shortfall = drawn > supply ? 1 - supply / drawn : 0
        let mixing = Self.recirculation + (1 - Self.recirculation) * shortfall
        let inlet = Temperature(celsius: inputs.supplyAir.celsius * (1 - mixing) + air * mixing)
        let state = MoistAir(
            dryBulb: inlet,
            humidityRatio: HumidityRatio(kilogramsPerKilogram: humidityRatio),
            pressure: inputs.outdoor.pressure
        )
        return Outputs(
            inletAir: inlet,
            returnAir: Temperature(celsius: air),
            dewPoint: state.dewPoint,
            relativeHumidity: state.relativeHumidity
        )
    }

    private mutating func moisten(_ inputs: Inputs, dt: Double) {
        func saturated(_ celsius: Double) -> Double {
            Saturation.humidityRatio(at: Temperature(celsius: celsius), pressure: inputs.outdoor.pressure)
                .kilogramsPerKilogram
        }
        let fresh = inputs.outdoor.air.humidityRatio.kilogramsPerKilogram
        humidityRatio += (fresh - humidityRatio) * -Libm.expm1(-dt / Self.ventilationSeconds)
        humidityRatio = max(humidityRatio, saturated(Self.driestDewPoint))
        let driest = saturated(inputs.coilSurface.celsius)
        if humidityRatio > driest {
            // Most of the air passes the coils within minutes, so they dry it quickly but not at once.
            humidityRatio += (driest - humidityRatio) * -Libm.expm1(-dt / (5 * Self.airSeconds))
        }
    }
}
