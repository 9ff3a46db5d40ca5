// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

extension TowerFill {
    /// Below this share of air the fan counts as off: the lower end of a variable-speed fan.
    private static let slowestFan = 0.2
    /// What free convection does, as a share of the fan at full speed.
    private static let freeConvection = 0.125

    /// Solves the fill by the YorkCalc correlation instead of Merkel's theory, see ``YorkTower``.
    ///
    /// With the fan off the water comes 12.5 % of the way that it would come at full air flow (Modelica Buildings
    /// Library, `CoolingTowers.YorkCalc`, `fraFreCon`). Air leaves saturated, so what evaporates follows from its
    /// enthalpy.
    ///
    /// - Parameters: as of ``exchange(water:airShare:outdoor:condition:)``; a fouled fill cools by that much less.
    /// - Returns: Heat, leaving water and evaporation; no heat where the water stands or is colder than the wet bulb.
    package func correlated(
        water: FluidStream,
        airShare: Double,
        outdoor: WeatherState,
        condition: Double
    ) -> Exchange {
        let isOn = airShare >= Self.slowestFan
        let share = isOn ? airShare : Self.freeConvection
        let waterRate = LoopFluid.water.capacityRate(water.flow).wattsPerKelvin
        let full = YorkTower.leaving(
            entering: water.temperature,
            wetBulb: outdoor.wetBulb,
            waterShare: water.flow / ratedWaterFlow,
            airShare: isOn ? airShare : 1
        )
        let reached = condition * (isOn ? 1 : Self.freeConvection)
        let fall = waterRate > 0 ? (water.temperature - full).kelvins * reached : 0
        let heat = waterRate * fall
        let airFlow =
            ratedAirFlow.cubicMetersPerSecond * share * outdoor.air.dryAirDensity.kilogramsPerCubicMeter
        let enthalpy = outdoor.air.enthalpy.joulesPerKilogram + heat / airFlow
        let leaving = MoistAir.saturated(
            enthalpy: SpecificEnthalpy(joulesPerKilogram: enthalpy),
            pressure: outdoor.pressure
        )
        let vapor = leaving.humidityRatio.kilogramsPerKilogram - outdoor.air.humidityRatio.kilogramsPerKilogram
        return Exchange(
            leaving: Temperature(celsius: water.temperature.celsius - fall),
            heat: Power(watts: heat),
            evaporation: MassFlow(kilogramsPerSecond: heat > 0 ? airFlow * vapor : 0),
            airLeavingWetBulb: leaving.dryBulb,
            airShare: share
        )
    }
}
