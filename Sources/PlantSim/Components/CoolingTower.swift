// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// One cell of a counterflow cooling tower with its fan, its basin and its float valve.
///
/// Heat by ``TowerFill`` (Merkel, or YorkCalc where the site says so), fan power `0.02 + 0.98 y³` of the rated power
/// (EnergyPlus example file of a variable speed Merkel tower, `CoolingTower:VariableSpeed:Merkel`), water by
/// ``TowerWater``. The basin is one mixed volume with an electric heater. Make-up water enters at basin temperature.
///
/// Heat taken from the water closes with the basin exactly; the result depends on the step only through the fan's ramp
/// and the float valve.
package struct CoolingTower: Sendable {
    /// What acts on a cell over a step.
    package struct Inputs: Sendable {
        /// Condenser water that comes to this cell.
        package var water: FluidStream
        /// Commanded share of fan speed; below 0.05 the fan stands.
        package var fanSpeedCommand: Ratio
        package var outdoor: WeatherState

        package init(water: FluidStream, fanSpeedCommand: Ratio, outdoor: WeatherState) {
            self.water = water
            self.fanSpeedCommand = fanSpeedCommand
            self.outdoor = outdoor
        }
    }

    /// What a cell did over a step.
    package struct Outputs: Hashable, Sendable {
        /// Mean temperature of the water that left the basin.
        package let leaving: Temperature
        /// Basin temperature at the end of the step.
        package let basin: Temperature
        /// Heat given to the air.
        package let heat: Power
        package let fanSpeed: Ratio
        package let fanPower: Power
        package let basinHeaterPower: Power
        package let water: TowerWater.Outputs
    }

    package let description: CoolingTowerDescription
    package let fill: TowerFill
    /// Share of the fill's conductance that is left: 1 when new.
    package var fillCondition = Ratio.full
    private var fan: Actuator
    private var basin: MixedVolume
    private var water: TowerWater

    /// Seconds the fan needs from standstill to full speed.
    private static let fanRampSeconds = 60.0
    /// Basin content in seconds of rated flow.
    private static let basinSeconds = 180.0
    /// Below this the basin heater works, 450 W/K per 2.5 MW cell.
    private static let heaterSetpoint = 4.5
    private static let heaterShare = 450.0 / 2.5e6
    /// Speed below which the drive stops the fan.
    private static let minimumSpeed = 0.05

    /// - Parameters:
    ///   - description: The rated point.
    ///   - basinVolume: Water in the cell's basin; nil takes three minutes of rated flow.
    ///   - initialBasin: Basin temperature at the start.
    ///   - initialFanSpeed: Fan speed at the start.
    package init(
        _ description: CoolingTowerDescription,
        basinVolume: Volume? = nil,
        initialBasin: Temperature = Temperature(celsius: 20),
        initialFanSpeed: Ratio = Ratio(fraction: 0)
    ) {
        self.description = description
        fill = TowerFill(description)
        fan = Actuator(position: initialFanSpeed, strokeSeconds: Self.fanRampSeconds)
        let rated = LoopFluid.water.volumeFlow(fill.ratedWaterFlow).cubicMetersPerSecond
        let volume = basinVolume ?? Volume(cubicMeters: rated * Self.basinSeconds)
        basin = MixedVolume(volume: volume, temperature: initialBasin)
        water = TowerWater(
            cyclesOfConcentration: description.cyclesOfConcentration,
            ratedWaterFlow: fill.ratedWaterFlow,
            ratedHeat: description.ratedHeat
        )
    }

    /// Basin temperature at the end of the last step.
    package var basinTemperature: Temperature { basin.temperature }

    /// Heat above 0 °C in the basin, in joules.
    package var storedHeat: Double { basin.storedHeat }

    /// What the basin lacks to its full level, in kilograms.
    package var lackingWater: Double { water.deficitKilograms }

    /// Whether the fan stands, whatever it is told.
    package var isFanStopped: Bool {
        get { fan.jammedAt != nil }
        set { fan.jammedAt = newValue ? .zero : nil }
    }

    /// Fan speed at the end of the last step.
    package var fanSpeed: Ratio { fan.position }

    /// Moves on by `dt` seconds.
    package mutating func step(_ inputs: Inputs, dt: Double) -> Outputs {
        fan.step(to: inputs.fanSpeedCommand, dt: dt)
        let speed = fan.position.fraction < Self.minimumSpeed ? 0 : fan.position.fraction
        let exchange = exchange(inputs, airShare: speed)
        let rate = LoopFluid.water.capacityRate(inputs.water.flow)
        let cold = max(Self.heaterSetpoint - basin.temperature.celsius, 0)
        let heater = Self.heaterShare * description.ratedHeat.watts * min(cold, 10)
        let leaving = basin.step(
            entering: exchange.leaving,
            rate: rate,
            heat: Power(watts: heater),
            dt: dt
        )
        let losses = water.step(
            evaporation: exchange.evaporation,
            airShare: exchange.airShare,
            flows: rate.wattsPerKelvin > 0,
            dt: dt
        )
        return Outputs(
            leaving: leaving,
            basin: basin.temperature,
            heat: exchange.heat,
            fanSpeed: fan.position,
            fanPower: Power(
                watts: speed > 0 ? description.fanPower.watts * (0.02 + 0.98 * speed * speed * speed) : 0
            ),
            basinHeaterPower: Power(watts: heater),
            water: losses
        )
    }

    private func exchange(_ inputs: Inputs, airShare: Double) -> TowerFill.Exchange {
        let (water, outdoor, condition) = (inputs.water, inputs.outdoor, fillCondition.fraction)
        return switch description.model {
        case .merkel: fill.exchange(water: water, airShare: airShare, outdoor: outdoor, condition: condition)
        case .yorkCalc: fill.correlated(water: water, airShare: airShare, outdoor: outdoor, condition: condition)
        }
    }
}
