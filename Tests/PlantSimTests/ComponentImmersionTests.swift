// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import PlantSim
import Testing
import Thermo

@Suite("Immersion tank")
struct ComponentImmersionTests {
    static let rating = ImmersionTankRating(id: "tank-1", capacity: Power(kilowatts: 200))

    static func inputs(
        kilowatts: Double = 200,
        water: Double = 30,
        pump: Double = 1,
        room: Double = 25
    ) -> ImmersionTank.Inputs {
        ImmersionTank.Inputs(
            serverHeat: Power(kilowatts: kilowatts),
            facilityWaterEntering: Temperature(celsius: water),
            pumpSpeedCommand: Ratio(fraction: pump),
            roomAir: Temperature(celsius: room)
        )
    }

    static func rest(_ inputs: ImmersionTank.Inputs) -> (tank: ImmersionTank, outputs: ImmersionTank.Outputs) {
        var tank = ImmersionTank(rating)
        var outputs = tank.step(inputs, dt: 5)
        for _ in 0..<2_000 { outputs = tank.step(inputs, dt: 10) }
        return (tank, outputs)
    }

    @Test("holds its setpoint and gives its heat to the water, but for what the room takes")
    func rest() {
        let result = Self.rest(Self.inputs()).outputs
        #expect(abs(result.supply.celsius - 40) < 0.05)
        #expect((1.5...4).contains(result.roomHeat.kilowatts))
        let given = result.heat + result.roomHeat
        #expect(abs(given.kilowatts - 200 - result.pumpHeat.kilowatts) < 0.05)
        // Chips stand 30 K above the fluid at capacity.
        #expect(abs((result.chip - result.tank).kelvins - 30) < 0.01)
        #expect(result.facilityWaterLeaving > Temperature(celsius: 38))
    }

    @Test("chips, fluid, water and room close the energy balance at every step", arguments: [1.0, 10, 60])
    func energyBalance(dt: Double) {
        var tank = ImmersionTank(Self.rating)
        var random = SplitMix64(seed: 17)
        let start = tank.storedHeat
        var gained = 0.0
        var throughput = 0.0
        for _ in 0..<500 {
            let inputs = Self.inputs(
                kilowatts: random.uniform(0...200),
                water: random.uniform(15...45),
                pump: random.unit() < 0.1 ? 0 : random.uniform(0.3...1),
                room: random.uniform(18...30)
            )
            let result = tank.step(inputs, dt: dt)
            gained += dt * (inputs.serverHeat + result.pumpHeat - result.heat - result.roomHeat).watts
            throughput += dt * 2e5
            let carried =
                LoopFluid.water.capacityRate(result.facilityWaterFlow)
                * (result.facilityWaterLeaving - inputs.facilityWaterEntering)
            #expect(abs((carried - result.heat).watts) < 1e-6 * 2e5)
        }
        #expect(abs(gained - (tank.storedHeat - start)) < 1e-9 * throughput)
    }

    /// Six litres a kilowatt and the chips hold 13.5 kJ/(K kW): 60 kJ a minute warm them by about 4.5 K.
    @Test("without its pump it rides through at a few kelvins a minute")
    func rideThrough() {
        var (tank, before) = Self.rest(Self.inputs())
        var after = before
        for _ in 0..<240 { after = tank.step(Self.inputs(pump: 0), dt: 1) }
        // The pump runs out in the first half minute.
        let rate = (after.tank - before.tank).kelvins / 4
        #expect((3.0...6.5).contains(rate))
        #expect(after.heat.watts == 0)
    }

    @Test("warmer water opens the valve, then the setpoint is lost but never the order of temperatures")
    func limits() {
        let results = [10.0, 20, 30, 34, 38, 45].map { Self.rest(Self.inputs(water: $0)).outputs }
        let valves = results.map(\.valvePosition.fraction)
        #expect(zip(valves, valves.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(valves[5] == 1)
        #expect(results[5].supply.celsius > 45)
        for (result, water) in zip(results, [10.0, 20, 30, 34, 38, 45]) {
            #expect(result.chip > result.tank && result.tank > result.supply && result.supply.celsius > water)
            #expect(result.facilityWaterLeaving <= result.tank)
        }
    }

    @Test("more load is warmer everywhere")
    func monotone() {
        let results = [20.0, 60, 100, 140, 180].map { Self.rest(Self.inputs(kilowatts: $0)).outputs }
        for table in [results.map(\.chip.celsius), results.map(\.tank.celsius), results.map(\.heat.watts)] {
            #expect(zip(table, table.dropFirst()).allSatisfy { $0 < $1 })
        }
    }

