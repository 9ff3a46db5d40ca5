// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

@Suite("Outdoor-air handler")
struct ComponentOutdoorAirTests {
    static let rating = OutdoorAirHandlerRating(
        id: "outdoor-air-1",
        designAirFlow: VolumeFlow(cubicMetersPerSecond: 30),
        fanPower: Power(kilowatts: 25)
    )
    static let hallAir = MoistAir(dryBulb: Temperature(celsius: 36), dewPoint: Temperature(celsius: 10))

    static func rest(
        damper: Double = 1,
        fan: Double = 1,
        loading: Double = 0,
        outdoor: WeatherState = ComponentDryCoolerTests.air(15)
    ) -> OutdoorAirHandler.Outputs {
        var handler = OutdoorAirHandler(
            rating,
            initialDamper: Ratio(fraction: damper),
            initialSpeed: Ratio(fraction: fan),
            filterLoading: Ratio(fraction: loading)
        )
        return handler.step(
            OutdoorAirHandler.Inputs(
                damperCommand: Ratio(fraction: damper),
                fanSpeedCommand: Ratio(fraction: fan),
                returnAir: hallAir,
                outdoor: outdoor
            ),
            dt: 1
        )
    }

    @Test("moves its design air flow for its design power")
    func designPoint() {
        let result = Self.rest()
        #expect(abs(result.airFlow.cubicMetersPerSecond - 30) < 1e-9)
        #expect(abs(result.fanPower.kilowatts - 25) < 1e-9)
    }

    @Test("air, vapour and enthalpy are conserved for every damper, speed and weather")
    func balances() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<500 {
            let outdoor = ComponentDryCoolerTests.air(random.uniform(-20...40))
            let result = Self.rest(
                damper: random.unit(),
                fan: random.uniform(0.2...1),
                loading: random.unit(),
                outdoor: outdoor
            )
            let share = result.outdoorShare.fraction
            func mix(_ value: (MoistAir) -> Double) -> Double {
                share * value(outdoor.air) + (1 - share) * value(Self.hallAir)
            }
            let vapor = mix { $0.humidityRatio.kilogramsPerKilogram }
            #expect(abs(result.supplyAir.humidityRatio.kilogramsPerKilogram - vapor) < 1e-12)
            let dryAir = result.dryAirFlow.kilogramsPerSecond
            let supplied = dryAir * result.supplyAir.enthalpy.joulesPerKilogram
            let brought = dryAir * mix { $0.enthalpy.joulesPerKilogram } + result.fanPower.watts
            #expect(abs(supplied - brought) < 1e-9 * abs(brought))
            // What the hall loses is what the exchanged air carries, less the fan's heat.
            let lost = dryAir * Self.hallAir.enthalpy.joulesPerKilogram - supplied
            #expect(abs(lost - (result.heatRejected.watts - result.fanPower.watts)) < 1e-9 * abs(brought))
        }
    }

    @Test(
        "dampers share the flow on an S-curve and leak when shut",
        arguments: [
            (0.0, 0.0088), (0.25, 0.0861), (0.5, 0.5), (0.75, 0.9139), (1, 0.9912),
        ]
    )
    func dampers(position: Double, share: Double) {
        #expect(abs(OutdoorAirHandler.outdoorShare(damper: Ratio(fraction: position)).fraction - share) < 5e-4)
    }

    @Test("mixed air lies between outdoor and return air, supply a little above")
    func limits() {
        for dryBulb in stride(from: -20.0, through: 45, by: 5) {
            let outdoor = ComponentDryCoolerTests.air(dryBulb)
            let result = Self.rest(damper: 0.4, outdoor: outdoor)
            let ends = min(outdoor.dryBulb, Self.hallAir.dryBulb)...max(outdoor.dryBulb, Self.hallAir.dryBulb)
            #expect(ends.contains(result.mixedAir.dryBulb))
            #expect((0.1...1.5).contains((result.supplyAir.dryBulb - result.mixedAir.dryBulb).kelvins))
        }
    }

    @Test("opening the damper cools in cold air; dust costs flow")
    func monotone() {
        let heat = [0.0, 0.25, 0.5, 0.75, 1].map { Self.rest(damper: $0).heatRejected.watts }
        #expect(zip(heat, heat.dropFirst()).allSatisfy { $0 < $1 })
        let flow = [1.0, 0.75, 0.5, 0.25, 0].map { Self.rest(loading: $0).airFlow.cubicMetersPerSecond }
        #expect(zip(flow, flow.dropFirst()).allSatisfy { $0 < $1 })
        #expect(Self.rest(loading: 1).filterPressure.pascals < 100)
        #expect(Self.rest(loading: 1).filterPressure.pascals > 80)
    }

    @Test("filters fill in the hours of outdoor air they are made for", arguments: [60.0, 600])
    func filters(dt: Double) {
        var handler = OutdoorAirHandler(Self.rating, initialDamper: .full, initialSpeed: .full)
        let inputs = OutdoorAirHandler.Inputs(
            damperCommand: .full,
            fanSpeedCommand: .full,
            returnAir: Self.hallAir,
            outdoor: ComponentDryCoolerTests.air(10)
        )
        let day = Int(86_400 / dt)
        for _ in 0..<day { _ = handler.step(inputs, dt: dt) }
        #expect(abs(handler.filterLoading.fraction - 24.0 / 4_000) < 2e-4)
    }

    @Test("dampers need their stroke time")
    func stroke() {
        var handler = OutdoorAirHandler(Self.rating, initialSpeed: .full)
        let inputs = OutdoorAirHandler.Inputs(
            damperCommand: .full,
            fanSpeedCommand: .full,
            returnAir: Self.hallAir,
            outdoor: ComponentDryCoolerTests.air(10)
        )
        #expect(abs(handler.step(inputs, dt: 45).damperPosition.fraction - 0.5) < 1e-9)
    }
}

