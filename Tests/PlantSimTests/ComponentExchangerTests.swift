// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

@Suite("Plate exchanger")
struct ComponentExchangerTests {
    static let economizer = PlateExchanger(
        WaterEconomizerDescription(
            id: "economizer",
            designHeat: Power(megawatts: 10),
            designFlow: VolumeFlow(litersPerSecond: 150)
        )
    )

    static func stream(_ celsius: Double, _ kilogramsPerSecond: Double) -> FluidStream {
        FluidStream(
            temperature: Temperature(celsius: celsius),
            flow: MassFlow(kilogramsPerSecond: kilogramsPerSecond)
        )
    }

    @Test(
        "effectiveness follows the counterflow relation",
        arguments: [
            // Computed by hand from the relation; 1, 0.5 is the textbooks' 0.565.
            (1.0, 0.5, 0.5647), (1, 1, 0.5), (3, 1, 0.75), (2, 0, 0.8647), (3, 0.25, 0.9188), (0, 0.7, 0),
        ]
    )
    func effectiveness(units: Double, ratio: Double, expected: Double) {
        let value = CounterflowExchange.effectiveness(units: units, capacityRatio: ratio)
        #expect(abs(value - expected) < 1e-4)
        guard units > 0 else { return }
        let back = CounterflowExchange.units(effectiveness: value, capacityRatio: ratio)
        #expect(abs(back - units) < 1e-9)
    }

    @Test("nearly equal capacity rates join equal ones without a step")
    func continuity() {
        for units in [0.3, 1, 5, 20] {
            let values = [0.99999, 0.9999989, 0.9999991, 1].map {
                CounterflowExchange.effectiveness(units: units, capacityRatio: $0)
            }
            #expect(values.allSatisfy { abs($0 - units / (1 + units)) < 1e-4 * units })
        }
    }

    @Test("reproduces its design point")
    func designPoint() {
        let flow = Self.economizer.hotDesignFlow.kilogramsPerSecond
        let fall = 10e6 / (flow * 4_181)
        let result = Self.economizer.exchange(hot: Self.stream(18 + 2 + fall, flow), cold: Self.stream(18, flow))
        #expect(abs(result.heat.megawatts - 10) < 1e-6)
        #expect(abs(result.hotLeaving.celsius - 20) < 1e-6)
    }

    @Test("reproduces a design point with the approach at the hot end")
    func hotEnd() {
        let recovery = PlateExchanger(
            HeatRecoveryDescription(
                designHeat: Power(megawatts: 4),
                designFlow: VolumeFlow(litersPerSecond: 80)
            ),
            hotDesignFlow: VolumeFlow(litersPerSecond: 100)
        )
        let hot = recovery.hotDesignFlow.kilogramsPerSecond
        let cold = recovery.coldDesignFlow.kilogramsPerSecond
        let rise = 4e6 / (cold * 4_181)
        let result = recovery.exchange(hot: Self.stream(39, hot), cold: Self.stream(39 - 2.5 - rise, cold))
        #expect(abs(result.heat.megawatts - 4) < 1e-6)
        #expect(abs(result.coldLeaving.celsius - 36.5) < 1e-6)
    }

    @Test("closes the energy balance with and without bypasses")
    func energyBalance() {
        var random = SplitMix64(seed: 11)
        for _ in 0..<2_000 {
            let hot = Self.stream(random.uniform(5...45), random.unit() * 300)
            let cold = Self.stream(random.uniform(5...45), random.unit() * 300)
            let result = Self.economizer.exchange(
                hot: hot,
                cold: cold,
                hotShare: Ratio(fraction: random.unit()),
                coldShare: Ratio(fraction: random.unit())
            )
            let lost = LoopFluid.water.capacityRate(hot.flow) * (hot.temperature - result.hotLeaving)
            let gained = LoopFluid.water.capacityRate(cold.flow) * (result.coldLeaving - cold.temperature)
            #expect(abs(lost.watts - gained.watts) < 1e-9 * 5e7)
            #expect(abs(lost.watts - result.heat.watts) < 1e-9 * 5e7)
            #expect((0...1).contains(result.effectiveness.fraction))
        }
    }

    @Test("exchanges more heat with more flow, more valve and less fouling")
    func monotone() {
        func heat(hot: Double = 100, cold: Double = 100, share: Double = 1, cleanliness: Double = 1) -> Double {
            var exchanger = Self.economizer
            exchanger.cleanliness = Ratio(fraction: cleanliness)
            return exchanger.exchange(
                hot: Self.stream(36, hot),
                cold: Self.stream(18, cold),
                hotShare: Ratio(fraction: share)
            ).heat.watts
        }
        for table in [
            [20.0, 50, 100, 150, 200].map { heat(hot: $0) },
            [20.0, 50, 100, 150, 200].map { heat(cold: $0) },
            [0.0, 0.1, 0.4, 0.7, 1].map { heat(share: $0) },
            [0.5, 0.7, 0.9, 1].map { heat(cleanliness: $0) },
        ] {
            #expect(zip(table, table.dropFirst()).allSatisfy { $0 < $1 })
        }
    }
}

@Suite("Volumes, pipes, pumps, actuators")
struct ComponentPrimitiveTests {
    static let rate = HeatCapacityRate(wattsPerKelvin: 4_000)

