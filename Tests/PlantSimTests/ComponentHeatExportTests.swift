// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

@Suite("Heat pump and district substation")
struct ComponentHeatExportTests {
    static let description = HeatPumpDescription(id: "heat-pump-1", evaporatorCapacity: Power(megawatts: 2))

    static func inputs(
        isEnabled: Bool = true,
        capacity: Double = 1,
        source: Double = 36,
        flow: Double = 60,
        sinkEntering: Double = 45,
        sink: Double = 68,
        isSinkAvailable: Bool = true
    ) -> HeatPump.Inputs {
        HeatPump.Inputs(
            isEnabled: isEnabled,
            capacityCommand: Ratio(fraction: capacity),
            source: FluidStream(
                temperature: Temperature(celsius: source),
                flow: MassFlow(kilogramsPerSecond: flow)
            ),
            sinkEntering: Temperature(celsius: sinkEntering),
            sinkSetpoint: Temperature(celsius: sink),
            isSinkAvailable: isSinkAvailable
        )
    }

    static func settled(_ pump: inout HeatPump, _ inputs: HeatPump.Inputs, seconds: Int) -> HeatPump.Outputs {
        var outputs = pump.step(inputs, dt: 0)
        for _ in 0..<seconds { outputs = pump.step(inputs, dt: 1) }
        return outputs
    }

    @Test(
        "efficiency is that of Jesper et al. 2021",
        arguments: [(36.0, 68.0, 4.8), (36, 85, 3.3), (45, 85, 4.0), (20, 68, 3.3)]
    )
    func correlation(source: Double, sink: Double, expected: Double) {
        let value = HeatPump.coefficientOfPerformance(lift: TemperatureDifference(kelvins: sink - source))
        #expect(abs(value - expected) < 0.06)
        // 0.44 to 0.47 of Carnot between the water temperatures.
        let carnot = (sink + 273.15) / (sink - source)
        #expect((0.43...0.48).contains(value / carnot))
    }

    @Test("lifts outside the data count as the nearest")
    func liftLimits() {
        func value(_ lift: Double) -> Double {
            HeatPump.coefficientOfPerformance(lift: TemperatureDifference(kelvins: lift))
        }
        #expect(value(2) == value(10))
        #expect(value(95) == value(78))
        #expect(zip([10.0, 20, 40, 60], [20.0, 40, 60, 78]).allSatisfy { value($0) > value($1) })
    }

    @Test("part load is flat down to a half and 10 % lower at 30 %")
    func partLoad() {
        #expect(HeatPump.partLoadFactor(1) == 1)
        #expect(HeatPump.partLoadFactor(0.5) == 1)
        #expect(abs(HeatPump.partLoadFactor(0.3) - 0.9) < 1e-12)
    }

    @Test("delivers at its setpoint the heat of source and electricity")
    func fullLoad() throws {
        var pump = HeatPump(Self.description)
        let outputs = Self.settled(&pump, Self.inputs(), seconds: 1_200)
        #expect(outputs.status == .running)
        #expect(outputs.sourceHeat.megawatts == 2)
        #expect(outputs.sinkHeat.watts == outputs.sourceHeat.watts + outputs.power.watts)
        #expect(abs(try #require(outputs.coefficientOfPerformance) - 4.79) < 0.02)
        #expect(abs(outputs.power.kilowatts - 2_000 / 3.79) < 3)
        #expect(outputs.sinkLeaving.celsius == 68)
        let carried = LoopFluid.water.capacityRate(outputs.sinkFlow).wattsPerKelvin * (68 - 45)
        #expect(abs(carried / outputs.sinkHeat.watts - 1) < 1e-12)
        let cooled = LoopFluid.water.capacityRate(MassFlow(kilogramsPerSecond: 60)).wattsPerKelvin
        #expect(abs(cooled * (36 - outputs.sourceLeaving.celsius) / outputs.sourceHeat.watts - 1) < 1e-12)
    }

    @Test("starts after two minutes at minimum load and moves by a tenth per minute")
    func ramp() {
        var pump = HeatPump(Self.description)
        #expect(Self.settled(&pump, Self.inputs(), seconds: 118).capacity.fraction == 0)
        let early = Self.settled(&pump, Self.inputs(), seconds: 10).capacity.fraction
        #expect((0.25...0.28).contains(early))
        let later = Self.settled(&pump, Self.inputs(), seconds: 60).capacity.fraction
        #expect(abs(later - early - 0.10) < 1e-9)
    }

    @Test("stands for 15 minutes after a stop")
    func minimumOff() {
        var pump = HeatPump(Self.description)
        #expect(Self.settled(&pump, Self.inputs(), seconds: 300).status == .running)
        #expect(Self.settled(&pump, Self.inputs(isEnabled: false), seconds: 5).status == .off)
        #expect(Self.settled(&pump, Self.inputs(), seconds: 880).status == .starting)
        #expect(Self.settled(&pump, Self.inputs(), seconds: 30).status == .running)
        #expect(pump.machine.starts == 2)
    }

    @Test("trips without a sink and stays so until it is disabled")
    func tripsWithoutSink() {
        var pump = HeatPump(Self.description)
        _ = Self.settled(&pump, Self.inputs(), seconds: 300)
        let outputs = Self.settled(&pump, Self.inputs(isSinkAvailable: false), seconds: 20)
        #expect(outputs.status == .tripped)
        #expect(outputs.power.watts == 0)
        #expect(Self.settled(&pump, Self.inputs(), seconds: 2_000).status == .tripped)
        _ = Self.settled(&pump, Self.inputs(isEnabled: false), seconds: 1)
        #expect(Self.settled(&pump, Self.inputs(), seconds: 1_100).status == .running)
    }

    @Test("takes no more than the source has above its coldest")
    func sourceLimit() {
        var pump = HeatPump(Self.description)
        let outputs = Self.settled(&pump, Self.inputs(source: 16, flow: 30), seconds: 1_800)
        #expect(outputs.sourceLeaving.celsius >= 12 - 1e-9)
        #expect(abs(outputs.sourceHeat.watts - 30 * 4_181 * 4) < 1)
    }

    @Test("the network takes heat with a permit, warm enough, up to its size")
    func substation() {
        let substation = DistrictSubstation(DistrictHeatingDescription(designHeat: Power(megawatts: 5)))
        let noon = CalendarTime(year: 2_026, month: 3, day: 1, hour: 12).timestamp
        func accepted(_ megawatts: Double, _ supply: Double, _ permit: Bool) -> Double {
            substation.deliver(
                heat: Power(megawatts: megawatts),
                supply: Temperature(celsius: supply),
                isPermitted: permit,
                at: noon
            ).acceptedHeat.megawatts
        }
        #expect(accepted(4, 68, true) == 4)
        #expect(accepted(4, 68, false) == 0)
        #expect(accepted(4, 65, true) == 0)
        #expect(accepted(8, 70, true) == 5)
        for hour in 0..<24 {
            let time = noon + .seconds(3_600 * hour)
            #expect(abs(substation.returnTemperature(at: time).celsius - 45) <= 1.5)
        }
    }
}
