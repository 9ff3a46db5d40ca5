// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Testing

/// The blocks as tables: time or dt, input, expected output.
@Suite struct BlockTests {
    @Test(
        "Hysteresis switches beyond its limits and nowhere between",
        arguments: [
            ([1.0, 2.0, 2.1, 1.5, 1.0, 0.9], [false, false, true, true, true, false]),
            ([3.0, .nan, 0.0, .nan, 2.0], [true, true, false, false, false]),
            ([.infinity, 1.2, -.infinity], [true, true, false]),
        ]
    )
    func hysteresis(inputs: [Double], expected: [Bool]) {
        var block = Hysteresis()
        let outputs = inputs.map { block.step($0, low: 1, high: 2) }
        #expect(outputs == expected)
    }

    @Test func hysteresisWithInvertedLimitsChangesNothing() {
        var block = Hysteresis(isOn: true)
        let first = block.step(-10, low: 2, high: 1)
        #expect(first)
    }

    @Test(
        "TrueDelay is true at the first sample that comes the whole delay after the first true one",
        arguments: [
            ([10, 10, 10, 10], [true, true, true, true], [false, false, true, true]),
            ([10, 19, 1, 1], [true, true, true, true], [false, false, true, true]),
            ([10, 20, 1, 20], [true, false, true, true], [false, false, false, true]),
            ([500, 19, 0, 1], [true, true, true, true], [false, false, false, true]),
        ]
    )
    func trueDelay(seconds: [Int], inputs: [Bool], expected: [Bool]) {
        var block = TrueDelay()
        let outputs = zip(seconds, inputs).map { block.step($1, delay: .seconds(20), dt: .seconds($0)) }
        #expect(outputs == expected)
    }

    @Test func trueDelayOfZeroPassesThrough() {
        var block = TrueDelay()
        let second = block.step(true, delay: .zero, dt: .zero)
        #expect(second)
        let third = block.step(false, delay: .zero, dt: .zero)
        #expect(!third)
    }

    @Test func trueFalseHoldHoldsEachValueForItsTime() {
        var block = TrueFalseHold(output: true)
        let outputs = [false, false, true, false, true].map {
            block.step($0, trueHold: .seconds(20), falseHold: .seconds(10), dt: .seconds(10))
        }
        // Held 10 s, 20 s: falls; held 10 s: rises; held 10 s of 20 s: stays.
        #expect(outputs == [true, false, true, true, true])
    }

    @Test func slewRateIsExactInDt() {
        var fine = LimitSlewRate(output: 0)
        var coarse = LimitSlewRate(output: 0)
        for _ in 0..<10 { fine.step(100, rise: 2, fall: 1, dt: .seconds(1)) }
        coarse.step(100, rise: 2, fall: 1, dt: .seconds(10))
        #expect(fine.output == 20)
        #expect(coarse.output == 20)
        #expect(coarse.step(.nan, rise: 2, fall: 1, dt: .seconds(10)) == 20)
        #expect(coarse.step(0, rise: 2, fall: 1, dt: .seconds(5)) == 15)
        #expect(coarse.step(0, rise: 2, fall: 1, dt: .seconds(-5)) == 15)
    }

    @Test func slewRateTakesItsFirstInputOver() {
        var block = LimitSlewRate()
        #expect(block.step(.nan, rise: 1, fall: 1, dt: .seconds(1)).isNaN)
        #expect(block.step(42, rise: 1, fall: 1, dt: .seconds(1)) == 42)
    }

    @Test func latchIsSetByARisingInputAndClearWins() {
        var block = Latch()
        let rows: [(Bool, Bool, Bool)] = [
            (true, false, true), (false, false, true), (false, true, false), (true, true, false),
            (true, false, false), (false, false, false), (true, false, true),
        ]
        for (row, (input, clear, expected)) in rows.enumerated() {
            #expect(block.step(input, clear: clear) == expected, "row \(row)")
        }
    }

    @Test func proofWaitsForTheAllowanceAndThenFails() {
        var block = Proof()
        func step(_ command: Bool, _ status: Bool?, _ seconds: Int) -> Proof.Result {
            block.step(
                command: command,
                status: status,
                debounce: .seconds(6),
                allowance: .seconds(60),
                dt: .seconds(seconds)
            )
        }
        #expect(step(true, false, 1) == .waiting)
        #expect(step(true, false, 59) == .waiting)
        #expect(step(true, false, 1) == .failedToStart)
        #expect(step(true, true, 1) == .waiting)
        #expect(step(true, true, 5) == .waiting)
        #expect(step(true, true, 1) == .running)
        #expect(step(false, true, 1) == .waiting)
        #expect(step(false, nil, 600) == .waiting, "silence is not a failure")
        #expect(step(false, true, 59) == .waiting)
        #expect(step(false, true, 1) == .failedToStop)
        #expect(step(false, false, 1) == .waiting)
        #expect(step(false, false, 6) == .stopped)
    }

    @Test func proofIgnoresABounceShorterThanItsDebounce() {
        var block = Proof()
        for status in [true, true, false, true, true] {
            _ = block.step(
                command: true,
                status: status,
                debounce: .seconds(5),
                allowance: .seconds(60),
                dt: .seconds(4)
            )
        }
        #expect(block.status == nil)
    }

    @Test func runningDwellCountsTheTimeInTheState() {
        var block = RunningDwell()
        block.step(false, dt: .seconds(599))
        #expect(!block.hasBeenOff(for: .seconds(600)))
        block.step(false, dt: .seconds(1))
        #expect(block.hasBeenOff(for: .seconds(600)))
        block.step(true, dt: .seconds(1))
        #expect(block.elapsed == .zero)
        #expect(!block.hasBeenOn(for: .milliseconds(1)))
    }

    @Test func heldReadingStandsForItsLimitAndNoLonger() {
        var block = HeldReading()
        let start = Timestamp(milliseconds: 0)
        let good = Reading(value: 21.5, sourceTime: start)
        let stale = Reading(value: 21.5, quality: .stale, cause: .tooOld, sourceTime: start)
        #expect(block.step(stale, limit: .seconds(60), dt: .seconds(1)) == nil)
        #expect(block.step(good, limit: .seconds(60), dt: .seconds(1)) == 21.5)
        #expect(block.step(.bad(.timeout, at: start), limit: .seconds(60), dt: .seconds(60)) == 21.5)
        #expect(block.step(stale, limit: .seconds(60), dt: .milliseconds(1)) == nil)
    }
}