    @Test("a mixed volume follows the exponential whatever the step", arguments: [0.5, 1, 10, 60, 600])
    func mixedVolume(dt: Double) {
        var volume = MixedVolume(heatCapacity: 1.2e6, temperature: Temperature(celsius: 20))
        var carried = 0.0
        for _ in 0..<Int(600 / dt) {
            let leaving = volume.step(
                entering: Temperature(celsius: 30),
                rate: Self.rate,
                heat: Power(kilowatts: 8),
                dt: dt
            )
            carried += dt * (Self.rate.wattsPerKelvin * (30 - leaving.celsius) + 8_000)
        }
        let expected = 32 - 12 * Libm.exp(-600 * 4_000 / 1.2e6)
        #expect(abs(volume.temperature.celsius - expected) < 1e-9)
        #expect(abs(carried - 1.2e6 * (volume.temperature.celsius - 20)) < 1e-9 * 2.4e7)
    }

    @Test("a still volume warms by its heat alone")
    func stillVolume() {
        var volume = MixedVolume(heatCapacity: 1e6, temperature: Temperature(celsius: 20))
        let rate = HeatCapacityRate(wattsPerKelvin: 0)
        _ = volume.step(entering: Temperature(celsius: 90), rate: rate, heat: Power(kilowatts: 10), dt: 100)
        #expect(abs(volume.temperature.celsius - 21) < 1e-12)
    }

    @Test("a pipe gives back a front after its volume, hardly smeared", arguments: [1.0, 5, 10])
    func pipeFront(dt: Double) {
        var pipe = PipeDelay(volume: Volume(cubicMeters: 10), temperature: Temperature(celsius: 20))
        let flow = MassFlow(kilogramsPerSecond: 100)
        let transit = pipe.mass / 100
        var arrival: Double?
        var departure: Double?
        for step in 0..<Int(200 / dt) {
            let leaving = pipe.step(entering: Temperature(celsius: 30), flow: flow, dt: dt)
            let time = Double(step + 1) * dt
            if leaving.celsius > 20.5, arrival == nil { arrival = time }
            if leaving.celsius > 29.5, departure == nil { departure = time }
        }
        #expect(abs((arrival ?? 0) - transit) <= dt + transit / 32)
        #expect(abs((departure ?? 0) - transit) <= dt + transit / 32)
    }

    @Test("a pipe conserves heat with any flow", arguments: [0.3, 1, 10, 60])
    func pipeBalance(dt: Double) {
        var pipe = PipeDelay(volume: Volume(cubicMeters: 5), temperature: Temperature(celsius: 20))
        var random = SplitMix64(seed: 5)
        var carried = 0.0
        for _ in 0..<3_000 {
            let flow = MassFlow(kilogramsPerSecond: random.unit() < 0.1 ? 0 : random.unit() * 120)
            let entering = Temperature(celsius: random.uniform(15...40))
            let leaving = pipe.step(entering: entering, flow: flow, dt: dt)
            carried += flow.kilogramsPerSecond * dt * (entering.celsius - leaving.celsius)
            #expect((14.999...40.001).contains(leaving.celsius))
        }
        let stored = pipe.mass * (pipe.meanTemperature.celsius - 20)
        #expect(abs(carried - stored) < 1e-6 * pipe.mass)
    }

    @Test("an actuator moves at its stroke and no further")
    func actuator() {
        var actuator = Actuator(position: Ratio(fraction: 0), strokeSeconds: 90)
        #expect(abs(actuator.step(to: .full, dt: 45).fraction - 0.5) < 1e-12)
        #expect(actuator.step(to: Ratio(fraction: 3), dt: 900) == .full)
        #expect(actuator.step(to: Ratio(fraction: .nan), dt: 900) == .full)
        #expect(actuator.step(to: Ratio(fraction: -1), dt: 900).fraction == 0)
    }

    @Test("a controller leaves its limit as soon as the error turns")
    func antiWindup() {
        var controller = ProportionalIntegral(gain: 0.05, integralSeconds: 60, initial: Ratio(fraction: 0.5))
        for _ in 0..<1_000 { _ = controller.step(error: 8, dt: 10) }
        #expect(controller.step(error: 8, dt: 10) == .full)
        #expect(controller.step(error: -1, dt: 10).fraction < 1)
    }

    @Test(
        "pumps follow the affinity laws without static head",
        arguments: [0.3, 0.5, 0.8, 1]
    )
    func affinity(speed: Double) {
        let pump = Pump(
            designFlow: MassFlow(kilogramsPerSecond: 150),
            designHead: Pressure(kilopascals: 200),
            designPower: Power(kilowatts: 100)
        )
        let point = pump.operation(speed: Ratio(fraction: speed))
        #expect(abs(point.flow.kilogramsPerSecond - 150 * speed) < 1e-9)
        #expect(abs(point.head.kilopascals - 200 * speed * speed) < 1e-9)
        #expect(abs(point.power.kilowatts - 100 * speed * speed * speed) < 1e-9)
    }

    @Test("closing valves lowers flow and power and raises head; shut valves stop the flow")
    func throttling() {
        let pump = Pump(
            designFlow: MassFlow(kilogramsPerSecond: 150),
            designHead: Pressure(kilopascals: 200),
            designPower: Power(kilowatts: 100),
            staticShare: Ratio(fraction: 0.2)
        )
        let points = [0, 0.2, 0.5, 0.8, 1].map { pump.operation(speed: .full, openness: Ratio(fraction: $0)) }
        #expect(zip(points, points.dropFirst()).allSatisfy { $0.flow < $1.flow })
        #expect(zip(points, points.dropFirst()).allSatisfy { $0.power < $1.power })
        #expect(zip(points, points.dropFirst()).allSatisfy { $0.head > $1.head })
        #expect(points[0].flow.kilogramsPerSecond == 0)
        #expect(abs(points[4].flow.kilogramsPerSecond - 150) < 1e-9)
        // Too slow to lift the static head.
        #expect(pump.operation(speed: Ratio(fraction: 0.3)).flow.kilogramsPerSecond == 0)
    }
}
