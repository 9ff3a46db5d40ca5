// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Testing
import Thermo

/// Coolant setpoints: slow toward the wanted one, never near the dew point, never too warm for IT.
@Suite struct SequenceCoolantSupplyTests {
    private func inputs(
        dewPoint: Reading = LoopTest.good(12),
        supply: Double = 32,
        setpoint: Double = 32
    ) -> CoolantSupply.Inputs {
        CoolantSupply.Inputs(
            dewPoint: dewPoint,
            supply: LoopTest.good(supply),
            setpoint: LoopTest.good(setpoint),
            isActing: true
        )
    }

    @Test func theSetpointMovesByHalfAKelvinIn5Minutes() {
        var unit = CoolantSupply(id: "cdu-1")
        _ = unit.step(inputs(setpoint: 30), dt: .zero)
        var result = unit.step(inputs(setpoint: 30), dt: .seconds(300))
        #expect(result.setpoint?.celsius == 30.5)
        for _ in 0..<20 { result = unit.step(inputs(setpoint: 30), dt: .seconds(60)) }
        #expect(result.setpoint?.celsius == 32)
    }

    @Test(
        "the guard is the dew point and 2 K, at once, up to what IT may have",
        arguments: [
            (20.0, 32.0, "holding"), (29.9, 32.0, "holding"), (33.0, 35.0, "dew_point_guard"),
            (39.0, 40.0, "too_humid"),
        ]
    )
    func dewPointGuard(dewPoint: Double, expected: Double, state: String) {
        var unit = CoolantSupply(id: "cdu-1")
        _ = unit.step(inputs(), dt: .seconds(1))
        let result = unit.step(inputs(dewPoint: LoopTest.good(dewPoint)), dt: .seconds(1))
        #expect(result.setpoint?.celsius == expected)
        #expect(result.state == state)
    }

    @Test func aLostDewPointIsFirstHeldAndThenTakenAsTheWarmerOfLastAndAssumed() {
        var unit = CoolantSupply(id: "cdu-1")
        _ = unit.step(inputs(dewPoint: LoopTest.good(12)), dt: .seconds(1))
        var result = unit.step(inputs(dewPoint: LoopTest.bad()), dt: .seconds(60))
        #expect(result.dewPoint.celsius == 12)
        #expect(result.isDewPointKnown)
        result = unit.step(inputs(dewPoint: LoopTest.bad()), dt: .seconds(1))
        #expect(result.dewPoint.celsius == 18)
        #expect(!result.isDewPointKnown)
        _ = unit.step(inputs(dewPoint: LoopTest.good(21)), dt: .seconds(1))
        result = unit.step(inputs(dewPoint: LoopTest.bad()), dt: .seconds(61))
        #expect(result.dewPoint.celsius == 21)
    }

    @Test(
        "supply is judged against the unit's own setpoint with 2 K and a dead band of 1 K",
        arguments: [([34.1, 33.5, 33.1, 32.9], [true, true, true, false]), ([34.0, 29.0], [false, false])]
    )
    func deviation(supplies: [Double], expected: [Bool]) {
        var unit = CoolantSupply(id: "cdu-1")
        let outputs = supplies.map { unit.step(inputs(supply: $0), dt: .seconds(1)).isTooWarm }
        #expect(outputs == expected)
    }

    @Test func nothingIsWishedBeforeTheUnitWasHeard() {
        var unit = CoolantSupply(id: "cdu-1")
        var input = inputs()
        input.setpoint = LoopTest.bad()
        #expect(unit.step(input, dt: .seconds(1)).setpoint == nil)
        #expect(unit.step(inputs(setpoint: 28), dt: .seconds(1)).setpoint?.celsius == 28)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func theGuardIsNeverViolated(seed: UInt64) {
        var generator = LoopTestGenerator(seed: seed)
        var unit = CoolantSupply(id: "cdu-1")
        var setpoint = 32.0
        for _ in 0..<4_000 {
            let dewPoint =
                switch generator.next() % 8 {
                case 0: LoopTest.bad()
                case 1: LoopTest.good(.nan)
                case 2: LoopTest.stale(5)
                default: LoopTest.good(generator.next(in: -20...45))
                }
            let input = CoolantSupply.Inputs(
                dewPoint: dewPoint,
                supply: LoopTest.good(generator.next(in: 10...50)),
                setpoint: generator.next() % 7 == 0 ? LoopTest.bad() : LoopTest.good(setpoint),
                isActing: generator.next() % 6 != 0
            )
            let result = unit.step(input, dt: .seconds(generator.next(in: -5...400)))
            guard let wish = result.setpoint else { continue }
            if dewPoint.usableValue != nil { #expect(wish.celsius >= min(40, dewPoint.value + 2) - 1e-9) }
            #expect(result.allowed.contains(wish))
            #expect(wish.celsius <= 40)
            if input.isActing { setpoint = wish.celsius }
        }
    }
}
