// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

/// YorkCalc, the 27-term regression of a real tower (EnergyPlus Engineering Reference, `CoolingTower:VariableSpeed`).
private enum YorkCalc {
    private static let coefficients: [Double] = [
        -0.359741205, -0.055053608, 0.0023850432, 0.173926877, -0.0248473764, 0.00048430224, -0.005589849456,
        0.0005770079712, -0.00001342427256,
        2.84765801111111, -0.121765149, 0.0014599242, 1.680428651, -0.0166920786, -0.0007190532, -0.025485194448,
        0.0000487491696, 0.00002719234152,
        -0.0653766255555556, -0.002278167, 0.0002500254, -0.0910565458, 0.00318176316, 0.000038621772,
        -0.0034285382352, 0.00000856589904, -0.000001516821552,
    ]

    static func approach(wetBulb w: Double, range r: Double, liquidToGas l: Double) -> Double {
        var sum = 0.0
        var position = 0
        for i in 0..<3 {
            for j in 0..<3 {
                for k in 0..<3 {
                    let factor = Libm.pow(l, Double(i)) * Libm.pow(r, Double(j)) * Libm.pow(w, Double(k))
                    sum += coefficients[position] * factor
                    position += 1
                }
            }
        }
        return sum
    }
}

@Suite("Cooling tower")
struct ComponentTowerTests {
    static let description = CoolingTowerDescription(
        id: "tower-1",
        ratedHeat: Power(megawatts: 2.5),
        fanPower: Power(kilowatts: 26)
    )

    static func outdoor(wetBulb: Double, dryBulbRise: Double = 4) -> WeatherState {
        let air = MoistAir(
            dryBulb: Temperature(celsius: wetBulb + dryBulbRise),
            wetBulb: Temperature(celsius: wetBulb)
        )
        return WeatherState(dryBulb: air.dryBulb, dewPoint: air.dewPoint)
    }

    /// Leaving water in steady state at constant heat.
    static func leaving(
        heatShare: Double,
        wetBulb: Double,
        fan: Double,
        flowShare: Double = 1,
        condition: Double = 1
    ) -> Double {
        let fill = TowerFill(description)
        let flow = MassFlow(kilogramsPerSecond: fill.ratedWaterFlow.kilogramsPerSecond * flowShare)
        let range = heatShare * 2.5e6 / LoopFluid.water.capacityRate(flow).wattsPerKelvin
        var low = wetBulb
        var high = wetBulb + 80
        for _ in 0..<60 {
            let middle = (low + high) / 2
            let result = fill.exchange(
                water: FluidStream(temperature: Temperature(celsius: middle + range), flow: flow),
                airShare: fan,
                outdoor: outdoor(wetBulb: wetBulb),
                condition: condition
            )
            if result.leaving.celsius > middle { low = middle } else { high = middle }
        }
        return low
    }

    @Test("reproduces its rated point")
    func ratedPoint() {
        let leaving = Self.leaving(heatShare: 1, wetBulb: 25.6, fan: 1)
        #expect(abs(leaving - 29.5) < 0.1)
    }

    @Test(
        "approach grows as the wet bulb falls, as measured towers show",
        arguments: [25.6, 20, 15, 10, 5, 0]
    )
    func approachFollowsYorkCalc(wetBulb: Double) {
        let approach = Self.leaving(heatShare: 1, wetBulb: wetBulb, fan: 1) - wetBulb
        let reference = YorkCalc.approach(wetBulb: wetBulb, range: 5.6, liquidToGas: 1)
        #expect(abs(approach - reference) < 0.4)
    }

    @Test("leaving water falls with fan speed", arguments: [-5.0, 5, 15, 25])
    func fallsWithFan(wetBulb: Double) {
        let leaving = [0, 0.2, 0.3, 0.4, 0.6, 0.8, 1].map {
            Self.leaving(heatShare: 0.7, wetBulb: wetBulb, fan: $0)
        }
        #expect(zip(leaving, leaving.dropFirst()).allSatisfy { $0 > $1 })
    }