    @Test("the step does not matter much", arguments: [5.0, 30, 60])
    func steps(dt: Double) {
        func after(_ dt: Double) -> ImmersionTank.Outputs {
            var (tank, result) = Self.rest(Self.inputs(kilowatts: 60))
            for _ in 0..<Int(600 / dt) { result = tank.step(Self.inputs(kilowatts: 200), dt: dt) }
            return result
        }
        let fine = after(1)
        let coarse = after(dt)
        #expect(abs((fine.tank - coarse.tank).kelvins) < 0.3)
        #expect(abs((fine.supply - coarse.supply).kelvins) < 0.3)
    }
}

@Suite("Rack temperatures and limits")
struct ComponentRackThermalTests {
    static func inputs(
        kilowatts: Double = 115,
        coolant: Double = 32,
        flow: Double = 1,
        air: Double = 24
    ) -> RackThermal.Inputs {
        RackThermal.Inputs(
            liquidDemand: Power(kilowatts: kilowatts),
            coolantSupply: Temperature(celsius: coolant),
            flowShare: Ratio(fraction: flow),
            inletAir: Temperature(celsius: air)
        )
    }

    static func rest(_ inputs: RackThermal.Inputs) -> (rack: RackThermal, outputs: RackThermal.Outputs) {
        var rack = RackThermal(ratedHeat: Power(kilowatts: 115))
        var outputs = rack.step(inputs, dt: 5)
        for _ in 0..<1_000 { outputs = rack.step(inputs, dt: 5) }
        return (rack, outputs)
    }

    /// Core 30 K above coolant at full load (Summit: 25 to 35 K).
    @Test("cores and boards have their rise at rating")
    func rating() {
        let result = Self.rest(Self.inputs()).outputs
        #expect(abs(result.core.celsius - 62) < 0.01)
        #expect(abs(result.board.celsius - 52) < 0.01)
        #expect(abs(result.coolantHeat.kilowatts - 115) < 1e-6)
        #expect(result.powerLimit == .full)
        #expect(result.drawnShare == .full)
    }

    @Test("a step of load shows both time constants: seconds at the core, a minute at the board")
    func modes() {
        var (rack, start) = Self.rest(Self.inputs(kilowatts: 40))
        let end = Self.rest(Self.inputs()).outputs
        var core: [Double] = []
        var board: [Double] = []
        for _ in 0..<600 {
            let result = rack.step(Self.inputs(), dt: 0.25)
            core.append((result.core - start.core) / (end.core - start.core))
            board.append((result.board - start.board) / (end.board - start.board))
        }
        start = end
        let coreSeconds = Double(core.firstIndex { $0 >= 0.632 } ?? 0) / 4
        let boardSeconds = Double(board.firstIndex { $0 >= 0.632 } ?? 0) / 4
        #expect((4.0...7).contains(coreSeconds))
        #expect((50.0...75).contains(boardSeconds))
    }

    @Test("what is drawn goes into coolant or mass", arguments: [0.5, 1, 5])
    func energyBalance(dt: Double) {
        var rack = RackThermal(ratedHeat: Power(kilowatts: 115))
        var random = SplitMix64(seed: 8)
        let start = rack.storedHeat
        var gained = 0.0
        for _ in 0..<500 {
            let inputs = Self.inputs(
                kilowatts: random.uniform(30...115),
                coolant: random.uniform(20...46),
                flow: random.uniform(0...1.2)
            )
            let result = rack.step(inputs, dt: dt)
            gained += dt * (inputs.liquidDemand * result.drawnShare.fraction - result.coolantHeat).watts
        }
        #expect(abs(gained - (rack.storedHeat - start)) < 1e-9 * 500 * dt * 115e3)
    }

    /// Frontier ran 2.9 times the least safe flow, so a third of the flow must still do at usual coolant.
    @Test("less flow is warmer, and too little throttles", arguments: [(1.0, false), (0.5, false), (0.34, true)])
    func flow(share: Double, throttles: Bool) {
        let result = Self.rest(Self.inputs(coolant: 32, flow: share)).outputs
        #expect((result.powerLimit < .full) == throttles)
        #expect(result.limit != .tripped)
    }

    @Test("throttles above 45 °C of coolant down to 30 % and recovers")
    func hotCoolant() {
        var (rack, result) = Self.rest(Self.inputs(coolant: 46))
        #expect(abs(result.powerLimit.fraction - 0.3) < 1e-9)
        #expect(result.limit == .throttled)
        for _ in 0..<60 { result = rack.step(Self.inputs(coolant: 40), dt: 1) }
        #expect(result.powerLimit == .full)
        #expect(result.limit == .none)
    }

