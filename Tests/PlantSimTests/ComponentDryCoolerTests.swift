// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

@Suite("Dry cooler")
struct ComponentDryCoolerTests {
    static let description = DryCoolerDescription(id: "dry-cooler-1", ratedHeat: Power(kilowatts: 2_931))

    static func air(_ dryBulb: Double, wetBulb: Double? = nil) -> WeatherState {
        let state = MoistAir(
            dryBulb: Temperature(celsius: dryBulb),
            wetBulb: Temperature(celsius: wetBulb ?? dryBulb - 6)
        )
        return WeatherState(dryBulb: state.dryBulb, dewPoint: state.dewPoint)
    }

    /// What a cooler does at rest.
    static func rest(
        _ description: DryCoolerDescription = description,
        entering: Double = 46.11,
        flow: Double = 1,
        fan: Double = 1,
        pads: Bool = false,
        cleanliness: Double = 1,
        outdoor: WeatherState = air(35)
    ) -> DryCooler.Outputs {
        var cooler = DryCooler(description, initialFanSpeed: Ratio(fraction: fan))
        cooler.cleanliness = Ratio(fraction: cleanliness)
        let inputs = DryCooler.Inputs(
            coolant: FluidStream(
                temperature: Temperature(celsius: entering),
                flow: cooler.ratedFlow * flow
            ),
            fanSpeedCommand: Ratio(fraction: fan),
            padCommand: pads,
            outdoor: outdoor
        )
        _ = cooler.step(inputs, dt: 36_000)
        return cooler.step(inputs, dt: 10)
    }

    @Test(
        "crossflow effectiveness agrees with the tables",
        arguments: [
            // Kays and London, crossflow with both fluids unmixed; the equation is within 2 % of them.
            (1.0, 1.0, 0.4764), (2, 1, 0.6143), (1, 0.5, 0.5449), (3, 0.25, 0.8853), (2, 0, 0.8647), (0, 0.7, 0),
        ]
    )
    func effectiveness(units: Double, ratio: Double, expected: Double) {
        let value = CrossflowExchange.effectiveness(units: units, capacityRatio: ratio)
        #expect(abs(value - expected) <= 0.02 * expected)
        guard units > 0 else { return }
        #expect(abs(CrossflowExchange.units(effectiveness: value, capacityRatio: ratio) - units) < 1e-9)
    }

    /// BAC TDFS1238N: 2,931 kW, 46.11 to 40.55 °C in air of 35 °C, 117.7 kW of fans: 1.15 transfer units.
    @Test("reproduces the catalogue machine")
    func ratedPoint() {
        let cooler = DryCooler(Self.description)
        #expect(abs(cooler.ratedTransferUnits - 1.15) < 0.05)
        let dry = WeatherState(dryBulb: Temperature(celsius: 35), dewPoint: Temperature(celsius: -60))
        let result = Self.rest(outdoor: dry)
        #expect(abs(result.heat.kilowatts - 2_931) < 1)
        #expect(abs(result.leaving.celsius - 40.55) < 0.01)
        #expect(abs(result.fanPower.kilowatts - 117.7) < 0.5)
    }

    @Test("gives an eighth of its heat with the fans off")
    func naturalDraught() {
        let dry = WeatherState(dryBulb: Temperature(celsius: 35), dewPoint: Temperature(celsius: -60))
        let result = Self.rest(fan: 0, outdoor: dry)
        #expect(abs(result.heat.kilowatts / 2_931 - 0.125) < 1e-4)
        #expect(result.fanPower.watts == 0)
    }

    @Test("coil, content and air close the energy balance at every step", arguments: [1.0, 10, 60])
    func energyBalance(dt: Double) {
        var description = Self.description
        description.padEffectiveness = Ratio(fraction: 0.7)
        var cooler = DryCooler(description)
        var random = SplitMix64(seed: 3)
        let start = cooler.storedHeat
        var gained = 0.0
        var throughput = 0.0
        for _ in 0..<500 {
            let flow = cooler.ratedFlow * (random.unit() < 0.1 ? 0 : random.uniform(0.2...1.1))
            let inputs = DryCooler.Inputs(
                coolant: FluidStream(temperature: Temperature(celsius: random.uniform(10...55)), flow: flow),
                fanSpeedCommand: Ratio(fraction: random.unit()),
                padCommand: random.unit() < 0.5,
                outdoor: Self.air(random.uniform(-15...40))
            )
            let result = cooler.step(inputs, dt: dt)
            let rate = LoopFluid.water.capacityRate(flow) * (inputs.coolant.temperature - result.leaving)
            gained += dt * (rate.watts - result.heat.watts)
            throughput += dt * abs(result.heat.watts)
            let coldest = min(inputs.coolant.temperature, result.coilAir)
            #expect(result.exhaustAir >= coldest - TemperatureDifference(kelvins: 1e-9))
        }
        #expect(abs(gained - (cooler.storedHeat - start)) < 1e-9 * throughput)
    }