    @Test("leaving water rises with wet bulb and with heat", arguments: [0.3, 0.7, 1])
    func risesWithWetBulb(fan: Double) {
        let byWetBulb = [-10, -5, 0, 5, 10, 15, 20, 25, 28].map {
            Self.leaving(heatShare: 0.7, wetBulb: $0, fan: fan)
        }
        #expect(zip(byWetBulb, byWetBulb.dropFirst()).allSatisfy { $0 < $1 })
        let byHeat = [0.1, 0.3, 0.5, 0.8, 1, 1.2].map { Self.leaving(heatShare: $0, wetBulb: 15, fan: fan) }
        #expect(zip(byHeat, byHeat.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test("fouled fill leaves warmer water")
    func fouled() {
        let clean = Self.leaving(heatShare: 0.8, wetBulb: 18, fan: 0.8)
        let fouled = Self.leaving(heatShare: 0.8, wetBulb: 18, fan: 0.8, condition: 0.75)
        #expect(fouled > clean + 0.5)
    }

    @Test("natural draught carries an eighth of the rated heat")
    func naturalDraught() {
        let fill = TowerFill(Self.description)
        let result = fill.exchange(
            water: FluidStream(temperature: Temperature(celsius: 35.1), flow: fill.ratedWaterFlow),
            airShare: 0,
            outdoor: Self.outdoor(wetBulb: 25.6, dryBulbRise: 9.4),
            condition: 1
        )
        #expect(abs(result.heat.megawatts / 2.5 - 0.125) < 1e-4)
        #expect((0.03...0.2).contains(fill.naturalDraught.fraction))
    }

    /// Evaporated litres per kilowatt hour of heat.
    static func evaporation(wetBulb: Double, dryBulbRise: Double) -> Double {
        let fill = TowerFill(description)
        let result = fill.exchange(
            water: FluidStream(temperature: Temperature(celsius: wetBulb + 9.5), flow: fill.ratedWaterFlow),
            airShare: 1,
            outdoor: outdoor(wetBulb: wetBulb, dryBulbRise: dryBulbRise),
            condition: 1
        )
        return result.evaporation.kilogramsPerSecond * 3_600 / result.heat.kilowatts
    }

    @Test(
        "evaporates 1.47 litres per kilowatt hour, within 4 %, where air leaves as warm as it enters",
        arguments: [10.0, 20, 25.6]
    )
    func latentHeat(wetBulb: Double) {
        let fill = TowerFill(Self.description)
        let leaving = fill.exchange(
            water: FluidStream(temperature: Temperature(celsius: wetBulb + 9.5), flow: fill.ratedWaterFlow),
            airShare: 1,
            outdoor: Self.outdoor(wetBulb: wetBulb, dryBulbRise: 6),
            condition: 1
        ).airLeavingWetBulb
        let liters = Self.evaporation(wetBulb: wetBulb, dryBulbRise: leaving.celsius - wetBulb)
        #expect(abs(liters / 1.47 - 1) < 0.04)
    }

    @Test("colder air takes more of the heat without water")
    func sensibleHeat() {
        let liters = [-5.0, 0, 5, 10, 15, 20, 25].map { Self.evaporation(wetBulb: $0, dryBulbRise: 2) }
        #expect(zip(liters, liters.dropFirst()).allSatisfy { $0 < $1 })
        #expect((0.5...0.8).contains(liters[0]))
        // Hot dry air gives heat of its own to the water that evaporates.
        #expect(Self.evaporation(wetBulb: 20, dryBulbRise: 15) > 1.7)
    }

    @Test("heat, vapour and enthalpy of the air agree")
    func airSide() {
        let fill = TowerFill(Self.description)
        let outdoor = Self.outdoor(wetBulb: 12)
        let result = fill.exchange(
            water: FluidStream(temperature: Temperature(celsius: 24), flow: fill.ratedWaterFlow),
            airShare: 0.8,
            outdoor: outdoor,
            condition: 1
        )
        let air = fill.ratedAirFlow.cubicMetersPerSecond * 0.8 * outdoor.air.dryAirDensity.kilogramsPerCubicMeter
        let gained =
            Saturation.enthalpy(at: result.airLeavingWetBulb, pressure: outdoor.pressure).joulesPerKilogram
            - Saturation.enthalpy(at: outdoor.wetBulb, pressure: outdoor.pressure).joulesPerKilogram
        #expect(abs(air * gained / result.heat.watts - 1) < 1e-6)
    }

    @Test(
        "basin and fill close the energy balance at every step",
        arguments: [1.0, 10, 60],
        CoolingTowerModel.allCases
    )
    func energyBalance(dt: Double, model: CoolingTowerModel) {
        var description = Self.description
        description.model = model
        var tower = CoolingTower(description, initialBasin: Temperature(celsius: 6))
        var random = SplitMix64(seed: 7)
        let rated = tower.fill.ratedWaterFlow.kilogramsPerSecond
        let capacity = rated * 180 * LoopFluid.water.specificHeat.joulesPerKilogramKelvin
        let start = tower.basinTemperature.celsius
        var gained = 0.0
        var throughput = 0.0
        for _ in 0..<500 {
            let water = FluidStream(
                temperature: Temperature(celsius: random.uniform(3...35)),
                flow: MassFlow(kilogramsPerSecond: random.unit() < 0.1 ? 0 : random.uniform(0.2...1) * rated)
            )
            let result = tower.step(
                CoolingTower.Inputs(
                    water: water,
                    fanSpeedCommand: Ratio(fraction: random.unit()),
                    outdoor: Self.outdoor(wetBulb: random.uniform(-15...25))
                ),
                dt: dt
            )
            let rate = LoopFluid.water.capacityRate(water.flow).wattsPerKelvin
            gained += dt * rate * (water.temperature.celsius - result.leaving.celsius)
            gained += dt * (result.basinHeaterPower.watts - result.heat.watts)
            throughput += dt * rate * 20
        }
        let stored = capacity * (tower.basinTemperature.celsius - start)
        #expect(abs(gained - stored) < 1e-9 * throughput)
    }

    @Test("make-up comes in bursts that replace every loss", arguments: [1.0, 10, 60])
    func makeUp(dt: Double) {
        var tower = CoolingTower(Self.description)
        let water = FluidStream(temperature: Temperature(celsius: 33), flow: tower.fill.ratedWaterFlow)
        var lost = 0.0
        var filled = 0.0
        var evaporated = 0.0
        var idle = 0
        let steps = Int(36_000 / dt)
        for _ in 0..<steps {
            let result = tower.step(
                CoolingTower.Inputs(water: water, fanSpeedCommand: .full, outdoor: Self.outdoor(wetBulb: 20)),
                dt: dt
            ).water
            evaporated += result.evaporation.kilogramsPerSecond * dt
            lost +=
                (result.evaporation + result.drift + result.blowdown).kilogramsPerSecond * dt
            filled += result.makeUp.kilogramsPerSecond * dt
            if result.makeUp.kilogramsPerSecond == 0 { idle += 1 }
        }
        #expect(abs(filled - lost) < 0.2 * 2_500 + 100 * dt / 60)
        #expect(abs(lost / evaporated - 5.0 / 4) < 1e-6)
        #expect((0.4...0.9).contains(Double(idle) / Double(steps)))
    }

    @Test("fan power follows the cube of speed")
    func fanPower() {
        var tower = CoolingTower(Self.description, initialFanSpeed: Ratio(fraction: 0.5))
        let water = FluidStream(temperature: Temperature(celsius: 30), flow: tower.fill.ratedWaterFlow)
        let outdoor = Self.outdoor(wetBulb: 15)
        func power(_ speed: Double) -> Double {
            let inputs = CoolingTower.Inputs(
                water: water,
                fanSpeedCommand: Ratio(fraction: speed),
                outdoor: outdoor
            )
            return tower.step(inputs, dt: 120).fanPower.kilowatts
        }
        #expect(abs(power(0.5) - 26 * (0.02 + 0.98 * 0.125)) < 1e-9)
        #expect(abs(power(1) - 26) < 1e-9)
        #expect(power(0) == 0)
    }
}
