// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

@Suite("Coolant distribution unit")
struct ComponentCoolantTests {
    static let description = CoolantDistributionUnitDescription(
        id: "cdu-1",
        capacity: Power(megawatts: 1.35),
        designCoolantFlow: VolumeFlow(litersPerSecond: 34),
        designFacilityWaterFlow: VolumeFlow(litersPerSecond: 30)
    )

    static func inputs(
        setpoint: Double = 32,
        heat: Double = 1.0,
        water: Double = 20,
        pressure: Double = 1,
        dewPoint: Double = 9
    ) -> CoolantDistributionUnit.Inputs {
        CoolantDistributionUnit.Inputs(
            supplySetpoint: Temperature(celsius: setpoint),
            rackHeat: Power(megawatts: heat),
            facilityWaterEntering: Temperature(celsius: water),
            availablePressure: Ratio(fraction: pressure),
            hallDewPoint: Temperature(celsius: dewPoint)
        )
    }

    static func settled(
        _ unit: inout CoolantDistributionUnit,
        _ inputs: CoolantDistributionUnit.Inputs,
        dt: Double = 5,
        seconds: Double = 1_800
    ) -> CoolantDistributionUnit.Outputs {
        var outputs = unit.step(inputs, dt: 0)
        for _ in 0..<Int(seconds / dt) { outputs = unit.step(inputs, dt: dt) }
        return outputs
    }

    @Test("holds its supply setpoint with any step up to a minute", arguments: [1.0, 5, 10, 30, 60])
    func holdsSetpoint(dt: Double) {
        for (setpoint, heat, water) in [(32.0, 1.0, 20.0), (28, 1.2, 18), (36, 0.5, 20), (32, 1.1, 25)] {
            var unit = CoolantDistributionUnit(Self.description)
            let outputs = Self.settled(&unit, Self.inputs(setpoint: setpoint, heat: heat, water: water), dt: dt)
            #expect(abs(outputs.coolantSupply.celsius - setpoint) < 0.1)
            let rise = outputs.coolantReturn - outputs.coolantSupply
            let carried = unit.fluid.capacityRate(unit.fluid.massFlow(outputs.coolantFlow)) * rise
            #expect(abs(carried.watts / (heat * 1e6 + outputs.pumpHeat.watts) - 1) < 0.01)
        }
    }

    @Test("needs about 13 kg/s of facility water per megawatt at 20 °C and sends it back near 39 °C")
    func facilityWater() {
        var unit = CoolantDistributionUnit(Self.description)
        let outputs = Self.settled(&unit, Self.inputs())
        #expect((36...40).contains(outputs.facilityWaterLeaving.celsius))
        #expect((11...16).contains(outputs.facilityWaterFlow.kilogramsPerSecond))
        #expect((0.2...0.7).contains(outputs.valvePosition.fraction))
    }

    @Test("reaches its capacity at its design approach with the valve open")
    func capacity() {
        var unit = CoolantDistributionUnit(Self.description)
        let outputs = Self.settled(&unit, Self.inputs(setpoint: 15, heat: 1.34), seconds: 3_600)
        #expect(outputs.valvePosition == .full)
        #expect(abs(outputs.coolantSupply.celsius - 24) < 0.1)
    }

    @Test("never follows a setpoint below hall dew point + 2 K")
    func dewPointFloor() {
        var unit = CoolantDistributionUnit(Self.description)
        let outputs = Self.settled(&unit, Self.inputs(setpoint: 22, dewPoint: 24))
        #expect(outputs.effectiveSetpoint.celsius == 26)
        #expect(abs(outputs.coolantSupply.celsius - 26) < 0.1)
        let blind = Self.settled(&unit, Self.inputs(setpoint: 30, dewPoint: .nan))
        #expect(blind.effectiveSetpoint.celsius == 30)
    }

    @Test("warmer water and less pressure open the valve")
    func monotone() {
        func valve(water: Double = 20, pressure: Double = 1, heat: Double = 0.9) -> Double {
            var unit = CoolantDistributionUnit(Self.description)
            return Self.settled(&unit, Self.inputs(heat: heat, water: water, pressure: pressure))
                .valvePosition.fraction
        }
        for table in [
            [16.0, 20, 24, 26].map { valve(water: $0) },
            [1.2, 1, 0.7, 0.5].map { valve(pressure: $0) },
            [0.3, 0.6, 0.9, 1.2].map { valve(heat: $0) },
        ] {
            #expect(zip(table, table.dropFirst()).allSatisfy { $0 < $1 })
        }
    }

    @Test("warms up within a minute when facility water is lost")
    func lossOfWater() {
        var unit = CoolantDistributionUnit(Self.description)
        _ = Self.settled(&unit, Self.inputs())
        let outputs = Self.settled(&unit, Self.inputs(pressure: 0), seconds: 60)
        #expect(outputs.heat.watts == 0)
        #expect(outputs.coolantSupply.celsius > 40)
    }