    @Test("never cools below the air behind the pads, and that never below the wet bulb")
    func limits() {
        var description = Self.description
        description.padEffectiveness = Ratio(fraction: 0.7)
        for dryBulb in stride(from: 5.0, through: 45, by: 5) {
            for depression in [0.0, 3, 9, 15] {
                let outdoor = Self.air(dryBulb, wetBulb: dryBulb - depression)
                let result = Self.rest(description, entering: 50, flow: 0.05, pads: true, outdoor: outdoor)
                #expect(result.leaving >= result.coilAir)
                #expect(result.coilAir.celsius >= outdoor.wetBulb.celsius - 1e-9)
                #expect(result.coilAir <= outdoor.dryBulb)
                let expected = dryBulb - 0.7 * (outdoor.dryBulb - outdoor.wetBulb).kelvins
                #expect(abs(result.coilAir.celsius - expected) < 1e-6)
            }
        }
    }

    @Test("gives more heat with more fan, flow and warmth, and less with dirt")
    func monotone() {
        for table in [
            [0.0, 0.2, 0.4, 0.6, 0.8, 1].map { Self.rest(fan: $0).heat.watts },
            [0.2, 0.4, 0.6, 0.8, 1].map { Self.rest(flow: $0).heat.watts },
            [36.0, 40, 44, 48].map { Self.rest(entering: $0).heat.watts },
            [0.5, 0.7, 0.9, 1].map { Self.rest(cleanliness: $0).heat.watts },
            [40.0, 30, 20, 10, 0, -10].map { Self.rest(outdoor: Self.air($0)).heat.watts },
        ] {
            #expect(zip(table, table.dropFirst()).allSatisfy { $0 < $1 })
        }
    }

    @Test("fan power follows the cube of speed")
    func fanPower() {
        let full = Self.rest(fan: 1).fanPower.watts
        #expect(abs(Self.rest(fan: 0.5).fanPower.watts / full - 0.125) < 1e-9)
    }
}

@Suite("Adiabatic pads")
struct ComponentAdiabaticPadTests {
    static func step(
        _ pad: inout AdiabaticPad,
        wetted: Bool = true,
        dryBulb: Double = 35,
        wetBulb: Double = 21,
        dt: Double
    ) -> AdiabaticPad.Outputs {
        let air = MoistAir(dryBulb: Temperature(celsius: dryBulb), wetBulb: Temperature(celsius: wetBulb))
        return pad.step(
            isWetted: wetted,
            air: air,
            wetBulb: air.wetBulb,
            dryAirFlow: MassFlow(kilogramsPerSecond: 100),
            dt: dt
        )
    }

    @Test("the water in the air is what made it colder")
    func balance() {
        var pad = AdiabaticPad()
        let before = MoistAir(dryBulb: Temperature(celsius: 35), wetBulb: Temperature(celsius: 21))
        let result = Self.step(&pad, dt: 3_600)
        let vapor = (result.air.humidityRatio - before.humidityRatio).kilogramsPerKilogram
        #expect(abs(result.evaporation.kilogramsPerSecond - 100 * vapor) < 1e-12)
        // Along a wet bulb the air gains only the enthalpy of the water it takes up, as liquid of that temperature.
        let gained = result.air.enthalpy.joulesPerKilogram - before.enthalpy.joulesPerKilogram
        #expect(abs(gained - vapor * 4_186 * 21) < 1)
        #expect(abs(result.makeUp / result.evaporation - 1.5) < 1e-12)
    }

    @Test("wets within five minutes and dries within twenty")
    func lags() {
        var pad = AdiabaticPad()
        _ = Self.step(&pad, dt: 240)
        #expect(pad.wetness.fraction > 0.94)
        _ = Self.step(&pad, dt: 3_600)
        _ = Self.step(&pad, wetted: false, dt: 600)
        #expect((0.05...0.3).contains(pad.wetness.fraction))
        _ = Self.step(&pad, wetted: false, dt: 2_400)
        #expect(pad.wetness == .zero)
        let result = Self.step(&pad, wetted: false, dt: 10)
        #expect(result.evaporation.kilogramsPerSecond == 0)
    }

    @Test("many short steps wet it as one long one does")
    func exactInStep() {
        var coarse = AdiabaticPad()
        var fine = AdiabaticPad()
        _ = Self.step(&coarse, dt: 120)
        for _ in 0..<120 { _ = Self.step(&fine, dt: 1) }
        #expect(abs(coarse.wetness.fraction - fine.wetness.fraction) < 1e-12)
    }

    @Test("drains in frost and comes back two kelvins above")
    func frost() {
        var pad = AdiabaticPad()
        let drained = [5.0, 3.9, 5, 5.9, 6.1].map { dryBulb in
            _ = Self.step(&pad, dryBulb: dryBulb, wetBulb: dryBulb - 2, dt: 3_600)
            return pad.isDrained
        }
        #expect(drained == [false, true, true, true, false])
    }
}