    /// Throttle in ten to twenty seconds, trip in less than a minute.
    @Test("loss of flow at full load throttles, then trips, and stays off until it is reset")
    func lossOfFlow() {
        var (rack, result) = Self.rest(Self.inputs())
        var throttled: Int?
        var tripped: Int?
        for second in 1...60 {
            // The pumps run out in twenty seconds.
            result = rack.step(Self.inputs(flow: max(1 - Double(second) / 20, 0)), dt: 1)
            if result.limit == .throttled, throttled == nil { throttled = second }
            if result.limit == .tripped, tripped == nil { tripped = second }
        }
        #expect((10...20).contains(throttled ?? 0))
        #expect((20...60).contains(tripped ?? 0))
        result = rack.step(Self.inputs(), dt: 600)
        #expect(result.drawnShare == .zero)
        #expect(result.fanSpeed == .zero)
        rack.reset()
        for _ in 0..<120 { result = rack.step(Self.inputs(), dt: 1) }
        #expect(result.limit == .none)
    }

    @Test("inlet air speeds the fans up and trips at 45 °C")
    func air() {
        let speeds = [20.0, 25, 30, 35, 40].map { Self.rest(Self.inputs(air: $0)).outputs.fanSpeed.fraction }
        #expect(zip(speeds, [0.4, 0.4, 0.7, 1, 1]).allSatisfy { abs($0 - $1) < 1e-9 })
        #expect(Self.rest(Self.inputs(air: 45)).outputs.limit == .tripped)
    }

    @Test("rest is where stepping ends")
    func restState() {
        for flow in [0.5, 0.8, 1] {
            let stepped = Self.rest(Self.inputs(kilowatts: 80, flow: flow)).outputs
            var rack = RackThermal(ratedHeat: Power(kilowatts: 115))
            rack.rest(Self.inputs(kilowatts: 80, flow: flow))
            let now = rack.step(Self.inputs(kilowatts: 80, flow: flow), dt: 0)
            #expect(abs((stepped.core - now.core).kelvins) < 1e-6)
            #expect(abs((stepped.board - now.board).kelvins) < 1e-6)
        }
    }
}

@Suite("YorkCalc tower")
struct ComponentYorkTowerTests {
    @Test(
        "approach grows as the wet bulb falls",
        arguments: [(25.6, 3.8), (10.0, 7.8), (-5.0, 13.0)]
    )
    func approach(wetBulb: Double, expected: Double) {
        let value = YorkTower.approach(
            wetBulb: Temperature(celsius: wetBulb),
            range: TemperatureDifference(kelvins: 5.56)
        )
        #expect(abs(value.kelvins - expected) < 0.15)
    }

    @Test("Merkel's theory agrees with it at rated flows within a kelvin and a half", arguments: [25.0, 20, 15, 10, 5])
    func merkel(wetBulb: Double) {
        let fill = TowerFill(ComponentTowerTests.description)
        let entering = Temperature(celsius: wetBulb + 14)
        let merkel = fill.exchange(
            water: FluidStream(temperature: entering, flow: fill.ratedWaterFlow),
            airShare: 1,
            outdoor: ComponentDryCoolerTests.air(wetBulb + 4, wetBulb: wetBulb),
            condition: 1
        ).leaving
        let york = YorkTower.leaving(entering: entering, wetBulb: Temperature(celsius: wetBulb))
        #expect(abs((merkel - york).kelvins) < 1.5)
    }

    @Test("leaving water fits its own approach and is never below the wet bulb")
    func leaving() {
        for wetBulb in stride(from: -10.0, through: 26, by: 4) {
            for span in [6.0, 9, 14, 20] {
                let entering = Temperature(celsius: wetBulb + span)
                let leaving = YorkTower.leaving(entering: entering, wetBulb: Temperature(celsius: wetBulb))
                #expect(leaving.celsius > wetBulb)
                #expect(leaving <= entering)
                let range = entering - leaving
                guard range.kelvins > YorkTower.validRanges.lowerBound else { continue }
                let approach = YorkTower.approach(wetBulb: Temperature(celsius: wetBulb), range: range)
                #expect(abs((leaving.celsius - wetBulb) - approach.kelvins) < 1e-6)
            }
        }
    }

    @Test("less air is a larger approach")
    func monotone() {
        let values = [1.0, 0.8, 0.6, 0.4].map { share in
            YorkTower.approach(
                wetBulb: Temperature(celsius: 15),
                range: TemperatureDifference(kelvins: 5.56),
                airShare: share
            ).kelvins
        }
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    }
}