    @Test("closes the energy balance at every step", arguments: [1.0, 10, 60])
    func energyBalance(dt: Double) {
        var unit = CoolantDistributionUnit(Self.description)
        var random = SplitMix64(seed: 9)
        let start = unit.storedHeat
        var gained = 0.0
        var throughput = 0.0
        for _ in 0..<500 {
            var inputs = Self.inputs(
                setpoint: random.uniform(25...40),
                heat: random.uniform(0.2...1.3),
                water: random.uniform(15...28),
                pressure: random.uniform(0...1.2)
            )
            inputs.pumpSpeedCommand = Ratio(fraction: random.uniform(0...1))
            let outputs = unit.step(inputs, dt: dt)
            let water = LoopFluid.water.capacityRate(outputs.facilityWaterFlow).wattsPerKelvin
            let rise = outputs.facilityWaterLeaving - inputs.facilityWaterEntering
            gained += dt * (inputs.rackHeat.watts + outputs.pumpHeat.watts - water * rise.kelvins)
            throughput += dt * inputs.rackHeat.watts
        }
        #expect(abs(gained - (unit.storedHeat - start)) < 1e-9 * throughput)
    }
}

@Suite("Air handler and hall air")
struct ComponentAirTests {
    static let description = AirHandlerDescription(
        id: "crah-1",
        capacity: Power(kilowatts: 180),
        designAirFlow: VolumeFlow(cubicMetersPerSecond: 8.7),
        fanPower: Power(kilowatts: 5)
    )

    static func inputs(setpoint: Double = 24, fan: Double = 0.8, back: Double = 36) -> AirHandler.Inputs {
        AirHandler.Inputs(
            supplyAirSetpoint: Temperature(celsius: setpoint),
            fanSpeedCommand: Ratio(fraction: fan),
            returnAir: Temperature(celsius: back),
            facilityWaterEntering: Temperature(celsius: 20)
        )
    }

    static func settled(_ handler: inout AirHandler, _ inputs: AirHandler.Inputs, dt: Double = 5) -> AirHandler.Outputs
    {
        var outputs = handler.step(inputs, dt: 0)
        for _ in 0..<Int(1_800 / dt) { outputs = handler.step(inputs, dt: dt) }
        return outputs
    }

    @Test("holds supply air with any step up to a minute", arguments: [1.0, 5, 10, 30, 60])
    func holdsSetpoint(dt: Double) {
        for (setpoint, back) in [(24.0, 36.0), (23, 34), (26, 36), (24, 30)] {
            var handler = AirHandler(Self.description)
            let outputs = Self.settled(&handler, Self.inputs(setpoint: setpoint, back: back), dt: dt)
            #expect(abs(outputs.supplyAir.celsius - setpoint) < 0.1)
        }
    }

    @Test("closes the balance of water, air and fan")
    func balance() {
        var handler = AirHandler(Self.description)
        var random = SplitMix64(seed: 21)
        for _ in 0..<500 {
            let inputs = Self.inputs(
                setpoint: random.uniform(18...28),
                fan: random.uniform(0.2...1),
                back: random.uniform(26...40)
            )
            let outputs = handler.step(inputs, dt: 10)
            let air = LoopFluid.air.capacityRate(LoopFluid.air.massFlow(outputs.airFlow)).wattsPerKelvin
            let water = LoopFluid.water.capacityRate(outputs.facilityWaterFlow).wattsPerKelvin
            let lost = air * (inputs.returnAir - outputs.supplyAir).kelvins + outputs.fanPower.watts
            let gained = water * (outputs.facilityWaterLeaving - inputs.facilityWaterEntering).kelvins
            #expect(abs(lost - gained) < 1e-9 * 1e6)
            #expect(abs(outputs.heat.watts - gained) < 1e-9 * 1e6)
        }
    }

    @Test("fan power follows the cube of speed")
    func fanPower() {
        var handler = AirHandler(Self.description)
        let half = handler.step(Self.inputs(fan: 0.5), dt: 60)
        #expect(abs(half.fanPower.kilowatts - 5 * 0.125) < 1e-9)
    }

    static func hallInputs(
        heat: Double = 1.3e6,
        cooling: Double = 1.3e6,
        supply: Double = 24,
        flow: Double = 104,
        outdoor: WeatherState = WeatherState(dryBulb: Temperature(celsius: 5), dewPoint: Temperature(celsius: 2))
    ) -> HallAir.Inputs {
        HallAir.Inputs(
            heat: Power(watts: heat),
            fanHeat: Power(watts: 0),
            cooling: Power(watts: cooling),
            supplyAir: Temperature(celsius: supply),
            supplyAirFlow: VolumeFlow(cubicMetersPerSecond: flow),
            coilSurface: Temperature(celsius: 18),
            outdoor: outdoor
        )
    }

