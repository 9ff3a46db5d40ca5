// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Testing
import Thermo

/// Fans by mode, frost and lost inputs.
@Suite struct SequenceCoolingTowerTests {
    private func tower() -> CoolingTower {
        CoolingTower(
            cells: 2,
            supplySetpoint: Temperature(celsius: 20),
            supplyMaximum: Temperature(celsius: 26),
            basinMinimum: Temperature(celsius: 6)
        )
    }

    private func inputs(
        condenser: Double = 24,
        facility: Double = 20,
        basins: [Double] = [22, 22],
        fan: Double = 0.7,
        _ change: (inout PlantContext) -> Void
    ) -> CoolingTower.Inputs {
        var context = PlantContext()
        change(&context)
        return CoolingTower.Inputs(
            condenserSupply: LoopTest.good(condenser),
            condenserReturn: LoopTest.good(condenser + 5),
            facilitySupply: LoopTest.good(facility),
            basins: basins.map { LoopTest.good($0) },
            fanFeedback: [LoopTest.good(fan), LoopTest.good(fan)],
            isActing: true,
            context: context
        )
    }

    private func chillers(_ context: inout PlantContext) {
        context.runningChillers = 2
        context.chillerLoadRatio = Ratio(fraction: 0.8)
    }

    private func economizer(_ context: inout PlantContext) { context.isEconomizerOn = true }

    private func both(_ context: inout PlantContext) {
        chillers(&context)
        economizer(&context)
    }

    @Test("partial mechanical runs all cells at full speed at once")
    func partial() {
        var tower = tower()
        let result = tower.step(inputs(both), dt: .seconds(1))
        #expect(result.fanSpeeds == [1, 1])
        #expect(result.pumpSpeed == 1)
        #expect(result.state == "partial_mechanical")
    }

    @Test(
        "condenser water setpoint is 20 °C and the lift of the load, less the range of 5 K",
        arguments: [(1.0, 30.0), (0.5, 25.435), (0.0, 21.7)]
    )
    func setpoint(load: Double, expected: Double) {
        var tower = tower()
        let input = inputs {
            $0.runningChillers = 1
            $0.chillerLoadRatio = Ratio(fraction: load)
        }
        let result = tower.step(input, dt: .seconds(1))
        #expect(abs(result.condenserSetpoint.celsius - expected) < 1e-9)
    }

    @Test("warm condenser water speeds the fans up, cold water slows them to 20 % no faster than 5 % a minute")
    func fullMechanical() {
        var tower = tower()
        var speed = tower.step(inputs(condenser: 40, chillers), dt: .seconds(10)).fanSpeeds[0]
        #expect(abs(speed - 0.7) < 1e-9, "taken over without a bump")
        for _ in 0..<200 { speed = tower.step(inputs(condenser: 40, chillers), dt: .seconds(10)).fanSpeeds[0] }
        #expect(speed == 1)
        let start = speed
        for _ in 0..<30 { speed = tower.step(inputs(condenser: 10, chillers), dt: .seconds(10)).fanSpeeds[0] }
        #expect(speed >= start - 0.251)
        for _ in 0..<300 { speed = tower.step(inputs(condenser: 10, chillers), dt: .seconds(10)).fanSpeeds[0] }
        #expect(abs(speed - 0.2) < 1e-9)
    }

    @Test("free cooling holds the supply, then stops the fans for at least 3 min and until 0.56 K above")
    func freeCooling() {
        var tower = tower()
        var seconds = 0
        while tower.step(inputs(facility: 17, economizer), dt: .seconds(10)).fanSpeeds[0] > 0, seconds < 7_200 {
            seconds += 10
        }
        #expect(seconds > 300 && seconds < 7_200)
        for second in stride(from: 10, through: 170, by: 10) {
            let result = tower.step(inputs(facility: 21, economizer), dt: .seconds(10))
            #expect(result.fanSpeeds == [0, 0], "second \(second)")
            #expect(result.state == "free_cooling_fans_off")
        }
        #expect(tower.step(inputs(facility: 20.5, economizer), dt: .seconds(60)).fanSpeeds == [0, 0])
        #expect(tower.step(inputs(facility: 20.6, economizer), dt: .seconds(10)).fanSpeeds[0] >= 0.2)
    }

