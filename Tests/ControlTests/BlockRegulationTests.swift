// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Foundation
import Plant
import Testing

/// The blocks that compute a number.
@Suite struct BlockRegulationTests {
    private let cooling = PIDParameters(gain: 0.1, integralSeconds: 100)

    @Test func proportionalAndIntegralFollowTheTextbook() {
        var block = PIDWithReset()
        // e = 2: P = 0.2, each 10 s of integral adds 0.1 * 2 * 10 / 100 = 0.02.
        let outputs = (0..<3).map { _ in
            block.step(setpoint: 20, measurement: 22, parameters: cooling, dt: .seconds(10))
        }
        for (output, expected) in zip(outputs, [0.22, 0.24, 0.26]) { #expect(abs(output - expected) < 1e-12) }
    }

    @Test func reverseActionTurnsTheErrorRound() {
        var block = PIDWithReset()
        var heating = cooling
        heating.isReverseActing = true
        #expect(block.step(setpoint: 20, measurement: 22, parameters: heating, dt: .seconds(10)) == 0)
        #expect(block.step(setpoint: 24, measurement: 22, parameters: heating, dt: .seconds(10)) > 0)
    }

    @Test func resetMakesTheNextOutputTheGivenOneWhateverTheError() {
        var block = PIDWithReset()
        for _ in 0..<50 { _ = block.step(setpoint: 20, measurement: 30, parameters: cooling, dt: .seconds(10)) }
        block.reset(to: 0.4)
        #expect(block.step(setpoint: 20, measurement: 27, parameters: cooling, dt: .seconds(10)) == 0.4)
        let next = block.step(setpoint: 20, measurement: 27, parameters: cooling, dt: .seconds(1))
        #expect(abs(next - 0.407) < 1e-9)
    }

    @Test func backCalculationLeavesTheLimitSoonAfterTheErrorTurns() {
        var block = PIDWithReset()
        for _ in 0..<2_000 { _ = block.step(setpoint: 20, measurement: 40, parameters: cooling, dt: .seconds(10)) }
        #expect(block.output == 1)
        var seconds = 0
        while block.output == 1, seconds < 1_000 {
            _ = block.step(setpoint: 20, measurement: 19, parameters: cooling, dt: .seconds(1))
            seconds += 1
        }
        // Without anti-windup the integral would stand at some 4000 and need days.
        #expect(seconds < 200)
    }

    @Test func anUnknownMeasurementHoldsTheOutput() {
        var block = PIDWithReset()
        #expect(block.step(setpoint: 20, measurement: .nan, parameters: cooling, dt: .seconds(10)) == 0)
        let output = block.step(setpoint: 20, measurement: 23, parameters: cooling, dt: .seconds(10))
        #expect(block.step(setpoint: 20, measurement: .infinity, parameters: cooling, dt: .seconds(10)) == output)
        #expect(block.step(setpoint: .nan, measurement: 23, parameters: cooling, dt: .seconds(10)) == output)
    }

    @Test func outputsStayInTheLimitsForAnyInput() {
        var generator = LoopTestGenerator(seed: 11)
        var block = PIDWithReset()
        var parameters = cooling
        parameters.derivativeSeconds = 30
        parameters.limits = 0.2...0.9
        for _ in 0..<5_000 {
            let wild = [generator.next(in: -1e6...1e6), .nan, .infinity, -.infinity, generator.next(in: 15...25)]
            let measurement = wild[Int(generator.next(in: 0...4.99))]
            let dt = Duration.seconds(generator.next(in: -10...10_000))
            let output = block.step(setpoint: 20, measurement: measurement, parameters: parameters, dt: dt)
            #expect(output >= 0.2 && output <= 0.9)
        }
    }

    /// ASHRAE Guideline 36 defaults of a chilled water plant reset, in percent.
    @Test(
        "trim and respond adds trim and response",
        arguments: [(0, 98.0), (2, 98.0), (3, 100.0), (9, 100.0)]
    )
    func trimAndRespondFromAbove(requests: Int, expected: Double) {
        #expect(afterOneInterval(requests: requests, initial: 100) == expected)
    }

    @Test(
        "the response has a largest size",
        arguments: [(0, 48.0), (3, 51.0), (4, 54.0), (5, 55.0), (50, 55.0)]
    )
    func trimAndRespondInTheMiddle(requests: Int, expected: Double) {
        #expect(afterOneInterval(requests: requests, initial: 50) == expected)
    }

    private func afterOneInterval(requests: Int, initial: Double) -> Double? {
        var block = TrimAndRespond()
        let parameters = TrimAndRespondParameters(
            initial: initial,
            limits: 0...100,
            delay: .seconds(900),
            interval: .seconds(300),
            ignored: 2,
            trim: -2,
            respond: 3,
            respondMaximum: 7
        )
        for _ in 0..<4 { block.step(isOn: true, requests: 9, parameters: parameters, dt: .seconds(299)) }
        block.step(isOn: true, requests: 9, parameters: parameters, dt: .seconds(3))
        block.step(isOn: true, requests: 9, parameters: parameters, dt: .seconds(296))
        #expect(block.setpoint == initial, "the start delay is over, the interval is not")
        block.step(isOn: true, requests: requests, parameters: parameters, dt: .seconds(1))
        return block.setpoint
    }

    @Test func trimAndRespondStartsAgainWhenTheDeviceWasOff() {
        var block = TrimAndRespond()
        let parameters = TrimAndRespondParameters(
            initial: 10,
            limits: 0...20,
            delay: .zero,
            interval: .seconds(60),
            ignored: 0,
            trim: -1,
            respond: 2,
            respondMaximum: 6
        )
        for _ in 0..<4 { block.step(isOn: true, requests: 0, parameters: parameters, dt: .seconds(60)) }
        #expect(block.setpoint == 6)
        #expect(block.step(isOn: false, requests: 5, parameters: parameters, dt: .seconds(60)) == 10)
    }

    @Test func movingMeanOfAConstantIsExactAndOfARampHalfItsWindowBehind() {
        var block = MovingMean()
        for _ in 0..<500 { block.step(3.25, window: .seconds(300), dt: .seconds(7)) }
        #expect(abs((block.mean ?? 0) - 3.25) < 1e-12)
        block.reset()
        for second in 0..<1_000 { block.step(Double(second), window: .seconds(300), dt: .seconds(1)) }
        #expect(abs((block.mean ?? 0) - 849.5) < 3)
        #expect(block.step(.nan, window: .seconds(300), dt: .seconds(1)) == block.mean)
        #expect(block.step(7, window: .seconds(300), dt: .seconds(4_000)) == 7)
    }

    @Test func trendIsTheSlopePerMinuteOnceAWindowIsSeen() {
        var block = Trend()
        var rate: Double?
        for second in 0..<300 { rate = block.step(Double(second) / 60 * 0.03, window: .seconds(300), dt: .seconds(1)) }
        #expect(rate == nil)
        for second in 300..<400 {
            rate = block.step(Double(second) / 60 * 0.03, window: .seconds(300), dt: .seconds(1))
        }
        #expect(abs((rate ?? 0) - 0.03) < 1e-9)
        #expect(block.step(.nan, window: .seconds(300), dt: .seconds(1)) == nil)
    }

    @Test func everyBlockContinuesFromItsEncoding() throws {
        var pid = PIDWithReset()
        var mean = MovingMean()
        var slew = LimitSlewRate()
        var delay = TrueDelay()
        for step in 0..<30 {
            _ = pid.step(setpoint: 20, measurement: 20 + Double(step) / 20, parameters: cooling, dt: .seconds(3))
            mean.step(Double(step), window: .seconds(60), dt: .seconds(3))
            slew.step(Double(step), rise: 0.1, fall: 0.1, dt: .seconds(3))
            delay.step(true, delay: .seconds(100), dt: .seconds(3))
        }
        #expect(try copy(pid) == pid)
        #expect(try copy(mean) == mean)
        #expect(try copy(slew) == slew)
        #expect(try copy(delay) == delay)
    }

    private func copy<Block: Codable>(_ block: Block) throws -> Block {
        try JSONDecoder().decode(Block.self, from: JSONEncoder().encode(block))
    }
}