    @Test("hall air keeps every joule", arguments: [1.0, 10, 30])
    func hallBalance(dt: Double) {
        var hall = HallAir(designAirFlow: VolumeFlow(cubicMetersPerSecond: 104))
        var random = SplitMix64(seed: 2)
        let start = hall.storedHeat
        var gained = 0.0
        for _ in 0..<500 {
            let inputs = Self.hallInputs(heat: random.uniform(0...2e6), cooling: random.uniform(0...2e6))
            _ = hall.step(inputs, dt: dt)
            gained += dt * (inputs.heat.watts - inputs.cooling.watts)
        }
        #expect(abs(hall.storedHeat - start - gained) < 1e-9 * 500 * dt * 2e6)
    }

    @Test("hall and air handlers settle where IT heat leaves through the coils", arguments: [1.0, 10, 30])
    func closedHall(dt: Double) {
        var handler = AirHandler(Self.description)
        var hall = HallAir(designAirFlow: VolumeFlow(cubicMetersPerSecond: 104))
        var inlet = 0.0
        var heat = 0.0
        for _ in 0..<Int(14_400 / dt) {
            let air = handler.step(Self.inputs(back: hall.returnTemperature.celsius), dt: dt)
            let count = 12.0
            var inputs = Self.hallInputs(cooling: air.heat.watts * count, supply: air.supplyAir.celsius)
            inputs.fanHeat = air.fanPower * count
            inputs.supplyAirFlow = air.airFlow * count
            inlet = hall.step(inputs, dt: dt).inletAir.celsius
            heat = air.heat.watts * count
        }
        #expect(abs(heat / (1.3e6 + 12 * 5_000 * 0.512) - 1) < 0.005)
        // 5 % of warm air in the inlet.
        #expect((24.5...26.5).contains(inlet))
    }

    @Test("too little supply air draws warm air into the racks")
    func recirculation() {
        var hall = HallAir(designAirFlow: VolumeFlow(cubicMetersPerSecond: 104))
        let inlets = [104.0, 90, 70, 50].map {
            hall.step(Self.hallInputs(flow: $0), dt: 0).inletAir.celsius
        }
        #expect(zip(inlets, inlets.dropFirst()).allSatisfy { $0 <= $1 })
        #expect((inlets.last ?? 0) > (inlets.first ?? 0) + 2)
    }

    @Test("hall dew point follows outdoor air within humidifier and coil limits")
    func moisture() {
        func dewPoint(outdoor: Double) -> Double {
            var hall = HallAir(designAirFlow: VolumeFlow(cubicMetersPerSecond: 104))
            let weather = WeatherState(
                dryBulb: Temperature(celsius: outdoor + 5),
                dewPoint: Temperature(celsius: outdoor)
            )
            var value = 0.0
            for _ in 0..<(24 * 360) {
                value = hall.step(Self.hallInputs(outdoor: weather), dt: 10).dewPoint.celsius
            }
            return value
        }
        #expect(abs(dewPoint(outdoor: -15) - 5.5) < 0.05)
        #expect(abs(dewPoint(outdoor: 12) - 12) < 0.1)
        #expect((18...19).contains(dewPoint(outdoor: 24)))
    }
}

@Suite("Sensors")
struct ComponentSensorTests {
    @Test("an exact sensor shows the truth")
    func exact() {
        var sensor = SimulatedSensor(.exact, seed: 1, stream: "a")
        #expect(sensor.step(20.123, dt: 1) == 20.123)
    }

    @Test("lag follows the exponential whatever the step", arguments: [1.0, 5, 20])
    func lag(dt: Double) {
        var sensor = SimulatedSensor(SensorError(lag: 20), seed: 1, stream: "a")
        sensor.step(0, dt: dt)
        for _ in 0..<Int(20 / dt) { sensor.step(1, dt: dt) }
        #expect(abs(sensor.shown - (1 - Libm.exp(-1))) < 1e-12)
    }

    @Test("noise has its deviation, offset stays within its bound, readings keep their step")
    func statistics() {
        let error = SensorError(noise: 0.05, bias: 0.2, resolution: 0.01)
        var biases: [Double] = []
        for index in 0..<200 {
            var sensor = SimulatedSensor(error, seed: 4, stream: "sensor/\(index)")
            let readings = (0..<200).map { _ in sensor.step(25, dt: 1) }
            let mean = readings.reduce(0, +) / 200
            let variance = readings.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199
            #expect((0.03...0.07).contains(variance.squareRoot()))
            #expect(readings.allSatisfy { abs($0 * 100 - ($0 * 100).rounded()) < 1e-6 })
            biases.append(mean - 25)
        }
        #expect(biases.allSatisfy { abs($0) < 0.22 })
        #expect(biases.contains { $0 > 0.1 } && biases.contains { $0 < -0.1 })
    }

    @Test("the same seed and name give the same readings, another name others")
    func determinism() {
        func readings(_ seed: UInt64, _ stream: String) -> [Double] {
            var sensor = SimulatedSensor(.pipeTemperature, seed: seed, stream: stream)
            return (0..<20).map { sensor.step(Double($0), dt: 1) }
        }
        #expect(readings(1, "a") == readings(1, "a"))
        #expect(readings(1, "a") != readings(1, "b"))
        #expect(readings(1, "a") != readings(2, "a"))
    }
}