@Suite("Lake, river and sea")
struct ComponentAmbientWaterTests {
    static func exchanger(permit: DischargePermit = DischargePermit()) -> AmbientWaterExchanger {
        AmbientWaterExchanger(
            designHeat: Power(megawatts: 2),
            plantDesignFlow: MassFlow(kilogramsPerSecond: 60),
            intakeDesignFlow: MassFlow(kilogramsPerSecond: 90),
            pumpPower: Power(kilowatts: 25),
            permit: permit
        )
    }

    static func rest(
        _ exchanger: AmbientWaterExchanger = exchanger(),
        plant: Double = 26,
        flow: Double = 60,
        intake: Double = 14,
        pump: Double = 1
    ) -> AmbientWaterExchanger.Outputs {
        var exchanger = exchanger
        let inputs = AmbientWaterExchanger.Inputs(
            plantWater: FluidStream(
                temperature: Temperature(celsius: plant),
                flow: MassFlow(kilogramsPerSecond: flow)
            ),
            intake: Temperature(celsius: intake),
            pumpSpeedCommand: Ratio(fraction: pump)
        )
        _ = exchanger.step(inputs, dt: 600)
        return exchanger.step(inputs, dt: 1)
    }

    @Test("reproduces its design point")
    func designPoint() {
        let fall = 2e6 / (60 * 4_181)
        let result = Self.rest(plant: 14 + 2 + fall)
        #expect(abs(result.heat.megawatts - 2) < 1e-6)
        #expect(abs(result.leaving.celsius - 16) < 1e-6)
        #expect(!result.isLimited)
    }

    @Test("plant, ambient water and pump close the energy balance and keep the permit")
    func balanceAndPermit() {
        var random = SplitMix64(seed: 21)
        var held = 0
        for _ in 0..<1_000 {
            let plant = random.uniform(10...45)
            let flow = random.uniform(0...80)
            let intake = random.uniform(-1...32)
            let result = Self.rest(plant: plant, flow: flow, intake: intake, pump: random.unit())
            let plantRate = flow * 4_181
            let intakeRate = result.intakeFlow.kilogramsPerSecond * 4_181
            #expect(abs(plantRate * (plant - result.leaving.celsius) - result.heat.watts) < 1e-3)
            let carried = intakeRate * (result.discharge.celsius - intake)
            #expect(abs(carried - result.heat.watts - result.pumpHeat.watts) < 1e-3)
            #expect(result.heat.watts >= 0)
            guard result.heat.watts > 0 else { continue }
            #expect(result.discharge.celsius <= 28 + 1e-9)
            #expect(result.discharge.celsius - intake <= 6 + 1e-9)
            #expect(result.leaving.celsius >= intake - 1e-9)
            held += result.isLimited ? 1 : 0
        }
        #expect(held > 50)
    }

