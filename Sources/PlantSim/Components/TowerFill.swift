// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// Heat and mass exchange in the fill of a counterflow tower: Merkel's theory as effectiveness-NTU on the wet bulb.
///
/// The air is a fluid of the heat capacity `cp_e = (h_sat(out) - h_sat(in)) / (T_out - T_in)` between wet bulbs, so
/// counterflow effectiveness applies (Braun, Klein and Mitchell, ASHRAE Transactions 95(2), 1989). Conductance
/// follows wet bulb, air and water flow with the factors of EnergyPlus' `CoolingTower:VariableSpeed:Merkel` (Scheier)
/// as in the Modelica Buildings Library, `CoolingTowers.Merkel`: `(1 + 0.0081 (T_wb0 - T_wb)) (1.3 a - 0.3 a²)
/// (0.1082 + 1.667 w - 0.7713 w²)`, valid for air shares 0.2...1 and water shares 0.3...1; below 0.3 the last is led
/// straight to zero, above 1.08 it stays at its maximum.
///
/// Air flow is 2.763e-5 m³/s per rated watt (EnergyPlus' example file of that tower) and goes with fan speed. With
/// the fan off the natural draught is the air share that gives 12.5 % of the rated heat at the rated temperatures
/// (EnergyPlus' default for free convection).
package struct TowerFill: Hashable, Sendable {
    /// What the fill does with water and air.
    package struct Exchange: Hashable, Sendable {
        /// Water that falls into the basin.
        package let leaving: Temperature
        /// Heat from water to air; negative where the air is warmer.
        package let heat: Power
        /// Water that leaves as vapour; negative where vapour condenses.
        package let evaporation: MassFlow
        /// Wet bulb of the air that leaves.
        package let airLeavingWetBulb: Temperature
        /// Air flow over rated air flow, with natural draught.
        package let airShare: Double
    }

    package let ratedWaterFlow: MassFlow
    /// Rated air flow as a volume at the fan.
    package let ratedAirFlow: VolumeFlow
    /// Air share with the fan off.
    package private(set) var naturalDraught: Ratio
    /// Conductance at the rated point, referred to dry air, in watts per kelvin.
    private let conductance: Double
    private let ratedWetBulb: Double

    private static let airFlowPerWatt = 2.763e-5
    /// Specific heat of the air the conductance is referred to, in J/(kg K).
    private static let airSpecificHeat = 1_025.0
    private static let naturalCapacity = 0.125
    /// Dry bulb of the rated point, in degrees Celsius: the usual one of a 25.6 °C wet bulb (35 °C).
    private static let ratedDryBulbRise = 9.4

    package init(_ description: CoolingTowerDescription) {
        let heat = description.ratedHeat.watts
        let range = max(description.ratedRange.kelvins, 0.5)
        let approach = max(description.ratedApproach.kelvins, 0.5)
        let wetBulb = description.ratedWetBulb
        let waterRate = heat / range
        let waterFlow = waterRate / LoopFluid.water.specificHeat.joulesPerKilogramKelvin
        let airVolume = heat * Self.airFlowPerWatt
        let dryBulb = Temperature(celsius: wetBulb.celsius + Self.ratedDryBulbRise)
        let air = MoistAir(dryBulb: dryBulb, wetBulb: wetBulb)
        let airFlow = airVolume * air.dryAirDensity.kilogramsPerCubicMeter

        let inlet = Saturation.enthalpy(at: wetBulb, pressure: .standardAtmosphere)
        let outlet = SpecificEnthalpy(joulesPerKilogram: inlet.joulesPerKilogram + heat / airFlow)
        let leaving = MoistAir.saturated(enthalpy: outlet).dryBulb
        let slope = heat / airFlow / max(leaving.celsius - wetBulb.celsius, 1e-3)
        let airRate = airFlow * slope
        let least = min(airRate, waterRate)
        let units = CounterflowExchange.units(
            effectiveness: heat / (least * (range + approach)),
            capacityRatio: least / max(airRate, waterRate)
        )
        let factor = Self.waterFactor(1) * Self.airFactor(1)
        conductance = units * least * Self.airSpecificHeat / slope / factor
        ratedWaterFlow = MassFlow(kilogramsPerSecond: waterFlow)
        ratedAirFlow = VolumeFlow(cubicMetersPerSecond: airVolume)
        ratedWetBulb = wetBulb.celsius
        naturalDraught = Ratio(fraction: 0)
        naturalDraught = Self.draught(of: self, description: description, dryBulb: dryBulb)
    }

    /// The air share that gives the free-convection share of the rated heat at the rated temperatures.
    private static func draught(
        of fill: TowerFill,
        description: CoolingTowerDescription,
        dryBulb: Temperature
    ) -> Ratio {
        let dewPoint = MoistAir(dryBulb: dryBulb, wetBulb: description.ratedWetBulb).dewPoint
        let outdoor = WeatherState(dryBulb: dryBulb, dewPoint: dewPoint)
        let entering = description.ratedWetBulb + description.ratedApproach + description.ratedRange
        let water = FluidStream(temperature: entering, flow: fill.ratedWaterFlow)
        var low = 0.0
        var high = 1.0
        for _ in 0..<40 {
            let middle = (low + high) / 2
            let heat = fill.exchange(water: water, airShare: middle, outdoor: outdoor, condition: 1).heat
            if heat.watts < naturalCapacity * description.ratedHeat.watts { low = middle } else { high = middle }
        }
        return Ratio(fraction: high)
    }

    /// Solves the fill for one state of water and air.
    ///
    /// - Parameters:
    ///   - water: Water onto the fill.
    ///   - airShare: Fan speed as a share; natural draught where that is more.
    ///   - outdoor: The air that enters.
    ///   - condition: Share of the conductance left, 1 when new.
    /// - Returns: Heat, leaving water and evaporation; no heat where the water stands.
    package func exchange(
        water: FluidStream,
        airShare: Double,
        outdoor: WeatherState,
        condition: Double
    ) -> Exchange {
        let share = max(airShare, naturalDraught.fraction)
        let wetBulb = outdoor.wetBulb.celsius
        let entering = water.temperature.celsius
        let waterRate = LoopFluid.water.capacityRate(water.flow).wattsPerKelvin
        let airDensity = outdoor.air.dryAirDensity.kilogramsPerCubicMeter
        let airFlow = ratedAirFlow.cubicMetersPerSecond * share * airDensity
        let difference = entering - wetBulb
        guard waterRate > 0, airFlow > 0, abs(difference) > 1e-6 else { return idle(water, outdoor, share) }
        let dry =
            conductance * condition * Self.airFactor(share)
            * Self.waterFactor(water.flow.kilogramsPerSecond / ratedWaterFlow.kilogramsPerSecond)
            * max(1 + 0.0081 * (ratedWetBulb - wetBulb), 0.5)
        let inlet = Saturation.enthalpy(at: outdoor.wetBulb, pressure: outdoor.pressure).joulesPerKilogram

        /// Heat, and the wet bulb of the leaving air it makes, for a guess of that wet bulb.
        func response(_ guess: Double) -> (heat: Double, leaving: Double) {
            let outlet = Saturation.enthalpy(at: Temperature(celsius: guess), pressure: outdoor.pressure)
            let slope = (outlet.joulesPerKilogram - inlet) / (guess - wetBulb)
            let airRate = airFlow * slope
            let least = min(airRate, waterRate)
            let effectiveness = CounterflowExchange.effectiveness(
                units: dry * slope / Self.airSpecificHeat / least,
                capacityRatio: least / max(airRate, waterRate)
            )
            let heat = effectiveness * least * difference
            return (heat, wetBulb + heat / airRate)
        }
        let solution = Self.fixedPoint(from: wetBulb + 0.5 * difference, tolerance: 1e-7 * abs(difference)) {
            response($0).leaving
        }
        let heat = response(solution).heat
        let leaving = Temperature(celsius: solution)
        let vapor = Saturation.humidityRatio(at: leaving, pressure: outdoor.pressure).kilogramsPerKilogram
        return Exchange(
            leaving: Temperature(celsius: entering - heat / waterRate),
            heat: Power(watts: heat),
            evaporation: MassFlow(
                kilogramsPerSecond: airFlow * (vapor - outdoor.air.humidityRatio.kilogramsPerKilogram)
            ),
            airLeavingWetBulb: leaving,
            airShare: share
        )
    }

    private func idle(_ water: FluidStream, _ outdoor: WeatherState, _ share: Double) -> Exchange {
        Exchange(
            leaving: water.temperature,
            heat: Power(watts: 0),
            evaporation: MassFlow(kilogramsPerSecond: 0),
            airLeavingWetBulb: outdoor.wetBulb,
            airShare: share
        )
    }

    /// Solves `x = f(x)` for a falling `f` by the secant method; four to six evaluations.
    private static func fixedPoint(from start: Double, tolerance: Double, _ f: (Double) -> Double) -> Double {
        var older = start
        var olderError = f(older) - older
        var x = older + olderError / 2
        for _ in 0..<20 {
            let error = f(x) - x
            if abs(error) <= tolerance || error == olderError { return x }
            let next = x - error * (x - older) / (error - olderError)
            older = x
            olderError = error
            x = next
        }
        return x
    }

    private static func airFactor(_ share: Double) -> Double { share * (1.3 - 0.3 * min(share, 1)) }

    private static func waterFactor(_ share: Double) -> Double {
        func curve(_ w: Double) -> Double { 0.1082 + w * (1.667 - 0.7713 * w) }
        return share < 0.3 ? curve(0.3) * share / 0.3 : curve(min(share, 1.08))
    }
}