    @Test("in partial mechanical cooling the fans slow down for a supply below its setpoint by more than 0.5 K")
    func partialWithIdleChillers() {
        var tower = tower()
        var result = tower.step(inputs(facility: 19.6, both), dt: .seconds(10))
        for _ in 0..<360 { result = tower.step(inputs(facility: 19.6, both), dt: .seconds(10)) }
        #expect(result.fanSpeeds == [1, 1])
        #expect(result.reason.text.hasPrefix("Fans at full speed"))
        for _ in 0..<360 { result = tower.step(inputs(facility: 17, both), dt: .seconds(10)) }
        #expect(abs(result.fanSpeeds[0] - 0.2) < 1e-9)
        #expect(result.reason.text == "Fans slow down for idle chillers: facility water is 17.0 °C, setpoint 20.0 °C.")
        for _ in 0..<720 { result = tower.step(inputs(facility: 20, both), dt: .seconds(10)) }
        #expect(result.fanSpeeds == [1, 1])
    }

    @Test(
        "where natural draught does not take the heat, the first cell without frost keeps its fan at 20 %",
        arguments: [([22.0, 22], [0.2, 0]), ([5, 22], [0, 0.2]), ([5, 5], [0, 0])]
    )
    func lastFan(basins: [Double], expected: [Double]) {
        var tower = tower()
        var input = inputs(facility: 17, basins: basins, economizer)
        input.exceedsNaturalDraught = true
        var result = tower.step(input, dt: .seconds(10))
        for _ in 0..<720 { result = tower.step(input, dt: .seconds(10)) }
        #expect(result.state == "free_cooling_fans_off")
        #expect(result.fanSpeeds == expected)
        input.exceedsNaturalDraught = false
        #expect(tower.step(input, dt: .seconds(10)).fanSpeeds == [0, 0])
    }

    @Test("stand-by turns the fans only while heat is exported", arguments: [(true, 0.2), (false, 0.0)])
    func standby(isExporting: Bool, expected: Double) {
        var tower = tower()
        var result = tower.step(inputs { $0.isExporting = isExporting }, dt: .seconds(1))
        for _ in 0..<100 { result = tower.step(inputs { $0.isExporting = isExporting }, dt: .seconds(60)) }
        #expect(abs(result.fanSpeeds[0] - expected) < 1e-9)
        #expect(result.pumpSpeed == 0.3)
    }

    @Test func exportThatIsGivenUpBringsFullRejectionAtOnce() {
        var tower = tower()
        let result = tower.step(inputs { $0.isTransferring = true }, dt: .seconds(1))
        #expect(result.fanSpeeds == [1, 1])
        #expect(result.pumpSpeed == 1)
    }

    @Test func aColdBasinStopsItsOwnFanUntilItIsOneKelvinWarmer() {
        var tower = tower()
        let speeds = [6.1, 5.9, 6.5, 6.9, 7.1].map { basin in
            tower.step(inputs(basins: [basin, 12], both), dt: .seconds(1)).fanSpeeds
        }
        #expect(speeds == [[1, 1], [0, 1], [0, 1], [0, 1], [1, 1]])
    }

    @Test func lostTemperaturesEndInFullSpeedAfterAMinute() {
        var tower = tower()
        _ = tower.step(inputs(chillers), dt: .seconds(1))
        var lost = inputs(chillers)
        lost.condenserSupply = LoopTest.bad()
        #expect(tower.step(lost, dt: .seconds(60)).state == "full_mechanical")
        let result = tower.step(lost, dt: .seconds(1))
        #expect(result.fanSpeeds == [1, 1])
        #expect(result.state == "inputs_lost")
        #expect(result.changes.map(\.code) == ["tower_inputs_lost"])
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func speedsAreZeroOrFrom20To100PercentForAnyInput(seed: UInt64) {
        var generator = LoopTestGenerator(seed: seed)
        var tower = tower()
        func wild() -> Reading {
            switch generator.next() % 6 {
            case 0: LoopTest.bad()
            case 1: LoopTest.stale(20)
            case 2: LoopTest.good(.nan)
            case 3: LoopTest.good(generator.next(in: -1e5...1e5))
            default: LoopTest.good(generator.next(in: 0...40))
            }
        }
        for _ in 0..<3_000 {
            var context = PlantContext()
            context.runningChillers = Int(generator.next() % 3)
            context.isEconomizerOn = generator.next() % 2 == 0
            context.isExporting = generator.next() % 2 == 0
            context.isTransferring = generator.next() % 9 == 0
            context.chillerLoadRatio = Ratio(fraction: generator.next(in: -2...9))
            let input = CoolingTower.Inputs(
                condenserSupply: wild(),
                condenserReturn: wild(),
                facilitySupply: wild(),
                basins: [wild(), wild()],
                fanFeedback: [wild(), wild()],
                isActing: generator.next() % 5 != 0,
                context: context
            )
            let result = tower.step(input, dt: .seconds(generator.next(in: -5...500)))
            for speed in result.fanSpeeds { #expect(speed == 0 || (0.2...1).contains(speed)) }
            #expect((0...1).contains(result.pumpSpeed))
        }
    }
}
