// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

@Suite("Chiller")
struct ComponentChillerTests {
    static let description = ChillerDescription(id: "chiller-1", capacity: Power(megawatts: 2.3))

    static func inputs(
        isEnabled: Bool = true,
        setpoint: Double = 18,
        entering: Double = 30,
        flow: Double = 40,
        condenser: Double = 24,
        condenserFlow: Double = 100
    ) -> Chiller.Inputs {
        Chiller.Inputs(
            isEnabled: isEnabled,
            leavingSetpoint: Temperature(celsius: setpoint),
            chilledWater: FluidStream(
                temperature: Temperature(celsius: entering),
                flow: MassFlow(kilogramsPerSecond: flow)
            ),
            condenserWater: FluidStream(
                temperature: Temperature(celsius: condenser),
                flow: MassFlow(kilogramsPerSecond: condenserFlow)
            )
        )
    }

    /// Outputs after `seconds` of constant inputs.
    static func settled(_ chiller: inout Chiller, _ inputs: Chiller.Inputs, seconds: Double) -> Chiller.Outputs {
        var outputs = chiller.step(inputs, dt: 0)
        for _ in 0..<Int(seconds / 5) { outputs = chiller.step(inputs, dt: 5) }
        return outputs
    }

    @Test("part load gains 9 % at half load and loses a third at a tenth")
    func partLoad() {
        #expect(abs(ChillerCurves.partLoadFactor(1) - 1) < 1e-12)
        #expect(abs(ChillerCurves.partLoadFactor(0.5) - 1.095) < 0.005)
        #expect(abs(ChillerCurves.partLoadFactor(0.1) - 0.643) < 0.005)
    }

    @Test(
        "efficiency is a fixed share of Carnot between the limits",
        arguments: [(6.67, 35.0, 5.685), (18.0, 30.0, 12.358), (18, 40, 7.415), (20, 22, 14)]
    )
    func efficiency(chilled: Double, condenser: Double, expected: Double) {
        let value = ChillerCurves.coefficientOfPerformance(
            carnotFraction: Ratio(fraction: 0.64),
            evaporatorLeaving: Temperature(celsius: chilled),
            condenserLeaving: Temperature(celsius: condenser),
            load: 1
        )
        #expect(abs(value - expected) < 0.001)
    }

    @Test("holds leaving water at its setpoint within its capacity")
    func holdsSetpoint() throws {
        var chiller = Chiller(Self.description, isRunning: true)
        let outputs = Self.settled(&chiller, Self.inputs(), seconds: 1_200)
        #expect(outputs.status == .running)
        #expect(abs(outputs.chilledWaterLeaving.celsius - 18) < 0.01)
        #expect(abs(outputs.load.fraction - 40 * 4_181 * 12 / 2.3e6) < 1e-6)
        #expect((5...14).contains(try #require(outputs.coefficientOfPerformance)))
    }

    @Test("gives what it has where more is asked for")
    func capacityLimit() {
        var chiller = Chiller(Self.description, isRunning: true)
        let outputs = Self.settled(&chiller, Self.inputs(entering: 40), seconds: 1_200)
        #expect(outputs.load == .full)
        #expect(abs(outputs.chilledWaterLeaving.celsius - (40 - 2.3e6 / (40 * 4_181))) < 0.01)
    }

    @Test("needs more power for warmer condenser water and colder chilled water")
    func monotone() {
        func power(setpoint: Double, condenser: Double) -> Double {
            var chiller = Chiller(Self.description, isRunning: true)
            // The same heat at every setpoint.
            let inputs = Self.inputs(setpoint: setpoint, entering: setpoint + 12, condenser: condenser)
            return Self.settled(&chiller, inputs, seconds: 1_200).power.watts
        }
        let byCondenser = [22.0, 25, 28, 31, 34].map { power(setpoint: 15, condenser: $0) }
        #expect(zip(byCondenser, byCondenser.dropFirst()).allSatisfy { $0 < $1 })
        let bySetpoint = [8.0, 12, 16, 20].map { power(setpoint: $0, condenser: 29) }
        #expect(zip(bySetpoint, bySetpoint.dropFirst()).allSatisfy { $0 > $1 })
    }