    @Test("no intake from water that freezes on the screens")
    func ice() {
        #expect(Self.rest(intake: 0.4).intakeFlow.kilogramsPerSecond == 0)
        #expect(Self.rest(intake: 0.6).intakeFlow.kilogramsPerSecond > 80)
    }

    @Test("gives more heat with warmer plant water, more of it, colder intake and more pump")
    func monotone() {
        let wide = Self.exchanger(
            permit: DischargePermit(
                warmest: Temperature(celsius: 60),
                largestRise: TemperatureDifference(kelvins: 50)
            )
        )
        for table in [
            [18.0, 22, 26, 30].map { Self.rest(wide, plant: $0).heat.watts },
            [10.0, 30, 60, 80].map { Self.rest(wide, flow: $0).heat.watts },
            [24.0, 18, 12, 6].map { Self.rest(wide, intake: $0).heat.watts },
            [0.0, 0.5, 0.7, 1].map { Self.rest(wide, pump: $0).heat.watts },
        ] {
            #expect(zip(table, table.dropFirst()).allSatisfy { $0 < $1 })
        }
    }

    /// A first-order lag under a yearly wave: amplitude `1/sqrt(1 + (ωτ)²)`, delay `atan(ωτ)/ω`.
    @Test("follows the year with the amplitude and delay of its depth", arguments: [2.0, 10, 25])
    func yearlyWave(depth: Double) {
        var water = AmbientWaterBody(
            AmbientWaterBody.Kind(mixedDepth: depth, freezing: Temperature(celsius: -50)),
            initial: Temperature(celsius: 12)
        )
        let omega = 2 * Double.pi / (365 * 86_400)
        var warmest = (temperature: -100.0, day: 0.0)
        var coldest = 100.0
        for hour in 0..<(3 * 8_760) {
            let phase = omega * (Double(hour) + 0.5) * 3_600
            water.step(dryBulb: Temperature(celsius: 12 - 10 * Libm.cos(phase)), dt: 3_600)
            guard hour >= 2 * 8_760 else { continue }
            let day = Double(hour + 1) / 24 - 730
            if water.intake.celsius > warmest.temperature { warmest = (water.intake.celsius, day) }
            coldest = min(coldest, water.intake.celsius)
        }
        let lag = omega * water.timeConstant
        #expect(abs((warmest.temperature - coldest) / 2 - 10 / Libm.sqrt(1 + lag * lag)) < 0.02)
        #expect(abs(warmest.day - 182.5 - Libm.atan2(lag, 1) / omega / 86_400) < 1)
    }

    @Test("one long step equals many short ones; ice stays at freezing")
    func steps() {
        var coarse = AmbientWaterBody(.river, initial: Temperature(celsius: 10))
        var fine = coarse
        coarse.step(dryBulb: Temperature(celsius: 22), dt: 86_400)
        for _ in 0..<8_640 { fine.step(dryBulb: Temperature(celsius: 22), dt: 10) }
        #expect(abs((coarse.intake - fine.intake).kelvins) < 1e-9)
        coarse.step(dryBulb: Temperature(celsius: -20), dt: 30 * 86_400)
        #expect(coarse.intake == AmbientWaterBody.Kind.river.freezing)
    }

    @Test("a deep intake hardly feels the summer")
    func deepIntake() {
        var deep = AmbientWaterBody(.deepLake, initial: Temperature(celsius: 6))
        deep.step(dryBulb: Temperature(celsius: 26), dt: 90 * 86_400)
        #expect((6.0...9).contains(deep.intake.celsius))
        #expect(deep.surface.celsius > 24)
    }
}