    @Test("starts 45 s after the enable and loads by a fifth per minute")
    func start() {
        var chiller = Chiller(Self.description)
        var outputs = chiller.step(Self.inputs(), dt: 1)
        var delay = 1
        while outputs.status != .running, delay < 200 {
            outputs = chiller.step(Self.inputs(), dt: 1)
            delay += 1
        }
        #expect((45...47).contains(delay))
        outputs = Self.settled(&chiller, Self.inputs(entering: 40), seconds: 60)
        #expect(abs(outputs.load.fraction - 0.30) < 0.02)
        #expect(chiller.machine.starts == 1)
    }

    @Test("its restart inhibit grants three starts, then one every 20 minutes")
    func restartInhibit() {
        var chiller = Chiller(Self.description)
        var startTimes: [Int] = []
        for second in 0..<7_200 {
            let before = chiller.machine.starts
            // A careless controller: two minutes on, two minutes off.
            _ = chiller.step(Self.inputs(isEnabled: second / 120 % 2 == 0), dt: 1)
            if chiller.machine.starts > before { startTimes.append(second) }
        }
        let firstHour = startTimes.filter { $0 < 3_600 }.count
        let secondHour = startTimes.count - firstHour
        #expect((5...6).contains(firstHour))
        #expect((2...3).contains(secondHour))
    }

    @Test("rests where there is less to do than its minimum load, and wakes up")
    func rests() {
        var chiller = Chiller(Self.description, isRunning: true)
        var seen: Set<MachineStatus> = []
        for _ in 0..<720 {
            seen.insert(chiller.step(Self.inputs(entering: 17), dt: 5).status)
        }
        #expect(seen.contains(.resting))
        let outputs = Self.settled(&chiller, Self.inputs(entering: 26), seconds: 300)
        #expect(outputs.status == .running)
    }

    @Test("trips without water and stays so until it is disabled")
    func trips() {
        var chiller = Chiller(Self.description, isRunning: true)
        #expect(Self.settled(&chiller, Self.inputs(flow: 0), seconds: 30).status == .tripped)
        #expect(Self.settled(&chiller, Self.inputs(), seconds: 600).status == .tripped)
        #expect(Self.settled(&chiller, Self.inputs(isEnabled: false), seconds: 10).status == .off)
        #expect(Self.settled(&chiller, Self.inputs(), seconds: 600).status == .running)
    }

    @Test("trips when its condenser runs hot")
    func tripsHot() {
        var chiller = Chiller(Self.description, isRunning: true)
        #expect(Self.settled(&chiller, Self.inputs(condenser: 44), seconds: 60).status == .tripped)
    }

    @Test("closes the energy balance at every step", arguments: [1.0, 10, 60])
    func energyBalance(dt: Double) {
        var chiller = Chiller(Self.description, isRunning: true)
        var random = SplitMix64(seed: 3)
        let start = chiller.storedHeat
        var gained = 0.0
        var throughput = 0.0
        for _ in 0..<500 {
            let inputs = Self.inputs(
                isEnabled: random.unit() > 0.05,
                entering: random.uniform(18...38),
                flow: random.uniform(10...80),
                condenser: random.uniform(12...32),
                condenserFlow: random.uniform(30...120)
            )
            let outputs = chiller.step(inputs, dt: dt)
            let chilled = LoopFluid.water.capacityRate(inputs.chilledWater.flow).wattsPerKelvin
            let condenser = LoopFluid.water.capacityRate(inputs.condenserWater.flow).wattsPerKelvin
            let fall = inputs.chilledWater.temperature - outputs.chilledWaterLeaving
            let rise = outputs.condenserWaterLeaving - inputs.condenserWater.temperature
            gained += dt * (chilled * fall.kelvins - condenser * rise.kelvins + outputs.power.watts)
            throughput += dt * outputs.condenserHeat.watts
            #expect(outputs.condenserHeat.watts == outputs.evaporatorHeat.watts + outputs.power.watts)
        }
        #expect(throughput > 0)
        #expect(abs(gained - (chiller.storedHeat - start)) < 1e-9 * throughput)
    }

    @Test("the energy used hardly depends on the step")
    func stepSize() {
        func energy(dt: Double) -> Double {
            var chiller = Chiller(Self.description, isRunning: true)
            var joules = 0.0
            for step in 0..<Int(7_200 / dt) {
                let entering = Double(step) * dt < 3_600 ? 26.0 : 32
                joules += dt * chiller.step(Self.inputs(entering: entering), dt: dt).power.watts
            }
            return joules
        }
        #expect(abs(energy(dt: 10) / energy(dt: 1) - 1) < 0.005)
        #expect(abs(energy(dt: 60) / energy(dt: 1) - 1) < 0.02)
    }
}
